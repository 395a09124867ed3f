"""Words that somebody in danger writes: fire, gas, violence, illness, despair.

They are compared on the skeleton of the words, as a form's short words are, so that one spelling
serves Mkhedruli and Latin letters. A sign is one or a few words that stand near each other in any
order; what only tells of the past or asks about help afterwards ("aid after the fire") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.core.forms.words import folded

#: Also the ids of the texts that answer: somebody is in danger, or does not want to live.
DANGER, DESPAIR = "danger", "despair"

#: The words of a sign stand so near each other: so many others may be between them.
_BETWEEN = 3
#: At the end of a word of a sign: any ending will do.
_STEM = "-"
_CLAUSE = re.compile(r"[.,;:!?…–—\n]+")

_DESPAIR = """
სიცოცხლე არ მინდა, სიცოცხლე აღარ მინდა, ცოცხალი აღარ მინდა, სიკვდილი მინდა, მინდა მოვკვდე
თავი მოვიკლ-, თავს მოვიკლ-, თავს მოვიკვლ-, თავს ვიკლავ, თავის მოკვლ-, სუიციდ-, ცხოვრება აღარ მიღირს
kill myself, suicid-, want to die, don't want to live, end my life
не хочу жить, хочу умереть, покончить с собой, покончу с собой, убью себя, убить себя, самоубий-
yaşamaq istəmirəm, ölmək istəyirəm, özümü öldür-, intihar
չեմ ուզում ապրել, ուզում եմ մեռնել, ինքնասպան-, ինձ կսպանեմ
"""
_DANGER = """
გაზის სუნ-, გაზი გაჟონ-, გაზის გაჟონ-, გაზი ჟონავს, ხანძარი, ხანძარია, ცეცხლი გაჩნდ-, ცეცხლი უკიდ-
ცეცხლი გვიკიდ-, სახლი იწვის, ბინა იწვის, კორპუსი იწვის, სადარბაზო იწვის, შენობა იწვის, ვიწვით
სადენი აგდია, სადენი გაწყ-, სადენი ჩამოვარდ-, მავთული აგდია, დენმა დაარტყ-
მცემს, მცემენ, ქმარმა მცემა, ქმარი მირტყამს, მახრჩობს, მოკვლით მემუქრ-
ოჯახში ძალადობ-, გამაუპატიურ-
გულის შეტევა-, ინფარქტი დაემართ-, ინსულტი დაემართ-, ვერ სუნთქავს, აღარ სუნთქავს, გონება დაკარგა
გონს არ მოდის, სისხლისგან იცლება, სასწრაფო გამომიძახ-, სასწრაფო გამოიძახ-
smell- gas, gas leak-, house on fire, flat on fire, building on fire, there is a fire, live wire
husband beats, he beats me, beating me, hits me, domestic violence, wants to kill me, raped me
heart attack, cannot breathe, can't breathe, not breathing, is unconscious
пахнет газом, запах газа, утечка газа, пожар, горит квартира, горит дом, горит подъезд
провод оборва-
муж бьёт, муж бьет, бьёт меня, бьет меня, избивает, домашнее насилие, угрожает убить, изнасил-
сердечный приступ, не дышит, потерял сознание, потеряла сознание, вызовите скорую
qaz iyi, qaz qoxusu, yanğın var, ev yanır, məni döyür, ərim döyür, zorakılıq, məni öldür-
ürək tutması, nəfəs ala bilmir
գազի հոտ, հրդեհ, տուն- այրվում, ծեծում է, բռնություն, սրտի կաթված, չի շնչում
"""
#: What stands beside a sign that tells of something else: "no answer comes" (in Georgian the verb
#: of beating), living somewhere, what is over.
_NOT_DANGER = (
    "პასუხს ხმას თაყვანს იყო ჰქონდა მოხდა მერე შემდეგ შარშან გასულ გადატანილი "
    "had was last after ago был была было после прошлом sonra keçən olub հետո եղել անցյալ"
)
_NOT_DESPAIR = "აქ ამ in here with there в на тут здесь burada bu այստեղ"


def danger_in(text: str) -> str | None:
    """Tell what a message of somebody in danger speaks of: :data:`DANGER` or :data:`DESPAIR`.

    None when nothing in it does.
    """
    clauses = [words for part in _CLAUSE.split(text) if (words := folded(part).split())]
    for kind, signs, beside in (
        (DESPAIR, _DESPAIR, _NOT_DESPAIR),
        (DANGER, _DANGER, _NOT_DANGER),
    ):
        others = set(folded(beside).split())
        for clause in clauses:
            if others.isdisjoint(clause) and any(_stands(sign, clause) for sign in _signs(signs)):
                return kind
    return None


def _stands(sign: Sequence[str], clause: Sequence[str]) -> bool:
    """Tell whether all words of a sign stand near each other in a clause."""
    width = len(sign) + _BETWEEN
    return any(
        all(any(_same(word, said) for said in clause[start : start + width]) for word in sign)
        for start in range(max(1, len(clause) - width + 1))
    )


def _same(word: str, said: str) -> bool:
    return said.startswith(word[:-1]) if word.endswith(_STEM) else said == word


@lru_cache(maxsize=2)
def _signs(lines: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_words(phrase)) for phrase in re.split(r"[,\n]", lines.strip()))


def _words(phrase: str) -> Iterator[str]:
    for word in phrase.split():
        stem = _STEM if word.endswith(_STEM) else ""
        yield from (f"{part}{stem}" for part in folded(word.rstrip(_STEM)).split())
