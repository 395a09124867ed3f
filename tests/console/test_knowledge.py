from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot import settings
from bot.core.staff import Role
from bot.store import journal
from tests.console.people import Desk, Person

ROOT = Path(__file__).parents[2]
FEE = "local_fees.cleaning_fee"
PATH = f"/knowledge/rustavi/{FEE}"


@pytest.fixture
def given(given: settings.Settings) -> settings.Settings:
    """The same with a knowledge of its own."""
    given.knowledge.unlink()
    shutil.copytree(ROOT / "knowledge", given.knowledge)
    return given


@pytest.fixture
def keeper() -> None:
    """Read that knowledge, not the shipped one."""


def file(desk: Desk) -> Path:
    return desk.site.settings.knowledge / "rustavi" / "local_fees.yml"


def seen(person: Person) -> str:
    found = re.search('name="hash" value="([0-9a-f]{64})"', person.get(PATH).text)
    assert found is not None
    return found[1]


def listed(person: Person, words: str) -> list[str]:
    """Give the ids that a search finds, in the order of the page."""
    text = person.get(f"/knowledge?words={words}").text
    return re.findall('class="quiet">([a-z_]+[.][a-z_]+)<', text)


def test_entries_are_listed_and_found(desk: Desk) -> None:
    viewer = desk.person(Role.VIEWER)
    assert FEE in viewer.get("/knowledge").text
    ids = listed(viewer, "დასუფთავების მოსაკრებელი")
    assert ids[0].startswith("local_fees.cleaning")
    assert len(ids) < 40


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("ნაგავი", FEE),
        ("garaji", "municipal_property.common_space"),
        ("пенсия", "social_programmes.elderly_care"),
        ("army", "conscription.call_up"),
    ],
)
def test_a_single_word_finds_what_people_mean_by_it(desk: Desk, words: str, service: str) -> None:
    assert listed(desk.person(Role.VIEWER), words)[0] == service


def test_what_nobody_wrote_about_is_not_found(desk: Desk) -> None:
    assert listed(desk.person(Role.VIEWER), "ჟირაფი") == []


def test_changed_text_is_saved_and_journalled(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR)
    words = "რუსთავის ცხელ ხაზზე დარეკეთ: {hotline} ან {phone}."
    english = "Call {hotline} or {phone}."
    fields = {"text.attributes.contact.ka": words, "text.attributes.contact.en": english}
    hashed = seen(editor)
    for _ in range(2):
        # The second time it is a form sent twice, and no conflict with oneself.
        answer = editor.post(f"{PATH}/save", hash=hashed, **fields)
        assert answer.headers["location"] == f"{PATH}?said=saved"
    assert len(desk.site.database.call(journal.entries, action="knowledge.edit")) == 1
    assert words in file(desk).read_text()
    line = desk.site.database.call(journal.entries, action="knowledge.edit")[0]
    assert (line.actor, line.subject) == (editor.member.actor, f"rustavi/{FEE}")


def test_what_a_town_leaves_out_shows_the_general_text(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR)
    text = editor.get(f"{PATH}?language=en").text
    assert "<h1>Household cleaning (waste) fee</h1>" in text
    assert 'name="text.title.en" rows="1" placeholder="Cleaning fee"></textarea>' in text
    assert f'<a href="/knowledge/national/{FEE}">' in text
    above = editor.get(f"/knowledge/national/{FEE}?language=en").text
    assert f'<a href="/knowledge/rustavi/{FEE}">' in above
    assert "placeholder" not in above


def test_conflict_with_an_edit_by_hand_shows_both_and_writes_nothing(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR)
    hashed = seen(editor)
    by_hand = file(desk).read_text().replace("რუსთავში თვეში", "ქალაქში თვეში", 1)
    file(desk).write_text(by_hand)
    fields = {"text.answer.ka": "ჩემი პასუხი: {rate}, {max_persons}, {family_max}."}
    answer = editor.post(f"{PATH}/save", hash=hashed, **fields)
    assert answer.status_code == 409
    assert file(desk).read_text() == by_hand
    text = answer.text
    assert "<del>ქალაქში თვეში" in text
    assert "<ins>ჩემი პასუხი" in text
    assert "<dt>მოკლე პასუხი · ქართული</dt>" in text
    again = re.search('name="hash" value="([0-9a-f]{64})"', text)
    assert again is not None
    assert again[1] != hashed


def test_mistakes_are_told_with_their_line_and_not_written(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR)
    before = file(desk).read_text()
    fields = {"text.answer.ka": "{nonsense} ლარი"}
    checked = editor.post(f"{PATH}/check", **fields)
    assert re.search(r"local_fees\.yml:\d+: ", checked.text)
    saved = editor.post(f"{PATH}/save", hash=seen(editor), **fields)
    assert saved.status_code == 400
    assert "{nonsense} ლარი</textarea>" in saved.text
    assert file(desk).read_text() == before


def test_preview_shows_the_answer_as_residents_read_it(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR)
    fields = {
        "text.answer.ka": "თვეში {rate} ლარი, {max_persons} სულზე {family_max}: {hotline}.",
        "text.answer.en": "{rate} GEL a month for {max_persons}, {family_max}: {hotline}.",
        "preview_language": "en",
    }
    text = editor.post(f"{PATH}/check", **fields).text
    assert "GEL a month for" in text
    assert "{rate}" not in text
    assert "Telegram" in text


def test_editor_of_a_town_changes_nothing_of_the_country(desk: Desk) -> None:
    editor = desk.person(Role.EDITOR, municipality="rustavi")
    national = f"/knowledge/national/{FEE}"
    assert "<textarea" not in editor.get(national).text
    assert "<textarea" in editor.get(PATH).text
    for path in ("check", "save"):
        assert editor.post(f"{national}/{path}").status_code == 403


@pytest.mark.parametrize(
    "path", ["rustavi/nonsense.x", "nowhere/local_fees.cleaning_fee", "texts/ka.x"]
)
def test_unknown_entry_is_not_found(desk: Desk, path: str) -> None:
    assert desk.person(Role.EDITOR).get(f"/knowledge/{path}").status_code == 404
