"""The door to every page: who is there, may they, and does the form come from our own page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.staff import May
from bot.store import staff, staff_sessions
from bot.store.staff import Member
from bot.store.staff_sessions import Session
from console.credentials import token_hash
from console.site import Site
from console.visit import Handler, Visit

#: A form's largest size, and how many fields it has at most.
MOST_BYTES = 512_000
MOST_FIELDS = 500
#: Where a session that is not complete belongs.
_NEXT_STEP = {"code": "/sign-in/code", "enrol": "/welcome"}


@dataclass(frozen=True)
class Page:
    """One address of the console: who may open it (``needs``), and in which stage of a session."""

    path: str
    handler: Handler
    needs: May | None = None
    method: str = "GET"
    stage: str = "full"

    def route(self, site: Site) -> Route:
        """Give the route, behind the guard."""
        return Route(self.path, _guarded(site, self), methods=[self.method])


def _guarded(site: Site, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        who = await signed_in(site, request)
        if who is None:
            return _to_sign_in(request)
        member, session = who
        if session.stage != page.stage:
            step = _NEXT_STEP.get(session.stage, "/")
            return RedirectResponse(step, status_code=303)
        csrf = site.keyring.mac("csrf", session.token_hash)
        form = await own_form(site, request, csrf) if page.method == "POST" else FormData()
        visit = Visit(site, request, member, session, csrf, form)
        if page.needs is not None and not visit.may(page.needs):
            return visit.page("refused.html", status=403)
        return await page.handler(visit)

    return endpoint


def routes(site: Site, pages: Sequence[Page]) -> list[Route]:
    """Give the routes of pages."""
    return [page.route(site) for page in pages]


async def signed_in(site: Site, request: Request) -> tuple[Member, Session] | None:
    """Give who asks, by the session's cookie; None for nobody."""
    token = request.cookies.get(site.cookie)
    if not token or len(token) > 100:
        return None
    hashed = token_hash(token)
    now = site.now()
    found = await site.database.read(_who, hashed, now)
    if found is None:
        return None
    member, session, note = found
    if note:
        await site.database.run(staff_sessions.seen, hashed, now)
    return member, session


def _who(connection: Connection, hashed: str, now: float) -> tuple[Member, Session, bool] | None:
    found = staff_sessions.find(connection, hashed, now)
    if found is None:
        return None
    session, note = found
    member = staff.by_id(connection, session.staff_id)
    if member is None or member.disabled_at is not None:
        return None
    return member, session, note


def _to_sign_in(request: Request) -> Response:
    """Show the door; after it the page asked for, when that only shows something."""
    path = request.url.path
    wanted = request.method == "GET" and path != "/"
    target = f"/sign-in?next={quote(path)}" if wanted else "/sign-in"
    return RedirectResponse(target, status_code=303)


async def own_form(site: Site, request: Request, csrf: str | None) -> FormData:
    """Read a form that was sent from one of our own pages.

    Args:
        csrf: what its hidden field must hold; None where there is no session yet, and the
            browser's word for where it comes from is all there is.

    Raises:
        HTTPException: 403 when it comes from elsewhere, 413 when it is too large.
    """
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin != site.origin and (origin or "").partition("://")[2] != host:
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_BYTES:
        raise HTTPException(413)
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    given = form.get("csrf", "")
    if csrf is not None and not hmac.compare_digest(str(given).encode(), csrf.encode()):
        raise HTTPException(403)
    return form
