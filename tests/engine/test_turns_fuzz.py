"""Whatever somebody writes or sends, a turn brings an answer and no engine falls over."""

from __future__ import annotations

import asyncio
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import InputError
from bot.engine import turns
from bot.engine.processor import CityAgent
from bot.engine.start import build_agent
from tests.nlu.test_fuzz import TEXTS

LENIENT = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@lru_cache(maxsize=1)
def loaded(model: Path) -> CityAgent:
    return build_agent(model, None)


def answered(model: Path, content: dict[str, Any]) -> None:
    data = {"conversation": uuid.uuid4().hex, "message_id": uuid.uuid4().hex, **content}
    try:
        turn = turns.Turn.from_json(data)
    except InputError:
        return
    result = asyncio.run(turns.take(loaded(model), turn))
    assert result.replies
    assert all(reply.text for reply in result.replies)


@LENIENT
@given(text=TEXTS)
def test_any_text_is_answered(small_model: Path, text: str) -> None:
    answered(small_model, {"text": text or "?"})


@LENIENT
@given(
    payload=TEXTS
    | st.sampled_from(["feedback:up", "feedback:down:x", "service:a.b", ":", "a:" * 60])
)
def test_any_button_is_answered(small_model: Path, payload: str) -> None:
    answered(small_model, {"payload": payload or ":"})


@LENIENT
@given(
    content=st.dictionaries(
        st.sampled_from(["text", "payload", "attachment", "channel", "locale", "municipality"]),
        JSON,
        max_size=4,
    )
)
def test_any_json_is_answered_or_refused(small_model: Path, content: dict[str, Any]) -> None:
    answered(small_model, content)
