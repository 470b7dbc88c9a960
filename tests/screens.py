"""The real program at a pseudo-terminal: what it shows, how it ends, what it has logged."""

import re
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import clean

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07|\r")
Start = Callable[..., Any]


def spawned(home: Path, args: tuple[str, ...], errors: Path | None = None, **env: str) -> Any:
    """The program at a terminal of 80x24; with `errors`, its stderr goes to that file."""
    import pexpect  # not on Windows

    command = [sys.executable, "-m", "mlquiz", *args]
    if errors:
        command = ["/bin/sh", "-c", 'exec "$@" 2>"$0"', str(errors), *command]
    child = pexpect.spawn(
        command[0], command[1:], env=clean(home, **{"TERM": "xterm-256color", **env}),
        dimensions=(24, 80), encoding="utf-8", timeout=20,
    )  # fmt: skip
    child.delaybeforesend = 0.1
    return child


def saw(child: Any, *texts: str) -> str:
    """Waits for the texts in turn, whatever escape sequences stand between; what was shown up to the last."""
    shown = ""
    for text in texts:
        gap = r"(?:\x1b\[[0-9;?]*[A-Za-z]|[\s\r])+"
        child.expect(gap.join(re.escape(word) for word in text.split()))
        shown += child.before + child.after
    return ESCAPES.sub("", shown)


def ended(child: Any) -> tuple[int | None, str]:
    """Exit status, and what was shown last."""
    import pexpect

    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, ESCAPES.sub("", child.before)


def ended_alone(child: Any, seconds: float = 20.0) -> int:
    """Exit status of a program that nobody reads from any more, or minus the signal that killed it."""
    give_up = time.monotonic() + seconds
    while child.ptyproc.isalive():
        assert time.monotonic() < give_up, "it did not end by itself"
        time.sleep(0.02)
    return int(-child.ptyproc.signalstatus if child.ptyproc.signalstatus else child.ptyproc.exitstatus)


def logged(home: Path, query: str, profile: str = "default") -> list[tuple[Any, ...]]:
    log = sqlite3.connect(home / "data" / profile / "log.db")
    rows = log.execute(query).fetchall()
    log.close()
    return rows
