"""What a resident sent before any form was open: photos and a point on the map, until one takes it.

The files of photos are kept by the connectors; here are only their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.core.forms import places
from bot.core.forms.outlines import Outline
from bot.core.forms.questions import MOST_PHOTOS
from bot.core.forms.state import KEPT_SECONDS
from bot.core.forms.whereabouts import Named

#: A form that is opened otherwise than by the buttons under the photo takes it for so long.
TAKEN_ALONG_SECONDS = 3600.0


@dataclass(frozen=True)
class Brought:
    """Photos by their names, the point that was sent last, and when something came last.

    ``words`` stood under the photos, ``named`` are the places they name.
    """

    photos: tuple[str, ...] = ()
    pin: Mapping[str, Any] | None = None
    at: float = 0.0
    words: str = ""
    named: tuple[Named, ...] = ()

    def attachments(self) -> list[Mapping[str, Any]]:
        """Give it as the messages that brought it."""
        photos = [{"type": "image", "media_id": photo} for photo in self.photos]
        return [*photos, *([self.pin] if self.pin else [])]

    def data(self) -> dict[str, Any]:
        """Give it as the data of an event of a submission."""
        photos = {"photos": list(self.photos)} if self.photos else {}
        return {**photos, **({"place": dict(self.pin)} if self.pin else {})}

    def since(self, earliest: float) -> Brought:
        """Give it unless it is older."""
        return self if self.at >= earliest else Brought()

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "photos": list(self.photos),
            "pin": self.pin,
            "at": self.at,
            "words": self.words,
            "named": [asdict(one) for one in self.named],
        }

    @classmethod
    def from_json(cls, data: Any, now: float) -> Brought:
        """Read what :meth:`to_json` wrote; nothing when that is too old or was none."""
        if not isinstance(data, Mapping):
            return cls()
        found = cls(
            tuple(data.get("photos") or ()),
            data.get("pin"),
            data.get("at") or 0.0,
            data.get("words") or "",
            tuple(Named(**one) for one in data.get("named") or ()),
        )
        return found.since(now - KEPT_SECONDS)


def is_kept(attachment: Mapping[str, Any]) -> bool:
    """Tell whether it is a photo that was kept, or a point on the map."""
    photo = attachment.get("type") == "image" and attachment.get("media_id")
    return bool(photo) or attachment.get("type") == "location"


def take(brought: Brought, attachment: Mapping[str, Any], outline: Outline, now: float) -> Brought:
    """Add a photo or a point; a photo too many is left out.

    Raises:
        NotUsable: when a point lies outside the town, or is none.
    """
    if attachment.get("type") == "location":
        pin = places.pin(attachment, outline)
        return replace(brought, pin={"type": "location", "lat": pin.lat, "lon": pin.lon}, at=now)
    photos = dict.fromkeys((*brought.photos, str(attachment["media_id"])))
    return replace(brought, photos=tuple(photos)[:MOST_PHOTOS], at=now)
