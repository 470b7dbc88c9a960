"""The one loop: ask, grade, rate, append, tell. Modes are data; players and the keeper of the log are handed in."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, TypeAlias

from mlquiz.core.answer import Answer, Reply, Verdict
from mlquiz.core.draw import draw
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import grade
from mlquiz.core.question import Exercise, Question
from mlquiz.core.review import Rating, Review, rate
from mlquiz.core.selection import Candidate
from mlquiz.core.summary import Line, Summary

REASK_AFTER = 4
"""A missed question comes back after so many others, or at the end."""
DRAWS = 20
REASKS = 3
"""How often a missed question comes back within a session."""


class Mode(NamedTuple):
    """A way of holding a session; `repeats`: missed questions come back."""

    name: str
    repeats: bool


REVIEW = Mode("review", repeats=True)
QUIZ = Mode("quiz", repeats=True)
PRACTICE = Mode("practice", repeats=False)


class Quit(Exception):
    """The learner leaves; `interrupted` by Ctrl-C or Ctrl-D."""

    def __init__(self, interrupted: bool = False) -> None:
        super().__init__()
        self.interrupted = interrupted


class NotNow(Exception):
    """The question is passed over and nothing is logged."""


class TimeUp(Exception):
    """The clock of an interview ran out over an open question; `answer` is what was given by then, or null."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer


class Opening(NamedTuple):
    session: str
    mode: str
    total: int


class Place(NamedTuple):
    """Where in the session a question stands: `n` of `of`, the how-manyth attempt today, whether it was missed before,
    whether it was revised since it was last answered, its area's and topic's titles, the seconds the rest may take;
    why it was chosen, where that is wanted; in an interview, the seconds its clock still has."""

    n: int
    of: int
    attempt: int
    repeat: bool
    revised: bool
    titles: tuple[str, str]
    seconds_left: int
    why: Candidate | None = None
    clock: Callable[[], float] | None = None


class Outcome(NamedTuple):
    """A graded answer as it is told: `due` is the day on which the question comes back."""

    exercise: Exercise
    reply: Reply
    verdict: Verdict
    review: Review
    due: int
    again: bool


Move: TypeAlias = Rating | Literal["next", "undo", "suspend", "not today"]


class Player(Protocol):
    """Whoever answers."""

    def begin(self, opening: Opening) -> None: ...

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        """The reply; raises Quit or NotNow."""

    def tell(self, outcome: Outcome) -> Move:
        """Shows the verdict and says what to do with it; raises Quit."""

    def close(self, summary: Summary) -> None: ...


class Keeper(Protocol):
    """Whoever keeps the log. Each call is durable when it returns."""

    def meet(self, question: Question) -> tuple[float | None, int, bool]:
        """The chance of knowing it (null: unseen, or asked today), today's answers to it, whether it was revised."""

    def append(self, question: Question, exercise: Exercise, reply: Reply, verdict: Verdict, rating: Rating,
               forecast: float | None, mode: str) -> tuple[Review, int]: ...  # fmt: skip

    def correct(self, review: Review, rating: Rating) -> tuple[Review, int]: ...

    def retract(self, review: Review) -> None: ...

    def suspend(self, question: str) -> None: ...

    def put_off(self, question: str) -> None:
        """Not to be asked again today."""

    def due(self, ahead: int) -> int:
        """How many questions are due so many days from today."""


class Turn(NamedTuple):
    question: Question
    seed: int
    misses: int = 0


