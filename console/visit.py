"""One request of somebody who is signed in, and the pages' answers to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from bot.core.clock import GEORGIA
from bot.core.staff import May, may
from bot.store import journal
from bot.store.media import Photo
from bot.store.staff import Member
from bot.store.staff_sessions import Session
from console.navigation import links
from console.site import LANGUAGES, Site, Words

LANGUAGE_COOKIE = "cbot_console_language"
#: A year: which language somebody reads is no secret.
_LANGUAGE_SECONDS = 365 * 24 * 60 * 60
#: Whoever goes on looking at something personal is written down again after so many seconds.
_LOOKING = 600.0


@dataclass(frozen=True)
class Visit:
    """A request of ``member``; ``form`` holds what was sent, checked to come from our own page."""

    site: Site
    request: Request
    member: Member
    session: Session
    csrf: str
    form: FormData = field(default_factory=FormData)

    @property
    def language(self) -> str:
        """The language the pages are shown in."""
        return language_of(self.request)

    @property
    def texts(self) -> Words:
        """The console's texts in that language."""
        return self.site.texts[self.language]

    @property
    def town(self) -> str | None:
        """The only town this person may see; None for all."""
        return self.member.municipality

    def sees(self, town: str | None) -> bool:
        """Tell whether this person may see what is of a town, or of all of them (None)."""
        return self.town in (None, town)

    def town_asked(self) -> str | None:
        """Give the town the address asks for, never one this person may not see; None for all."""
        asked = self.request.query_params.get("town", "")
        return self.town or (asked if asked in self.site.towns() else None)

    def may(self, what: May) -> bool:
        """Tell whether this person has leave."""
        return may(self.member.role, what)

    def field(self, name: str, most: int = 4000) -> str:
        """Give a field of the form, without the white space around it."""
        value = self.form.get(name, "")
        return value.strip()[:most] if isinstance(value, str) else ""

    def many(self, name: str) -> list[str]:
        """Give all values of a field that can stand in a form many times."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def moment(self, name: str) -> float | None:
        """Give a day and time of the form, as Georgia's clocks show it; None when it is none."""
        try:
            return datetime.fromisoformat(self.field(name, 20)).replace(tzinfo=GEORGIA).timestamp()
        except (ValueError, OverflowError):
            return None

    async def looks_at(self, action: str, subject: str) -> None:
        """Write down that this person sees a part of something personal, unless just written."""
        now, actor = self.site.now(), self.member.actor
        written = await self.site.database.read(
            journal.entries,
            actor=actor,
            action=action,
            subject=subject,
            since=now - _LOOKING,
            limit=1,
        )
        if not written:
            await self.site.database.run(journal.write, actor, action, subject, now=now)

    def page(
        self, template: str, values: Mapping[str, Any] | None = None, status: int = 200
    ) -> Response:
        """Show a page."""
        context = {
            "member": self.member,
            "may": {what.value: self.may(what) for what in May},
            "csrf": self.csrf,
            "nav": links(self),
            "said": self.request.query_params.get("said", ""),
            **(values or {}),
        }
        return show(self.site, self.request, template, context, status)

    def photo(self, kept: Photo) -> Response:
        """Give a resident's photo.

        Raises:
            HTTPException: 404 when its file is gone.
        """
        path = self.site.settings.var / "media" / kept.path
        if not path.is_file():
            raise not_found()
        return FileResponse(path, media_type=kept.content_type)

    def back_to(self, path: str, said: str = "") -> Response:
        """Send the browser on after something was done; ``said`` names what to tell there."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}said={said}" if said else path, status_code=303)


Handler = Callable[[Visit], Awaitable[Response]]


def language_of(request: Request) -> str:
    """Give the language asked for, or chosen earlier, else Georgian."""
    for value in (
        request.query_params.get("language"),
        request.cookies.get(LANGUAGE_COOKIE),
    ):
        if value in LANGUAGES:
            return str(value)
    return LANGUAGES[0]


def show(
    site: Site, request: Request, template: str, context: Mapping[str, Any], status: int = 200
) -> Response:
    """Render a template; the language asked for in the address is remembered."""
    language = language_of(request)
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    html = site.templates.get_template(template).render(
        t=site.texts[language],
        language=language,
        other_language=str(request.url.include_query_params(language=other)),
        other_code=other,
        path=request.url.path,
        query=request.query_params,
        **{"member": None, "nav": (), "csrf": "", "said": "", "may": {}, **context},
    )
    response = HTMLResponse(html, status_code=status)
    if request.query_params.get("language") == language:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_LANGUAGE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=site.secure,
        )
    return response


def not_found() -> HTTPException:
    """Give the error for what is not there, or not for this person's eyes: both look the same."""
    return HTTPException(404)
