"""What happens by itself: reminders, news, the end of what is erased, and old data going.

Safe to run by several processes at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.core.clock import GEORGIA
from bot.core.knowledge_folder import Loaded
from bot.core.languages import DEFAULT
from bot.core.privacy import Retention
from bot.core.programmes import Programme
from bot.core.replies import Button
from bot.core.texts import Texts
from bot.store import acknowledgements, conversations, erasing, submissions_timers, unfinished
from bot.store.database import Database
from bot.store.notices import Sender
from bot.store.purging import purge
from bot.store.telling import Teller

#: Old data is looked for this often, seconds.
PURGE_SECONDS = 3600.0


class Ticker:
    """Lets everything happen whose time has come.

    Args:
        knowledge: gives the knowledge as it is now.
        var: the deployment's folder of what it makes.
    """

    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Loaded],
        municipality: str,
        var: Path,
        keep: Retention,
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._municipality = municipality
        self._var = var
        self._keep = keep
        self._purged_at = 0.0

        def texts() -> Texts:
            return knowledge().texts

        self._sender = Sender(database, texts, municipality)
        self._teller = Teller(database, self._sender, texts, municipality)

    def run(self, now: float) -> Counter[str]:
        """Do what is due; gives how much of each was done."""
        done: Counter[str] = Counter()
        done["timers"] = len(self._database.call(submissions_timers.run, now))
        done["programmes"] = self._database.call(self._programmes, now)
        done["told"] = self._teller.tell(now)
        done["offered"] = self._database.call(self._unfinished, now)
        done["erased"] = self._database.call(erasing.finish)
        if now - self._purged_at >= PURGE_SECONDS:
            self._purged_at = now
            done["purged"] = sum(purge(self._database, self._var, self._keep, now).values())
        return done

    def _programmes(self, connection: Connection, now: float) -> int:
        """Tell those who asked for it that a programme is open."""
        day = datetime.fromtimestamp(now, GEORGIA).date()
        programmes = self._knowledge().programmes.get(self._municipality, {})
        opened = [p for p in programmes.values() if p.opens and p.is_open(day)]
        # Who asked when none was known waits for any of the kind.
        open_now = {p.kind: p for p in opened} | {p.id: p for p in opened}
        if not open_now:
            return 0
        waiting = acknowledgements.to_remind(connection, open_now)
        for conversation, id in waiting:
            self._remind(connection, conversation, open_now[id])
            acknowledgements.reminded(connection, conversation, id, now)
        return len(waiting)

    def _unfinished(self, connection: Connection, now: float) -> int:
        """Offer forms again that were begun and not sent."""
        waiting = unfinished.to_offer(connection, now)
        for conversation, kind in waiting:
            unfinished.offered(connection, conversation, now)
            resident = conversations.contact(connection, conversation)
            if resident is None:
                continue
            texts, language = self._knowledge().texts, resident.language or DEFAULT
            self._sender.add(
                connection,
                conversation,
                "form_unfinished",
                key=f"unfinished:{int(now)}:{conversation}"[:120],
                values={"what": texts.kind(kind, language)},
                buttons=(
                    Button(texts.text("form_resume_button", language), "form:resume"),
                    Button(texts.text("form_cancel_button", language), "form:cancel"),
                ),
            )
        return len(waiting)

    def _remind(self, connection: Connection, conversation: str, programme: Programme) -> None:
        resident = conversations.contact(connection, conversation)
        if resident is None:
            return
        language = resident.language or DEFAULT
        self._sender.add(
            connection,
            conversation,
            "programme_opened",
            key=f"opened:{programme.id}:{programme.opens}:{resident.conversation}"[-120:],
            values={"programme": programme.name(language)},
            bulk=True,
        )
