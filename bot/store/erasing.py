"""Erasing a person everywhere, and what of a submission stays without them.

What was published stays as "a resident's"; of everything else only kind, category, stage and
dates remain. A proof without personal data tells how much went and when.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.engine import Connection

from bot.core.submissions.model import (
    RESIDENT,
    Event,
    Place,
    Publicity,
    Submission,
    Visibility,
)
from bot.store import journal, media, ratings
from bot.store.database import Database
from bot.store.every_table import every_table, person_column
from bot.store.media import Photo
from bot.store.message_bodies import forgotten_hash
from bot.store.open_data import DECIMALS
from bot.store.participation_tables import (
    erasing,
    erasures,
    evaluations,
    followers,
    forgotten_messages,
    submission_events,
    submission_notes,
    submission_photos,
    submission_revisions,
    submissions,
)
from bot.store.personal_data import persons
from bot.store.salts import Salts
from bot.store.submissions import apply
from bot.store.submissions_rows import dump, fetch, place_columns
from bot.store.tables import conversations, inbox, outbox

#: Tables with a conversation that are treated one by one below, or must stay.
_APART = frozenset({"inbox", "outbox", "submissions", "erasing", "conversations"})
_SETTLED = ("done", "held", "dead")


@dataclass(frozen=True)
class Erased:
    """What an erasure did: the proof's number, rows by table, and photos whose files must go."""

    proof: str
    counts: dict[str, int]
    photos: Sequence[Photo]


def erase_everywhere(
    database: Database, var: Path, conversation: str, asked_by: str, now: float
) -> Erased:
    """Erase a person from the database and their photos from the disk.

    Args:
        var: the deployment's folder of what it makes.
        asked_by: ``resident``, ``staff:<id>`` or a platform.
    """
    erased = database.call(erase, conversation, asked_by, Salts(var), now)
    remove_files(var, erased.photos)
    return erased


def remove_files(var: Path, photos: Iterable[Photo]) -> None:
    """Delete the files of photos whose rows are gone."""
    for photo in photos:
        (var / "media" / photo.path).unlink(missing_ok=True)


def erase(
    connection: Connection, conversation: str, asked_by: str, salts: Salts, now: float
) -> Erased:
    """Erase a person; their message that is being answered now follows in :func:`finish`.

    The caller deletes the files of the photos after this is committed.
    """
    counts: Counter[str] = Counter()
    _ratings(connection, conversation, salts, counts)
    own = fetch(connection, select(submissions).where(submissions.c.conversation == conversation))
    for submission in own:
        if submission.open and submission.visibility is not Visibility.PUBLIC:
            apply(
                connection,
                submission.code,
                Event("withdraw"),
                RESIDENT,
                now,
                conversation=conversation,
            )
        strip(connection, submission)
        counts["submissions"] += 1
    photos = media.of_conversation(connection, conversation)
    for table in reversed(every_table()):
        column = person_column(table)
        if column is not None and table.name not in _APART:
            gone = connection.execute(delete(table).where(table.c[column] == conversation))
            counts[table.name] += gone.rowcount
    last = _last_position(connection, conversation)
    if last is not None:
        _messages(connection, conversation, last, now, counts)
        connection.execute(delete(erasing).where(erasing.c.conversation == conversation))
        connection.execute(
            insert(erasing).values(conversation=conversation, position=last, since=now)
        )
    proof = f"E-{secrets.token_hex(5).upper()}"
    kept = {name: number for name, number in sorted(counts.items()) if number}
    connection.execute(
        insert(erasures).values(proof=proof, at=now, asked_by=asked_by, counts=dump(kept))
    )
    journal.write(connection, asked_by, "data.erase", proof, kept, now)
    return Erased(proof, kept, photos)


def finish(connection: Connection) -> int:
    """Erase the last messages of those who were erased, as soon as they are settled.

    Gives how many people are done.
    """
    done = 0
    for row in connection.execute(select(erasing)).all():
        _messages(connection, row.conversation, row.position, row.since, Counter())
        left = sum(
            connection.execute(
                select(func.count()).where(
                    table.c.conversation == row.conversation, table.c.position <= row.position
                )
            ).scalar_one()
            for table in (inbox, outbox)
        )
        if not left:
            connection.execute(delete(erasing).where(erasing.c.conversation == row.conversation))
            forget_conversation(connection, row.conversation)
            done += 1
    return done


def forget_conversation(connection: Connection, conversation: str) -> bool:
    """Delete the row of a conversation that nothing refers to any more."""
    for table in every_table():
        column = person_column(table)
        if column is None:
            continue
        if connection.execute(select(table.c[column]).where(
            table.c[column] == conversation).limit(1)).first():  # fmt: skip
            return False
    gone = connection.execute(delete(conversations).where(conversations.c.id == conversation))
    return bool(gone.rowcount)


