"""Pieces of a page that Rich prints: hanging marks, highlighted code."""

from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from mlquiz.players.wording import SYMBOLS, Mark


def code(source: str) -> Padding:
    """A program, highlighted in the terminal's own colours."""
    return Padding(Syntax(source.rstrip("\n"), "python", theme="ansi_dark", background_color="default"), (1, 0, 0, 2))


def hanging(mark: str, text: Text, width: int = 2) -> Table:
    """Text that hangs behind its mark."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True, min_width=width)
    grid.add_column()
    grid.add_row(mark, text)
    return grid


def marked(mark: Mark) -> Table:
    """A line of a verdict: symbol and word, so that colour is never alone, then what it speaks of and why."""
    text = Text(mark.text, style="bold" if mark.word == "right" else "")
    if mark.why:
        text.append(f"\n{mark.why}", style="not bold")
    return hanging(f"{SYMBOLS[mark.word]} {mark.word}".rstrip(), text, width=8)
