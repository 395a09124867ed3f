"""Words of somebody in danger, in the languages of the bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.danger import DANGER, DESPAIR, danger_in
from bot.core.knowledge_folder import load_all
from bot.core.languages import LANGUAGES

ROOT = Path(__file__).parents[2] / "knowledge"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("სადარბაზოში გაზის სუნია!!!", DANGER), ("gazis sunia saxlshi ra vqna", DANGER),
        ("ხანძარია მე-7 მიკრორაიონში, დაგვეხმარეთ", DANGER), ("ბინა იწვის", DANGER),
        ("ქუჩაში სადენი გაწყდა და აგდია", DANGER), ("ქმარი მცემს და მეშინია", DANGER),
        ("მამა გულის შეტევაშია", DANGER), ("I can smell gas", DANGER), ("пожар в подъезде", DANGER),
        ("my husband beats me", DANGER), ("меня бьёт муж", DANGER), ("evdə qaz iyi var", DANGER),
        ("հրդեհ է մեր շենքում", DANGER),
        ("აღარ მინდა სიცოცხლე", DESPAIR), ("tavs movikla", DESPAIR), ("I want to die", DESPAIR),
        ("я больше не хочу жить", DESPAIR), ("yaşamaq istəmirəm", DESPAIR),
        ("չեմ ուզում ապրել", DESPAIR),
    ],
)  # fmt: skip
def test_danger_is_heard(text: str, kind: str) -> None:
    assert danger_in(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "ხანძრის მერე დახმარება მინდა", "გასულ კვირას ხანძარი იყო ჩვენთან", "помощь после пожара",
        "ორი თვეა პასუხს არავინ მცემს", "გაზის ფული ბევრი მომივიდა", "not my business",
        "we had a fire in our flat last night", "не хочу жить в этом районе", "ნათურა არ ანთია",
        "ამ სახლში ცხოვრება აღარ მინდა", "სასწრაფოდ მჭირდება ცნობა", "",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [DANGER, DESPAIR])
def test_who_is_in_danger_is_told_the_number_of_the_collected_facts(
    language: str, kind: str
) -> None:
    facts = (ROOT / "facts" / "public_health.yml").read_text(encoding="utf-8")
    assert "112" in facts
    assert "112" in load_all(ROOT).texts.text(kind, language, "rustavi")
