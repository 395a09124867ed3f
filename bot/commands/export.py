"""`cbot export`: submissions as open data, by a white list of columns."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import Any, Optional

import typer

from bot import settings
from bot.commands.taking_part import open_store

app = typer.Typer(
    help="Open data: what anybody may see of the submissions, as a file.", no_args_is_help=True
)

#: A table's programme would calculate what begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(str, Enum):
    """How the data is written."""

    CSV = "csv"
    JSON = "json"
    OPEN311 = "open311"


@app.callback()
def _group() -> None:
    """Open data."""


@app.command()
def submissions(
    format: Format = typer.Option(Format.CSV, help="csv, json or open311 (GeoReport v2)."),
    output: Optional[Path] = typer.Option(None, help="A file; by default the terminal."),
) -> None:
    """Write the town's submissions without anything that tells of a person."""
    from bot.store.open_data import COLUMNS, Chosen, all_records

    current = settings.load()
    with open_store(current) as database:
        chosen = Chosen(current.municipality)
        records = database.call(lambda c: list(all_records(c, chosen, time.time())))
    rows = [asdict(record) for record in records]
    if format is Format.CSV:
        text = as_csv(COLUMNS, rows)
    elif format is Format.JSON:
        text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    else:
        text = _as_open311(records, current)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        typer.echo(f"{len(rows)} submissions written to {output}.")


def as_csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    """Write rows as CSV in which no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _as_open311(records: list[Any], current: settings.Settings) -> str:
    from bot.core.knowledge_folder import load_all
    from bot.core.languages import DEFAULT
    from connectors.open311 import KINDS, as_requests

    chosen = [record for record in records if record.kind in KINDS]
    loaded = load_all(current.knowledge)
    items = as_requests(chosen, loaded, current.municipality, DEFAULT)
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"
