"""$VISUAL or $EDITOR on a file that stays until its answer is in the log: nothing typed there is lost."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

MARK = "# ------ your answer below; lines above are not graded ------"


class Drafts:
    """Drafts of open answers, one file a question."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.environ = environ

    @property
    def editor(self) -> list[str]:
        """The command that edits a file; empty when there is none."""
        command = self.environ.get("VISUAL") or self.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
        words = shlex.split(command, posix=os.name == "posix")
        return words if words and shutil.which(words[0], path=self.environ.get("PATH")) else []

    def _path(self, question: str) -> Path:
        return self.folder / f"{question}.md"

    def kept(self, question: str) -> str:
        """The draft, empty if there is none."""
        try:
            text = self._path(question).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return text.partition(MARK)[2].strip() if MARK in text else text.strip()

    def keep(self, question: str, prompt: str, text: str) -> Path:
        """Writes the draft below the prompt."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        quoted = "".join(f"# {line}".rstrip() + "\n" for line in prompt.splitlines())
        path = self._path(question)
        path.write_text(f"{quoted}{MARK}\n\n{text}\n", encoding="utf-8")
        return path

    def write(self, question: str, prompt: str) -> str:
        """Opens the draft in the editor and returns what stands there when it closes.

        Raises OSError when the editor fails; the draft stays.
        """
        self.edit(self.keep(question, prompt, self.kept(question)))
        return self.kept(question)

    def edit(self, path: Path) -> None:
        """Opens a file in the editor, whose own key Ctrl-C is meanwhile. Raises OSError when it fails."""
        before = signal.signal(
            signal.SIGINT, lambda *_: None
        )  # a handler: unlike SIG_IGN the editor does not inherit it
        try:
            ended = subprocess.run([*self.editor, str(path)], check=False).returncode
        finally:
            signal.signal(signal.SIGINT, before)
        if ended:
            raise OSError(f"{self.editor[0]} ended with {ended}; what it saved is kept")

    def drop(self, question: str) -> None:
        """The answer is in the log."""
        self._path(question).unlink(missing_ok=True)
