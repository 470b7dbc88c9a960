"""A program run once in a clean child: what it printed, how it ended. For programs of the bank, not of strangers."""

import os
from collections.abc import Callable
from typing import NamedTuple

from mlquiz.sandbox.child import Child, Drain, ended, folders, start

SECONDS = 20.0


class Ran(NamedTuple):
    """A finished program. `code` is its exit status, null when it was stopped for taking too long."""

    out: str
    err: str
    code: int | None

    @property
    def lacks(self) -> str | None:
        """The package that could not be imported, if that is why it failed."""
        last = self.err.strip().rpartition("\n")[2]
        if self.code and last.startswith("ModuleNotFoundError: No module named '"):
            return last.split("'")[1].partition(".")[0]
        return None


def run(source: str, seconds: float = SECONDS, started: Callable[[Child], None] = lambda _: None) -> Ran:
    """Runs Python source in an isolated interpreter, in an empty folder, in its own process group.

    `started` is told the child. Raises SandboxError when none can be started at all.
    """
    with folders("A program") as (place, folder):
        path = os.path.join(place, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        child = start([path], folder)
        started(child)
        return _ran(child, seconds)


def _ran(child: Child, seconds: float) -> Ran:
    assert child.stdout is not None
    assert child.stderr is not None
    out, err = Drain(child.stdout), Drain(child.stderr)
    code = ended(child, seconds)
    return Ran(out.text(), err.text(), code)
