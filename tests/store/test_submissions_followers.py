from __future__ import annotations

import pytest

from bot.core.submissions.guards import DAY, Refused
from bot.core.submissions.model import RESIDENT, Kind, Place, Publicity
from bot.store import submissions, submissions_followers
from bot.store.database import Database
from bot.store.submissions_followers import follow, likely_duplicates
from tests.store.participation import ME, NOW, YOU, draft, hand_in, happen, taken

HERE = Place("კოსტავას 20", 41.5500, 45.0000)
NEAR = Place("", 41.5510, 45.0010)
FAR = Place("", 41.5600, 45.0100)


def published(database: Database, key: str = "k1", **changes: object) -> str:
    code = taken(database, key, **changes)
    happen(database, code, "publish", checked=True)
    return code


def test_a_published_idea_like_the_draft_is_offered_by_its_title(database: Database) -> None:
    code = published(database)
    mine = draft(conversation=YOU, title="ველობილიკი", body="გააკეთეთ ველობილიკი მეჩვიდმეტეში!")
    [card] = database.call(likely_duplicates, mine, NOW)
    assert (card.code, card.title, card.own) == (code, "ველობილიკი მეჩვიდმეტეში", False)
    other = draft(conversation=YOU, title="ხეები", body="დარგეთ ხეები სკოლის ეზოში")
    assert database.call(likely_duplicates, other, NOW) == []


def test_what_is_not_public_is_not_offered_to_others(database: Database) -> None:
    hand_in(database)
    hand_in(database, "k2", publicity=Publicity.NOT_AT_ALL)
    assert database.call(likely_duplicates, draft(conversation=YOU), NOW) == []
    own = database.call(likely_duplicates, draft(), NOW)
    assert [card.own for card in own] == [True, True]


def test_a_problem_nearby_of_the_same_category_is_offered_without_its_words(
    database: Database,
) -> None:
    pit = {"kind": Kind.PROBLEM, "category": "roads", "title": "", "body": "გზაზე დიდი ორმოა"}
    code = hand_in(database, place=HERE, **pit)
    mine = draft(conversation=YOU, **{**pit, "body": "ორმო გაჩნდა გზაზე"})
    near = draft(**{**mine.__dict__, "place": NEAR})
    [card] = database.call(likely_duplicates, near, NOW)
    assert (card.code, card.title, card.category) == (code, "", "roads")
    assert card.metres is not None
    assert 100 < card.metres < 200
    far = draft(**{**mine.__dict__, "place": FAR})
    assert database.call(likely_duplicates, far, NOW) == []
    waste = draft(**{**near.__dict__, "category": "waste"})
    assert database.call(likely_duplicates, waste, NOW) == []


def test_at_most_three_open_and_not_old_ones_are_offered(database: Database) -> None:
    for number in range(5):
        published(database, f"k{number}", conversation=f"tg:{number + 10}")
    assert len(database.call(likely_duplicates, draft(conversation=YOU), NOW)) == 3
    assert database.call(likely_duplicates, draft(conversation=YOU), NOW + 400 * DAY) == []


def test_following_is_once_and_not_ones_own(database: Database) -> None:
    code = published(database)
    for _ in range(2):
        database.call(follow, code, YOU, NOW)
    assert [one.code for one in database.call(submissions.followed, YOU)] == [code]
    with pytest.raises(Refused, match="own_submission"):
        database.call(follow, code, ME, NOW)
    assert database.call(submissions_followers.unfollow, code, YOU)
    assert not database.call(submissions_followers.unfollow, code, YOU)
    happen(database, code, "withdraw", actor=RESIDENT)
    with pytest.raises(Refused, match="not_open"):
        database.call(follow, code, YOU, NOW)
    with pytest.raises(Refused, match="unknown_code"):
        database.call(follow, "I-26-9999-X", YOU, NOW)


def test_following_a_merged_one_follows_its_target(database: Database) -> None:
    target, merged = published(database), hand_in(database, "k2")
    happen(database, merged, "merge", target=target)
    assert database.call(follow, merged, YOU, NOW).code == target


def test_the_author_and_followers_of_a_merged_one_come_along_and_leave_again(
    database: Database,
) -> None:
    target = hand_in(database)
    merged = published(database, "k2", conversation=YOU)
    database.call(follow, merged, "tg:3", NOW)
    database.call(follow, merged, ME, NOW)
    applied = happen(database, merged, "merge", target=target.lower())
    after = applied.submission
    assert (after.stage, after.merged_into) == ("merged", target)
    # The author reads the code of the news as it is written, not as it was typed.
    assert applied.event.data["target"] == target
    assert [one.code for one in database.call(submissions.followed, YOU)] == [target]
    assert target in [one.code for one in database.call(submissions.followed, "tg:3")]
    happen(database, merged, "unmerge")
    assert database.call(submissions.followed, YOU) == []
    back = database.call(submissions.by_code, merged)
    assert back is not None
    assert (back.stage, back.merged_into) == ("in_review", None)
    assert [one.code for one in database.call(submissions.followed, "tg:3")] == [merged]
