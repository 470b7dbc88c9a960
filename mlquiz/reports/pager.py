"""A pager for a report that does not fit the screen, as git has it: `less` unless told otherwise."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from typing import TextIO


def page(text: str, out: TextIO, environ: Mapping[str, str]) -> None:
    """Writes to `out`, through MLQUIZ_PAGER, PAGER or less where the text is longer than the terminal is high."""
    command = _pager(environ)
    if not command or text.count("\n") < shutil.get_terminal_size().lines:
        out.write(text)
        return
    out.flush()
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, env={"LESS": "FRX", **environ}, encoding="utf-8", errors="replace"
    )
    before = signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is the pager's own key while it is open
    try:
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # left before the end
            child.stdin.write(text)
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        child.wait()
    except KeyboardInterrupt:  # not by the key: by a signal that ends us, so it ends the pager too
        child.terminate()
        child.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _pager(environ: Mapping[str, str]) -> list[str]:
    """The pager's command; empty for none."""
    said = environ.get("MLQUIZ_PAGER", environ.get("PAGER", "" if os.name == "nt" else "less"))
    try:
        words = shlex.split(said)
    except ValueError:  # a quote that is never closed
        return []
    return words if words and words != ["cat"] and shutil.which(words[0], path=environ.get("PATH")) else []
