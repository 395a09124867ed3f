"""Signing in: name and password, then the second factor; the first time, choosing both.

What is said after a wrong name and after a wrong password is the same, and takes as long.
"""

from __future__ import annotations

import asyncio

from sqlalchemy.engine import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.store import journal, staff, staff_sessions
from bot.store.staff import Member
from console import credentials
from console.guard import Page, own_form, signed_in
from console.site import Site
from console.visit import Visit, show

#: So many failures within the window shut the door, for a name and for an address.
MOST_OF_A_NAME, MOST_OF_AN_ADDRESS = 8, 40
WINDOW_SECONDS = 15 * 60
#: Checking a password costs memory and time; more at once would hold up the pages.
MOST_CHECKS = 2


class Door:
    """The pages for those who are not signed in yet."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._checking = asyncio.Semaphore(MOST_CHECKS)

    def routes(self) -> list[Route]:
        """Give the routes."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Show the form, or the way on for who is in already."""
        if await signed_in(self._site, request) is not None:
            return RedirectResponse("/", status_code=303)
        return self._form(request)

    def _form(
        self, request: Request, problem: str = "", status: int = 200, name: str = ""
    ) -> Response:
        values = {"wrong": problem, "name": name}
        return show(self._site, request, "sign_in.html", values, status)

    async def enter(self, request: Request) -> Response:
        """Check name and password."""
        form = await own_form(self._site, request, csrf=None)
        name = str(form.get("name", "")).strip().lower()[:40]
        password = str(form.get("password", ""))[: credentials.LONGEST]
        keys = self._keys(request, name)
        if await self._shut(keys):
            return self._form(request, "shut", 429, name)
        member = await self._site.database.read(staff.by_name, name)
        stage = await self._stage(member, password)
        if member is None or stage is None:
            now = self._site.now()
            await self._site.database.run(staff_sessions.failed, keys, now, WINDOW_SECONDS)
            return self._form(request, "wrong", 401, name)
        return await begin(self._site, member, stage, _own_path(request.query_params.get("next")))

    def _keys(self, request: Request, name: str) -> tuple[str, str]:
        address = request.client.host if request.client else ""
        mac = self._site.keyring.mac
        return mac("failed name", name), mac("failed address", address)

    async def _shut(self, keys: tuple[str, str]) -> bool:
        since = self._site.now() - WINDOW_SECONDS

        def count(connection: Connection) -> bool:
            of_name, of_address = (staff_sessions.failures(connection, key, since) for key in keys)
            return of_name >= MOST_OF_A_NAME or of_address >= MOST_OF_AN_ADDRESS

        return await self._site.database.read(count)

    async def _stage(self, member: Member | None, password: str) -> str | None:
        """Give the stage that name and password lead to; None when they are wrong."""
        hashed = member.password_hash if member else None
        async with self._checking:
            right = await asyncio.to_thread(credentials.is_password, password, hashed)
        if member is None or member.disabled_at is not None:
            return None
        if right:
            return "code"
        invited = (
            member.one_time_hash is not None
            and (member.one_time_until or 0) > self._site.now()
            and self._site.keyring.code_hash(password) == member.one_time_hash
        )
        return "enrol" if invited else None


def _own_path(given: str | None) -> str:
    """Give a path of the console to go on to, never another site's address."""
    if given and given.startswith("/") and not given.startswith(("//", "/\\")):
        return given
    return "/"


async def begin(site: Site, member: Member, stage: str, target: str, old: str = "") -> Response:
    """Open a session under a new token and go on; the one of the hash ``old`` ends."""
    token = credentials.new_token()
    now = site.now()

    def open_one(connection: Connection) -> None:
        if old:
            staff_sessions.end(connection, old)
        hashed = credentials.token_hash(token)
        staff_sessions.begin(connection, hashed, member.id, stage, now)
        if stage == "full":
            staff.signed_in(connection, member.id, now)
            journal.write(connection, member.actor, "staff.sign_in", member.actor, now=now)

    await site.database.run(open_one)
    if stage == "code":
        target = f"/sign-in/code?next={target}"
    elif stage == "enrol":
        target = "/welcome"
    response = RedirectResponse(target, status_code=303)
    response.set_cookie(
        site.cookie, token, httponly=True, samesite="lax", secure=site.secure, path="/"
    )
    return response


