"""The `cbot` command.

Exit codes: 0 done, 1 the input is wrong (each finding with file:line), 2 wrong usage,
3 something needed is not there, with one sentence saying what to do.
"""

from __future__ import annotations

import sys

import typer

from bot.commands import (
    channels,
    chat,
    db,
    evaluation,
    export,
    inbox,
    job,
    knowledge,
    misses,
    models,
    parse,
    rounds,
    serve,
    staff,
    taking_part,
    train,
)
from bot.core.errors import BotError, InputError

app = typer.Typer(
    help="C-Bot, the city hall's assistant: run it, teach it, look into it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("run")(serve.run)
app.command("engine")(serve.engine)
app.command("connectors")(serve.connectors)
app.command("console")(serve.console)
app.command("train")(train.train)
app.command("validate")(train.validate)
app.command("job", hidden=True)(job.job)
app.command("parse")(parse.parse)
app.command("chat")(chat.chat)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(staff.app, name="staff")
app.add_typer(channels.app, name="channels")
app.add_typer(inbox.app, name="inbox")
app.add_typer(evaluation.app, name="test")
app.add_typer(export.app, name="export")
app.add_typer(taking_part.data, name="data")
app.add_typer(rounds.app, name="rounds")
app.command("tick")(taking_part.tick)
app.command("purge")(taking_part.purge)
app.add_typer(models.app, name="models")
app.add_typer(misses.app, name="misses")
app.add_typer(db.app, name="db")


def main() -> None:
    """Run the command line and end with its exit code."""
    try:
        app()
    except BotError as error:
        findings = error.findings if isinstance(error, InputError) else ()
        for finding in findings:
            print(finding)
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
