"""Typing as a resident of the fake Telegram: see ``python -m tests.fakes.telegram --help``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tests.fakes.engine import ServerThread
from tests.fakes.telegram import FakeTelegram

HELP = """\
A line is a message of yours. More:
  3            presses button 3 of those shown last
  !photo FILE  sends a photo           !place        sends a place
  !contact     sends your number       !edit TEXT    edits your last message
  !block       blocks the bot          !unblock      takes it back
  @2 TEXT      writes as resident 2    !raw DATA     presses a forged button
  !quit        ends
"""


class Hand:
    """One person at the keyboard, who may be several residents."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self._chat = 1
        self._buttons: list[tuple[int, str]] = []
        self._last: dict[str, Any] | None = None
        telegram.on_sent = self.show

    def show(self, message: dict[str, Any]) -> None:
        """Print what the bot sent."""
        chat = message["chat"]["id"]
        print(f"\n[bot -> {chat}] {message.get('text', '(a picture)')}")
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        self._buttons = [
            (chat, button["callback_data"])
            for row in rows
            for button in row
            if "callback_data" in button
        ]
        number = 0
        for row in rows:
            shown = []
            for button in row:
                if "callback_data" in button:
                    number += 1
                    shown.append(f"({number}) {button['text']}")
                else:
                    shown.append(f"[{button['text']}: {button.get('url')}]")
            print("   " + "   ".join(shown))
        sys.stdout.flush()

    def type(self, line: str) -> None:
        """Do what a line says."""
        telegram = self._telegram
        word, _, rest = line.partition(" ")
        if word.startswith("@") and word[1:].isdigit():
            self._chat, line = int(word[1:]), rest
        if line.isdigit() and 0 < int(line) <= len(self._buttons):
            telegram.press_data(*self._buttons[int(line) - 1])
        elif word == "!photo":
            telegram.files[f"photos/{rest}"] = Path(rest).read_bytes()
            telegram.photo(self._chat, rest)
        elif word == "!place":
            telegram.send(self._chat, location={"latitude": 41.5490, "longitude": 45.0100})
        elif word == "!contact":
            own = {"phone_number": "+995599123456", "first_name": "ნინო", "user_id": self._chat}
            telegram.send(self._chat, contact=own)
        elif word == "!edit" and self._last is not None:
            telegram.edit(self._last, rest)
        elif word in ("!block", "!unblock"):
            blocks = word == "!block"
            (telegram.blocked.add if blocks else telegram.blocked.discard)(self._chat)
            telegram.member(self._chat, "kicked" if blocks else "member")
        elif word == "!raw":
            telegram.press_data(self._chat, rest)
        elif line:
            self._last = telegram.say(self._chat, line)


def main() -> None:
    """Serve, and hand on what is typed, until the input ends."""
    parser = argparse.ArgumentParser(
        description="A Telegram on this machine.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--token", default="77:fake", help="the bot's token")
    parser.add_argument("--strict", action="store_true", help="hold the real limits of rates")
    parser.add_argument("--webhook", help="send updates there instead of waiting to be asked")
    parser.add_argument("--secret", help="what is sent with each call of the webhook")
    options = parser.parse_args()
    telegram = FakeTelegram(options.token)
    telegram.strict = options.strict
    telegram.target, telegram.secret = options.webhook, options.secret
    hand = Hand(telegram)
    with ServerThread(telegram.app(), options.port) as server:
        print(f"CBOT_TELEGRAM_TOKEN={options.token} CBOT_TELEGRAM_API_URL={server.url}")
        print(HELP, flush=True)
        for line in sys.stdin:
            if line.strip() == "!quit":
                break
            hand.type(line.rstrip("\n"))
