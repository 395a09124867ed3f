from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from bot.core.privacy import Retention
from bot.core.ratings import Scale, voter
from bot.core.submissions.guards import DAY
from bot.core.submissions.model import RESIDENT, Place, Visibility
from bot.store import (
    acknowledgements,
    erasing,
    events,
    inbox,
    journal,
    media,
    outbox,
    personal_data,
    ratings,
    submissions,
    submissions_followers,
    submissions_staff,
)
from bot.store.database import Database
from bot.store.erasing import erase_everywhere
from bot.store.events import StoredEvent
from bot.store.every_table import every_table
from bot.store.media import Photo
from bot.store.participation_tables import erasures
from bot.store.purging import purge
from bot.store.salts import Salts
from tests.store.participation import (
    CLERK,
    ME,
    NOW,
    PERSONAL_NUMBER,
    YOU,
    draft,
    hand_in,
    happen,
    meet,
    taken,
)
from tests.store.samples import ME as OWNER

PHONE = "599123456"
NAME = "ნინო ბერიძე"
SECRET = "ჩემი საიდუმლო სიტყვები"


def say(database: Database, conversation: str, ext_id: str, words: str, now: float = NOW) -> None:
    """A resident's message, answered and sent."""
    event = inbox.Event("telegram", "bot", ext_id, conversation, "text", {"text": words}, now)
    added = database.call(inbox.add, event, now, OWNER)
    assert added.claimed is not None
    done = database.call(
        inbox.complete,
        added.claimed,
        [outbox.Draft({"text": f"პასუხი: {words}"})],
        now,
        language="ka",
    )
    for message in done.replies:
        [mine] = database.call(outbox.claim, ["telegram"], "me", 10.0, now, 1)
        assert mine.id == message.id
        database.call(outbox.sent, mine, f"p{mine.id}", now)
    stored = [
        StoredEvent("session_started", now, None, None, "{}"),
        StoredEvent("user", now, "x", None, json.dumps({"text": words}, ensure_ascii=False)),
    ]
    database.call(events.append, conversation, stored)


def photo(database: Database, var: Path, id: str, conversation: str = ME) -> str:
    kept = Photo(id, conversation, f"source-{id}", "image/jpeg", 10, 10, 4, "0" * 64, NOW)
    database.call(media.add, kept)
    path = var / "media" / kept.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"JPEG")
    return id


def files(var: Path) -> list[str]:
    return sorted(path.name for path in (var / "media").rglob("*.jpg"))


def everything(database: Database) -> str:
    """All rows of all tables, as one text."""
    with database.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in every_table() for row in connection.execute(select(table))
        )


def live(database: Database, var: Path, conversation: str, mark: str) -> dict[str, str]:
    """Let a resident do everything that leaves a trace."""
    meet(database, conversation)
    say(database, conversation, f"{mark}-1", f"{SECRET} {mark}")
    database.call(acknowledgements.acknowledge, conversation, "v1", "ka", NOW)
    database.call(acknowledgements.remind, conversation, "youth", NOW)
    common = {"conversation": conversation, "name": f"{NAME} {mark}", "phone": PHONE,
              "place": Place(f"ჩემი სახლი {mark}", 41.55123, 45.00123),
              "answers": {"note": f"{SECRET} {mark}"}}  # fmt: skip
    picture = photo(database, var, f"{mark}p1", conversation)
    private = hand_in(database, f"{mark}-a", body=f"{SECRET} {mark}", photos=(picture,), **common)
    public = taken(database, f"{mark}-b", **common)
    happen(database, public, "publish", checked=True)
    happen(database, public, "ask", "რომელ ქუჩაზე?")
    happen(database, public, "reply", f"{SECRET} {mark}", actor=RESIDENT, conversation=conversation)
    database.call(submissions_staff.add_note, private, CLERK, f"დავურეკე: {NAME} {mark}", NOW)
    photo(database, var, f"{mark}p2", conversation)
    return {"private": private, "public": public}


def test_everything_held_on_a_person_is_given_and_nothing_of_others(
    database: Database, tmp_path: Path
) -> None:
    mine = live(database, tmp_path, ME, "one")
    theirs = live(database, tmp_path, YOU, "two")
    database.call(submissions_followers.follow, theirs["public"], ME, NOW)
    salts = Salts(tmp_path)
    new = ratings.Round("spring", "rustavi", "", {}, Scale.STARS, NOW, NOW + DAY, False)
    database.call(ratings.open_round, new)
    one = database.call(ratings.add_initiative, "spring", {"ka": "სკვერი"}, {"ka": "…"})
    database.call(ratings.rate, one, voter(salts.make("spring"), ME), 4, NOW)
    found = database.call(personal_data.collect, ME, salts, NOW)
    written = personal_data.as_file(found).decode()
    assert json.loads(written) == found
    for part in (f"{SECRET} one", f"{NAME} one", PHONE, "პასუხი", "onep1", "onep2", "სკვერი"):
        assert part in written
    assert {one["code"] for one in found["submissions"]} == set(mine.values())
    assert found["acknowledgements"][0]["version"] == "v1"
    assert found["followers"]
    assert found["programme_reminders"]
    assert found["events"]
    assert found["ratings"] == [{"round": "spring", "initiative": {"ka": "სკვერი"}, "value": 4}]
    # Nothing of others, no notes, no clerk by name.
    for part in ("two", YOU, "დავურეკე", CLERK):
        assert part not in written


