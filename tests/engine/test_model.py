"""Loading a model: quickly, without TensorFlow, and with a clear word when it is broken."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.core.errors import MissingError
from bot.engine import model
from bot.engine.start import build_agent


def repacked(source: Path, target: Path, folder: Path, change: dict[str, bytes | None]) -> None:
    """Write a model anew with some of its files changed, or left out for None."""
    with tarfile.open(source) as archive:
        archive.extractall(folder)
    for name, content in change.items():
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_bytes(content)
    with tarfile.open(target, "w:gz") as archive:
        archive.add(folder, arcname="")


BROKEN = {
    "missing": None,
    "empty": b"",
    "no archive": b"no archive at all\n" * 100,
    "gzip of nothing known": b"\x1f\x8b\x08\x00" + b"\x00" * 500,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_file_that_is_no_model_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "20260101-000000.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MissingError, match=r"20260101-000000\.tar\.gz.*cbot train"):
        build_agent(path, None)


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_model_that_was_cut_off_is_named(small_model: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "half.tar.gz"
    whole = small_model.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(MissingError, match=r"half\.tar\.gz"):
        build_agent(path, None)


def test_model_with_a_damaged_byte_is_named(small_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.tar.gz"
    content = bytearray(small_model.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    path.write_bytes(content)
    with pytest.raises(MissingError, match=r"damaged\.tar\.gz"):
        build_agent(path, None)


@pytest.mark.parametrize("content", [None, b"{", b"{}"])
def test_model_without_its_metadata_is_named(
    small_model: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "empty.tar.gz"
    (tmp_path / "unpacked").mkdir()
    repacked(small_model, path, tmp_path / "unpacked", {"metadata.json": content})
    with pytest.raises(MissingError, match=r"empty\.tar\.gz"):
        build_agent(path, None)


def test_model_of_another_rasa_is_named(small_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.tar.gz"
    with tarfile.open(small_model) as archive:
        metadata = json.load(archive.extractfile("metadata.json"))
    metadata["rasa_open_source_version"] = "2.8.0"
    (tmp_path / "unpacked").mkdir()
    content = json.dumps(metadata).encode()
    repacked(small_model, path, tmp_path / "unpacked", {"metadata.json": content})
    with pytest.raises(MissingError, match=r"old\.tar\.gz"):
        build_agent(path, None)


def test_domain_is_the_one_of_the_model(small_model: Path, tmp_path: Path) -> None:
    metadata, runner = model.load(small_model, tmp_path)
    provided = runner.run({"__message__": [], "__tracker__": None}, ["domain_provider"])
    assert provided["domain_provider"].as_dict() == metadata.domain.as_dict()
    assert "local_fees.cleaning_fee" in metadata.domain.intents


def test_loading_leaves_nothing_on_the_disk(small_model: Path, tmp_path: Path) -> None:
    script = """
import os, sys, tempfile
tempfile.tempdir = sys.argv[2]
from pathlib import Path
from bot.engine.slim import quiet_rasa, without_training_code
quiet_rasa(); without_training_code()
from bot.engine.start import build_agent
build_agent(Path(sys.argv[1]), None)
print(os.listdir(sys.argv[2]))
"""
    assert run(script, str(small_model), str(tmp_path)) == "[]"


def test_engine_answers_without_training_code(small_model: Path) -> None:
    script = """
import asyncio, sys
from pathlib import Path
from bot.engine.slim import quiet_rasa, without_training_code
quiet_rasa(); without_training_code()
from bot.engine import turns
from bot.engine.start import build_agent
agent = build_agent(Path(sys.argv[1]), None)
turn = turns.Turn("web:a", "1", text="nagvis fuli ramdenia")
result = asyncio.run(turns.take(agent, turn))
heavy = {"tensorflow", "keras", "sklearn", "matplotlib"} & set(sys.modules)
print(result.replies[0].service, sorted(heavy))
"""
    assert run(script, str(small_model)) == "local_fees.cleaning_fee []"


def run(script: str, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_stand_ins_come_before_rasa_or_not_at_all() -> None:
    script = """
import sys, types
sys.modules["rasa"] = types.ModuleType("rasa")
from bot.engine.slim import without_training_code
try:
    without_training_code()
except RuntimeError as error:
    print(error)
"""
    assert "call without_training_code() first" in run(script)


def test_component_that_needs_tensorflow_says_so() -> None:
    script = """
from bot.engine.slim import quiet_rasa, without_training_code
quiet_rasa(); without_training_code()
from bot.core.errors import InputError
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
try:
    RasaBatchDataGenerator(None, batch_size=1)
except InputError as error:
    print(error)
"""
    assert "RasaBatchDataGenerator needs TensorFlow" in run(script)


def test_model_may_be_moved_and_loaded_twice(small_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "თემა ერთი.tar.gz"
    shutil.copy(small_model, path)
    assert build_agent(path, None).processor.model_filename == path.name
    assert build_agent(path, None).is_ready()


def test_model_of_other_components_is_named(small_model: Path, tmp_path: Path) -> None:
    """As one that was trained before the components kept what they learn in another way."""
    path = tmp_path / "earlier.tar.gz"
    with tarfile.open(small_model) as archive, tarfile.open(path, "w:gz", compresslevel=1) as copy:
        for member in archive.getmembers():
            if "Classifier" in member.name and member.name.endswith(".json"):
                continue
            copy.addfile(member, archive.extractfile(member) if member.isfile() else None)
    with pytest.raises(MissingError, match=r"earlier\.tar\.gz does not fit"):
        build_agent(path, None)
