"""The commands that look ahead, `plan`, `ready` and `mock`: signatures and help, as in `cli`."""

from typing import Annotated, Any

import typer

from mlquiz.options import Answers, Area, Context, FormatOption, Json, Jsonl, Level, Output, Seed, tab


def plan(
    ctx: Context,
    interview: Annotated[
        str | None, typer.Option("--interview", metavar="DAY", help="The day: a date, 30d or 2w from today, or none.")
    ] = None,
    minutes: Annotated[int | None, typer.Option("--minutes", "-m", help="Minutes a day.")] = None,
    new: Annotated[int | None, typer.Option("--new", help="New questions a day.")] = None,
    off: Annotated[str | None, typer.Option("--off", metavar="DAYS", help="Days off, like sat,sun; or none.")] = None,
    level: Annotated[
        list[str] | None,
        typer.Option("--level", "-l", help="Only these levels; may be repeated; or all.", autocompletion=tab("level")),
    ] = None,
    weight: Annotated[
        list[str] | None,
        typer.Option("--weight", "-w", metavar="NAME=N", help="An area or topic that counts N-fold; or none."),
    ] = None,
    retention: Annotated[
        float | None, typer.Option("--retention", help="Recall at which questions come back without a date [0.9].")
    ] = None,
    as_json: Json = False,
) -> Any:
    """Your plan: the interview's day, minutes and new questions a day, days off, levels, weights."""
    from mlquiz.commands import plan as command

    said = command.Said(interview, minutes, new, off, tuple(level or ()), tuple(weight or ()), retention)
    return command.plan(ctx.obj, said, as_json)


def ready(
    ctx: Context,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="A day to come: a date, or 30d or 2w from today [today].")
    ] = None,
    as_json: Json = False,
) -> Any:
    """How ready you are: points out of 100 with an interval, by area and topic."""
    from mlquiz.commands import ready as command

    return command.ready(ctx.obj, on, as_json)


def mock(
    ctx: Context,
    minutes: Annotated[int, typer.Option("--minutes", "-m", min=5, max=240, help="How long it may take.")] = 45,
    level: Level = None,
    area: Area = None,
    anew: Annotated[bool, typer.Option("--new", help="Begin another, though one was left in the middle.")] = False,
    card: Annotated[bool, typer.Option("--card", help="Only show the card of the last one.")] = False,
    fail_under: Annotated[
        float | None, typer.Option("--fail-under", min=0, max=100, metavar="N", help="Exit with 1 below N points.")
    ] = None,
    format_: FormatOption = None,
    output: Output = None,
    jsonl: Jsonl = False,
    answers: Answers = None,
    seed: Seed = None,
) -> Any:
    """A mock interview: timed, no verdicts until the end, then a score card."""
    if card:
        from mlquiz.commands.cards import last_card

        return last_card(ctx.obj, format_, output, fail_under)
    from mlquiz.commands import mock as command
    from mlquiz.commands.sitting import Manner

    wanted = command.Wanted(minutes, level, area, anew, fail_under, format_, output)
    return command.mock(ctx.obj, wanted, Manner(jsonl, answers, seed))