def test_erasing_leaves_a_statistic_and_a_proof_alone(database: Database, tmp_path: Path) -> None:
    mine = live(database, tmp_path, ME, "one")
    theirs = live(database, tmp_path, YOU, "two")
    salts = Salts(tmp_path)
    new = ratings.Round("spring", "rustavi", "", {}, Scale.STARS, NOW, NOW + DAY, False)
    database.call(ratings.open_round, new)
    one = database.call(ratings.add_initiative, "spring", {"ka": "სკვერი"}, {"ka": "…"})
    salt = salts.make("spring")
    for conversation in (ME, YOU):
        database.call(ratings.rate, one, voter(salt, conversation, None), 4, NOW)
    others_before = personal_data.as_file(database.call(personal_data.collect, YOU, salts, NOW))

    erased = erase_everywhere(database, tmp_path, ME, "resident", NOW + 60)
    database.call(erasing.finish)

    left = everything(database)
    for part in (
        f"{SECRET} one",
        f"{NAME} one",
        "სახლი one",
        "onep1",
        f"'{ME}'",
        "41.55123, 45.00123, '{}'",
    ):
        assert part not in left.replace("two", ""), part
    assert database.call(personal_data.collect, ME, salts, NOW) == {
        "format": personal_data.FORMAT,
        "made_at": "2026-11-18T15:06:40+04:00",
        "conversation": [],
        "submissions": [],
        "ratings": [],
    }
    assert files(tmp_path) == ["twop1.jpg", "twop2.jpg"]
    # Others keep everything.
    after = personal_data.as_file(database.call(personal_data.collect, YOU, salts, NOW))
    assert after == others_before
    # The statistic: kind, category, stage and dates; and what was published, without a name.
    private = database.call(submissions.by_code, mine["private"])
    public = database.call(submissions.by_code, mine["public"])
    assert private is not None
    assert public is not None
    assert (private.stage, private.category, private.body) == ("withdrawn", "roads", "")
    assert (public.stage, public.body) == ("in_review", draft().body)
    assert (public.conversation, public.name, public.phone) == (None, "", "")
    assert public.visibility is Visibility.PUBLIC
    # The proof says how much of what, and nothing else.
    with database.engine.connect() as connection:
        [proof] = connection.execute(select(erasures)).all()
    assert proof.proof == erased.proof
    assert json.loads(proof.counts)["submissions"] == 2
    assert ME not in repr(tuple(proof))
    [line] = database.call(journal.entries, action="data.erase")
    assert (line.actor, line.subject) == ("resident", erased.proof)
    assert database.call(submissions.by_code, theirs["private"]) is not None


def test_the_message_that_asks_for_erasing_is_answered_first(
    database: Database, tmp_path: Path
) -> None:
    meet(database, ME)
    event = inbox.Event("telegram", "bot", "e1", ME, "text", {"text": SECRET}, NOW)
    claimed = database.call(inbox.add, event, NOW, OWNER).claimed
    assert claimed is not None
    erase_everywhere(database, tmp_path, ME, "resident", NOW)
    assert database.call(erasing.finish) == 0
    done = database.call(
        inbox.complete, claimed, [outbox.Draft({"text": "წავშალე"})], NOW, language="ka"
    )
    assert len(done.replies) == 1
    database.call(erasing.finish)
    [mine] = database.call(outbox.claim, ["telegram"], "me", 10.0, NOW, 1)
    database.call(outbox.sent, mine, "p1", NOW)
    database.call(erasing.finish)
    # The reply came after, so it is kept as any message is; the words are gone once it is purged.
    purge(database, tmp_path, Retention(1, 1, 1, 1), NOW + 2 * DAY)
    assert SECRET not in everything(database)
    assert f"'{ME}'" not in everything(database)


def test_a_message_that_is_gone_is_still_known_when_it_comes_again(
    database: Database, tmp_path: Path
) -> None:
    meet(database, ME)
    say(database, ME, "e1", "გამარჯობა")
    erase_everywhere(database, tmp_path, ME, "resident", NOW)
    again = inbox.Event("telegram", "bot", "e1", ME, "text", {"text": "გამარჯობა"}, NOW)
    assert not database.call(inbox.add, again, NOW, OWNER).new
    new = replace(again, ext_id="e2")
    assert database.call(inbox.add, new, NOW, OWNER).new


def test_erasing_somebody_unknown_leaves_only_a_proof(database: Database, tmp_path: Path) -> None:
    erased = erase_everywhere(database, tmp_path, "tg:404", "staff:1", NOW)
    assert erased.counts == {}
    assert erased.proof.startswith("E-")


