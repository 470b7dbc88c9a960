"""Programs of a bank as its checker runs them: by a function that is handed in (see `sandbox.programs.run`)."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from mlquiz.core.trial import Judge


class Ran(Protocol):
    """A program that ended. `code` is null when it was stopped; `lacks` names a package that is not installed."""

    @property
    def out(self) -> str: ...
    @property
    def err(self) -> str: ...
    @property
    def code(self) -> int | None: ...
    @property
    def lacks(self) -> str | None: ...


Run = Callable[[str], Ran]


class Hands(NamedTuple):
    """What a checker cannot do itself."""

    run: Run
    judge: Judge


class NotRun(Exception):
    """The program in `field` needs a package that is not installed."""

    def __init__(self, field: str, package: str) -> None:
        super().__init__(f"not run here: {package} is not installed")
        self.field, self.package = field, package


def ran(run: Run, source: str, field: str) -> tuple[str, str]:
    """What the program printed, and how it failed (empty if it did not). Raises NotRun."""
    done = run(source)
    if done.lacks:
        raise NotRun(field, done.lacks)
    if done.code is None:
        return done.out, "it was stopped for taking too long"
    if done.code != 0:
        return done.out, done.err.strip().rpartition("\n")[2] or f"exit status {done.code}"
    return done.out, ""
