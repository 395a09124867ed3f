"""`make bench-nlu`: the understanding beside the pipelines people use, from the same messages.

Every pipeline learns the same share of ``data/nlu`` and is asked all of
``tests/evaluation/dev.jsonl``. DIET on everything takes hours on two cores, so the share and the
epochs are options; they stand in the results. The curve shows ours by share of the messages; alone,
``python -m tests.bench.nlu --only ""`` prints it, with ``--no-encoder`` by letters alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.core.catalogue import load_catalogue
from bot.core.examination import Question, load
from bot.core.progress import Silent
from bot.core.training_data import LANGUAGES, Example, read_examples
from bot.evaluation.folds import as_files, share_of
from bot.evaluation.judged import Judged, ask
from bot.evaluation.measures import by, measure
from bot.evaluation.understanding import of_model, trained_on

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results" / "bench-nlu.json"
STOCK = {"buerokratt": 60, "rasa_init": 100}
NAMES = {
    "ours": "C-Bot",
    "buerokratt": "Whitespace + char_wb 1-4 + DIET (Bürokratt)",
    "rasa_init": "rasa init's pipeline",
}

#: Key in the results -> how the curve was made.
CURVES = {"curve": "", "curve_letters": ", by letters alone"}

console = Console(width=130)


def ours(
    taught: Sequence[Example], questions: Sequence[Question], encoder: bool = True
) -> dict[str, Any]:
    """Train and ask this bot's pipeline."""
    with tempfile.TemporaryDirectory(prefix="bench-nlu-") as folder:
        begun = time.perf_counter()
        model = trained_on(ROOT, Path(folder), as_files(taught), encoder)
        seconds = time.perf_counter() - begun
        understand = of_model(model)
    ask(understand, questions[:50], Silent(), "")
    cpu = time.process_time()
    judged = ask(understand, questions, Silent(), "")
    cpu = time.process_time() - cpu
    return figures(judged, seconds, cpu / len(judged) * 1000, len(taught))


def stock(
    kind: str, epochs: int, taught: Sequence[Example], questions: Sequence[Question]
) -> dict[str, Any]:
    """Train and ask a stock pipeline, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-nlu-") as name:
        folder = Path(name)
        for file, content in as_files(taught).items():
            path = folder / "data" / "nlu" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        texts = json.dumps([question.text for question in questions])
        (folder / "questions.json").write_text(texts, encoding="utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        command = [sys.executable, "-m", "tests.bench.nlu_stock", kind, str(epochs), name]
        with (folder / "log").open("wb") as log:
            ended = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False)
        if ended.returncode != 0:
            raise SystemExit((folder / "log").read_text(errors="replace")[-3000:])
        told = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    judged = [
        Judged(
            question.text,
            question.language,
            question.label,
            "",
            "answered",
            tuple(guess["label"] for guess in answer["ranking"][:3]),
            answer["ranking"][0]["confidence"] if answer["ranking"] else 0.0,
            answer["seconds"],
        )
        for question, answer in zip(questions, told["answers"], strict=True)
    ]
    cpu = sum(answer["cpu"] for answer in told["answers"]) / len(judged) * 1000
    return {**figures(judged, told["training_seconds"], cpu, len(taught)), "epochs": epochs}


def figures(judged: Sequence[Judged], seconds: float, cpu: float, taught: int) -> dict[str, Any]:
    """Give what the table shows of a pipeline."""
    languages = by(judged, lambda one: one.language)
    overall = measure(judged)
    wall = sorted(one.seconds for one in judged)[len(judged) // 2] * 1000
    return {
        "messages": taught,
        "asked": len(judged),
        "top1": round(overall.top1, 4),
        "top3": round(overall.top3, 4),
        "languages": {code: round(languages[code].top1, 4) for code in LANGUAGES},
        "training_seconds": round(seconds, 1),
        "cpu_ms": round(cpu, 2),
        "median_ms": round(wall, 2),
    }


def show(results: Mapping[str, Any]) -> None:
    """Print the table and the curve."""
    table = Table(title="same messages, one run", title_justify="left")
    heads = ("", "messages", "top-1", "top-3", *LANGUAGES, "training, s", "CPU ms", "median ms")
    for heading in heads:
        table.add_column(heading, justify="left" if not heading else "right")

    def row(name: str, found: Mapping[str, Any]) -> None:
        table.add_row(
            name,
            str(found["messages"]),
            *(f"{found[key]:.3f}" for key in ("top1", "top3")),
            *(f"{found['languages'][code]:.3f}" for code in LANGUAGES),
            *(f"{found[key]:.1f}" for key in ("training_seconds", "cpu_ms", "median_ms")),
        )

    for kind, name in NAMES.items():
        if kind in results:
            epochs = results[kind].get("epochs")
            row(f"{name}, {epochs} epochs" if epochs else name, results[kind])
    for kept, how in CURVES.items():
        for share, found in results.get(kept, {}).items():
            row(f"C-Bot, {float(share):.0%} of the messages{how}", found)
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-nlu")
    parser.add_argument("--share", type=float, default=0.1, help="of the messages, for the table")
    parser.add_argument("--epochs", type=int, help="of DIET, instead of each pipeline's own")
    parser.add_argument("--curve", default="0.1,0.25,0.5,1", help="shares for ours, or nothing")
    parser.add_argument("--only", default="ours,buerokratt,rasa_init", help="pipelines to run")
    parser.add_argument("--no-encoder", action="store_true", help="ours by letters alone")
    given = parser.parse_args()
    catalogue = load_catalogue(ROOT / "knowledge")
    examples, findings = read_examples(ROOT, catalogue)
    if findings:
        raise SystemExit("\n".join(map(str, findings)))
    questions = load(ROOT / "tests" / "evaluation" / "dev.jsonl", catalogue, ROOT)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results["share"] = given.share
    taught = share_of(examples, given.share)

    def keep() -> None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1), encoding="utf-8")

    for kind in filter(None, given.only.split(",")):
        console.print(f"Training {NAMES[kind]} on {len(taught)} messages …")
        results[kind] = (
            ours(taught, questions, not given.no_encoder)
            if kind == "ours"
            else stock(kind, given.epochs or STOCK[kind], taught, questions)
        )
        keep()
    for share in filter(None, given.curve.split(",")):
        console.print(f"Training ours on {float(share):.0%} of the messages …")
        found = ours(share_of(examples, float(share)), questions, not given.no_encoder)
        results.setdefault("curve_letters" if given.no_encoder else "curve", {})[share] = found
        keep()
    show(results)


if __name__ == "__main__":
    main()
