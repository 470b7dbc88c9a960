"""A bar for long work, on stderr, at a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import Progress


@contextmanager
def progress(what: str, out: TextIO) -> Iterator[Callable[[int, int], None]]:
    """Gives a function of (done, whole) to call as the work goes on."""
    console = Console(file=out)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
