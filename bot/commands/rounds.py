"""`cbot rounds`: rounds in which residents rate initiatives."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn, Optional

import typer

from bot import settings
from bot.commands.taking_part import open_store
from bot.core.clock import GEORGIA
from bot.core.errors import InputError
from bot.core.languages import DEFAULT, pick
from bot.core.ratings import Scale
from bot.core.submissions.guards import Refused

app = typer.Typer(help="Rounds in which residents rate initiatives.", no_args_is_help=True)

DATE = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


@app.command("list")
def show_all() -> None:
    """List the town's rounds, the newest first."""
    from bot.store import ratings

    current = settings.load()
    with open_store(current) as database:
        for one in database.call(ratings.rounds, current.municipality):
            number = len(database.call(ratings.initiatives_of, one.id))
            state = one.state(time.time())
            times = f"{_day(one.opens_at)} to {_day(one.closes_at)}"
            told = (one.id, state.value, times, one.scale.value, f"{number} initiatives")
            typer.echo("\t".join((*told, pick(one.title, "en") or "")))


@app.command("open")
def open_one(
    id: str = typer.Argument(..., help="Small letters, digits, - and _: spring-2027"),
    title_ka: str = typer.Option(..., help="Its name in Georgian."),
    title_en: str = typer.Option(..., help="Its name in English."),
    closes: datetime = typer.Option(..., formats=DATE, help="The moment it ends, Georgian time."),
    opens: Optional[datetime] = typer.Option(None, formats=DATE, help="Now when not given."),
    scale: Scale = typer.Option(Scale.STARS, help="stars (1 to 5) or support (yes or nothing)."),
    programme: str = typer.Option("", help="The programme it belongs to."),
) -> None:
    """Add a round; what is to be rated follows with `cbot rounds add`."""
    from bot.store import ratings, rounds
    from bot.store.salts import Salts

    current = settings.load()
    new = ratings.Round(
        id=id,
        municipality=current.municipality,
        programme=programme,
        title={"ka": title_ka, "en": title_en},
        scale=scale,
        opens_at=_moment(opens) if opens else time.time(),
        closes_at=_moment(closes),
        archived=False,
    )
    Salts(current.var).make(id)
    _do(current, rounds.open_alone, new)
    typer.echo(f"The round {id} is there; it closes on {_day(new.closes_at)}.")


@app.command()
def add(
    round_id: str = typer.Argument(..., help="The round's id."),
    code: Optional[str] = typer.Option(None, help="A published submission: I-26-0417-U"),
    title_ka: str = typer.Option("", help="The title of a project of the city, in Georgian."),
    title_en: str = typer.Option("", help="The same in English."),
    summary_ka: str = typer.Option("", help="Two sentences about it in Georgian."),
    summary_en: str = typer.Option("", help="The same in English."),
) -> None:
    """Put a published submission or a project of the city into a round."""
    from bot.core.submissions import codes
    from bot.store import ratings, rounds

    current = settings.load()
    title = _given({"ka": title_ka, "en": title_en})
    summary = _given({"ka": summary_ka, "en": summary_en})
    if code is not None:
        _do(current, rounds.add_submission, round_id, codes.read(code) or code, title, summary)
    elif title_ka and title_en:
        _do(current, ratings.add_initiative, round_id, title, summary)
    else:
        raise InputError("Give --code, or --title-ka and --title-en.")
    typer.echo("Added.")


@app.command()
def results(
    round_id: str = typer.Argument(..., help="The round's id."),
    chart: Optional[Path] = typer.Option(None, help="Write a picture to this file too."),
) -> None:
    """Tell what came out of a closed round; it is advisory."""
    from bot.store import ratings

    current = settings.load()
    for one in _do(current, ratings.results, round_id, time.time()):
        title = one.title.get(DEFAULT) or next(iter(one.title.values()), "")
        if one.total is None:
            typer.echo(f"-\t-\t{title}")
            continue
        tiers = ", ".join(f"{name} {tally.count}" for name, tally in one.tiers.items())
        typer.echo(f"{one.total.mean:.2f}\t{one.total.count}\t{title}\t({tiers})")
    if chart is not None:
        chart.write_bytes(_picture(current, round_id))


@app.command()
def archive(round_id: str = typer.Argument(..., help="The round's id.")) -> None:
    """End a closed round for good: its log and its salt go, the results stay."""
    from bot.store import rounds
    from bot.store.salts import Salts

    current = settings.load()
    _do(current, rounds.archive, round_id, time.time())
    Salts(current.var).destroy(round_id)
    typer.echo(f"{round_id} is archived; nobody can be found among its ratings any more.")


def _picture(current: settings.Settings, round_id: str) -> bytes:
    import asyncio

    from bot.core.knowledge_folder import load_all
    from connectors.charts import Charts

    loaded = load_all(current.knowledge)
    with open_store(current) as database:
        charts = Charts(database, lambda: loaded, current.municipality)
        return asyncio.run(charts.picture(round_id, DEFAULT)) or b""


def _do(current: settings.Settings, fn: Any, *args: Any, **kwargs: Any) -> Any:
    """Run a function of the store; a refusal ends the command with its words."""
    with open_store(current) as database:
        try:
            return database.call(fn, *args, **kwargs)
        except Refused as refusal:
            _refuse(current, refusal.code)


def _refuse(current: settings.Settings, code: str) -> NoReturn:
    from bot.core.knowledge_folder import load_all

    words = load_all(current.knowledge).texts.refusal(code, "en")
    raise InputError(words)


def _given(texts: dict[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _moment(at: datetime) -> float:
    return at.replace(tzinfo=GEORGIA).timestamp()


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, GEORGIA).strftime("%Y-%m-%d %H:%M")
