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
app.command("run", short_help="Serve everything; trains first when needed.")(serve.run)
app.command("engine", short_help="Serve the engine alone, on loopback.")(serve.engine)
app.command("connectors", short_help="Serve the residents' side alone: web page, webhooks.")(
    serve.connectors
)
app.command("console", short_help="Serve the staff's console alone, on loopback.")(serve.console)
app.command("train", short_help="Train a model from data/, config.yml and domain.yml.")(train.train)
app.command("validate", short_help="Check training data, rules and knowledge, with lines.")(
    train.validate
)
app.command("job", hidden=True)(job.job)
app.command("parse", short_help="Show what the bot understands of messages.")(parse.parse)
app.command("chat", short_help="Talk with the bot at the terminal.")(chat.chat)
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(staff.app, name="staff")
app.add_typer(channels.app, name="channels")
app.add_typer(inbox.app, name="inbox")
app.add_typer(evaluation.app, name="test")
app.add_typer(export.app, name="export")
app.add_typer(taking_part.data, name="data")
app.add_typer(rounds.app, name="rounds")
app.command("tick", short_help="Send reminders and news that are due; `cbot run` does it.")(
    taking_part.tick
)
app.command("purge", short_help="Erase what is older than CBOT_KEEP_…_DAYS says.")(
    taking_part.purge
)
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
