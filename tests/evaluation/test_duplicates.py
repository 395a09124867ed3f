from __future__ import annotations

from tests.evaluation.duplicates import across_halves, load_pairs, measure


def test_there_are_a_hundred_pairs_of_every_sort() -> None:
    pairs = load_pairs()
    assert len(pairs) == 100
    assert len({(pair.a, pair.b, pair.metres) for pair in pairs}) == 100
    for same in (True, False):
        assert sum(pair.same is same for pair in pairs) == 50
    georgian = sum(any("ა" <= char <= "ჰ" for char in pair.a) for pair in pairs)
    assert georgian >= 80


def test_likely_duplicates_are_found_and_others_left_alone() -> None:
    found = measure(load_pairs())
    assert found.precision >= 0.95
    assert found.recall >= 0.9


def test_limits_chosen_on_one_half_hold_on_the_other() -> None:
    for _alike, _nearby, found in across_halves(load_pairs()):
        assert found.precision >= 0.85
        assert found.recall >= 0.8
