"""A program run once in a clean child: what it printed, how it ended. For programs of the bank, not of strangers."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from typing import NamedTuple

from mlquiz.errors import SandboxError

SECONDS = 20.0
LARGEST = 1_000_000
"""Characters of output kept."""


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


def run(source: str, seconds: float = SECONDS) -> Ran:
    """Runs Python source in an isolated interpreter, in an empty folder, in its own process group.

    Raises SandboxError when no child can be started at all.
    """
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="mlquiz-", ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        try:
            child = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", path],
                cwd=folder, env={**keep, "PYTHONHASHSEED": "0"}, start_new_session=os.name == "posix",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            raise SandboxError(f"A program could not be run with {sys.executable}: {error}.") from None
        try:
            out, err = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            _stop(child)
            out, err = child.communicate()
            return Ran(_text(out), _text(err), None)
        except BaseException:
            _stop(child)
            child.communicate()
            raise
    return Ran(_text(out), _text(err), child.returncode)


def _text(data: bytes) -> str:
    return data[:LARGEST].decode("utf-8", "replace").replace("\r\n", "\n")


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Kills the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