class Session:
    """A queue of questions and what has been answered so far.

    `chosen` says of each how long it may take and why it was chosen; the latter is told with `why`.
    """

    def __init__(
        self,
        mode: Mode,
        player: Player,
        keeper: Keeper,
        titles: Callable[[Question], tuple[str, str]],
        seed: Callable[[], int],
        chosen: Mapping[str, Candidate] = MappingProxyType({}),
        why: bool = False,
    ) -> None:
        self.mode, self.player, self.keeper, self.titles, self.seed = mode, player, keeper, titles, seed
        self.chosen, self.why = chosen, why
        self.queue: deque[Turn] = deque()
        self.lines: list[Line] = []
        self.answered: set[str] = set()
        self.skipped = 0
        self.total = 0

    def run(self, name: str, questions: Iterable[Question]) -> Summary:
        """Asks them all, missed ones again, until the queue is empty or the learner leaves."""
        self.queue.extend(Turn(question, self.seed()) for question in questions)
        self.total = len(self.queue)
        interrupted = False
        self.player.begin(Opening(name, self.mode.name, self.total))
        try:
            while self.queue:
                self._turn(self.queue.popleft())
        except Quit as leaving:
            interrupted = leaving.interrupted
        except KeyboardInterrupt:
            interrupted = True
        left = len({turn.question.id for turn in self.queue} - self.answered)
        summary = Summary(self.lines, self.skipped, left, interrupted, self.keeper.due(1), self.keeper.due(0))
        self.player.close(summary)
        return summary

    def _turn(self, turn: Turn) -> None:
        question = turn.question
        exercise = self._drawn(turn)
        if exercise is None:
            self.skipped += 1
            return
        forecast, attempts, revised = self.keeper.meet(question)
        try:
            reply = self.player.ask(exercise, self._place(turn, attempts, revised))
        except NotNow:
            self.skipped += question.id not in self.answered
            return
        except (Quit, KeyboardInterrupt):
            self.queue.appendleft(turn)
            raise
        verdict = grade(exercise.body, reply.answer)
        rating = rate(question.kind, verdict, reply, question.seconds)
        review, due = self.keeper.append(question, exercise, reply, verdict, rating, forecast, self.mode.name)
        self.answered.add(question.id)
        self.lines.append(Line(question.topic, verdict.score, verdict.right, reply.seconds, reply.confidence))
        self._after(turn, Outcome(exercise, reply, verdict, review, due, False))

    def _drawn(self, turn: Turn) -> Exercise | None:
        """The exercise; other numbers where those of the seed have no key, none where no numbers have one."""
        seed = turn.seed
        for _ in range(DRAWS):
            try:
                return draw(turn.question, seed)
            except FormulaError:
                seed = self.seed()
        return None

    def _after(self, turn: Turn, outcome: Outcome) -> None:
        """Tells the verdict, and does what the learner asks for, until it is time for the next question."""
        while True:
            again = self.mode.repeats and outcome.review.rating is Rating.AGAIN and turn.misses < REASKS
            try:
                move = self.player.tell(outcome._replace(again=again))
            except (Quit, KeyboardInterrupt):
                if again:
                    self._again(turn)
                raise
            match move:
                case Rating():
                    if move is not outcome.review.rating:
                        review, due = self.keeper.correct(outcome.review, move)
                        outcome = outcome._replace(review=review, due=due)
                    continue
                case "undo":
                    self.keeper.retract(outcome.review)
                    self.lines.pop()
                    if not turn.misses:
                        self.answered.discard(turn.question.id)
                    self.queue.appendleft(turn._replace(seed=self.seed()))
                case "suspend":
                    self.keeper.suspend(turn.question.id)
                case "not today":
                    self.keeper.put_off(turn.question.id)
                case "next":
                    if again:
                        self._again(turn)
            return

    def _again(self, turn: Turn) -> None:
        self.queue.insert(min(REASK_AFTER, len(self.queue)), Turn(turn.question, self.seed(), turn.misses + 1))

    def _place(self, turn: Turn, attempts: int, revised: bool) -> Place:
        waiting = {other.question.id: self._seconds(other.question) for other in [turn, *self.queue]}
        n = self.total - len(set(waiting) - self.answered - {turn.question.id})
        why = self.chosen.get(turn.question.id) if self.why else None
        titles, left = self.titles(turn.question), sum(waiting.values())
        return Place(n, self.total, attempts + 1, turn.misses > 0, revised, titles, left, why)

    def _seconds(self, question: Question) -> int:
        chosen = self.chosen.get(question.id)
        return chosen.seconds if chosen else question.seconds
