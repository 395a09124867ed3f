"""Checks 69-79 of the channels' rules, as far as Messenger is concerned."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.connectors.messenger_world import Town, credential, town
from tests.fakes import meta

__all__ = ["town"]

VERIFY = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "1158201444"}


def get(town: Town, **parameters: str) -> httpx.Response:
    return httpx.get(f"{town.url}/webhooks/messenger", params=parameters)


def test_check_69_the_bot_says_at_the_start_that_it_is_one(town: Town) -> None:
    town.meta.say("200", "რა ღირს?")
    town.replies(1)
    town.meta.say("200", "სად?")
    town.replies(2)
    texts = town.graph.texts("200")
    assert texts[0].startswith("გწერთ C-Bot")
    assert sum(text.startswith("გწერთ C-Bot") for text in texts) == 1
    # Get Started says so by itself.
    town.meta.deliver(meta.postback("201", "act:greet", "დაწყება"))
    town.replies(3)
    town.quiet()
    assert len(town.graph.texts("201")) == 1


def test_check_70_a_typed_intent_reaches_the_engine_as_text(town: Town) -> None:
    town.meta.say("200", '/approve_idea{"idea_id":"7"}')
    town.replies(1)
    assert town.world.engine.turns[0]["text"] == '/approve_idea{"idea_id":"7"}'


def test_check_71_a_payload_of_somebody_else_expires(town: Town) -> None:
    town.meta.say("200", "რა ღირს?")
    [reply] = town.replies(1)
    payload = reply.buttons[0]["payload"]
    for psid, forged in (("201", payload), ("200", payload[:-1] + "A"), ("200", "start:my_data~")):
        town.meta.deliver(meta.postback(psid, forged, "ფასი"))
    town.replies(4)
    assert town.answers()[1:] == ["ეს ღილაკი აღარ მუშაობს."] * 3
    assert len(town.world.engine.turns) == 1


@pytest.mark.slow
def test_check_73_a_flood_is_limited_politely_and_others_are_not_affected(town: Town) -> None:
    gate = threading.Event()
    town.world.engine.delay = lambda body: gate if body["conversation"] == "fb:100:200" else 0.0
    began = time.monotonic()
    for first in range(0, 120, 20):
        flood = [meta.message("200", f"წყალდიდობა {n}") for n in range(first, first + 20)]
        town.meta.deliver(*flood)
    seconds = time.monotonic() - began
    town.meta.say("201", "რა ღირს?")
    town.replies(1, "201")
    gate.set()
    town.quiet()
    texts = town.graph.texts("200")
    assert texts.count("ცოტა დამაცადეთ.") == 1 + int(seconds / 60)
    answered = [text for text in texts if "წყალდიდობა" in text]
    # A burst, and one a second while they came.
    assert 20 <= len(answered) <= 21 + seconds
    assert town.count("inbox", "conversation = 'fb:100:200'") == 120


@pytest.mark.slow
def test_check_79_both_secrets_and_both_verify_tokens_are_valid_for_a_while(town: Town) -> None:
    town.world.stop()
    town.start(
        app_secret=credential("app-secret,old-secret"),
        verify_token=credential("verify-new,verify-me"),
    )
    for token in ("verify-new", "verify-me"):
        assert get(town, **{**VERIFY, "hub.verify_token": token}).status_code == 200
    old = meta.Meta(town.meta.url, "old-secret")
    old.say("200", "ძველი გასაღებით")
    town.meta.say("200", "ახლით")
    town.replies(2)


def test_who_begins_in_another_language_is_told_in_it_that_a_bot_speaks(town: Town) -> None:
    town.meta.say("310", "Здравствуйте")
    town.meta.say("311", "hello")
    town.wait(lambda: len(town.graph.texts()) == 4)
    told = {sent.psid: sent.text for sent in reversed(town.graph.sent)}
    # These texts are in two languages; who writes no Georgian reads English rather.
    assert told["310"] == "This is C-Bot, a program."
    assert told["311"] == "გწერთ C-Bot, პროგრამა.\nThis is C-Bot, a program."
