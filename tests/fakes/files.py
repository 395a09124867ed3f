"""A server of files, as Meta's and Telegram's are, that can also misbehave; and pictures for it."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import AsyncIterator

from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route


class FakeFiles:
    """Serves ``files`` by name; redirects and delays as told; counts requests.

    ``/endless`` never stops, ``/redirect?to=…`` leads elsewhere (without: to itself), ``/away``
    answers 503.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.sent = 0

    def app(self) -> Starlette:
        """Give the ASGI application."""
        return Starlette(
            routes=[
                Route("/endless", self._endless),
                Route("/redirect", self._redirect),
                Route("/away", self._away),
                Route("/slow", self._slow),
                Route("/{name:path}", self._file),
            ]
        )

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(name)
        if name not in self.files:
            return Response(status_code=404)
        return Response(self.files[name], media_type="image/jpeg")

    async def _endless(self, request: Request) -> Response:
        self.asked.append("endless")

        async def content() -> AsyncIterator[bytes]:
            while not await request.is_disconnected():
                self.sent += 100_000
                yield b"\xff\xd8\xff" + b"0" * 99_997

        return StreamingResponse(content())

    async def _redirect(self, request: Request) -> Response:
        self.asked.append("redirect")
        return RedirectResponse(request.query_params.get("to", "/redirect"))

    async def _away(self, _request: Request) -> Response:
        self.asked.append("away")
        return Response(status_code=503)

    async def _slow(self, _request: Request) -> Response:
        await asyncio.sleep(30)
        return Response(b"")


def photo(size: tuple[int, int] = (640, 480), *, gps: bool = True, format: str = "JPEG") -> bytes:
    """Give a photo as a telephone makes it: on its side, with place and camera in its metadata."""
    image = Image.new("RGB", size, (30, 120, 200))
    exif = Image.Exif()
    exif[0x0110] = "ტელეფონი X"
    exif[0x0112] = 6
    if gps:
        place = exif.get_ifd(0x8825)
        place[1], place[2] = "N", (41.0, 32.0, 9.0)
        place[3], place[4] = "E", (45.0, 0.0, 37.0)
    file = io.BytesIO()
    extra = {"comment": b"secret"} if format == "JPEG" else {}
    image.save(file, format, exif=exif, **extra)
    return file.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """Give a small PNG of very many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + -(-side // 8))
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def scans(count: int, side: int = 64) -> bytes:
    """Give a JPEG that goes over its picture ``count`` times: its last scan again and again."""
    file = io.BytesIO()
    Image.new("L", (side, side), 90).save(file, "JPEG", progressive=True)
    content = file.getvalue()
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * count + content[-2:]
