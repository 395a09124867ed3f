"""Making a stranger's picture safe: decoded, bounded, and written anew without what it tells.

Where and when a photo was taken and with what stands in its metadata; none of it is kept.
"""

from __future__ import annotations

import io
import logging
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from bot.core.errors import BotError

log = logging.getLogger(__name__)

#: The formats that are read, with the bytes that they begin with.
MAGIC = {
    "JPEG": (b"\xff\xd8\xff",),
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "WEBP": (b"RIFF",),
}
#: A telephone's camera makes up to 50 million; decoding costs three bytes for each.
MOST_PIXELS = 50_000_000
#: Each scan of a JPEG goes over the whole picture again. Cameras make one, progressive files
#: about ten; a small file of thousands would take many minutes.
MOST_SCANS = 100
_START_OF_SCAN = b"\xff\xda"
#: The longer side of what is kept.
SIDE = 2_560
QUALITY = 85
CONTENT_TYPE = "image/jpeg"


class PictureRefused(BotError):
    """This is no picture that can be kept; ``reason`` is a word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the picture is refused: {reason}")
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: JPEG."""

    content: bytes
    width: int
    height: int


def safe(content: bytes) -> Picture:
    """Give the picture written anew; takes time, so run it in a thread.

    Raises:
        PictureRefused: when it is none, is broken, or has too many pixels or scans.
    """
    format = _format(content)
    if format == "JPEG" and content.count(_START_OF_SCAN) > MOST_SCANS:
        raise PictureRefused("too_many_scans")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[format]) as image:
                return _written_anew(image)
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise PictureRefused("too_many_pixels") from None
    except Exception as error:
        # Whatever a broken file makes the decoder raise.
        log.info("a picture could not be decoded: %s", type(error).__name__)
        raise PictureRefused("broken") from None


def _format(content: bytes) -> str:
    for format, beginnings in MAGIC.items():
        if content.startswith(beginnings) and (format != "WEBP" or content[8:12] == b"WEBP"):
            return format
    raise PictureRefused("no_picture")


def _written_anew(image: Image.Image) -> Picture:
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused("too_many_pixels")
    # JPEG can be decoded at a fraction of its size.
    image.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        upright = upright.convert("RGBA")
    # Pasted onto an empty one: nothing but its pixels comes along.
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    file = io.BytesIO()
    clean.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Picture(file.getvalue(), clean.width, clean.height)
