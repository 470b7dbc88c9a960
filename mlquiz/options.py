"""Options and arguments that several commands share, and what Tab completes in them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

Context = typer.Context
PLAIN_HELP: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}


class Format(StrEnum):
    """What a report can be shown as."""

    TERMINAL = "terminal"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    CSV = "csv"


def tab(what: str) -> Any:
    """The completion of a parameter by one of `commands.completion.OFFERS`."""

    def offer(ctx: Context, incomplete: str) -> list[str]:
        from mlquiz.commands.completion import offered

        root = ctx.find_root().params
        words = [*ctx.args, *map(str, ctx.params.values())]
        return offered(what, root.get("profile"), root.get("banks") or (), words, incomplete)

    return offer


Area = Annotated[
    str | None,
    typer.Option("--area", "-a", help="An area: ml, dl, prog, sys, opt, or its title.", autocompletion=tab("area")),
]
Topic = Annotated[
    str | None,
    typer.Option(
        "--topic", "-t", help="A topic, like ml.bias_variance; a beginning is enough.", autocompletion=tab("topic")
    ),
]
Skill = Annotated[str | None, typer.Option("--skill", "-s", help="A skill, like roc-auc.", autocompletion=tab("skill"))]
KINDS = "single, multi, numeric, order, short, output, code, sql or open."
Kind = Annotated[str | None, typer.Option("--kind", "-k", help=KINDS, autocompletion=tab("kind"))]
Level = Annotated[
    str | None, typer.Option("--level", "-l", help="screen, onsite or senior.", autocompletion=tab("level"))
]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="Speak JSON lines on stdin and stdout (protocol 1).")]
Answers = Annotated[
    Path | None, typer.Option("--answers", metavar="FILE", help="Take the answers from a file of JSON lines.")
]
FormatOption = Annotated[
    Format | None, typer.Option("--format", "-f", help="How to show it [terminal, or what FILE ends in].")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to a file.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Make choice and numbers repeatable.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
ID_HELP = "A question's id, or the beginning of its last part."
Id = Annotated[str, typer.Argument(metavar="ID", help=ID_HELP, autocompletion=tab("id"))]
Suspended = Annotated[str, typer.Argument(metavar="ID", help=ID_HELP, autocompletion=tab("suspended"))]