async def ask_code(visit: Visit) -> Response:
    """Ask for the second factor."""
    return visit.page("code.html", {"wrong": ""})


async def check_code(visit: Visit) -> Response:
    """Check the second factor: a code of now that was not used, or a recovery code."""
    site, member, now = visit.site, visit.member, visit.site.now()
    key = site.keyring.mac("failed code", member.name)
    given = visit.field("code", 40)
    step = site.keyring.totp_step(member.totp_salt, given, now)

    def check(connection: Connection) -> str:
        if staff_sessions.failures(connection, key, now - WINDOW_SECONDS) >= MOST_OF_A_NAME:
            return "shut"
        if step is not None and staff.use_step(connection, member.id, step):
            pass
        elif staff.use_recovery(connection, member.id, site.keyring.code_hash(given)):
            journal.write(connection, member.actor, "staff.recovery_code", member.actor, now=now)
        else:
            staff_sessions.failed(connection, [key], now, WINDOW_SECONDS)
            return "wrong"
        staff_sessions.forgive(connection, key)
        staff_sessions.forgive(connection, site.keyring.mac("failed name", member.name))
        return ""

    problem = await site.database.run(check)
    if problem:
        return visit.page("code.html", {"wrong": problem}, 429 if problem == "shut" else 401)
    target = _own_path(visit.request.query_params.get("next"))
    return await begin(site, member, "full", target, visit.session.token_hash)


def _welcome(visit: Visit, problem: str = "", status: int = 200) -> Response:
    keyring, member = visit.site.keyring, visit.member
    values = {
        "wrong": problem,
        "picture": keyring.totp_picture(member.totp_salt, member.name),
        "secret": keyring.totp_secret(member.totp_salt),
        "shortest": credentials.SHORTEST,
    }
    return visit.page("welcome.html", values, status)


async def ask_welcome(visit: Visit) -> Response:
    """Let somebody new choose a password and set up the second factor."""
    return _welcome(visit)


async def welcome(visit: Visit) -> Response:
    """Keep the password and the second factor; show the recovery codes, this once."""
    site, member, now = visit.site, visit.member, visit.site.now()
    password = str(visit.form.get("password", ""))
    problem = credentials.weakness(password, member.name)
    if problem is None and password != visit.form.get("again"):
        problem = "differs"
    step = site.keyring.totp_step(member.totp_salt, visit.field("code", 40), now)
    if problem is not None or step is None:
        return _welcome(visit, problem or "code", 400)
    hashed = await asyncio.to_thread(credentials.hash_password, password)
    codes = [credentials.code(2) for _ in range(credentials.RECOVERY_CODES)]

    def keep(connection: Connection) -> None:
        hashes = [site.keyring.code_hash(code) for code in codes]
        staff.enrol(connection, member.id, hashed, hashes, now)
        staff.use_step(connection, member.id, step)
        staff_sessions.end_all(connection, member.id)
        journal.write(connection, member.actor, "staff.enrol", member.actor, now=now)

    await site.database.run(keep)
    response = visit.page("recovery.html", {"codes": codes})
    opened = await begin(site, member, "full", "/")
    response.headers.append("set-cookie", opened.headers["set-cookie"])
    return response


async def sign_out(visit: Visit) -> Response:
    """End this session."""
    await visit.site.database.run(staff_sessions.end, visit.session.token_hash)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(visit.site.cookie, secure=visit.site.secure, httponly=True)
    return response


PAGES = [
    Page("/sign-in/code", ask_code, stage="code"),
    Page("/sign-in/code", check_code, method="POST", stage="code"),
    Page("/welcome", ask_welcome, stage="enrol"),
    Page("/welcome", welcome, method="POST", stage="enrol"),
    Page("/sign-out", sign_out, method="POST"),
]
