from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.knowledge_folder import Loaded, load_all
from bot.core.languages import LANGUAGES, REQUIRED
from bot.core.submissions import reasons
from bot.core.submissions.model import STAGES, Kind
from bot.core.submissions.transitions import ARROWS, Telling

ROOT = Path(__file__).resolve().parents[3]
TOLD = [arrow for arrow in ARROWS if arrow.telling is not Telling.NEVER]
SOURCES = ("bot/core/submissions/guards.py", "bot/core/submissions/transitions.py",
           "bot/store/submissions.py", "bot/store/submissions_followers.py",
           "bot/store/submissions_staff.py", "bot/store/ratings.py")  # fmt: skip
VALUES = {
    "code": "I-26-0001-K", "what": "ველობილიკი", "answer": "პასუხი", "question": "სად?",
    "reason": "მიზეზი", "due": "01.02.2027", "target": "I-26-0002-X", "body": "წყალკანალი",
    "contact": "1300", "amount": 1500, "score": 12, "who_and_when": "მაისში", "official_ref": "17",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_all(ROOT / "knowledge")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_arrow_has_a_text_of_its_own_in_every_language(loaded: Loaded, language: str) -> None:
    own = loaded.texts.languages[language].texts
    for arrow in TOLD:
        assert arrow.text_id in own
        told = loaded.texts.text(arrow.text_id, language, "rustavi", **VALUES)
        assert VALUES["code"] in told
        assert "{" not in told
        if arrow.telling is Telling.REPLY and arrow.followers:
            assert f"followed_{arrow.event}" in own


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_kind_and_reason_has_a_name(loaded: Loaded, language: str) -> None:
    maps = loaded.texts.languages[language].maps
    assert set(maps["stages"]) == set(STAGES)
    assert set(maps["kinds"]) == {kind.value for kind in Kind}
    assert set(maps["reasons"]) == set(reasons.ALL)


@pytest.mark.parametrize("language", REQUIRED)
def test_every_refusal_has_words(loaded: Loaded, language: str) -> None:
    code = "".join((ROOT / path).read_text() for path in SOURCES)
    used = set(re.findall(r'Refused\("([a-z_]+)"\)', code))
    guards = (ROOT / SOURCES[0]).read_text()
    used |= set(re.findall(r'"([a-z]+(?:_[a-z]+)+)"', guards)) - {"due_at", "who_and_when",
                                                                  "official_ref"}  # fmt: skip
    words = loaded.texts.languages[language].maps["refusals"]
    assert used - set(words) == set()


def test_a_text_without_its_optional_lines_still_reads_well(loaded: Loaded) -> None:
    told = loaded.texts.text("told_start", "ka", "rustavi", code="P-26-0001-X", what="ორმო")
    assert told == "„ორმო“ (P-26-0001-X): მუშაობა დაიწყო."