def test_an_eleven_digit_number_reaches_no_table(database: Database, tmp_path: Path) -> None:
    meet(database, ME)
    words = f"პირადი ნომერია {PERSONAL_NUMBER}"
    raw: Any = {"message": {"message_id": 1, "text": words, "caption": words}}
    event = inbox.Event("telegram", "bot", "e9", ME, "raw", {"text": words}, NOW, raw=raw)
    claimed = database.call(inbox.add, event, NOW, OWNER).claimed
    assert claimed is not None
    assert PERSONAL_NUMBER not in json.dumps([claimed.body, claimed.raw])
    code = taken(
        database,
        body=words,
        title=words,
        name=words,
        phone=PERSONAL_NUMBER,
        place=Place(words),
        answers={"a": words},
    )
    happen(database, code, "ask", words)
    happen(database, code, "reply", words, actor=RESIDENT)
    happen(database, code, "revise", title=words, body=words, place={"text": words})
    happen(database, code, "accept", words, who_and_when=words)
    database.call(submissions_staff.add_note, code, CLERK, words, NOW)
    assert PERSONAL_NUMBER not in everything(database)


KEEP = Retention(messages=30, conversations=30, photos=30, submissions=365)


def test_what_is_older_than_its_age_goes_from_every_table(
    database: Database, tmp_path: Path
) -> None:
    codes = live(database, tmp_path, ME, "one")
    happen(database, codes["private"], "withdraw", actor=RESIDENT)
    assert sum(purge(database, tmp_path, KEEP, NOW + 29 * DAY).values()) == 0
    purge(database, tmp_path, KEEP, NOW + 31 * DAY)
    with database.engine.connect() as connection:
        for table in ("inbox", "outbox", "events"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        for table in ("submission_news", "programme_reminders"):
            waiting = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            assert (
                waiting
                == connection.execute(
                    text(f"SELECT count(*) FROM {table} WHERE told_at IS NULL")
                ).scalar()
            )
    # A photo of a submission stays with it.
    assert files(tmp_path) == ["onep1.jpg"]
    assert database.call(submissions.mine, ME) != []
    purge(database, tmp_path, KEEP, NOW + 366 * DAY)
    private = database.call(submissions.by_code, codes["private"])
    public = database.call(submissions.by_code, codes["public"])
    assert private is not None
    assert public is not None
    assert (private.body, private.conversation, private.name) == ("", None, "")
    # One that is still open keeps its author.
    assert public.conversation == ME
    purge(database, tmp_path, KEEP, NOW + 367 * DAY)
    assert files(tmp_path) == []


def test_a_running_conversation_is_unharmed_by_purging(database: Database, tmp_path: Path) -> None:
    meet(database, ME)
    say(database, ME, "old", "ძველი")
    now = NOW + 40 * DAY
    say(database, ME, "new", "ახალი", now)
    waiting = inbox.Event("telegram", "bot", "w", ME, "text", {"text": "ველოდები"}, NOW)
    assert database.call(inbox.add, waiting, NOW).new
    before = database.call(events.latest_session, ME)
    purge(database, tmp_path, KEEP, now + 1)
    assert database.call(events.latest_session, ME) == before
    left = everything(database)
    assert "ახალი" in left
    assert "ველოდები" in left
    assert "ძველი" not in left
    [claimed] = database.call(inbox.claim, OWNER, ["telegram"], now + 2, 1)
    assert claimed.ext_id == "w"


def test_residents_of_whom_nothing_is_kept_are_forgotten(
    database: Database, tmp_path: Path
) -> None:
    meet(database, ME, YOU)
    say(database, ME, "e1", "გამარჯობა")
    database.call(acknowledgements.acknowledge, ME, "v1", "ka", NOW)
    hand_in(database, conversation=YOU)
    gone = purge(database, tmp_path, KEEP, NOW + 31 * DAY)
    assert gone["people"] == 1
    left = everything(database)
    assert f"'{ME}'" not in left
    assert f"'{YOU}'" in left
    later = NOW + 31 * DAY + 61 * DAY
    assert purge(database, tmp_path, KEEP, later)["hashes"] == 1


def test_many_photos_of_submissions_do_not_keep_others_from_going(
    database: Database, tmp_path: Path
) -> None:
    meet(database, ME)
    with database.engine.begin() as connection:
        rows = [
            {"id": f"k{n:04}", "conversation": ME, "source": f"s{n}", "content_type": "image/jpeg",
             "width": 1, "height": 1, "bytes": 1, "sha256": "0", "created_at": NOW}
            for n in range(601)
        ]  # fmt: skip
        connection.execute(insert(every(connection, "media")), rows)
    hand_in(database, photos=tuple(f"k{n:04}" for n in range(600)))
    assert purge(database, tmp_path, KEEP, NOW + 31 * DAY)["photos"] == 1


def every(_connection: object, name: str) -> Any:
    return next(table for table in every_table() if table.name == name)


@pytest.mark.parametrize("days", [1, 1095])
def test_purging_an_empty_database_does_nothing(
    database: Database, tmp_path: Path, days: int
) -> None:
    keep = Retention(days, days, days, days)
    assert sum(purge(database, tmp_path, keep, NOW).values()) == 0
