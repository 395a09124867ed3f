"""The entities of a message, found by a spaCy pipeline over the text as it was typed.

Four steps after the tokenizer: each token gets its skeleton and its number; the EntityRuler finds
sums, households, dates and months; shapes (telephone, code, area) and places are added; and of
what overlaps the longest stays. Offsets are those of the text the resident sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans

from bot.core.normalise import normalise
from bot.core.skeleton import skeleton
from bot.nlu import entity_values, streets
from bot.nlu.entity_patterns import patterns
from bot.nlu.georgian import Georgian
from bot.nlu.numbers import GEORGIAN_STEMS, number_in, number_of
from bot.nlu.places import Places

#: So much of a message is looked at.
LONGEST = 1_200
#: "ოთხსულიანი", "4სულიანი": the number and the people in one word.
_HOUSEHOLD = re.compile(
    f"({'|'.join(sorted((skeleton(stem) for stem in GEORGIAN_STEMS), key=len, reverse=True))})"
    "(sul|kac|cevr)ian[a-zSC]*"
)
#: Words that are a number of people by themselves: "четверых", "ხუთნი".
_TOGETHER = {
    "ru": re.compile(
        "dvoih|troih|Cetveroih|Cetverih|piaterih|Sesterih|semerih"
        "|Cetvero|piatero|Sestero|semero"
        "|vdvoem|vtroem|vCetverom|vpiaterom|vSesterom"
    ),
    "ka": re.compile(
        f"({'|'.join(skeleton(stem) for stem, n in GEORGIAN_STEMS.items() if 1 < n < 20)})ni"
    ),
}
#: Before these "march" is the verb.
_MARCHING = frozenset({"i", "we", "you", "they", "to", "who", "people", "will", "can", "could"})
#: Halves of characters, which no UTF-8 holds.
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMERALS = re.compile(r"\d+")
_COUNTED = {
    "amount": entity_values.amount,
    "area": entity_values.area,
    "persons": entity_values.persons,
}
#: Of two that overlap and are equally long, the earlier in this list counts.
_ORDER = ("submission_code", "phone", "date", "area", "amount", "persons", "district", "street")

for _name in ("number", "is_number", "household", "together"):
    Token.set_extension(_name, default=None, force=True)
Span.set_extension("value", default=None, force=True)


@Language.component("cbot_folding")
def _fold(doc: Doc) -> Doc:
    """Give each token its skeleton as norm, and the number it stands for."""
    language = doc.user_data.get("language") or "ka"
    for token in doc:
        folded = skeleton(normalise(token.text)).replace(" ", "")
        token.norm_ = folded or token.lower_
        number = number_of(token.text)
        if number is None:
            number = number_in(folded, language)
        household = _HOUSEHOLD.fullmatch(folded) if language == "ka" else None
        if household:
            number = number_in(household[1], "ka")
        expression = _TOGETHER.get(language)
        together = expression is not None and bool(expression.fullmatch(folded))
        token._.number, token._.is_number = number, number is not None and not household
        token._.household, token._.together = household is not None, together
    return doc


@Language.component("cbot_values")
def _value(doc: Doc) -> Doc:
    """Keep of the ruler's spans those with a sensible value."""
    kept = []
    for span in doc.ents:
        if span.label_ == "month":
            before = doc[span.start - 1].lower_ if span.start else ""
            if span.text.lower() != "march" or before not in _MARCHING:
                span._.value = int(span.ent_id_)
        elif span.label_ == "date":
            numbers = [int(digits) for digits in _NUMERALS.findall(span.text)]
            year = next((number for number in numbers if number > 99), None)
            days = [number for number in numbers if number < 99]
            if days:
                span._.value = entity_values.date(days[0], int(span.ent_id_), year)
        else:
            words = [token.norm_ for token in span]
            numbers = [token._.number for token in span]
            span._.value = _COUNTED[span.label_](words, numbers)
        if span._.value is not None:
            kept.append(span)
    doc.ents = kept
    return doc


@Language.component("cbot_shapes")
def _shapes(doc: Doc) -> Doc:
    """Add what is told by its shape."""
    found = []
    for start, end, entity, value in entity_values.shapes(doc.text):
        span = doc.char_span(start, end, entity, alignment_mode="expand")
        if span is not None:
            span._.value = value
            found.append(span)
    doc.spans["shapes"] = found
    return doc


class _PlaceFinder:
    """The step that adds places."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def __call__(self, doc: Doc) -> Doc:
        words = [token.lower_ for token in doc]
        folded = [skeleton(word) and token.norm_ for word, token in zip(words, doc, strict=True)]
        found = []
        for place in self._places.find(words, folded):
            span = Span(doc, place.start, place.end, place.entity)
            span._.value = place.value
            found.append(span)
        named = {token.i for span in found if span.label_ != "district" for token in span}
        for street in streets.find([token.text for token in doc], folded):
            # What the tables name is known better.
            if named.isdisjoint(range(street.start, street.end)):
                span = Span(doc, street.start, street.end, "street")
                span._.value = street.value
                found.append(span)
        doc.spans["places"] = found
        return doc


class EntityFinder:
    """Finds the entities of a text."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Build the pipeline; ``names`` are the places, name -> lookup table."""
        self._nlp = Georgian()
        self._nlp.add_pipe("cbot_folding")
        ruler: Any = self._nlp.add_pipe("entity_ruler")
        ruler.add_patterns(patterns())
        self._nlp.add_pipe("cbot_values")
        self._nlp.add_pipe("cbot_shapes")
        self._find_places = _PlaceFinder(Places(names))

    def find(self, text: str, language: str | None) -> list[dict[str, Any]]:
        """Give the entities of a text in the order of their places.

        Args:
            text: as it was typed; its first LONGEST characters are looked at.
            language: the language the message is in, for numbers in words.
        """
        doc = self._nlp.make_doc(_SURROGATE.sub(" ", text[:LONGEST]))
        doc.user_data["language"] = language
        for _, step in self._nlp.pipeline:
            doc = step(doc)
        doc = self._find_places(doc)
        spans = [*doc.spans["shapes"], *doc.spans["places"], *doc.ents]
        rank = {name: place for place, name in enumerate(_ORDER)}
        spans.sort(key=lambda span: rank.get(span.label_, len(rank)))
        return [
            {
                "entity": span.label_,
                "value": span._.value,
                "start": span.start_char,
                "end": span.end_char,
                "text": span.text,
            }
            for span in filter_spans(spans)
        ]
