"""Drafts of open answers: files that stay until their answers are in the log, so nothing typed there is lost."""

from collections.abc import Callable
from pathlib import Path

from mlquiz.players.editor import Editor
from mlquiz.world import write_whole

MARK = "# ------ your answer below; lines above are not graded ------"


class Drafts:
    """Drafts of open answers, one file a question; `say` is told when one cannot be kept."""

    def __init__(self, folder: Path, editor: Editor, say: Callable[[str], None]) -> None:
        self.folder, self.editor, self.say = folder, editor, say

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
        self.editor.edit(self._keep(question, prompt, self.kept(question)))
        return self.kept(question)

    def drop(self, question: str) -> None:
        """The answer is in the log."""
        try:
            self._path(question).unlink(missing_ok=True)
        except NotADirectoryError:  # where there is no folder there is no draft
            return
        except OSError as error:
            self.say(f"mlquiz: The draft at {self._path(question)} cannot be removed: {error.strerror}.")
