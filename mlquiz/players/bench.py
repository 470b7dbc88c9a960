"""Where an answer in code is written and tried: a file of the learner's own, and the question's tests.

The file stays until its answer is in the log, so that nothing written in it is lost.
"""

import contextlib
import re
from pathlib import Path

from mlquiz.core.grading import tests
from mlquiz.core.question import Code, Exercise, Sql
from mlquiz.core.trial import Judge, Judged, Result
from mlquiz.players.editor import Editor
from mlquiz.players.markup import plain
from mlquiz.world import write_whole

WIDTH = 76
DONE = "done"


class Bench:
    """Files of answers in `folder`, one a question.

    With `keeps`, a file whose answer was logged is moved to `done` below the folder; else it is removed.
    """

    def __init__(self, folder: Path, editor: Editor, judge: Judge, keeps: bool = False) -> None:
        self.folder, self.editor, self.judge, self.keeps = folder, editor, judge, keeps

    def path(self, exercise: Exercise) -> Path:
        return self.folder / f"{exercise.question.id}.{'sql' if isinstance(exercise.body, Sql) else 'py'}"

    def begin(self, exercise: Exercise) -> Path:
        """The file, made from the prompt and the starter unless something is written in it. Raises OSError."""
        path = self.path(exercise)
        if not path.exists() or _below_prompt(self.source(exercise)) in ("", _below_prompt(opening(exercise))):
            self.anew(exercise)
        return path

    def anew(self, exercise: Exercise) -> None:
        """The starter in the file's place. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.path(exercise), opening(exercise))

    def source(self, exercise: Exercise) -> str:
        """What stands in the file. Raises OSError."""
        return self.path(exercise).read_text(encoding="utf-8", errors="replace")

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
        with contextlib.suppress(OSError):  # what cannot be moved is written over the next time, or goes on from there
            if self.source(exercise) != source:
                return
            if self.keeps:
                (self.folder / DONE).mkdir(exist_ok=True)
                path.replace(self.folder / DONE / path.name)
            else:
                path.unlink()

    def restore(self, exercise: Exercise, source: str) -> None:
        """The answer was taken back."""
        with contextlib.suppress(OSError):
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


def _below_prompt(source: str) -> str:
    """What stands below the comment that the file begins with, blanks aside: thoughts written there count."""
    lines = [line.strip() for line in source.splitlines()]
    head = next((n for n, line in enumerate(lines) if not line.startswith(("#", "--"))), len(lines))
    return " ".join(" ".join(lines[head:]).split())


def attempted(exercise: Exercise, source: str) -> bool:
    """Whether there is more than the starter, comments aside."""
    comment = r"(?m)^\s*(--|#).*$"
    bare = [re.sub(r"\s+", " ", re.sub(comment, "", text)).strip() for text in (source, opening(exercise))]
    return bare[0] not in ("", bare[1])
