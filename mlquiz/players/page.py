"""Pieces of a page that Rich prints: hanging marks, highlighted code, the scores of a session."""

import re

from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from mlquiz.core.question import Code, Concrete, Output, Sql
from mlquiz.core.summary import Summary
from mlquiz.players.wording import SYMBOLS, Mark, reference


def code(source: str, language: str = "python", above: int = 1) -> Padding:
    """A program, highlighted in the terminal's own colours."""
    shown = Syntax(source.rstrip("\n"), language, theme="ansi_dark", background_color="default", word_wrap=True)
    return Padding(shown, (above, 0, 0, 2))


def beside(body: Concrete) -> Padding | None:
    """The code that belongs to a question: a program, a starter, tables; none for most kinds."""
    match body:
        case Output():
            return code(body.program)
        case Code():
            return code(body.starter)
        case Sql():
            return code(body.schema, "sql")
        case _:
            return None


def solution(body: Concrete) -> Padding | None:
    """A reference solution; none where the marks of a verdict say it all."""
    source, language = reference(body)
    return code(source, language) if source else None


def hanging(mark: str, text: Text, width: int = 2) -> Table:
    """Text that hangs behind its mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, min_width=width)
    grid.add_column()
    grid.add_row(mark, text)
    return grid


def inline(text: str, style: str = "") -> Text:
    """One paragraph with its `code` set off, and nothing else read into it."""
    pieces = re.split(r"`([^`\n]+)`", text)
    return Text.assemble(*((piece, f"{style} bold" if n % 2 else style) for n, piece in enumerate(pieces)))


def marked(mark: Mark) -> Table:
    """A line of a verdict: symbol and word, so that colour is never alone, then what it speaks of and why."""
    text = inline(mark.text, "bold" if mark.word == "right" else "")
    if mark.why:
        text.append("\n").append_text(inline(mark.why))
    return hanging(f"{SYMBOLS[mark.word]} {mark.word}".rstrip(), text, width=8)


def scores(summary: Summary) -> Table:
    """The score report of a session: by topic, then in all."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Topic")
    for name in ("Answers", "Right", "Score", "Time"):
        table.add_column(name, justify="right")
    whole = [summary.whole] if summary.whole else []
    for tally in [*summary.tallies(), *whole]:
        cells = (tally.topic, str(tally.asked), str(tally.right), f"{tally.score:.0%}", _clock(tally.seconds))
        table.add_row(*cells, style="bold" if tally in whole else "")
    return table


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
