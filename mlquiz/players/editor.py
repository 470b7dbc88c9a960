"""$VISUAL or $EDITOR on a file that stays until its answer is in the log: nothing typed there is lost."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from mlquiz.world import write_whole

MARK = "# ------ your answer below; lines above are not graded ------"
GRACE = 2.0
"""Seconds an editor has to save and end once it was told to."""


class Drafts:
    """Drafts of open answers, one file a question; `say` is told when one cannot be kept."""

    def __init__(self, folder: Path, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
        self.folder, self.environ, self.say = folder, environ, say

    @property
    def editor(self) -> list[str]:
        """The command that edits a file; empty when there is none."""
        command = self.environ.get("VISUAL") or self.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        try:
            words = shlex.split(command, posix=os.name == "posix")
        except ValueError:  # a quote that is never closed
            return []
        return words if words and shutil.which(words[0], path=self.environ.get("PATH")) else []

    def _path(self, question: str) -> Path:
        return self.folder / f"{question}.md"

    def kept(self, question: str) -> str:
        """The draft, empty if there is none."""
        try:
            text = self._path(question).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            self.say(f"mlquiz: Your draft at {self._path(question)} cannot be read: {error.strerror}.")
            return ""
        above, _, below = text.partition(MARK) if MARK in text else ("", "", text)
        stray = "\n".join(line for line in above.splitlines() if not line.startswith("#"))  # editors open at the top
        return "\n\n".join(filter(None, [stray.strip(), below.strip()]))

    def keep(self, question: str, prompt: str, text: str) -> None:
        """Keeps the draft; where that cannot be, the answer goes on without and the draft before it stays."""
        try:
            self._keep(question, prompt, text)
        except OSError as error:
            self.say(f"mlquiz: What you write cannot be kept as a draft: {error.strerror}.")

    def _keep(self, question: str, prompt: str, text: str) -> Path:
        """Writes the draft below the prompt: the whole of it, or the one before it stays."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        quoted = "".join(f"# {line}".rstrip() + "\n" for line in prompt.splitlines())
        path = self._path(question)
        write_whole(path, f"{quoted}{MARK}\n\n{text}\n")
        return path

    def write(self, question: str, prompt: str) -> str:
        """Opens the draft in the editor and returns what stands there when it closes.

        Raises OSError when the editor fails or has nothing to open; the draft stays.
        """
        self.edit(self._keep(question, prompt, self.kept(question)))
        return self.kept(question)

    def edit(self, path: Path) -> None:
        """Opens a file in the editor, whose own key Ctrl-C is meanwhile. Raises OSError when it fails."""
        before = signal.signal(
            signal.SIGINT, lambda *_: None
        )  # a handler: unlike SIG_IGN the editor does not inherit it
        try:
            child = subprocess.Popen([*self.editor, str(path)])
            try:
                ended = child.wait()
            except KeyboardInterrupt:  # not by the key: by a signal that ends us, so it ends the editor too
                _end(child)
                raise
        finally:
            signal.signal(signal.SIGINT, before)
        if ended:
            raise OSError(f"{self.editor[0]} ended with {ended}; what it saved is kept")

    def drop(self, question: str) -> None:
        """The answer is in the log."""
        try:
            self._path(question).unlink(missing_ok=True)
        except NotADirectoryError:  # where there is no folder there is no draft
            return
        except OSError as error:
            self.say(f"mlquiz: The draft at {self._path(question)} cannot be removed: {error.strerror}.")


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Leaves the editor time to save what it holds; one whose terminal went away knows, and is not asked twice."""
    for end in [child.terminate] if os.isatty(0) else [lambda: None, child.terminate]:
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
            return
    child.kill()
    child.wait()
