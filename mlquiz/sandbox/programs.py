"""A program run once in a clean child: what it printed, how it ended. For programs of the bank, not of strangers."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from threading import Thread
from typing import IO, NamedTuple, TypeAlias

from mlquiz.errors import SandboxError

Child: TypeAlias = "subprocess.Popen[bytes]"
SECONDS = 20.0
LARGEST = 1_000_000
"""Bytes of output kept; a program may print more, and the rest is dropped as it comes."""
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")} | {"VECLIB_MAXIMUM_THREADS": "1"}
"""Programs run side by side. A numeric library that starts a thread a core in each of them spins away seconds."""
GRACE = 2.0
"""Seconds that output may take to arrive once the program has ended."""


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


class Running:
    """The programs that run now, in whatever threads. Leaving it stops them, and each that starts after."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.left = False

    def run(self, source: str) -> Ran:
        return run(source, started=self._started)

    def _started(self, child: Child) -> None:
        self.children.append(child)
        if self.left:
            _stop(child)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.left = True
        for child in self.children:
            if child.poll() is None:
                _stop(child)


def run(source: str, seconds: float = SECONDS, started: Callable[[Child], None] = lambda _: None) -> Ran:
    """Runs Python source in an isolated interpreter, in an empty folder, in its own process group.

    `started` is told the child. Raises SandboxError when none can be started at all.
    """
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ} | ONE_THREAD
    try:
        with (
            tempfile.TemporaryDirectory(prefix="mlquiz-", ignore_cleanup_errors=True) as place,
            tempfile.TemporaryDirectory(prefix="mlquiz-", ignore_cleanup_errors=True) as folder,
        ):
            path = os.path.join(place, "program.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(source)
            child = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", path],
                cwd=folder, env=keep, start_new_session=os.name == "posix",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            started(child)
            return _ran(child, seconds)
    except OSError as error:  # no interpreter, no process, no room for the files
        raise SandboxError(f"A program could not be run with {sys.executable}: {error}.") from None


def _ran(child: Child, seconds: float) -> Ran:
    assert child.stdout is not None
    assert child.stderr is not None
    out, err = _Drain(child.stdout), _Drain(child.stderr)
    code: int | None = None
    try:
        code = child.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _stop(child)
        child.wait()
    return Ran(out.text(), err.text(), code)


class _Drain(Thread):
    """Empties a pipe as it fills, so that the child never waits and endless output costs no memory."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)  # whoever left the group and holds the pipe shall not hold us
        self.pipe, self.kept = pipe, bytearray()
        self.start()

    def run(self) -> None:
        with self.pipe:
            while piece := self.pipe.read1(65536):  # type: ignore[attr-defined]  # a pipe of Popen is buffered
                self.kept += piece[: LARGEST - len(self.kept)]

    def text(self) -> str:
        self.join(GRACE)
        return bytes(self.kept).decode("utf-8", "replace").replace("\r\n", "\n")


def _stop(child: Child) -> None:
    """Kills the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
