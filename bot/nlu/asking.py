"""Which of the cues in a message are questions: one for each part of it that asks something.

"რა ღირს და რა საბუთები მინდა?" asks two things and "საბუთები ჩავაბარე, როდის მიპასუხებთ?" one. So a
message is cut where people cut it, at signs and at "and". Of a part the longest cue counts, as
of a message that has no parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton

#: So many sides are answered at once.
MOST_ASKED = 3
#: A longer message tells a story; it asks one thing, if anything.
_MOST_WORDS = 20
_BETWEEN = re.compile(
    r"([,;:!?.…/+&|()\n։՝–—]+(?!\d)"
    r"|(?<!\S)(?:და|da|ან|and|or|plus|also|и|или|а|также|və|ve|ya|və ya|և|եւ|ու|կամ|isk|իսկ)(?!\S))"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(skeleton(normalise(word)) for word in listed.split())


_ASKING = _words(
    """
    რა რას რად რით რითი რამდენი რამდენს რამდენ რამდენია რამდენით რომელი რომელ რომელს როგორ როდის
    როდემდე როდიდან სად საით საიდან ვინ ვის ვისთვის ვისზე ვისთან
    what which how when where who whom whose
    что какой какая какое какие какую каким каких какому какого каком какова каков сколько когда
    как где куда откуда кому кто кого чего
    nə ne necə nece neçə neche hansı hansi hara haraya harada hardadır kim kimə kime kimlərə kimin
    ինչ ինչպես ինչքան որքան քանի երբ որտեղ ուր որ ով ովքեր ում ոնց ինչից
    """
)
#: These also join clauses ("… when the bank is closed"), so that one alone begins no question.
_RELATIVE = _words("when where who how как когда где кто куда երբ որտեղ ով ուր ինչպես necə harada")
#: "როგორ გავიგო, როდის …", "как узнать, где …" ask the second alone.
_FINDING_OUT = _words(
    "გავიგო გავიგოთ ვნახო find know see check узнать проверить öyrənim bilim իմանամ"
)
#: "როგორ მოვითხოვო ვიცი" asks nothing, "არ ვიცი, როგორ …" does.
_KNOWN, _NOT = _words("ვიცი ვიცით знаю знаем bilirəm գիտեմ"), _words("არ არც ვერ не ни")
#: "How much is the fine?" asks about the fine, "who is exempt?" about the exceptions.
_LOUDER = {"price": frozenset({"penalty", "exceptions"}), "who": frozenset({"exceptions"})}


class Cue(NamedTuple):
    """A cue found: the words from ``start`` to before ``end``."""

    entity: str
    value: str
    length: int
    start: int
    end: int


def parts_of(normalised: str) -> list[int]:
    """Give for each part of a text where it ends, counted in words of its skeleton.

    What stands between two parts is one too.
    """
    ends, count = [], 0
    for part in _BETWEEN.split(normalised):
        count += len(skeleton(part).split())
        ends.append(count)
    return ends


def asked(cues: Sequence[Cue], words: Sequence[str], ends: Sequence[int]) -> list[Cue]:
    """Give the cues that stand for what a message asks, at least the longest of them.

    Args:
        cues: all cues of one entity found, in the order of the text.
        words: the skeletons of the message's words.
        ends: where its parts end, as `parts_of` gives them.

    Returns:
        At most MOST_ASKED cues of different values in the order of the text; the longest alone
        when no second thing is asked, and of equally long ones the first.
    """
    cues = [cue for cue in cues if not _gives_a_number(cue, words)]
    if not cues:
        return []
    longest = max(cues, key=lambda cue: cue.length)
    if len(words) > _MOST_WORDS:
        return [longest]
    found: dict[str, Cue] = {}
    start = 0
    for end in ends:
        inside = [cue for cue in cues if start <= cue.start < end]
        for cue in _Part(inside, words, start, end).asked() if inside else ():
            found.setdefault(cue.value, cue)
        start = end
    return list(found.values())[:MOST_ASKED] or [longest]


def _gives_a_number(cue: Cue, words: Sequence[str]) -> bool:
    """Tell whether a cue names a number that is given and not asked for: "my number is 577 …"."""
    following = words[cue.end : cue.end + 2]
    if cue.value != "contact" or not following:
        return False
    # The letter of a code: "ნომერი P-26-0117-S".
    return following[-1 if len(following[0]) == 1 else 0].isdigit()


class _Part:
    """A part of a message, with the cues that begin in it."""

    def __init__(self, cues: Sequence[Cue], words: Sequence[str], start: int, end: int) -> None:
        self._words, self._start, self._end = words, start, end
        self._cues = sorted(cues, key=lambda cue: -cue.length)
        self._values = {cue.value for cue in cues}

    def asked(self) -> list[Cue]:
        """Give the cues that are asked about here, in the order of the text."""
        cues = [cue for cue in self._cues if not self._finds_out(cue)]
        if self._is_known():
            return []
        questions = [cue for cue in cues if self._is_question(cue)]
        if not cues:
            return []
        first = self._loudest(questions or cues)
        chosen = [first] if questions or self._asks(first) else []
        for cue in questions:
            apart = all(cue.end <= one.start or one.end <= cue.start for one in chosen)
            if apart and not self._outdone(cue):
                chosen.append(cue)
        return sorted(chosen, key=lambda cue: cue.start)

    def _loudest(self, cues: Sequence[Cue]) -> Cue:
        """Give the longest of some cues, but what has a price rather than the price."""
        longest = max(cues, key=lambda cue: cue.length)
        louder = _LOUDER.get(longest.value, frozenset())
        return next((cue for cue in self._cues if cue.value in louder), longest)

    def _outdone(self, cue: Cue) -> bool:
        return not self._values.isdisjoint(_LOUDER.get(cue.value, ()))

    def _asks(self, cue: Cue) -> bool:
        """Tell whether a cue is asked about and not only mentioned.

        It is where a question word stands, and as one of a list: "the price and papers".
        """
        words = self._words[self._start : self._end]
        in_a_list = cue.end == self._end or 0 < self._start == cue.start
        return in_a_list or not _ASKING.isdisjoint(words)

    def _is_question(self, cue: Cue) -> bool:
        """Tell whether a cue begins a question: "where do I …", but not "… where I live"."""
        first = self._words[cue.start]
        # "до какого числа" begins with a preposition.
        if _ASKING.isdisjoint(self._words[cue.start : min(cue.start + 2, cue.end)]):
            return False
        joins = cue.end - cue.start == 1 and first in _RELATIVE
        return not joins or cue.start == self._start

    def _is_known(self) -> bool:
        """Tell whether the part says that the answer to it is known."""
        words = ("", *self._words[self._start : self._end])
        return any(word in _KNOWN and before not in _NOT for before, word in pairwise(words))

    def _finds_out(self, cue: Cue) -> bool:
        following = self._words[cue.end : cue.end + 2]
        return cue.value == "steps" and not _FINDING_OUT.isdisjoint(following)
