"""Fetching what a platform keeps for us, and nothing from anywhere else.

An address comes from outside, so it may try to make this machine ask its own network, or to
bring more than fits. Only the platforms' own hosts are asked, over TLS, at addresses that are
public; redirects are followed within the same rule; reading stops at the limit.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from bot.core.errors import BotError

#: Where Messenger keeps attachments, and Telegram its files. A host below one of these counts.
META_HOSTS = ("fbcdn.net", "fbsbx.com")
TELEGRAM_HOSTS = ("api.telegram.org",)
#: The most bytes of one file: what Telegram lets a bot download.
MOST_BYTES = 20_000_000
MOST_REDIRECTS = 3
#: Of a host's addresses so many are tried.
MOST_ADDRESSES = 3
#: All of one download, and each wait for its next piece; seconds.
DEADLINE = 20.0
TIMEOUT = httpx.Timeout(5.0)


class FetchRefused(BotError):
    """The file will never be fetched; ``reason`` is a word for it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class FetchFailed(BotError):
    """The file's server does not answer now."""


@dataclass(frozen=True)
class _Place:
    """Where a request goes."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> _Place:
        """Read it off an address."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise FetchRefused("forbidden", "the file's address cannot be read") from None
        return cls(parts.scheme, (parts.hostname or "").rstrip(".").lower(), port)


class Fetcher:
    """Fetches files of the platforms.

    Args:
        hosts: the platforms' hosts.
        own: addresses of platform APIs that the settings name; a fake one on this machine may
            have an address that is not public.
    """

    def __init__(self, hosts: Iterable[str], own: Iterable[str] = ()) -> None:
        self._hosts = tuple(hosts)
        self._own = frozenset(_Place.of(url) for url in own)
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=TIMEOUT,
            # What is compressed might grow beyond all measure; pictures are not.
            headers={"Accept-Encoding": "identity", "User-Agent": "c-bot"},
        )

    async def fetch(self, url: str, most: int = MOST_BYTES) -> bytes:
        """Give the content of a file.

        Raises:
            FetchRefused: its address is not allowed, it is gone or too large.
            FetchFailed: try again later.
        """
        try:
            return await asyncio.wait_for(self._fetch(url, most), DEADLINE)
        except asyncio.TimeoutError:
            raise FetchFailed("the file did not arrive in time") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise FetchFailed(
                f"the file's server does not answer: {type(error).__name__}"
            ) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _fetch(self, url: str, most: int) -> bytes:
        for _hop in range(MOST_REDIRECTS + 1):
            response = await self._open(url)
            try:
                if response.is_redirect:
                    url = urljoin(url, response.headers.get("location", ""))
                    continue
                return await _content(response, most)
            finally:
                await response.aclose()
        raise FetchRefused("forbidden", "the file's address leads on for too long")

    async def _open(self, url: str) -> httpx.Response:
        """Ask for a file; its host is looked up once, and only what was found is asked."""
        place = _Place.of(url)
        if place not in self._own and not self._allowed(place):
            raise FetchRefused("forbidden", "the file does not lie with the platform")
        addresses = await _look_up(place)
        if not all(_is_public(address) for address in addresses) and place not in self._own:
            raise FetchRefused("forbidden", "the file's host has an address that is not public")
        target = httpx.URL(url)
        unreachable: httpx.HTTPError | None = None
        for address in addresses[:MOST_ADDRESSES]:
            request = self._http.build_request("GET", target.copy_with(host=address))
            request.headers["Host"] = target.netloc.decode("ascii")
            request.extensions["sni_hostname"] = place.host
            try:
                return await self._http.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                unreachable = error
        raise unreachable or FetchFailed("the file's host has no address")

    def _allowed(self, place: _Place) -> bool:
        if place.scheme != "https" or place.port != 443:
            return False
        return any(place.host == host or place.host.endswith(f".{host}") for host in self._hosts)


async def _look_up(place: _Place) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_rest, address in found]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


async def _content(response: httpx.Response, most: int) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise FetchFailed(f"the file's server answers {response.status_code}")
    if response.status_code != 200:
        raise FetchRefused("gone", f"the file's server answers {response.status_code}")
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise FetchRefused("too_large", f"the file has more than {most} bytes")
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > most:
            raise FetchRefused("too_large", f"the file has more than {most} bytes")
        parts.append(part)
    return b"".join(parts)
