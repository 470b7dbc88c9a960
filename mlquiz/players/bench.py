"""Where an answer in code is written and tried: a file of the learner's own, and the question's tests.

The file stays until its answer is in the log, and nothing that was written in it is ever written over.
"""

import contextlib
import errno
from pathlib import Path

from mlquiz.core.grading import tests
from mlquiz.core.question import Code, Exercise, Sql
from mlquiz.core.trial import Judge, Judged, Result
from mlquiz.players.editor import Editor
from mlquiz.players.markup import plain
from mlquiz.world import write_whole

WIDTH = 76
DONE = "done"
LARGEST = 1_000_000
"""Bytes of a file that are read: the log keeps them for ever."""


class Bench:
    """Files of answers in `folder`, one a question.

    With `keeps`, a file whose answer was logged is moved to `done` below the folder; else it is removed.
    """

    def __init__(self, folder: Path, editor: Editor, judge: Judge, keeps: bool = False) -> None:
        self.folder, self.editor, self.judge, self.keeps = folder, editor, judge, keeps

    def path(self, exercise: Exercise) -> Path:
        return self.folder / f"{exercise.question.id}.{'sql' if isinstance(exercise.body, Sql) else 'py'}"

    def begin(self, exercise: Exercise) -> Path:
        """The file, made from the prompt and the starter where there is none yet. Raises OSError."""
        path = self.path(exercise)
        if not path.exists() or not path.stat().st_size:
            self.anew(exercise)
        return path

    def anew(self, exercise: Exercise) -> None:
        """The starter in the file's place. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.path(exercise), opening(exercise))

    def source(self, exercise: Exercise) -> str:
        """What stands in the file. Raises OSError, also for what is no text or too much of it."""
        path = self.path(exercise)
        if path.stat().st_size > LARGEST:
            raise OSError(errno.EFBIG, f"it holds more than {LARGEST:,} bytes")
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise OSError(errno.EINVAL, "it is no UTF-8 text; save it as UTF-8") from None

    def fresh(self, exercise: Exercise) -> bool:
        """Whether the file is as it was made, or cannot be read."""
        try:
            return self.source(exercise) == opening(exercise)
        except OSError:
            return True

    def run(self, exercise: Exercise, source: str) -> Judged:
        """What the tests say; where nothing is written yet, none of them is run. Raises SandboxError."""
        body = exercise.body
        assert isinstance(body, Code | Sql)
        if not attempted(exercise, source):
            return Judged([Result(name, "not attempted") for name in tests(body)])
        return self.judge(body, source)

    def settle(self, exercise: Exercise, source: str) -> None:
        """The answer is in the log. A file that holds something else by now, saved since, stays where it is."""
        path = self.path(exercise)
        with contextlib.suppress(OSError):  # what cannot be moved is found again the next time
            if self.source(exercise) != source:
                return
            if self.keeps:
                path.replace(self._free(path))
            else:
                path.unlink()

    def _free(self, path: Path) -> Path:
        """A place for a solved file that no earlier one has."""
        done = self.folder / DONE
        done.mkdir(exist_ok=True)
        place, n = done / path.name, 2
        while place.exists():
            place, n = done / f"{path.stem}-{n}{path.suffix}", n + 1
        return place

    def restore(self, exercise: Exercise, source: str) -> None:
        """The answer was taken back: it can be gone on from, unless something newer stands there."""
        with contextlib.suppress(OSError):
            if not self.path(exercise).exists():
                write_whole(self.path(exercise), source)


def opening(exercise: Exercise) -> str:
    """What the file holds at first: the prompt as a comment, then the starter."""
    body = exercise.body
    assert isinstance(body, Code | Sql)
    mark, starter = ("#", body.starter) if isinstance(body, Code) else ("--", "SELECT\n")
    told = plain(exercise.prompt, WIDTH)
    if isinstance(body, Sql):
        told += f"\n\n{body.schema.strip()}"
    head = "".join(f"{mark} {line}".rstrip() + "\n" for line in told.splitlines())
    return f"{head}\n{starter.rstrip()}\n"


def attempted(exercise: Exercise, source: str) -> bool:
    """Whether there is more to run than the starter."""
    mark = "--" if isinstance(exercise.body, Sql) else "#"
    written, starter = (
        [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(mark)]
        for text in (source, opening(exercise))
    )
    return written not in ([], starter)
