from __future__ import annotations

import pytest

from bot.evaluation.measures import by, calibration, confusions, measure
from tests.evaluation.samples import DEBT, FEE, GREET, OUTSIDE, SET, judged


def test_shares_are_counted() -> None:
    figures = measure(SET)
    assert figures.count == 8
    assert figures.top1 == pytest.approx(4 / 8)
    assert figures.top3 == pytest.approx(5 / 8)
    assert (figures.answered, figures.offered, figures.not_understood) == (6 / 8, 1 / 8, 1 / 8)
    assert figures.wrong == pytest.approx(2 / 8)
    assert figures.helped == pytest.approx(5 / 8)
    assert figures.language == pytest.approx(7 / 8)
    assert figures.out_of_scope_answered == pytest.approx(1 / 2)


def test_out_of_scope_answered_with_another_act_is_no_service() -> None:
    assert measure([judged(label=OUTSIDE, given=(GREET,))]).out_of_scope_answered == 0
    assert measure([judged()]).out_of_scope_answered is None


def test_nothing_has_no_shares() -> None:
    assert measure([]).top1 == 0


def test_groups_keep_their_order() -> None:
    groups = by(SET, lambda one: one.language)
    assert list(groups) == ["ka", "ka-Latn", "en", "ru"]
    assert groups["ka"].count == 3


def test_calibration_compares_promise_and_truth() -> None:
    found = calibration([judged(confidence=0.95)] * 3 + [judged(confidence=0.95, given=(DEBT,))])
    (bin,) = [bin for bin in found.bins if bin.count]
    assert (bin.start, bin.count, bin.confidence, bin.right) == (0.9, 4, 0.95, 0.75)
    assert found.error == pytest.approx(0.2)
    assert calibration([judged(confidence=1.0)]).error == 0
    assert calibration([]).error == 0


def test_confusions_name_pairs_with_their_sentences_most_frequent_first() -> None:
    first, *others = confusions(SET)
    assert (first.label, first.given, first.count) == (FEE, DEBT, 2)
    assert [one.text for one in first.judged] == ["ორი", "სამი"]
    assert {(pair.label, pair.given) for pair in others} == {(OUTSIDE, FEE), (GREET, "")}
