from __future__ import annotations

from dataclasses import replace

import pytest

from bot.store import feedback, misses
from bot.store.database import Database
from bot.store.misses import Missed

GUESSES = [{"label": f"local_fees.{name}", "confidence": 0.2} for name in "abcd"]
FINE = Missed(
    "rustavi", "not_understood", "ნაგვის ჯარიმა?", "ka", "resident-1", "20260101", GUESSES
)


def listed(database: Database, **given: object) -> list[misses.Miss]:
    return database.call(misses.listing, **given)


def test_message_is_kept_with_guesses_and_model(database: Database) -> None:
    id = database.call(misses.record, FINE, 5.0)
    (miss,) = listed(database)
    assert miss == database.call(misses.get, id)
    assert (miss.text, miss.kind, miss.language, miss.model) == (
        ("ნაგვის ჯარიმა?", "not_understood", "ka", "20260101")
    )
    assert [guess["label"] for guess in miss.guesses] == [g["label"] for g in GUESSES[:3]]
    assert (miss.count, miss.residents, miss.first_at, miss.state) == (1, 1, 5.0, "new")


def test_messages_that_read_the_same_are_counted_with_their_residents(database: Database) -> None:
    for text, resident in (("ნაგვის ჯარიმა?", "a"), ("ᲜᲐᲒᲕᲘᲡ  ჯარიმა!!", "b"), (FINE.text, "b")):
        database.call(misses.record, replace(FINE, text=text, resident=resident), 7.0)
    (miss,) = listed(database)
    assert (miss.count, miss.residents, miss.text) == (3, 2, "ნაგვის ჯარიმა?")


def test_same_words_in_another_town_are_another_miss(database: Database) -> None:
    database.call(misses.record, FINE)
    database.call(misses.record, replace(FINE, municipality="marneuli"))
    assert len(listed(database)) == 2
    (miss,) = listed(database, municipalities=["marneuli"])
    assert miss.municipality == "marneuli"
    assert listed(database, municipalities=[]) == []


def test_text_without_a_word_is_no_miss(database: Database) -> None:
    assert database.call(misses.record, replace(FINE, text="😀 \u200d")) is None
    assert listed(database) == []


def test_alike_messages_form_a_group_and_the_heaviest_comes_first(database: Database) -> None:
    texts = ("ლიფტი გაფუჭდა", "lifti gafuchda", "ავტობუსი როდის მოვა", "როდის მოვა ავტობუსი")
    for number, text in enumerate((*texts, "ავტობუსი როდის მოვა?")):
        database.call(misses.record, replace(FINE, text=text, resident=f"r{number}"))
    first, second = misses.groups(listed(database))
    assert {miss.text for miss in first.misses} == {texts[2], texts[3]}
    assert (first.count, first.residents, first.head.text) == (3, 3, texts[2])
    assert {miss.text for miss in second.misses} == set(texts[:2])


def test_decision_is_kept_and_recurring_does_not_undo_it(database: Database) -> None:
    id = database.call(misses.record, FINE)
    assert database.call(misses.decide, [id], "dismissed", "staff:1", now=9.0) == 1
    database.call(misses.record, FINE)
    assert listed(database) == []
    (miss,) = listed(database, states=("dismissed",))
    assert (miss.count, miss.decided_by, miss.decided_at) == (2, "staff:1", 9.0)
    with pytest.raises(ValueError, match="nonsense"):
        database.call(misses.decide, [id], "nonsense", "staff:1")


def test_taught_miss_is_solved_when_the_model_answers_it_and_new_when_missed_again(
    database: Database,
) -> None:
    right = database.call(misses.record, FINE)
    wrong = database.call(misses.record, replace(FINE, text="სულ სხვა რამე"))
    database.call(misses.decide, [right, wrong], "taught", "staff:1", "local_fees.debt")
    answers = {right: "local_fees.debt", wrong: None, 999: "local_fees.debt"}
    assert database.call(misses.settle, answers) == ([right], [wrong])
    assert database.call(misses.states)["solved"] == 1
    database.call(misses.record, FINE)
    assert database.call(misses.get, right).state == "new"


def test_forgotten_resident_leaves_no_words_that_only_they_wrote(database: Database) -> None:
    database.call(misses.record, FINE)
    shared = database.call(misses.record, replace(FINE, text="საერთო კითხვა"))
    database.call(misses.record, replace(FINE, text="საერთო კითხვა", resident="resident-2"))
    assert database.call(misses.forget, "resident-1") == 1
    (miss,) = listed(database)
    assert (miss.id, miss.residents) == (shared, 1)


def test_bad_answer_is_a_miss_of_its_own_with_service_and_reason(database: Database) -> None:
    bad = replace(FINE, kind="feedback", service="local_fees.debt", reason="wrong_answer")
    database.call(misses.record, FINE)
    database.call(misses.record, bad)
    (miss,) = listed(database, kinds=["feedback"])
    assert (miss.service, miss.reason) == ("local_fees.debt", "wrong_answer")
    assert len(listed(database)) == 2


def test_verdicts_are_counted_and_a_later_one_replaces_the_first(database: Database) -> None:
    said = feedback.Verdict("rustavi", "h1", "local_fees.debt", "ka", "web", "up", "m")
    database.call(feedback.record, said, 5.0)
    database.call(feedback.record, replace(said, verdict="down", reason="unclear"), 6.0)
    database.call(feedback.record, replace(said, answer="h2"), 7.0)
    database.call(feedback.record, replace(said, answer="h3", municipality="marneuli"), 8.0)
    (tally,) = database.call(feedback.tallies)
    assert tally == feedback.Tally("local_fees.debt", up=2, down=1)
    (tally,) = database.call(feedback.tallies, since=7.0, until=8.0)
    assert (tally.up, tally.down) == (1, 0)
    (tally,) = database.call(feedback.tallies, municipalities=["marneuli"])
    assert (tally.up, tally.down) == (1, 0)
