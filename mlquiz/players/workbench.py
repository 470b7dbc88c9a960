"""An answer in code at a terminal: written in an editor, run whenever it is saved, mended until it passes."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mlquiz.core.answer import Ran
from mlquiz.core.question import Code, Exercise, Sql
from mlquiz.core.trial import Judged
from mlquiz.players import page, prompts, trials, wording
from mlquiz.players.bench import Bench
from mlquiz.session import TimeUp

TALL = 30
"""Rows from which all names of tests are shown."""


class Workbench:
    """Asks for answers in code; `typed` shows a path as one would type it. Hints, and the last run, outlive a help."""

    def __init__(self, console: Console, bench: Bench, typed: Callable[[Path], str]) -> None:
        self.console, self.bench, self.typed = console, bench, typed
        self.hints: dict[str, int] = {}
        self.work: _Work | None = None

    def solve(self, exercise: Exercise) -> Ran:
        """The answer, once it passes or the learner leaves it so. Raises Pressed, KeyboardInterrupt, EOFError."""
        if self.work is None or self.work.exercise is not exercise:
            self.work = _Work(self, exercise)
        answer = self.work.done()
        self.work = None
        return answer


class _Work:
    """One question on the bench."""

    def __init__(self, place: Workbench, exercise: Exercise) -> None:
        self.console, self.bench, self.exercise = place.console, place.bench, exercise
        self.seen = place.hints
        body = exercise.body
        assert isinstance(body, Code | Sql)
        self.body = body
        self.said = ""
        self.judged: Judged | None = None
        self.source = ""
        try:
            self.where = place.typed(self.bench.begin(exercise))
        except OSError as error:
            self.where, self.said = "", f"The file for your answer cannot be used: {error}."
        self.saved = Saved(self.bench.path(exercise))

    def done(self) -> Ran:
        stays = False
        while self.judged is None or not (stays or self.judged.passed):
            try:
                stays = self._stays()
            except TimeUp:
                raise TimeUp(self._as_it_stands()) from None
        return Ran(self.source, self.judged.results, self.hints)

    def _stays(self) -> bool:
        """Does what the learner asks for; whether the answer is to stay as it is. Raises Pressed, TimeUp."""
        match self._pressed():
            case "Enter":
                self._edit()
            case "saved" | "r":
                self._run()
            case "h":
                self.seen[self.exercise.question.id] = self.hints + 1
                self._show()
            case "n":
                self._anew()
            case "a" if self.judged:
                if not self.saved.differs:
                    return True
                self._run()  # what is left so is what stands there now
            case key:
                raise prompts.Pressed(key)
        return False

    def _as_it_stands(self) -> Ran | None:
        """What is in the file when time is up, tested; nothing if it was not written in."""
        if self.bench.fresh(self.exercise):
            return None
        if self.judged is None or self.saved.differs:
            self._run()
        return Ran(self.source, self.judged.results, self.hints) if self.judged else None

    @property
    def hints(self) -> int:
        """Hints looked at, also before this turn."""
        return self.seen.get(self.exercise.question.id, 0)

    def _pressed(self) -> str:
        command = self.bench.editor.command
        offers: dict[str, str] = {}
        if self.where:
            left = len(self.body.hints) - self.hints
            offers |= {"Enter": f"open it in {Path(command[0]).name}"} if command else {}
            offers |= {"r": "run the tests"}
            offers |= {"h": f"hint ({left} left)" if self.hints else "hint"} if left else {}
            offers |= {"a": "leave it so"} if self.judged and trials.ran(self.judged) else {}
            offers |= {} if self.bench.fresh(self.exercise) else {"n": "start anew"}
        message = f"{self.said}\n" if self.said else ""
        if self.where:
            message += f"Write your answer in {self.where}; saving it runs the tests."
        return prompts.key(offers | wording.KEYS, message, self.saved)

    def _edit(self) -> None:
        self.said = ""
        try:
            self.bench.editor.edit(self.bench.path(self.exercise))
        except OSError as error:
            self.said = f"{error}."
            return
        if self.saved.differs or self.judged is None:
            self._run()

    def _run(self) -> None:
        self.said = ""
        self.saved.mark()
        try:
            self.source = self.bench.source(self.exercise)
        except OSError as error:
            self.said = f"{self.where} cannot be used: {error.strerror}."
            return
        self.console.print(Text("Running the tests …", style="quiet"))
        self.judged = self.bench.run(self.exercise, self.source)
        if not self.judged.passed:
            self._show()

    def _anew(self) -> None:
        if prompts.confirm(f"Put the starter in the place of what stands in {self.where}?"):
            try:
                self.bench.anew(self.exercise)
                self.said = "It stands as it did at first."
            except OSError as error:
                self.said = f"{self.where} cannot be written: {error.strerror}."
            self.judged = None
            self.saved.mark()
            self.console.clear()

    def _show(self) -> None:
        """What failed and how, then the hints looked at so far."""
        self.console.clear()
        if self.judged:
            trial(self.console, self.body, self.source, self.judged)
        for n, hint in enumerate(self.body.hints[: self.hints], start=1):
            self.console.print(page.hanging(f"Hint {n}", page.inline(hint), width=7))
        self.console.print()


def trial(console: Console, body: Code | Sql, source: str, judged: Judged) -> None:
    """Prints what the tests said."""
    console.print(Text(trials.verdict(judged), style="bold"))
    console.print()
    room = 2 * (console.width - 15) if console.height < TALL else 10_000
    full, others = trials.failures(body, source, judged, most=max(1, (console.height - 15) // 4))
    for failed in full:
        if failed.name:
            console.print(Text(f"✗ {failed.name}", style="wrong"))
        for code, language in (
            (failed.ran, "python" if isinstance(body, Code) else "text"),
            (failed.line, wording.language(body)),
        ):
            if code:
                console.print(page.code(code, language, above=0))
        console.print(Padding(Text(failed.told), (0, 0, 0, 2)))
    if others:
        console.print(Text(f"✗ and: {trials.some(others, room)}", style="wrong"))
    if left := trials.unrun(judged):
        console.print(Text(left))
    if passed := [result.name for result in judged.results if result.passed]:
        console.print(Text(f"✓ passed: {trials.some(passed, room)}", style="right"))
    if judged.printed.strip():
        console.print(Text("\nIt printed:", style="bold"))
        console.print(Padding(Text(trials.printed(judged)), (0, 0, 0, 2)))


class Saved:
    """Whether a file was saved since it was last marked, and has come to rest: editors write in more than one step."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mark()

    def mark(self) -> None:
        """What stands there now is known; call it before reading, so that no later save is missed."""
        self.before = self.last = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            stat = self.path.stat()
        except OSError:  # for a moment, while an editor puts another file in its place
            return None
        return stat.st_mtime_ns, stat.st_size

    @property
    def differs(self) -> bool:
        return self._stamp() not in (None, self.before)

    def __call__(self) -> bool:
        """Asked again and again; true once it differs and did so the last time."""
        now = self._stamp()
        rested, self.last = now == self.last, now
        return rested and now not in (None, self.before)
