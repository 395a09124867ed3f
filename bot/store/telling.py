"""Telling residents what became of what they handed in, on their channel, in their language.

One message for one submission and day: what happened meanwhile follows in a few lines below the
newest news. What the city asks goes out at once. A message and the note that it was told are
stored in one transaction, so that a crash between tells nothing twice and forgets nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.errors import InputError
from bot.core.languages import DEFAULT
from bot.core.replies import Button
from bot.core.submissions.model import Recorded, Submission, Visibility
from bot.core.submissions.transitions import Telling
from bot.core.texts import Texts
from bot.store import conversations, submissions_news
from bot.store.database import Database
from bot.store.notices import Sender
from bot.store.submissions_followers import title_of
from bot.store.submissions_news import Bundle, Item
from bot.store.submissions_staff import total_score

log = logging.getLogger(__name__)

#: Questions that need no answer any more when the submission left this stage meanwhile.
STAGE_OF_QUESTION = {"ask": "needs_info", "remind": "needs_info", "ask_fixed": "fixed"}
DATE = "%d.%m.%Y"


class Teller:
    """Tells what waits to be told.

    Args:
        texts: gives the bot's texts as they are now.
        municipality: whose contacts fill them.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        texts: Callable[[], Texts],
        municipality: str,
    ) -> None:
        self._database = database
        self._sender = sender
        self._texts = texts
        self._municipality = municipality

    def tell(self, now: float) -> int:
        """Queue every message that may be sent now; gives how many."""
        told = 0
        while bundles := self._database.call(submissions_news.ready, now):
            for bundle in bundles:
                try:
                    told += self._database.call(self._tell, bundle, now)
                except _ToldAlready:
                    continue
        return told

    def _tell(self, connection: Connection, bundle: Bundle, now: float) -> bool:
        stale = [item for item in bundle.items if _is_stale(item, bundle.submission)]
        current = [item for item in bundle.items if item not in stale]
        if stale:
            submissions_news.settle(connection, [item.id for item in stale], "dropped", now)
        if not any(item.telling is not Telling.DIGEST for item in current):
            return False
        if not submissions_news.settle(connection, [item.id for item in current], "told", now):
            raise _ToldAlready
        try:
            self._send(connection, bundle, current)
        except InputError as error:
            # A resident who never wrote cannot be told; nobody else must wait for that.
            log.error("news of %s cannot be told: %s", bundle.submission.code, error)
            return False
        return True

    def _send(self, connection: Connection, bundle: Bundle, items: list[Item]) -> None:
        resident = conversations.contact(connection, bundle.conversation)
        language = (resident.language if resident else None) or bundle.submission.language
        main = _main(items)
        earlier = [item for item in items if item is not main]
        text_id, values = main.text_id, self._values(connection, bundle, main, language)
        if earlier:
            news = self._texts().text(text_id, language, self._municipality, **values)
            lines = [self._line(item, language) for item in earlier]
            text_id, values = "news_with_earlier", {"news": news, "earlier": "\n".join(lines)}
        self._sender.add(
            connection,
            bundle.conversation,
            text_id,
            key=f"news:{main.id}",
            values=values,
            buttons=self._buttons(main, bundle, language),
            bulk=bundle.conversation != bundle.submission.conversation,
        )

    def _line(self, item: Item, language: str) -> str:
        return self._texts().text(
            "news_line",
            language,
            date=_day(item.event.at),
            stage=self._texts().stage(item.event.to_stage, language),
        )

    def _values(
        self, connection: Connection, bundle: Bundle, item: Item, language: str
    ) -> dict[str, str | int]:
        submission, event = bundle.submission, item.event
        texts = self._texts()
        found: dict[str, object] = {
            **{key: event.data.get(key) for key in _FROM_DATA},
            "code": submission.code,
            "what": self._what(bundle, language),
            "answer": event.text,
            "question": event.data.get("question"),
            "score": total_score(connection, submission.id) if event.type == "decide" else None,
            "reason": texts.reason(event.reason, language) if event.reason else None,
            "due": _day(submission.due_at) if submission.due_at else None,
        }
        return {key: _plain(value) for key, value in found.items() if value not in (None, "")}

    def _what(self, bundle: Bundle, language: str) -> str:
        """Name the submission: those who only follow it may see its words when all may."""
        submission = bundle.submission
        own = submission.conversation == bundle.conversation
        if own or submission.visibility is Visibility.PUBLIC:
            return title_of(submission)
        return self._texts().kind(submission.kind.value, language)

    def _buttons(self, item: Item, bundle: Bundle, language: str) -> tuple[Button, ...]:
        code = bundle.submission.code
        named = {
            "ask": (("answer_question_button", f"form:reply:{code}"),),
            "remind": (("answer_question_button", f"form:reply:{code}"),),
            "ask_fixed": (
                ("fixed_yes_button", f"form:confirm:{code}"),
                ("fixed_no_button", f"form:dispute:{code}"),
            ),
        }.get(item.event.type, (("my_submissions_button", "start:status"),))
        return tuple(
            Button(self._texts().text(text_id, language), payload) for text_id, payload in named
        )


class _ToldAlready(Exception):
    """Another process told some of it meanwhile; nothing of this try is kept."""


#: Values of an event's data that texts may name.
_FROM_DATA = ("target", "body", "contact", "amount", "who_and_when", "official_ref")


def _main(items: list[Item]) -> Item:
    """Pick what is told in full: the newest question, or else the newest news."""
    asked = [item for item in items if item.telling is Telling.ASKS]
    news = [item for item in items if item.telling is Telling.NEWS]
    return (asked or news)[-1]


def _is_stale(item: Item, submission: Submission) -> bool:
    stage = STAGE_OF_QUESTION.get(item.event.type)
    return stage is not None and submission.stage != stage


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, GEORGIA).strftime(DATE)


def _plain(value: object) -> str | int:
    if isinstance(value, float):
        return int(value) if value.is_integer() else f"{value:.2f}"
    return value if isinstance(value, int) else str(value)


def receipt(texts: Texts, submission: Submission, event: Recorded, language: str) -> str:
    """Give the words with which a resident is told at once of what they did themselves."""
    values = {"code": submission.code, "what": title_of(submission)}
    return texts.text(f"told_{event.type}", language or DEFAULT, **values)
