"""Prompts as a terminal shows them: paragraphs, lists, `code` and fences.

Emphasis, links and HTML stay off: full Markdown would eat `<pad>`, `2*n*k` and `__init__`.
"""

import io
from functools import cache
from typing import TextIO

from markdown_it import MarkdownIt
from rich.console import Console
from rich.markdown import Markdown
from rich.theme import Theme

THEME = Theme(
    {"markdown.code": "bold", "markdown.code_block": "none", "right": "green", "wrong": "red", "quiet": "dim"}
)
"""Colours of the terminal's own palette, so that they hold on light and on dark."""


class Screen(Console):
    """A console on a stream, in the terminal's own colours; a reader that goes away is the caller's to handle."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(file=out, theme=THEME, highlight=False)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["fence", "list", "backticks", "newline"])


def prose(text: str) -> Markdown:
    """Something Rich can print."""
    shown = Markdown("", code_theme="ansi_dark")
    shown.parsed = _parser().parse(text)
    return shown


def plain(text: str, width: int = 100) -> str:
    """The same as bare text, without colour."""
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, theme=THEME).print(prose(text))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")
