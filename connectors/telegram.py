"""Telegram: sending what waits in the outbox, and making out what came in."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Sequence

from starlette.routing import BaseRoute
from telegram import Bot, LinkPreviewOptions, ReplyKeyboardRemove

from bot.core.errors import BotError
from bot.core.languages import DEFAULT
from bot.core.rendering.telegram import Labels, Part, render
from bot.core.replies import Reply
from bot.settings import TelegramSettings
from bot.store import conversations
from bot.store.database import Database
from bot.store.inbox import Claimed
from bot.store.outbox import Message
from connectors.channel import DeliveryRefused, Limits, Reading
from connectors.media import Media
from connectors.telegram_admin import Care
from connectors.telegram_api import Api, chat_of
from connectors.telegram_keyboard import keyboard
from connectors.telegram_reading import Reader
from connectors.telegram_receiving import Receiver
from connectors.telegram_updates import CHANNEL
from connectors.words import Words

log = logging.getLogger(__name__)

#: A typing sign is not worth waiting for; seconds.
TYPING_SECONDS = 3.0
#: Replies of several messages whose sending broke off: so many are remembered.
MOST_BROKEN = 1_000

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Telegram:
    """The city's bot on Telegram."""

    name = CHANNEL
    stored_is_delivered = False
    #: About 30 a second overall and one a second to a chat, with short bursts.
    limits = Limits(per_second=28.0, bulk_per_second=20.0, per_chat_second=1.0, burst=3)

    def __init__(
        self,
        settings: TelegramSettings,
        database: Database,
        words: Words,
        media: Media,
        api: Api,
        receiver: Receiver,
        care: Care,
    ) -> None:
        self._settings = settings
        self._database = database
        self._words = words
        self._api = api
        self._receiver = receiver
        self._care = care
        self._reader = Reader(database, api, media)
        # How many messages of a reply were taken before one failed, by the reply's number.
        self._taken: OrderedDict[int, int] = OrderedDict()
        # Chats that show a button by which the telephone answers.
        self._asked: set[int] = set()

    @property
    def account(self) -> str:
        """The bot's number."""
        return self._settings.account

    def routes(self) -> Sequence[BaseRoute]:
        """Give the route that Telegram calls, when it does."""
        return self._receiver.routes()

    async def start(self) -> None:
        """Begin to take updates, and to look after the bot's menu and webhook."""
        self._receiver.start()
        self._care.start()

    async def stop(self) -> None:
        """Take no more updates."""
        await self._care.stop()
        await self._receiver.stop()

    async def probe(self) -> None:
        """Try whether Telegram knows the token again."""
        await self._api.call(Bot.get_me)

    async def deliver(self, message: Message) -> str | None:
        """Send one message, which may become several; what was taken already is not repeated."""
        chat = chat_of(message.conversation)
        reply = Reply.from_json(message.body)
        parts = render(reply, message.id, await self._labels(message, reply))
        putting_away = self._puts_away(chat, reply, parts)
        platform_id = None
        first = self._taken.pop(message.id, 0)
        for number, part in enumerate(parts[first:], first):
            try:
                platform_id = await self._send(chat, part, put_away=number == putting_away)
            except BotError:
                self._remember(message.id, number)
                raise
        return platform_id

    async def typing(self, conversation: str) -> None:
        """Show that an answer is being written."""
        try:
            chat = chat_of(conversation)
            await self._api.call(lambda bot: bot.send_chat_action(chat, "typing"), TYPING_SECONDS)
        except BotError as error:
            log.debug("no typing sign: %s", error)

    async def read(self, event: Claimed) -> Reading:
        """Make out an update; leave a group that the bot was taken into."""
        raw = event.raw or {}
        if "leave" in raw:
            await self._leave(int(raw["leave"]), say=bool(raw.get("say")))
            return Reading("nothing", {})
        return await self._reader.read(event)

    async def _leave(self, chat: int, *, say: bool) -> None:
        """Leave a group, saying once that the bot talks to one person at a time."""
        try:
            if say:
                text = self._words.reply("private_only", DEFAULT).text
                await self._api.call(lambda bot: bot.send_message(chat, text))
        except (BotError, KeyError) as error:
            log.info("nothing could be said in a group: %s", error)
        try:
            await self._api.call(lambda bot: bot.leave_chat(chat))
        except DeliveryRefused as error:
            log.info("a group could not be left: %s", error)

    async def _labels(self, message: Message, reply: Reply) -> Labels:
        if not (reply.sources or reply.asks):
            return Labels()
        known = await self._database.read(conversations.language, message.conversation)
        language = known or DEFAULT
        source = self._words.page(language).get("source", "")
        if not reply.asks:
            return Labels(source)
        try:
            share = self._words.reply(f"share_{reply.asks}", language).text
            button = self._words.reply(f"share_{reply.asks}_button", language).text
        except KeyError:
            return Labels(source)
        return Labels(source, share, button)

    def _puts_away(self, chat: int, reply: Reply, parts: list[Part]) -> int | None:
        """Give the part that takes away the telephone's button once something else is asked."""
        if reply.asks:
            self._asked.add(chat)
        elif chat in self._asked:
            place = next((n for n, part in enumerate(parts) if part.plain), None)
            if place is not None:
                self._asked.discard(chat)
            return place
        return None

    async def _send(self, chat: int, part: Part, *, put_away: bool) -> str:
        if part.picture is not None:
            picture = part.picture
            sent = await self._api.call(lambda bot: bot.send_photo(chat, picture))
        else:
            below = ReplyKeyboardRemove() if put_away else keyboard(part)
            sent = await self._api.call(
                lambda bot: bot.send_message(
                    chat,
                    part.text,
                    reply_markup=below,
                    link_preview_options=_NO_PREVIEW,
                )
            )
        return str(sent.message_id)

    def _remember(self, number: int, taken: int) -> None:
        if taken:
            self._taken[number] = taken
            if len(self._taken) > MOST_BROKEN:
                self._taken.popitem(last=False)
