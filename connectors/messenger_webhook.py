"""What Meta calls: the verification of the address, and the events of the pages.

An event is answered 200 once it is stored, in well under the five seconds that Meta allows.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import MessengerSettings
from connectors import meta_signature
from connectors.bodies import Refused, parse_json, read_body
from connectors.messenger_deletion import Deletion
from connectors.messenger_events import Item, Malformed, Said, read
from connectors.messenger_events import Verify as VerifyButton
from connectors.messenger_intake import Intake
from connectors.metrics import Metrics

log = logging.getLogger(__name__)


class Webhook:
    """The routes under ``/webhooks/messenger``."""

    def __init__(
        self,
        settings: MessengerSettings,
        intake: Intake,
        deletion: Deletion,
        verify: VerifyButton,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._intake = intake
        self._deletion = deletion
        self._verify_button = verify
        self._metrics = metrics

    def routes(self) -> list[BaseRoute]:
        """Give the routes."""
        return [
            Route("/webhooks/messenger", self.verify, methods=["GET"]),
            Route("/webhooks/messenger", self.receive, methods=["POST"]),
            *self._deletion.routes(),
        ]

    def when_new(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with the conversation of each new message."""
        self._intake.when_new(listener)

    async def verify(self, request: Request) -> Response:
        """Answer Meta's question whether this address is ours."""
        query = request.query_params
        given = query.get("hub.verify_token", "").encode()
        fits = [
            hmac.compare_digest(given, token.encode())
            for token in self._settings.verify_token.valid()
        ]
        if query.get("hub.mode") != "subscribe" or not any(fits):
            raise Refused(403, "wrong_token", "The verify token is not the one of the settings.")
        return PlainTextResponse(query.get("hub.challenge", ""))

    async def receive(self, request: Request) -> Response:
        """Store the events of one request."""
        start = time.perf_counter()
        header = request.headers.get(meta_signature.HEADER)
        if header is None:
            raise _unsigned()
        body = await read_body(request)
        if not meta_signature.signed(self._settings.app_secret.valid(), body, header):
            raise _unsigned()
        items = read(parse_json(body), self._verify_button, time.time())
        await asyncio.gather(*(self._intake.take(group) for group in _by_conversation(items)))
        self._metrics.acknowledgements.observe(time.perf_counter() - start)
        return PlainTextResponse("EVENT_RECEIVED")


def _unsigned() -> Refused:
    return Refused(403, "wrong_signature", "The request is not signed with the app secret.")


def _by_conversation(items: Sequence[Item]) -> list[list[Item]]:
    """Group the events that must keep their order; groups are stored side by side."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(_key(item), []).append(item)
    return list(groups.values())


def _key(item: Item) -> str:
    if isinstance(item, Said):
        return item.event.conversation
    if isinstance(item, Malformed):
        return "malformed"
    return str(getattr(item, "conversation", ""))
