"""A person at a terminal: questions that fill the screen calmly, verdicts that say why."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, assert_never

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mlquiz.core.answer import Answer, Confidence, DontKnow, Explained, Given, Picked, Ran, Reply, checked
from mlquiz.core.question import Code, Exercise, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.review import Rating
from mlquiz.core.summary import Summary
from mlquiz.core.text import number, tidy
from mlquiz.players import page, prompts, why, wording
from mlquiz.players.editor import Editor
from mlquiz.players.essay import Essay
from mlquiz.players.loop import timed
from mlquiz.players.markup import prose
from mlquiz.players.typed import arrangement, example, once_more
from mlquiz.players.workbench import Workbench
from mlquiz.session import Move, NotNow, Opening, Outcome, Place, Quit

T = TypeVar("T")
RATINGS = {"a": Rating.AGAIN, "h": Rating.HARD, "g": Rating.GOOD, "e": Rating.EASY}
CONFIDENCE: dict[str, Confidence] = {"s": "sure", "u": "unsure", "g": "guessed"}


class Terminal:
    """The Player of an interactive session.

    `tick` is a monotonic clock in seconds; `own` gives the file of a question that is the learner's own.
    """

    def __init__(
        self,
        console: Console,
        tick: Callable[[], float],
        essay: Essay,
        workbench: Workbench,
        editor: Editor,
        confidence: bool,
        own: Callable[[str], Path | None],
    ) -> None:
        self.console, self.tick, self.essay, self.workbench, self.editor = console, tick, essay, workbench, editor
        self.confidence, self.own = confidence, own

    def begin(self, opening: Opening) -> None:
        """Nothing: the first question says it all."""

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        while True:
            self.show(exercise, place)
            start = self.tick()
            try:
                with timed(place.clock):
                    answer = self._leaving(lambda: self._answer(exercise))
                seconds = self.tick() - start
                confidence = None
                asks = self.confidence and place.clock is None
                if asks and not isinstance(answer, DontKnow | Ran):  # its tests have told by now
                    confidence = self._leaving(lambda given=answer: self._confidence(exercise, given))  # type: ignore[misc]
                if isinstance(exercise.body, Open) and isinstance(answer, Given) and place.clock is None:
                    answer = self._leaving(lambda text=answer.text: self.essay.rubric(exercise.body, text))  # type: ignore[misc]
                return Reply(answer, confidence, round(seconds, 1), paced=True)
            except prompts.Pressed as pressed:
                match pressed.key:
                    case "d":
                        return Reply(DontKnow(), None, round(self.tick() - start, 1), paced=True)
                    case "s":
                        raise NotNow from None
                    case "q":
                        raise Quit from None
                    case _:
                        self._help(exercise)

    def mark(self, exercise: Exercise, text: str) -> Explained:
        """The rubric of an open answer given before. Raises Quit."""
        body = exercise.body
        assert isinstance(body, Open)
        try:
            return self._leaving(lambda: self.essay.rubric(body, text))
        except prompts.Pressed:
            raise Quit from None

    def goes_on(self, missed: int) -> bool:
        """Whether what was missed is to be explained. Raises Quit."""
        offers = {"Enter": f"what you missed, one by one ({missed})", "q": "quit"}
        return self._leaving(lambda: prompts.key(offers)) == "Enter"

    def _leaving(self, asked: Callable[[], T]) -> T:
        try:
            return asked()
        except (KeyboardInterrupt, EOFError):
            raise Quit(interrupted=True) from None

    def show(self, exercise: Exercise, place: Place) -> None:
        """The question on a cleared screen."""
        left, right = wording.header(place, exercise.question.level, self.console.width)
        grid = Table.grid(expand=True)
        grid.add_column(ratio=1, overflow="ellipsis", no_wrap=True)
        grid.add_column(justify="right", no_wrap=True)
        grid.add_row(Text(left, style="bold"), Text(f"  {right}"))
        self.console.clear()
        self.console.print(grid)
        self.console.rule(style="quiet")
        if place.why:
            self.console.print(Text(why.told(place.why, place.repeat), style="quiet"), "")
        self.console.print(prose(exercise.prompt))
        if shown := page.beside(exercise.body):
            self.console.print(shown)
        if isinstance(exercise.body, Order):
            self.console.print()
            for n, text in enumerate(exercise.body.steps.values(), start=1):
                self.console.print(page.hanging(f"{n}.", page.inline(text)))
        self.console.print()

    def _answer(self, exercise: Exercise) -> Answer:
        body, task = exercise.body, wording.TASKS[exercise.question.kind]
        match body:
            case Single():
                place = prompts.pick(task, [option.text for option in body.options], wording.KEYS)
                return Picked([body.options[place].key])
            case Multi():
                return self._multi(body, task)
            case Number():
                unit = f" in {body.unit}" if body.unit else ""
                return prompts.line(f"{task}{unit}:", lambda text: checked(body, number(text, body.unit)), wording.KEYS)
            case Order():
                return prompts.line(
                    f"{task}, like {example(len(body.steps))}:", lambda text: arrangement(body, text), wording.KEYS
                )
            case Short():
                return prompts.line(f"{task}:", once_more(body), wording.KEYS)
            case Output():
                return prompts.lines(
                    f"{task} (an empty line ends it):", lambda text: checked(body, Given(tidy(text))), wording.KEYS
                )
            case Code() | Sql():
                return self.workbench.solve(exercise)
            case Open():
                return self.essay.write(exercise)
            case other:
                assert_never(other)

    def _multi(self, body: Multi, task: str) -> Answer:
        def read(places: list[int]) -> Picked:
            return Picked([body.options[place].key for place in places])

        message = task
        while True:
            answer: Picked = prompts.tick(message, [option.text for option in body.options], wording.KEYS, read)
            if answer.keys:
                return answer
            message = f"Tick at least one. {task}"

    def _confidence(self, exercise: Exercise, answer: Answer) -> Confidence:
        message = f"Your answer: {wording.given(exercise.body, answer)}\n\nHow sure are you?"
        pressed = prompts.key({"s": "sure", "u": "unsure", "g": "guessed", "q": "quit"}, message)
        if pressed == "q":
            raise Quit
        return CONFIDENCE[pressed]

    def _help(self, exercise: Exercise) -> None:
        colon = "" if isinstance(exercise.body, Single | Multi | Code | Sql) else ":"
        self.console.print(Text("Keys", style="bold"))
        for key, does in wording.HELP.items():
            self.console.print(Text(f"  {colon}{key}  {does}"))
        self.console.print(Text(f"  {wording.ENTER.get(exercise.question.kind, 'Enter answers')}\n"))
        self._leaving(lambda: prompts.key({"Enter": "back to the question"}))

    def tell(self, outcome: Outcome) -> Move:
        if outcome.review.rated_by == "learner":
            return self._move(outcome)
        word, sentence = wording.headline(outcome)
        self.console.print(Text(f"{wording.SYMBOLS[word]} {sentence}", style=f"bold {word}"))
        for mark in wording.marks(outcome):
            self.console.print(page.marked(mark))
        if page.solution(outcome.exercise.body):
            self.console.print(page.solution(outcome.exercise.body))
        self.console.print()
        self.console.print(prose(outcome.exercise.explanation))
        if outcome.exercise.question.references:
            self.console.print(Text("See: " + "; ".join(outcome.exercise.question.references), style="quiet"))
        self.console.print()
        return self._move(outcome)

    def _move(self, outcome: Outcome) -> Move:
        self.settle(outcome.exercise, outcome.reply.answer)
        word, sentence = wording.headline(outcome)
        self.console.print(
            Text.assemble((f"{wording.SYMBOLS[word]} {sentence}", word), f" {wording.comes_back(outcome)}")
        )
        rates = {key: rating.name.lower() for key, rating in RATINGS.items() if rating is not outcome.review.rating}
        file = self.own(outcome.exercise.question.id) if self.editor.command else None
        opens = {"o": "open its file"} if file else {}
        later = {"t": "not today"} if outcome.again else {}
        offers = {"Enter": "next", "u": "undo", **rates, **later, "x": "suspend", **opens, "r": "report", "q": "quit"}
        while True:
            pressed = self._leaving(lambda: prompts.key(offers))
            match pressed:
                case "Enter":
                    return "next"
                case "u":
                    self._restore(outcome)
                    return "undo"
                case "x":
                    self.console.print(Text(wording.suspended(outcome)))
                    self._leaving(lambda: prompts.key({"Enter": "next"}))
                    return "suspend"
                case "t":
                    return "not today"
                case "q":
                    raise Quit
                case "o" if file:
                    try:
                        self.editor.edit(file)
                    except OSError as error:
                        self.console.print(Text(f"{error}."))
                case "r":
                    self.console.print(Text(wording.coordinates(outcome)))
                case _:
                    return RATINGS[pressed]

    def settle(self, exercise: Exercise, answer: Answer) -> None:
        """What was written is in the log."""
        match answer:
            case Explained() | Given() if isinstance(exercise.body, Open):
                self.essay.settle(exercise)
            case Ran(source):
                self.workbench.bench.settle(exercise, source)

    def _restore(self, outcome: Outcome) -> None:
        """What was written, to go on from there."""
        match outcome.reply.answer:
            case Explained(_, text):
                self.essay.restore(outcome.exercise, text)
            case Ran(source):
                self.workbench.bench.restore(outcome.exercise, source)

    def close(self, summary: Summary) -> None:
        self.console.print()
        if summary.lines:
            self.console.print(page.scores(summary))
        for sentence in wording.closing(summary):
            self.console.print(Text(sentence))
