"""Messenger: sending what waits in the outbox, and making out what came in."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from starlette.routing import BaseRoute

from bot.core import payloads
from bot.core.errors import BotError
from bot.core.rendering.messenger import render
from bot.core.replies import Reply
from bot.settings import MessengerSettings
from bot.store import failures, holds, messenger
from bot.store.database import Database
from bot.store.errors import StoreUnavailable
from bot.store.inbox import Claimed
from bot.store.messenger import Part, Sending
from bot.store.outbox import Message
from connectors import graph_versions
from connectors.channel import (
    ChannelPaused,
    ChannelStopped,
    DeliveryFailed,
    DeliveryHeld,
    DeliveryRefused,
    Limits,
    Reading,
    ResidentUnreachable,
)
from connectors.fetching import FetchFailed
from connectors.graph import PAUSE, GraphClient
from connectors.graph_errors import GraphError, Meaning
from connectors.media import Media, PhotoRefused
from connectors.messenger_care import MessengerCare
from connectors.messenger_events import CHANNEL, address_of
from connectors.messenger_menu import MENU_PAYLOADS
from connectors.messenger_webhook import Webhook
from connectors.messenger_window import UTILITY, Way, choose, is_open
from connectors.signing import sign, verify
from connectors.turns import message_id
from connectors.words import Words

log = logging.getLogger(__name__)
T = TypeVar("T")

#: Calls of the Graph API at once; sender actions have threads of their own, so that they never
#: stand in the way of a message.
SENDERS = 20
ACTORS = 4
#: One call, with everything; seconds.
CALL_SECONDS = 9.0
ACTION_SECONDS = 4.0
#: While a page is restricted nothing is sent, seconds.
RESTRICTED = 3600.0
#: A message of which nobody knows whether it was taken waits so long for its echo, seconds.
ECHO_SECONDS = 15.0
#: What a utility template takes as its words.
MOST_PARAMETER = 1_000


class Messenger:
    """The city's pages on Messenger."""

    name = CHANNEL
    stored_is_delivered = False
    #: Above 40 messages a second the page's own inbox stops working.
    limits = Limits(per_second=35.0, bulk_per_second=20.0, per_chat_second=4.0, burst=10)

    def __init__(
        self,
        settings: MessengerSettings,
        secret: str,
        database: Database,
        words: Words,
        media: Media,
        webhook: Webhook,
        care: MessengerCare,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._database = database
        self._words = words
        self._media = media
        self._webhook = webhook
        self._care = care
        self._clients: dict[tuple[str, str], GraphClient] = {}
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="graph")
        self._actors = ThreadPoolExecutor(ACTORS, thread_name_prefix="graph-actions")
        self._acting = 0
        self._asides: set[asyncio.Future[None]] = set()

    @property
    def account(self) -> str:
        """The page."""
        return self._settings.pages[0]

    def routes(self) -> list[BaseRoute]:
        """Give the routes that Meta calls."""
        return self._webhook.routes()

    async def start(self) -> None:
        """Say what must be known about the API's version; Meta calls by itself."""
        warning = graph_versions.warning(self._settings.graph_version)
        if warning is not None:
            log.warning("%s", warning)
        self._webhook.when_new(self._seen)
        self._care.start()

    async def stop(self) -> None:
        """Start no more calls; those that run end within their time."""
        await self._care.stop()
        self._actors.shutdown(wait=False, cancel_futures=True)

    async def close(self) -> None:
        """Close the connections; nothing is sent any more."""
        self._senders.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            client.close()

    async def deliver(self, message: Message) -> str | None:
        """Send one message, which may become several; what was taken already is not repeated."""
        state = await self._database.read(messenger.sending, message.id, message.conversation)
        way = choose(
            message,
            state.heard_at,
            time.time(),
            human_agent=self._settings.human_agent,
            utility=self._settings.utility_template is not None,
        )
        contents = self._contents(message, way, state.language)
        for number, content in enumerate(contents):
            if number in state.parts:
                continue
            mid = await self._send(message, number, len(contents), content, way, state)
            state = await self._remember(message, number, len(contents), mid, state)
        return state.parts.get(len(contents) - 1)

    async def typing(self, conversation: str) -> None:
        """Show that an answer is being written."""
        await self._act(conversation, "typing_on")

    async def read(self, event: Claimed) -> Reading:
        """Make out an event: fetch its picture, or tell what its answer is."""
        raw = event.raw or {}
        if "own" in raw:
            return Reading("own", event.body, text_id=raw["own"])
        if "picture" in raw:
            return Reading("attachment", {"attachment": await self._picture(event, raw)})
        if "edit_of" in raw:
            return Reading("text", event.body, turn={"edit_of": message_id(event, raw["edit_of"])})
        if "taken_back" in raw:
            # The form asks once more what the message answered.
            body = {"payload": "form:resume", "title": "", **event.body}
            return Reading("payload", body, turn={"edit_of": message_id(event, raw["taken_back"])})
        if raw.get("silent"):
            return Reading("nothing", event.body)
        raise BotError(f"the event cannot be read: {raw.get('malformed')}")

    async def probe(self) -> None:
        """Try whether the page may be used again."""
        try:
            await self._call(self._client(self.account).get, self.account, fields="id")
        except GraphError as error:
            raise ChannelStopped(str(error)) from None

    async def _picture(self, event: Claimed, raw: Mapping[str, Any]) -> dict[str, Any]:
        source = f"{event.channel}:{event.ext_id}"
        try:
            id = await self._media.keep(event.conversation, source, str(raw["picture"]))
        except PhotoRefused as error:
            log.info("a photo of event %d is refused: %s", event.id, error.reason)
            return {"type": "unsupported", "what": "file"}
        except FetchFailed as error:
            raise DeliveryFailed(str(error)) from None
        return {"type": "image", "media_id": id}

    def _contents(self, message: Message, way: Way, language: str | None) -> list[dict[str, Any]]:
        reply = Reply.from_json(message.body)
        if way.messaging_type == UTILITY:
            return [_utility(self._settings.utility_template or "", reply.text)]
        label = self._words.page(language or "ka").get("source", "")
        return render(
            reply, lambda payload: sign(self._secret, message.conversation, payload), label
        )

    async def _send(
        self,
        message: Message,
        number: int,
        count: int,
        content: Mapping[str, Any],
        way: Way,
        state: Sending,
    ) -> str:
        page, psid = address_of(message.conversation)
        payload = {
            "recipient": {"id": psid},
            "messaging_type": way.messaging_type,
            **({"tag": way.tag} if way.tag else {}),
            "message": {**content, "metadata": metadata(message.id, number, count)},
        }
        try:
            return await self._call(self._client(page).send_raw, payload)
        except GraphError as error:
            wrong = _delivery_error(error, way, state.heard_at)
            if isinstance(wrong, ChannelStopped) and page != self.account:
                # Only the first page is probed; the others try again by themselves.
                wrong = ChannelPaused(str(wrong), PAUSE, alarm=True)
            raise wrong from None

    async def _remember(
        self, message: Message, number: int, count: int, mid: str, state: Sending
    ) -> Sending:
        """Note a part that was taken, lest it be sent again with a later one."""
        if number < count - 1:
            part = Part(message.id, message.conversation, number, count, mid)
            with suppress(StoreUnavailable):
                await self._database.run(messenger.taken, part, time.time())
        return Sending({**state.parts, number: mid}, state.heard_at, state.language)

    def _client(self, page: str) -> GraphClient:
        token = self._settings.token_of(page)
        if token is None:
            raise DeliveryRefused(f"no token is set for the page {page}", failures.NO_KEY)
        secret = self._settings.app_secret.valid()[0]
        if (page, token) not in self._clients:
            self._clients[page, token] = GraphClient(
                page, token, secret, self._settings.graph_url, self._settings.graph_version
            )
        return self._clients[page, token]

    async def _call(self, call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._senders, lambda: call(*args, **kwargs))
        try:
            return await asyncio.wait_for(future, CALL_SECONDS)
        except asyncio.TimeoutError:
            raise GraphError(
                Meaning.TEMPORARY, "Graph gives no answer in time", uncertain=True
            ) from None

    def _seen(self, conversation: str) -> None:
        """Show that a message was seen; nobody waits for it."""
        task = asyncio.ensure_future(self._act(conversation, "mark_seen"))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _act(self, conversation: str, action: str) -> None:
        if self._acting >= 2 * ACTORS:
            return
        self._acting += 1
        page, psid = address_of(conversation)
        payload = {"recipient": {"id": psid}, "sender_action": action}
        try:
            client = self._client(page)
            loop = asyncio.get_running_loop()
            future = loop.run_in_executor(self._actors, client.send_raw, payload)
            await asyncio.wait_for(future, ACTION_SECONDS)
        except (BotError, asyncio.TimeoutError, RuntimeError) as error:
            log.debug("%s failed: %s", action, error)
        finally:
            self._acting -= 1


