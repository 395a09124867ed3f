"""What stands in Messenger before anybody writes: Get Started, the menu, questions to begin with.

All texts come from `knowledge/texts`; one without a title in the texts is left out.
"""

from __future__ import annotations

from typing import Any

from bot.core.rendering.splitting import shorten
from connectors.messenger_events import ASK
from connectors.words import Words

GET_STARTED = "act:greet"
#: The menu: the text that is its title, and its payload.
MENU = (
    ("command_menu", "act:help"),
    ("command_idea", "start:idea"),
    ("command_problem", "start:problem"),
    ("command_status", "start:status"),
    ("command_language", "act:change_language"),
    ("person_button", "act:human"),
)
#: The greeting and the questions are those of the web page.
HELLO = "greeting_text"
QUESTIONS = ("example_1", "example_2", "example_3")
#: Payloads that anybody may send.
MENU_PAYLOADS = frozenset({GET_STARTED, *(payload for _text, payload in MENU)})

#: Messenger's names of the languages that the profile has; "default" is for all others.
LOCALES = (("default", "ka"), ("ka_GE", "ka"), ("en_US", "en"), ("en_GB", "en"))
TITLE = 30
QUESTION = 80
GREETING = 160


def profile(words: Words) -> dict[str, Any]:
    """Give the Messenger profile as it should be."""
    return {
        "get_started": {"payload": GET_STARTED},
        "greeting": [
            {"locale": locale, "text": shorten(words.page(language)[HELLO], GREETING)}
            for locale, language in LOCALES
        ],
        "persistent_menu": [
            {
                "locale": locale,
                "composer_input_disabled": False,
                "call_to_actions": _menu(words, language),
            }
            for locale, language in LOCALES
        ],
        "ice_breakers": [
            {"locale": locale, "call_to_actions": _questions(words, language)}
            for locale, language in LOCALES
        ],
    }


def _menu(words: Words, language: str) -> list[dict[str, str]]:
    items = []
    for text_id, payload in MENU:
        try:
            title = words.reply(text_id, language).text
        except KeyError:
            continue
        items.append({"type": "postback", "title": shorten(title, TITLE), "payload": payload})
    return items


def _questions(words: Words, language: str) -> list[dict[str, str]]:
    page = words.page(language)
    return [
        {"question": shorten(page[name], QUESTION), "payload": ASK}
        for name in QUESTIONS
        if name in page
    ]
