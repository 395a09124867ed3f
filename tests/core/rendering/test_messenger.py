from __future__ import annotations

from typing import Any

import pytest

from bot.core.rendering.messenger import render
from bot.core.replies import CONTACT, LOCATION, Button, Link, Reply, Source
from tests.fakes.graph_rules import check_message


def sign(payload: str) -> str:
    return f"{payload}~code"


def messages(reply: Reply) -> list[dict[str, Any]]:
    """Render, and let the fake platform's rules look at each message."""
    found = render(reply, sign, "წყარო")
    for message in found:
        assert check_message({"messaging_type": "RESPONSE", "message": message}, set()) is None
    return found


def buttons(count: int, title: str = "ღილაკი") -> tuple[Button, ...]:
    return tuple(Button(f"{title} {number}", f"topic:t{number}") for number in range(count))


def payloads(found: list[dict[str, Any]]) -> list[str]:
    taken: list[str] = []
    for message in found:
        taken += [reply["payload"] for reply in message.get("quick_replies", ())]
        template = message.get("attachment", {}).get("payload", {})
        taken += [button["payload"] for button in template.get("buttons", ())]
        for card in template.get("elements", ()):
            taken += [button["payload"] for button in card["buttons"]]
    return taken


def test_a_plain_text_is_a_plain_text() -> None:
    assert messages(Reply("გამარჯობა!")) == [{"text": "გამარჯობა!"}]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_buttons_stay_under_the_text(count: int) -> None:
    [message] = messages(Reply("აირჩიეთ", buttons(count)))
    template = message["attachment"]["payload"]
    assert (template["template_type"], template["text"]) == ("button", "აირჩიეთ")
    assert [button["type"] for button in template["buttons"]] == ["postback"] * count


@pytest.mark.parametrize("count", [4, 8, 13, 14, 29, 30, 31, 70])
def test_check_47_no_button_is_ever_dropped(count: int) -> None:
    found = messages(Reply("რომელი თემა გაინტერესებთ?", buttons(count)))
    assert payloads(found) == [f"topic:t{number}~code" for number in range(count)]
    assert found[0]["text"] == "რომელი თემა გაინტერესებთ?"
    assert ("quick_replies" in found[0]) == (count <= 13)
    assert len(found) == (1 if count <= 13 else 1 + -(-count // 30))


def test_check_47_a_long_text_keeps_its_buttons() -> None:
    found = messages(Reply("წინადადება. " * 60, buttons(2)))
    assert [message["text"][:10] for message in found] == ["წინადადება"]
    assert len(payloads(found)) == 2
    found = messages(Reply("წინადადება. " * 300, buttons(2)))
    assert len(found) == 2
    assert "quick_replies" not in found[0]
    assert len(payloads(found)) == 2


def test_check_47_a_title_over_20_characters_is_shortened_not_refused() -> None:
    [message] = messages(Reply("?", (Button("ძალიან გრძელი სათაური ღილაკისთვის", "act:help"),)))
    assert len(message["attachment"]["payload"]["buttons"][0]["title"]) <= 20


def test_the_residents_own_number_is_offered_where_it_is_asked_for() -> None:
    [message] = messages(Reply("თქვენი ნომერი?", buttons(2), asks=CONTACT))
    kinds = [reply["content_type"] for reply in message["quick_replies"]]
    assert kinds == ["user_phone_number", "text", "text"]
    [message] = messages(Reply("სად?", buttons(2), asks=LOCATION))
    assert "quick_replies" not in message


def test_links_become_buttons_where_there_is_room_and_lines_elsewhere() -> None:
    links = (Link("ოფიციალური გვერდი", "https://rustavi.gov.ge/"),)
    [message] = messages(Reply("პასუხი", buttons(2), links=links))
    assert message["attachment"]["payload"]["buttons"][2] == {
        "type": "web_url",
        "title": "ოფიციალური გვერდი",
        "url": "https://rustavi.gov.ge/",
    }
    [message] = messages(Reply("პასუხი", buttons(3), links=links))
    assert message["text"].endswith("ოფიციალური გვერდი: https://rustavi.gov.ge/")
    assert len(message["quick_replies"]) == 3


def test_sources_stand_under_the_answer() -> None:
    source = Source("საკრებულოს დადგენილება", "https://matsne.gov.ge/1", "2024-01-01")
    [message] = messages(Reply("პასუხი", sources=(source,)))
    assert message["text"] == "პასუხი\n\nწყარო: საკრებულოს დადგენილება\nhttps://matsne.gov.ge/1"
    # Of many the first ones.
    [message] = messages(Reply("პასუხი", sources=(source,) * 6))
    assert message["text"].count("წყარო:") == 2


def test_pictures_go_first_and_only_public_ones() -> None:
    found = messages(Reply("პასუხი", images=("https://rustavi.gov.ge/map.png", "/static/x.png")))
    assert [*found[0]] == ["attachment"]
    assert found[0]["attachment"]["payload"]["url"] == "https://rustavi.gov.ge/map.png"
    assert found[1:] == [{"text": "პასუხი"}]


def test_a_text_with_anything_in_it_is_sent_literally() -> None:
    text = "_*[]<b>&amp; {{user_first_name}} \\ \" '"
    assert messages(Reply(text)) == [{"text": text}]
