"""Staff of the tests: added to the database, signed in, and speaking real HTTP."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

import httpx
from sqlalchemy.engine import Connection

from bot.core.staff import Role
from bot.store import staff, staff_sessions
from bot.store.staff import Invitation, Member, NewMember
from console import credentials
from console.site import Site

PASSWORD = "ოთხი ვარდისფერი ძროხა"
#: Hashed once: each hash takes a noticeable part of a second, on purpose.
HASHED = credentials.hash_password(PASSWORD)
RECOVERY = "ABCD-EFGH"


class Clock:
    """The real time, moved on at will."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


def added(
    site: Site, name: str, role: Role = Role.CLERK, municipality: str | None = None
) -> Member:
    """Add somebody who has a password and a second factor already."""
    invitation = Invitation("nothing", 0.0, "5a17" * 8)
    new = NewMember(name, name.title(), role, municipality)

    def work(connection: Connection) -> Member:
        member = staff.add(connection, new, invitation, site.now())
        hashes = [site.keyring.code_hash(RECOVERY)]
        staff.enrol(connection, member.id, HASHED, hashes, site.now())
        found = staff.by_id(connection, member.id)
        assert found is not None
        return found

    return site.database.call(work)


def session_of(site: Site, member: Member) -> str:
    """Open a session without the door's questions; give its token."""
    token = credentials.new_token()
    hashed = credentials.token_hash(token)
    site.database.call(staff_sessions.begin, hashed, member.id, "full", site.now())
    return token


@dataclass
class Person:
    """Somebody at a browser."""

    client: httpx.Client
    member: Member

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, on: str = "/account", **fields: object) -> httpx.Response:
        """Send a form as a page would; its secret stands on the page ``on``."""
        return self.client.post(path, data={"csrf": self.csrf(on), **fields})

    def csrf(self, on: str = "/account") -> str:
        found = re.search('name="csrf" value="([0-9a-f]{64})"', self.get(on).text)
        assert found is not None
        return found[1]


class Desk:
    """A running console."""

    def __init__(self, site: Site, url: str) -> None:
        self.site = site
        self.url = url
        self.clients: list[httpx.Client] = []

    def visitor(self) -> httpx.Client:
        """Somebody who is not signed in."""
        self.clients.append(
            httpx.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60)
        )
        return self.clients[-1]

    def person(
        self, role: Role = Role.CLERK, name: str = "nino", municipality: str | None = None
    ) -> Person:
        """Somebody who is signed in."""
        member = added(self.site, name, role, municipality)
        client = self.visitor()
        client.cookies.set(self.site.cookie, session_of(self.site, member), domain="127.0.0.1")
        return Person(client, member)

    def code(self, member: Member) -> str:
        """The code that the second factor's application shows."""
        import pyotp

        secret = self.site.keyring.totp_secret(member.totp_salt)
        return pyotp.TOTP(secret).at(self.site.now())
