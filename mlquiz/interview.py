"""The loop of a mock interview: the session's own parts in another order. All is asked against the clock, then marked.

Every answer is in the log when the next question is asked, so that an interview may be cut off anywhere and gone on
with. What was written for an open question waits in the log for its rubric, which would tell too much before the end.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import NamedTuple, Protocol

from mlquiz.core.answer import Answer, Explained, Given, Reply
from mlquiz.core.grading import grade
from mlquiz.core.question import Exercise, Open, Question
from mlquiz.core.review import rate
from mlquiz.core.summary import Line, Summary
from mlquiz.session import Keeper, Mode, NotNow, Opening, Place, Player, Quit, Session, TimeUp, Turn

MOCK = Mode("mock", repeats=False)


class Clock:
    """The seconds of an interview, those of earlier sittings among them; `tick` is a monotonic clock."""

    def __init__(self, tick: Callable[[], float], limit: float, before: float = 0.0) -> None:
        self.tick, self.limit, self.before, self.start = tick, limit, before, tick()

    def spent(self) -> float:
        return self.before + self.tick() - self.start

    def left(self) -> float:
        return self.limit - self.spent()


class Examiner(Player, Protocol):
    """A player that also has open answers marked."""

    def mark(self, exercise: Exercise, text: str) -> Explained:
        """The points that the text has, by its rubric; raises Quit."""

    def show(self, exercise: Exercise, place: Place) -> None:
        """The question, without asking it."""

    def settle(self, exercise: Exercise, answer: Answer) -> None:
        """The answer is in the log: its file or draft is put away."""

    def goes_on(self, missed: int) -> bool:
        """Whether the learner wants so many missed questions explained; raises Quit."""


class Minutes(Protocol):
    """Whoever keeps the minutes of the interview. Each call is durable when it returns."""

    def answered(self, question: str, spent: float) -> None: ...

    def written(self, question: str, text: str, seconds: float, spent: float) -> None:
        """An open answer, to be marked at the end."""

    def paused(self, spent: float) -> None: ...

    def ended(self, spent: float) -> None: ...


class Written(NamedTuple):
    """An open answer that waits for its rubric."""

    turn: Turn
    text: str
    seconds: float


class Interview(Session):
    """Asks until all is answered or the time is over; then has open answers marked."""

    def __init__(
        self,
        examiner: Examiner,
        keeper: Keeper,
        minutes: Minutes,
        titles: Callable[[Question], tuple[str, str]],
        clock: Clock,
    ) -> None:
        super().__init__(MOCK, examiner, keeper, titles, count(1).__next__)
        self.examiner, self.minutes, self.clock = examiner, minutes, clock
        self.waiting: list[Written] = []
        self.spent: float | None = None
        """Seconds when all had been asked; marking is not on the clock."""

    def sit(self, name: str, turns: Iterable[Turn], waiting: Sequence[Written], answered: int) -> Summary:
        """The interview, or what is left of it: `answered` are those before this sitting, `waiting` those of them that
        are to be marked. Its verdicts are not told here."""
        self.queue.extend(turns)
        self.waiting = list(waiting)
        self.total = answered + len(self.queue)
        interrupted, finished = False, False
        self.player.begin(Opening(name, self.mode.name, self.total))
        try:
            self._ask_all()
            self.spent = self.clock.spent()
            self._mark_all()
            finished = True
        except Quit as leaving:
            interrupted = leaving.interrupted
        except KeyboardInterrupt:
            interrupted = True
        spent = self.clock.spent() if self.spent is None else self.spent
        if finished:
            self.minutes.ended(spent)
        else:
            self.minutes.paused(spent)
        return Summary(self.lines, 0, len(self.queue), interrupted, self.keeper.due(1), self.keeper.due(0))

    def _ask_all(self) -> None:
        """A question put off comes back after all others; who puts off all that is left, twice, has done."""
        put_off = 0
        while self.queue and self.clock.left() > 0 and put_off < 2 * len(self.queue):
            turn = self.queue.popleft()
            try:
                put_off = 0 if self._asked(turn) else put_off + 1
            except (Quit, KeyboardInterrupt):
                self.queue.appendleft(turn)
                raise

    def _asked(self, turn: Turn) -> bool:
        """Asks one question; whether it was answered, and not put off."""
        exercise = self._drawn(turn)
        if exercise is None:
            return True
        forecast, attempts, revised = self.keeper.meet(turn.question)
        place = self._place(turn, attempts, revised)._replace(clock=self.clock.left)
        begun = self.clock.spent()
        try:
            reply = self.examiner.ask(exercise, place)
        except NotNow:
            self.queue.append(turn)
            return False
        except TimeUp as up:
            if up.answer is None:
                return True
            reply = Reply(up.answer, None, round(self.clock.spent() - begun, 1))
        if reply.seconds is None:
            reply = Reply(reply.answer, reply.confidence, round(self.clock.spent() - begun, 1), reply.paced)
        if isinstance(exercise.body, Open) and isinstance(reply.answer, Given):
            self.minutes.written(turn.question.id, reply.answer.text, reply.seconds or 0.0, self.clock.spent())
            self.waiting.append(Written(turn, reply.answer.text, reply.seconds or 0.0))
            self.examiner.settle(exercise, reply.answer)
            return True
        self._kept(turn, exercise, reply, forecast)
        self.minutes.answered(turn.question.id, self.clock.spent())
        return True

    def _mark_all(self) -> None:
        while self.waiting:
            turn, text, seconds = self.waiting[0]
            exercise = self._drawn(turn)
            if exercise is not None:
                forecast, _, _ = self.keeper.meet(turn.question)
                answer: Answer = self.examiner.mark(exercise, text)
                self._kept(turn, exercise, Reply(answer, None, seconds), forecast)
            self.waiting.pop(0)

    def _kept(self, turn: Turn, exercise: Exercise, reply: Reply, forecast: float | None) -> None:
        verdict = grade(exercise.body, reply.answer)
        rating = rate(turn.question.kind, verdict, reply, turn.question.seconds)
        self.keeper.append(turn.question, exercise, reply, verdict, rating, forecast, self.mode.name)
        self.examiner.settle(exercise, reply.answer)
        self.answered.add(turn.question.id)
        self.lines.append(Line(turn.question.topic, verdict.score, verdict.right, reply.seconds, reply.confidence))