def issued(secret: str, conversation: str, token: str) -> str | None:
    """Give the payload of a button that we issued; None for any other.

    Those of the menu are the same for everybody, and say no more than anybody may.
    """
    payload = token if token in MENU_PAYLOADS else verify(secret, conversation, token)
    return payload if payload is not None and payloads.parse(payload) is not None else None


def metadata(outbox_id: int, number: int, count: int) -> str:
    """Give what an echo tells us of a message of ours."""
    return f"cbot:{outbox_id}:{number}:{count}"


def _utility(template: str, words: str) -> dict[str, Any]:
    name, _, language = template.partition(":")
    parameter = {"type": "text", "text": " ".join(words.split())[:MOST_PARAMETER]}
    return {
        "template": {
            "name": name,
            "language": {"code": language or "ka"},
            "components": [{"type": "body", "parameters": [parameter]}],
        }
    }


def _delivery_error(error: GraphError, way: Way, heard_at: float | None) -> BotError:
    """Give what the outbox does about a refusal."""
    meaning, told = error.meaning, str(error)
    special = way.tag is not None or way.messaging_type == UTILITY
    if special and meaning in (Meaning.PERMISSION, Meaning.WRONG, Meaning.WINDOW_CLOSED):
        log.error("%s is not granted by Meta, yet set: %s", way.tag or way.messaging_type, told)
        return DeliveryHeld(told, holds.WINDOW)
    if meaning is Meaning.CLOSED_OR_UNREACHABLE:
        reachable = is_open(heard_at, time.time())
        meaning = Meaning.UNREACHABLE if reachable else Meaning.WINDOW_CLOSED
    if meaning is Meaning.TEMPORARY:
        return DeliveryFailed(told, ECHO_SECONDS if error.uncertain else 0.0)
    if meaning is Meaning.RATE_LIMIT:
        return ChannelPaused(told, error.seconds or PAUSE)
    if meaning is Meaning.RESTRICTED:
        return ChannelPaused(told, RESTRICTED, alarm=True)
    if meaning in (Meaning.TOKEN, Meaning.PERMISSION):
        return ChannelStopped(told)
    if meaning is Meaning.WINDOW_CLOSED:
        return DeliveryHeld(told, holds.WINDOW)
    if meaning is Meaning.UNREACHABLE:
        return ResidentUnreachable(told, holds.BLOCKED)
    return DeliveryRefused(told)
