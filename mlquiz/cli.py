"""Every command's signature and help. What a command does stands in `commands`, and is imported when it is asked for.

Every command returns its exit status, through the funnel.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from mlquiz import __version__, world
from mlquiz.cli_ahead import mock, plan, ready
from mlquiz.cli_bank import bank
from mlquiz.funnel import Funnel
from mlquiz.options import (
    PLAIN_HELP,
    Answers,
    Area,
    Context,
    FormatOption,
    Id,
    Jsonl,
    Kind,
    Level,
    Output,
    Seed,
    Skill,
    Suspended,
    Topic,
    tab,
)

app = typer.Typer(cls=Funnel, context_settings={"help_option_names": ["-h", "--help"]}, **PLAIN_HELP)
app.add_typer(bank, name="bank")


def _version(asked: bool) -> None:
    if asked:
        print(f"mlquiz {__version__}", flush=True)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: Context,
    banks: Annotated[
        list[Path] | None, typer.Option("--bank", metavar="DIR", help="Your own questions too; may be repeated.")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="Keep a log of its own under this name.", autocompletion=tab("profile")),
    ] = None,
    version: Annotated[  # noqa: ARG001  # its callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> Any:
    """Interview practice for machine-learning engineers. Without a command: today at a glance."""
    if ctx.invoked_subcommand == "doctor":
        return None  # it looks at the world itself, whatever is wrong with it
    ctx.obj = world.real(profile, tuple(banks or ()))
    if ctx.invoked_subcommand is None:
        from mlquiz.commands.home import home

        return home(ctx.obj)
    return None


@app.command()
def review(
    ctx: Context,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="At most so many questions.")] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", "-m", min=1, help="About so many minutes [20].")] = None,
    jsonl: Jsonl = False,
    answers: Answers = None,
    seed: Seed = None,
    why: Annotated[bool, typer.Option("--why", help="Say why each question is asked today.")] = False,
) -> Any:
    """Today's session: what is due, then today's share of new questions."""
    from mlquiz.commands import review as command
    from mlquiz.commands.sitting import Manner

    return command.review(ctx.obj, limit, minutes, Manner(jsonl, answers, seed, why=why))


@app.command()
def quiz(
    ctx: Context,
    area: Area = None,
    topic: Topic = None,
    skill: Skill = None,
    kind: Kind = None,
    level: Level = None,
    weak: Annotated[bool, typer.Option("--weak", help="Only your weak topics.")] = False,
    new: Annotated[bool, typer.Option("--new", help="Only questions not met yet.")] = False,
    ids: Annotated[
        list[str] | None, typer.Option("--id", help="This question; may be repeated.", autocompletion=tab("id"))
    ] = None,
    number: Annotated[int, typer.Option("--number", "-n", min=1, help="How many questions.")] = 10,
    jsonl: Jsonl = False,
    answers: Answers = None,
    seed: Seed = None,
) -> Any:
    """A quiz on whatever you ask for, due or not; it counts like any review."""
    from mlquiz.commands import quiz as command
    from mlquiz.commands.filters import Filters
    from mlquiz.commands.sitting import Manner

    filters = Filters(area, topic, skill, kind, level)
    return command.quiz(ctx.obj, filters, ids or [], weak, new, number, Manner(jsonl, answers, seed))


@app.command()
def practice(
    ctx: Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="These questions.", autocompletion=tab("coded"))
    ] = None,
    area: Area = None,
    topic: Topic = None,
    skill: Skill = None,
    kind: Kind = None,
    level: Level = None,
    number: Annotated[int | None, typer.Option("--number", "-n", min=1, help="At most so many questions.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--dir", metavar="DIR", help="Where to write them [the workspace of your settings].")
    ] = None,
) -> Any:
    """Write code: each question a file of yours, run whenever you save it."""
    from mlquiz.commands import practice as command
    from mlquiz.commands.filters import Filters

    return command.practice(ctx.obj, ids or [], Filters(area, topic, skill, kind, level), number, folder)


@app.command()
def due(
    ctx: Context,
    count: Annotated[bool, typer.Option("--count", help="Only the number of questions that wait.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 10 while anything waits.")] = False,
) -> Any:
    """What waits today."""
    from mlquiz.commands import due as command

    return command.due(ctx.obj, count, as_json, exit_code)


app.command()(plan)
app.command()(ready)
app.command()(mock)


@app.command()
def report(
    ctx: Context,
    weak: Annotated[bool, typer.Option("--weak", help="Only the weak topics, with what was missed in them.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="WHEN", help="Only answers since then: 7d, 2w or a date.")
    ] = None,
    area: Area = None,
    format_: FormatOption = None,
    output: Output = None,
) -> Any:
    """Where you stand: scores, weak topics, confidence, what comes."""
    from mlquiz.commands import report as command

    return command.report(ctx.obj, command.Wanted(format_.value if format_ else None, weak, since, area, output))


@app.command()
def undo(
    ctx: Context,
    last: Annotated[int, typer.Option("--last", min=1, help="How many answers.")] = 1,
) -> Any:
    """Take back your last answers."""
    from mlquiz.commands import undo as command

    return command.undo(ctx.obj, last)


@app.command()
def show(ctx: Context, question: Id) -> Any:
    """One question with its answer, and your history of it."""
    from mlquiz.commands import show as command

    return command.show(ctx.obj, question)


@app.command()
def suspend(ctx: Context, question: Id) -> Any:
    """Never ask a question."""
    from mlquiz.commands import suspend as command

    return command.suspend(ctx.obj, question)


@app.command()
def resume(ctx: Context, question: Suspended) -> Any:
    """Ask a suspended question again."""
    from mlquiz.commands import suspend as command

    return command.resume(ctx.obj, question)


@app.command()
def doctor(ctx: Context, as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> Any:
    """Look at settings, bank and log: what is wrong, and all that a bug report should say."""
    from mlquiz.commands import doctor as command

    asked = ctx.find_root().params
    return command.doctor(asked["profile"], tuple(map(Path, asked["banks"] or ())), as_json)


def main() -> int:
    """The console script."""
    return int(app() or 0)
