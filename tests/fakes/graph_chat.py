"""Chat through Messenger from a shell, with no Facebook: ``python -m tests.fakes.graph_chat``.

Posts signed webhooks to the connectors and shows what they sent to the fake Graph API
(``python -m tests.fakes.graph --port 9100``). The connectors run with::

    CBOT_GRAPH_API_URL=http://127.0.0.1:9100 CBOT_MESSENGER_PAGE_ID=100
    CBOT_MESSENGER_PAGE_TOKEN=EAAG-token CBOT_MESSENGER_APP_SECRET=app-secret
    CBOT_MESSENGER_VERIFY_TOKEN=verify-me

A line is a message; ``:3`` presses the third button, ``:photo ADDRESS`` sends a picture,
``:place 41.5 45.0`` a place, ``:start`` presses Get Started. With words on the command line it
says them, shows the answer and ends.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import httpx

from tests.fakes import meta


class Chat:
    """One person who writes to one page."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._meta = meta.Meta(options.webhook, options.secret)
        self._graph = options.graph
        self._page, self._psid = options.page, options.psid
        self._seen = len(self._sent(0))
        self._buttons: list[dict[str, Any]] = []

    def say(self, line: str) -> None:
        """Send what a line says."""
        command, _, rest = line.partition(" ")
        if command == ":start":
            self._send(meta.postback(self._psid, "act:greet", "Get Started", self._page))
        elif command == ":photo":
            self._attach({"type": "image", "payload": {"url": rest}})
        elif command == ":place":
            lat, lon = (float(part) for part in rest.split())
            self._attach(
                {"type": "location", "payload": {"coordinates": {"lat": lat, "long": lon}}}
            )
        elif command[:1] == ":" and command[1:].isdigit():
            button = self._buttons[int(command[1:]) - 1]
            self._send(meta.postback(self._psid, button["payload"], button["title"], self._page))
        else:
            self._send(meta.message(self._psid, line, page=self._page))

    def show(self, seconds: float) -> bool:
        """Show what comes within some seconds, and a moment longer; tell whether there was any."""
        until, any_came = time.monotonic() + seconds, False
        while time.monotonic() < until:
            for sent in self._sent(self._seen):
                self._seen, any_came = sent["number"], True
                until = time.monotonic() + 1.0
                self._print(sent)
            time.sleep(0.1)
        return any_came

    def _attach(self, attachment: dict[str, Any]) -> None:
        self._send(meta.message(self._psid, page=self._page, attachments=[attachment]))

    def _send(self, event: dict[str, Any]) -> None:
        response = self._meta.post(meta.batch(event, page=self._page))
        if response.status_code != 200:
            print(f"refused: {response.status_code} {response.text}")

    def _sent(self, after: int) -> list[dict[str, Any]]:
        query = {"after": str(after), "psid": self._psid}
        found: list[dict[str, Any]] = httpx.get(f"{self._graph}/_sent", params=query).json()["sent"]
        return found

    def _print(self, sent: dict[str, Any]) -> None:
        print(f"\n{sent['text']}" if sent["text"] else "\n[picture or cards]")
        if sent["buttons"]:
            self._buttons = [button for button in sent["buttons"] if "payload" in button]
            for number, button in enumerate(self._buttons, 1):
                print(f"  [{number}] {button['title']}")


def main() -> None:
    """Chat until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="say this and end")
    parser.add_argument("--webhook", default="http://127.0.0.1:8080/webhooks/messenger")
    parser.add_argument("--graph", default="http://127.0.0.1:9100")
    parser.add_argument("--secret", default="app-secret", help="the app secret")
    parser.add_argument("--page", default="100")
    parser.add_argument("--psid", default="200", help="the person's id at the page")
    parser.add_argument("--wait", type=float, default=20.0, help="seconds for an answer")
    options = parser.parse_args()
    chat = Chat(options)
    if options.words:
        chat.say(" ".join(options.words))
        sys.exit(0 if chat.show(options.wait) else 1)
    for line in sys.stdin:
        if line.strip():
            chat.say(line.strip())
            if not chat.show(options.wait):
                print("(no answer)")


if __name__ == "__main__":
    main()
