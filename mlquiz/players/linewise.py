"""An answer in code in plain mode: the file is written elsewhere, an empty line runs its tests."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from mlquiz.core.answer import Ran
from mlquiz.core.question import Code, Exercise, Sql
from mlquiz.core.trial import Judged
from mlquiz.players import trials
from mlquiz.players.bench import Bench

Say = Callable[[str], None]
Read = Callable[[str], str]


class Try(NamedTuple):
    """The last run of an exercise."""

    exercise: Exercise
    source: str
    judged: Judged


class Linewise:
    """Asks for answers in code. Hints looked at, and the last run, outlive a look at the help."""

    def __init__(self, bench: Bench, typed: Callable[[Path], str], say: Say) -> None:
        self.bench, self.typed, self.say = bench, typed, say
        self.hints: dict[str, int] = {}
        self.last: Try | None = None

    def solve(self, exercise: Exercise, read: Read) -> Ran:
        """The answer, once it passes or is left so. `read` asks for a line and takes the commands that leave."""
        body, id_ = exercise.body, exercise.question.id
        assert isinstance(body, Code | Sql)
        try:
            file = self.bench.begin(exercise)
        except OSError as error:
            self.say(f"The file for your answer cannot be used: {error}.")
            while True:
                read("Go on with :s or :d.")
        edits = ":e opens your editor." if self.bench.editor.command else ""
        self.say(f"Write your answer in {self.typed(file)}. Then Enter runs its tests. {edits}".rstrip())
        tried = self.last if self.last and self.last.exercise is exercise else None
        while not (tried and tried.judged.passed):
            seen = self.hints.get(id_, 0)
            match read(_keys(tried, len(body.hints) > seen)).strip():
                case ":e" if edits:
                    self._edit(file)
                case ":h" if seen < len(body.hints):
                    self.say(textwrap.fill(f"Hint: {body.hints[seen]}", 78))
                    self.hints[id_] = seen + 1
                case ":a" if tried:
                    break
                case "":
                    tried = self.last = self._run(exercise, body)
                case _:
                    self.say(f"That is not read: the answer is what stands in {self.typed(file)}.")
        assert tried
        return Ran(tried.source, tried.judged.results, self.hints.get(id_, 0))

    def _edit(self, file: Path) -> None:
        try:
            self.bench.editor.edit(file)
        except OSError as error:
            self.say(f"{error}.")

    def _run(self, exercise: Exercise, body: Code | Sql) -> Try | None:
        try:
            source = self.bench.source(exercise)
        except OSError as error:
            self.say(f"{self.typed(self.bench.path(exercise))} cannot be used: {error.strerror}.")
            return None
        judged = self.bench.run(exercise, source)
        told(body, source, judged, self.say)
        return Try(exercise, source, judged) if trials.ran(judged) else None


def _keys(tried: Try | None, hint: bool) -> str:
    others = [":h hint"] if hint else []
    others += [":a leave it so"] if tried else []
    return f"Enter runs the tests{''.join(f', {other}' for other in others)}:"


def told(body: Code | Sql, source: str, judged: Judged, say: Say) -> None:
    """Says what the tests said."""
    say(trials.verdict(judged))
    full, others = trials.failures(body, source, judged)
    for failed in full:
        if failed.name:
            say(f"Failed: {failed.name}")
        for code in filter(None, (failed.ran, failed.line)):
            say(textwrap.indent(code, "    "))
        say(textwrap.fill(failed.told, 78, initial_indent="  ", subsequent_indent="  "))
    if others:
        say(textwrap.fill(f"Failed too: {', '.join(others)}", 78))
    if left := trials.unrun(judged):
        say(left)
    if judged.printed.strip():
        say(f"It printed:\n{textwrap.indent(trials.printed(judged), '    ')}")
