"""Examinations with a known outcome."""

from __future__ import annotations

from bot.evaluation.judged import Judged

FEE, DEBT, OUTSIDE, GREET = (
    "local_fees.cleaning_fee",
    "local_fees.debt",
    "dialogue.out_of_scope",
    "dialogue.greet",
)


def judged(
    text: str = "ნაგვის ფული",
    label: str = FEE,
    given: tuple[str, ...] = (FEE,),
    outcome: str = "answered",
    confidence: float = 0.9,
    language: str = "ka",
    found_language: str = "ka",
) -> Judged:
    return Judged(text, language, label, found_language, outcome, given, confidence, 0.002)


SET = [
    judged("ერთი"),
    judged("ორი", given=(DEBT, FEE), outcome="offered", confidence=0.4),
    judged("სამი", given=(DEBT,), confidence=0.8),
    judged("oTxi", DEBT, (DEBT,), language="ka-Latn"),
    judged("five", OUTSIDE, (FEE,), confidence=0.7, language="en", found_language="en"),
    judged("six", OUTSIDE, (OUTSIDE,), language="en", found_language="az"),
    judged("шесть", GREET, (), "not_understood", 0.0, "ru", "ru"),
    judged("семь", GREET, (GREET,), "answered", 1.0, "ru", "ru"),
]
