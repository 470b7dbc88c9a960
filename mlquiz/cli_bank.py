"""The commands of `mlquiz bank`: signatures and help, as in `cli`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from mlquiz.options import KINDS, PLAIN_HELP, Area, Context, Kind, Level, Skill, Topic, tab

bank = typer.Typer(help="Browse, check and write questions.", no_args_is_help=True, **PLAIN_HELP)


@bank.command("list")
def bank_list(
    ctx: Context, area: Area = None, topic: Topic = None, skill: Skill = None, kind: Kind = None, level: Level = None
) -> Any:
    """List questions."""
    from mlquiz.commands import bank as command
    from mlquiz.commands.filters import Filters

    return command.browse(ctx.obj, Filters(area, topic, skill, kind, level))


@bank.command("check")
def bank_check(
    ctx: Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders; all of the bank if none.")
    ] = None,
    run_programs: Annotated[
        bool, typer.Option("--run-programs", help="Run the programs of a bank that is not mlquiz's own.")
    ] = False,
    allowed: Annotated[
        bool, typer.Option("--allow", help="The same, and for good: until its files change, as a yes when asked.")
    ] = False,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try the tests of changed code questions on mutants of the reference.")
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Run every program anew, also those that did well when they last ran."),
    ] = False,
) -> Any:
    """Is every question right? Recomputes keys, runs programs, tries wrong answers."""
    from mlquiz.commands import bank as command

    return command.check(ctx.obj, paths or [], run_programs, mutants, allowed, fresh)


@bank.command("new")
def bank_new(
    ctx: Context,
    kind: Annotated[str, typer.Argument(help=KINDS, autocompletion=tab("kind"))],
    question: Annotated[str, typer.Argument(metavar="ID", help="<topic>.<slug>, like ml.bias_variance.my-gap.")],
    subtopic: Annotated[
        str | None, typer.Option("--subtopic", help="The file it goes into.", autocompletion=tab("subtopic"))
    ] = None,
) -> Any:
    """Start a question from a scaffold."""
    from mlquiz.commands import scaffold as command

    return command.new(ctx.obj, kind, question, subtopic)


@bank.command("stats")
def bank_stats(ctx: Context) -> Any:
    """What the bank holds beside what is planned, and whether it can be guessed."""
    from mlquiz.commands import bank as command

    return command.stats(ctx.obj)


@bank.command("schema")
def bank_schema(ctx: Context) -> Any:
    """The JSON Schema of a bank file, for editors."""
    from mlquiz.commands import bank as command

    return command.schema(ctx.obj)
