"""$VISUAL or $EDITOR on a file."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

GRACE = 2.0
"""Seconds an editor has to save and end once it was told to."""


class Editor:
    """The learner's own editor."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    @property
    def command(self) -> list[str]:
        """The command that edits a file; empty when there is none."""
        command = self.environ.get("VISUAL") or self.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        try:
            words = shlex.split(command, posix=os.name == "posix")
        except ValueError:  # a quote that is never closed
            return []
        return words if words and shutil.which(words[0], path=self.environ.get("PATH")) else []

    def edit(self, path: Path) -> None:
        """Opens a file in the editor, whose own key Ctrl-C is meanwhile. Raises OSError when it fails."""
        before = signal.signal(
            signal.SIGINT, lambda *_: None
        )  # a handler: unlike SIG_IGN the editor does not inherit it
        try:
            child = subprocess.Popen([*self.command, str(path)])
            try:
                ended = child.wait()
            except KeyboardInterrupt:  # not by the key: by a signal that ends us, so it ends the editor too
                _end(child)
                raise
        finally:
            signal.signal(signal.SIGINT, before)
        if ended:
            raise OSError(f"{self.command[0]} ended with {ended}; what it saved is kept")


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Leaves the editor time to save what it holds; one whose terminal went away knows, and is not asked twice."""
    for end in [child.terminate] if os.isatty(0) else [lambda: None, child.terminate]:
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
            return
    child.kill()
    child.wait()
