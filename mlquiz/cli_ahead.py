"""The commands that look ahead, `plan` and `ready`: signatures and help, as in `cli`."""

from typing import Annotated, Any

import typer

from mlquiz.options import Context, Json, tab


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
