"""What an update says, made out when its turn comes."""

from __future__ import annotations

import logging
import re
from typing import Any

from telegram import Contact, Document, Message, Update, User

from bot.core import payloads
from bot.core.errors import BotError
from bot.core.languages import NAMES
from bot.core.rendering.telegram import button_of
from bot.core.slash_commands import command_in
from bot.store import holds, outbox, transcript
from bot.store.database import Database
from bot.store.inbox import Claimed
from connectors.bodies import clean
from connectors.channel import DeliveryFailed, DeliveryRefused, Reading
from connectors.fetching import FetchFailed
from connectors.media import Media, PhotoRefused
from connectors.telegram_api import Api
from connectors.telegram_updates import CAPTION
from connectors.turns import message_id

log = logging.getLogger(__name__)

#: Telegram's own kinds that the bot cannot read, by the word the engine knows.
_UNREADABLE = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "sticker": "sticker",
    "document": "file",
    "poll": "file",
    "dice": "sticker",
    "story": "file",
    "paid_media": "file",
    "game": "file",
    "invoice": "file",
    "checklist": "file",
}
_COUNTRY = "995"


class Reader:
    """Makes out updates, fetching photos on the way."""

    def __init__(self, database: Database, api: Api, media: Media) -> None:
        self._database = database
        self._api = api
        self._media = media

    async def read(self, event: Claimed) -> Reading:
        """Give what an update says.

        Raises:
            BotError: nobody can make it out.
            DeliveryFailed: a photo could not be fetched now.
        """
        raw = event.raw or {}
        if "own" in raw:
            return Reading("own", {}, str(raw["own"]))
        try:
            sent = {key: value for key, value in raw.items() if key != CAPTION}
            update = Update.de_json({"update_id": 0, **sent}, None)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
            raise BotError(f"the update is malformed: {type(error).__name__}") from None
        if update.callback_query is not None:
            query = update.callback_query
            return await self._press(event, query.data, _locale(query.from_user))
        if update.my_chat_member is not None:
            return await self._member(event, update.my_chat_member.new_chat_member.status)
        if update.edited_message is not None:
            return await self._edited(event, update.edited_message)
        if update.message is not None and CAPTION in raw:
            words = clean(update.message.text or "").strip()
            body = {"text": words, CAPTION: True, **_locale(update.message.from_user)}
            return Reading("text", body)
        if update.message is not None:
            return await self._message(event, update.message)
        raise BotError("the update is of a kind that was not asked for")

    async def _press(self, event: Claimed, data: str | None, locale: dict[str, str]) -> Reading:
        """Find the button pressed among those that were sent to this very conversation."""
        found = None
        if place := button_of(data or ""):
            body = await self._database.read(outbox.body_of, place[0], event.conversation)
            buttons = (body or {}).get("buttons") or []
            found = buttons[place[1]] if place[1] < len(buttons) else None
        if found is None or payloads.parse(str(found["payload"])) is None:
            return Reading("expired", {"title": "", **locale}, "button_expired")
        return Reading("payload", {"payload": found["payload"], "title": found["title"], **locale})

    async def _member(self, event: Claimed, status: str) -> Reading:
        """Note that the resident blocked the bot; that they came back is noted by any event."""
        if status in ("kicked", "left"):
            await self._database.run(
                holds.unreachable, event.conversation, holds.BLOCKED, event.created_at
            )
        return Reading("nothing", {"member": status})

    async def _edited(self, event: Claimed, message: Message) -> Reading:
        """An edit counts only while the bot still waits for that answer; the engine knows."""
        text = clean(message.text or "").strip()
        original = await self._database.read(
            transcript.newest_id, event.conversation, f"%:{message.message_id}"
        )
        if not text or original is None:
            return Reading("nothing", {})
        body = {"text": text, **_locale(message.from_user)}
        return Reading("text", body, turn={"edit_of": message_id(event, original)})

    async def _message(self, event: Claimed, message: Message) -> Reading:
        locale = _locale(message.from_user)
        if message.text is not None:
            return _said(message.text, locale)
        if message.photo:
            best = max(message.photo, key=lambda size: size.width * size.height)
            return await self._picture(event, best.file_id, locale)
        if message.document is not None and _is_picture(message.document):
            return await self._picture(event, message.document.file_id, locale)
        if message.contact is not None:
            return _contact(message.contact, message.from_user, locale)
        if message.location is not None:
            return _attachment(_place(message), locale)
        for name, what in _UNREADABLE.items():
            if getattr(message, name, None):
                return _attachment({"type": "unsupported", "what": what}, locale)
        # Somebody changed a setting, pinned a message and the like.
        return Reading("nothing", {})

    async def _picture(self, event: Claimed, file_id: str, locale: dict[str, str]) -> Reading:
        source = f"{event.channel}:{event.ext_id}"
        try:
            file = await self._api.call(lambda bot: bot.get_file(file_id))
            id = await self._media.keep(event.conversation, source, file.file_path or "")
        except (PhotoRefused, DeliveryRefused) as error:
            log.info("a photo of event %d is refused: %s", event.id, error)
            return _attachment({"type": "unsupported", "what": "file"}, locale)
        except FetchFailed as error:
            raise DeliveryFailed(str(error)) from None
        return _attachment({"type": "image", "media_id": id}, locale)


def _said(text: str, locale: dict[str, str]) -> Reading:
    text = clean(text).strip()
    command = command_in(text)
    if command is not None:
        name, payload = command
        return Reading("payload", {"payload": payload, "title": f"/{name}", **locale})
    return Reading("text", {"text": text, **locale})


def _locale(user: User | None) -> dict[str, str]:
    """Give the language of the resident's telephone when the bot knows it."""
    code = ((user.language_code if user else None) or "").partition("-")[0].lower()
    return {"locale": code} if code in NAMES else {}


def _attachment(attachment: dict[str, Any], locale: dict[str, str]) -> Reading:
    return Reading("attachment", {"attachment": attachment, **locale})


def _is_picture(document: Document) -> bool:
    # What it really is shows when it is opened.
    return (document.mime_type or "").startswith("image/")


def _contact(contact: Contact, sender: User | None, locale: dict[str, str]) -> Reading:
    """Take the resident's own number; somebody else's is not theirs to give."""
    if sender is None or contact.user_id != sender.id:
        return Reading("own", dict(locale), "contact_not_own")
    digits = re.sub(r"\D", "", contact.phone_number)
    if digits.startswith(_COUNTRY) and len(digits) == len(_COUNTRY) + 9:
        digits = digits.removeprefix(_COUNTRY)
    return _attachment({"type": "contact", "phone": digits}, locale)


def _place(message: Message) -> dict[str, Any]:
    assert message.location is not None  # noqa: S101 -- for the type checker
    place: dict[str, Any] = {
        "type": "location",
        "lat": message.location.latitude,
        "lon": message.location.longitude,
    }
    if message.venue is not None:
        place["title"] = clean(message.venue.title)[:200]
        place["address"] = clean(message.venue.address)[:200]
    return place
