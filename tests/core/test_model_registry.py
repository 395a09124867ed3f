from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.errors import InputError, MissingError
from bot.core.model_registry import POINTER, Registry

NAMES = ("20260101-000000", "20260102-000000", "20260103-000000")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    for day, name in enumerate(NAMES, start=1):
        (tmp_path / f"{name}.tar.gz").write_bytes(b"model")
        note = {"name": name, "fingerprint": f"f{day}", "seconds": day}
        note["trained_at"] = f"2026-01-0{day}T00:00:00+00:00"
        (tmp_path / f"{name}.json").write_text(json.dumps(note))
    return Registry(tmp_path)


def test_models_are_listed_with_what_is_known_the_newest_first(registry: Registry) -> None:
    models = registry.models()
    assert [model.name for model in models] == list(reversed(NAMES))
    assert (models[0].seconds, models[0].fingerprint, models[0].size) == (3.0, "f3", 5)
    assert registry.latest() == models[0]
    assert not any(model.live or model.was_live for model in models)


def test_without_models_there_is_nothing(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models")
    assert registry.models() == []
    assert registry.latest() is registry.live() is registry.pointer() is None
    for name in ("latest", "live", "other"):
        with pytest.raises(MissingError):
            registry.get(name)


@pytest.mark.parametrize("name", ["../secret", "live.json", "", "a/b"])
def test_name_leads_nowhere_else(registry: Registry, name: str) -> None:
    with pytest.raises(MissingError):
        registry.get(name)


def test_published_model_is_live_and_rolled_back_to_the_one_before(registry: Registry) -> None:
    for name in NAMES:
        registry.publish(name, "staff:1")
    assert registry.get("live").name == NAMES[2]
    assert registry.get(NAMES[0]).was_live
    pointer = registry.rollback("staff:2")
    assert (pointer.model, pointer.by) == (NAMES[1], "staff:2")
    assert registry.rollback("staff:2").model == NAMES[0]
    with pytest.raises(InputError, match="No earlier model"):
        registry.rollback("staff:2")
    assert registry.get("live").name == NAMES[0]


def test_rollback_passes_over_a_model_that_is_gone(registry: Registry) -> None:
    for name in NAMES:
        registry.publish(name, "staff:1")
    (registry.folder / f"{NAMES[1]}.tar.gz").unlink()
    assert registry.rollback("staff:1").model == NAMES[0]


def test_publishing_twice_does_not_make_it_its_own_predecessor(registry: Registry) -> None:
    registry.publish(NAMES[0], "staff:1")
    registry.publish(NAMES[1], "staff:1")
    registry.publish(NAMES[1], "staff:1")
    assert registry.rollback("staff:1").model == NAMES[0]


def test_unpublished_is_as_before_the_first(registry: Registry) -> None:
    registry.publish(NAMES[0], "staff:1")
    registry.unpublish()
    assert registry.pointer() is None
    registry.unpublish()


def test_live_model_whose_file_is_gone_is_none(registry: Registry) -> None:
    registry.publish(NAMES[0], "staff:1")
    (registry.folder / f"{NAMES[0]}.tar.gz").unlink()
    assert registry.live() is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"model": 5}', "\x00"])
def test_unreadable_pointer_and_note_count_as_none(registry: Registry, content: str) -> None:
    (registry.folder / POINTER).write_text(content)
    (registry.folder / f"{NAMES[0]}.json").write_text(content)
    assert registry.live() is None
    model = registry.get(NAMES[0])
    assert (model.seconds, model.fingerprint, model.note) == (None, None, "")
    registry.publish(NAMES[0], "staff:1")
    assert registry.get("live").name == NAMES[0]


def test_note_is_kept_beside_what_the_training_wrote(registry: Registry) -> None:
    registry.set_note(NAMES[0], " კარგია მანქანებზე ")
    model = registry.get(NAMES[0])
    assert (model.note, model.fingerprint) == ("კარგია მანქანებზე", "f1")