def strip(connection: Connection, submission: Submission) -> None:
    """Take out of a submission what tells of its author; published words stay."""
    public = submission.visibility is Visibility.PUBLIC
    values: dict[str, Any] = {
        "conversation": None,
        # The key names the message, and the message the person.
        "key": hashlib.sha256(f"{submission.id}:{secrets.token_hex(8)}".encode()).hexdigest(),
        "name": "",
        "phone": "",
        "answers": "{}",
        "publicity": (Publicity.WITHOUT_NAME if public else Publicity.NOT_AT_ALL).value,
    }
    place = submission.place
    if not public:
        values.update(title="", body="")
    # Of the place the district stays; of what is published the neighbourhood too.
    rough = Place(district=place.district) if place else None
    if place and public and place.lat is not None and place.lon is not None:
        lat, lon = round(place.lat, DECIMALS), round(place.lon, DECIMALS)
        rough = Place(lat=lat, lon=lon, district=place.district)
    values.update(place_columns(rough))
    connection.execute(
        update(submissions).where(submissions.c.id == submission.id).values(**values)
    )
    gone = [submission_revisions, submission_notes, submission_photos]
    if not submission.open:
        # Nothing more comes that a follower could hear.
        gone.append(followers)
    for table in gone:
        connection.execute(delete(table).where(table.c.submission_id == submission.id))
    words = update(submission_events).where(submission_events.c.submission_id == submission.id)
    if public:
        words = words.where(submission_events.c.actor == RESIDENT)
    connection.execute(words.values(text="", data="{}"))
    connection.execute(
        update(evaluations).where(evaluations.c.submission_id == submission.id).values(comment="")
    )


def _ratings(connection: Connection, conversation: str, salts: Salts, counts: Counter[str]) -> None:
    for round_id in ratings.round_ids(connection):
        salt = salts.get(round_id)
        for person in persons(connection, conversation, salt) if salt else ():
            counts["ratings"] += ratings.forget(connection, round_id, person)


def _last_position(connection: Connection, conversation: str) -> int | None:
    query = select(conversations.c.last_position).where(conversations.c.id == conversation)
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def _messages(
    connection: Connection, conversation: str, position: int, now: float, counts: Counter[str]
) -> None:
    """Delete what was said up to a position and is settled; open messages stay for now."""
    sent = select(outbox.c.id).where(
        outbox.c.conversation == conversation,
        outbox.c.position <= position,
        outbox.c.state.in_(_SETTLED),
    )
    counts["outbox"] += delete_outbox(connection, list(connection.execute(sent).scalars()))
    said = select(inbox.c.id).where(
        inbox.c.conversation == conversation,
        inbox.c.position <= position,
        inbox.c.state.in_(_SETTLED),
    )
    counts["inbox"] += delete_inbox(connection, list(connection.execute(said).scalars()), now)


#: Deleted at once, so that a statement never names too many.
_AT_ONCE = 500


def delete_outbox(connection: Connection, ids: Sequence[int]) -> int:
    """Delete messages to residents with what refers to them; gives how many."""
    gone = 0
    for some in _pieces(ids):
        for table in every_table():
            for column in table.c:
                if any(key.column is outbox.c.id for key in column.foreign_keys):
                    connection.execute(delete(table).where(column.in_(some)))
        gone += connection.execute(delete(outbox).where(outbox.c.id.in_(some))).rowcount
    return gone


def delete_inbox(connection: Connection, ids: Sequence[int], now: float) -> int:
    """Delete residents' messages but for hashes of their ids; gives how many.

    One to which a reply is still kept stays with it.
    """
    gone = 0
    for some in _pieces(ids):
        answered = select(outbox.c.inbox_id).where(outbox.c.inbox_id.in_(some))
        rows = connection.execute(
            select(inbox.c.id, inbox.c.channel, inbox.c.account, inbox.c.ext_id).where(
                inbox.c.id.in_(some), inbox.c.id.notin_(answered)
            )
        ).all()
        for row in rows:
            hash = forgotten_hash(row.channel, row.account, row.ext_id)
            connection.execute(
                text(
                    "INSERT INTO forgotten_messages (hash, at) VALUES (:hash, :now)"
                    " ON CONFLICT DO NOTHING"
                ),
                {"hash": hash, "now": now},
            )
        ids_now = [row.id for row in rows]
        gone += connection.execute(delete(inbox).where(inbox.c.id.in_(ids_now))).rowcount
    return gone


def _pieces(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def forget_hashes(connection: Connection, before: float) -> int:
    """Delete the hashes of messages that no platform repeats any more; gives how many."""
    gone = connection.execute(delete(forgotten_messages).where(forgotten_messages.c.at < before))
    return int(gone.rowcount)
