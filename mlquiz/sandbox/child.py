"""A child process: how it is started, what it says while it runs, and how it is stopped with all that it began."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from threading import Thread
from typing import IO, TypeAlias

from mlquiz.errors import SandboxError

Child: TypeAlias = "subprocess.Popen[bytes]"
LARGEST = 1_000_000
"""Bytes of output kept; a program may print more, and the rest is dropped as it comes."""
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")} | {"VECLIB_MAXIMUM_THREADS": "1"}
"""Programs run side by side. A numeric library that starts a thread a core in each of them spins away seconds."""
GRACE = 2.0
"""Seconds that output may take to arrive once the program has ended."""


@contextlib.contextmanager
def folders(what: str) -> Iterator[tuple[str, str]]:
    """A folder of ours and an empty one for the child; both go away. Raises SandboxError where nothing can be run.

    `what` is run there, in words.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="mlquiz-", ignore_cleanup_errors=True) as place,
            tempfile.TemporaryDirectory(prefix="mlquiz-", ignore_cleanup_errors=True) as folder,
        ):
            yield place, folder
    except OSError as error:  # no interpreter, no process, no room for the files
        raise SandboxError(f"{what} could not be run with {sys.executable}: {error}.") from None


def start(arguments: list[str], folder: str, passed: tuple[int, ...] = ()) -> Child:
    """An isolated Python in a folder, with a bare environment and its own process group. Raises OSError.

    `passed` are the descriptors that it inherits, beside its output.
    """
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ} | ONE_THREAD
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", *arguments],
        cwd=folder, env=keep, start_new_session=os.name == "posix", pass_fds=passed,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(child: Child, seconds: float) -> int | None:
    """The exit status, or null when it had to be stopped for taking too long. Nothing of it runs afterwards."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        stop(child)
        child.wait()


def stop(child: Child) -> None:
    """Kills the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


class Drain(Thread):
    """Empties a pipe as it fills, so that the child never waits and endless output costs no memory."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)  # whoever left the group and holds the pipe shall not hold us
        self.pipe, self.kept = pipe, bytearray()
        self.start()

    def run(self) -> None:
        with self.pipe:
            while piece := self.pipe.read1(65536):  # type: ignore[attr-defined]  # the pipes here are buffered
                self.kept += piece[: LARGEST - len(self.kept)]

    def text(self) -> str:
        self.join(GRACE)
        return bytes(self.kept).decode("utf-8", "replace").replace("\r\n", "\n")
