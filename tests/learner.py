"""A simulated learner who drives the real program, day after day: the same log for the same seed, at any length.

What it knows is hidden from the program: memories by FSRS-6 with a pace of its own for each question, abilities by area
and topic, beliefs that make it fall for the same distractor again. By hand, for something to look at:

    python tests/learner.py DIR --days 60 --seed 7 --until 2026-11-20
    MLQUIZ_HOME=DIR MLQUIZ_TODAY=2026-11-20 mlquiz --profile demo report
"""

import argparse
import io
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from mlquiz.commands.filters import Filters
from mlquiz.commands.quiz import quiz
from mlquiz.commands.review import review
from mlquiz.commands.sitting import Manner
from mlquiz.core.answer import Answer, Arranged, Computed, Confidence, DontKnow, Explained, Given, Picked, Reply
from mlquiz.core.grading import arranged, solution
from mlquiz.core.memory import Memory, recall
from mlquiz.core.question import Exercise, Multi, Number, Open, Order, Output, Question, Short, Single
from mlquiz.core.review import Rating
from mlquiz.core.scheduler import learn
from mlquiz.core.summary import Summary
from mlquiz.errors import MlquizError
from mlquiz.session import Move, Opening, Outcome, Place, Quit
from mlquiz.world import EPOCH, Paths, World

T = TypeVar("T")
SHIPPED = Path(__file__).parent.parent / "question_bank"
HARDER = (-1.2, -0.6, 0.0, 0.6, 1.2)
"""What difficulty 1 to 5 takes from the odds of knowing a question beforehand, on the logit scale."""
PRIOR = 60.0
"""Days of stability of what was known beforehand."""


class Mind:
    """What the learner really knows; no one else reads it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.memories: dict[str, Memory] = {}

    def trait(self, *names: str) -> float:
        """A number in -1..1 that belongs to these names for ever, more often near 0 than not."""
        chance = Random(f"{self.seed}:{':'.join(names)}").random
        return (chance() + chance() + chance()) / 1.5 - 1

    def recall(self, question: Question, day: int) -> float:
        """The chance (0..1) that the learner knows the question on that day."""
        memory = self.memories.get(question.id)
        if memory is None:
            area, topic = question.topic.split(".")
            odds = -0.6 + 1.5 * self.trait(area) + 2.5 * self.trait(area, topic) - HARDER[question.difficulty - 1]
            if self.trait(question.id, "before") > 2 / (1 + exp(-odds)) - 1:
                return 0.05
            memory = Memory(PRIOR, 5, day - 30)
        pace = exp(1.5 * self.trait(question.id, "pace") + 1.5 * self.trait(question.topic, "pace") - 1.6)
        return recall(memory._replace(stability=memory.stability * pace), day)

    def study(self, question: Question, day: int, known: bool) -> None:
        """Moves the memory by what was seen, once a day."""
        memory = self.memories.get(question.id)
        if memory is None or memory.last < day:
            after = learn(memory, 3 if known else 1, day)
            self.memories[question.id] = after._replace(stability=PRIOR) if memory is None and known else after


class Learner:
    """The Player: answers out of a mind, with a confidence that is often right, in a time that varies."""

    def __init__(self, mind: Mind, clock: "Clock", chance: Callable[[], float]) -> None:
        self.mind, self.clock, self.chance = mind, clock, chance

    def begin(self, opening: Opening) -> None:
        """Sits down."""

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        question = exercise.question
        if self.chance() < 0.004:
            raise Quit
        known = place.repeat or self.chance() < self.mind.recall(question, self.clock.day)
        seconds = round(question.seconds * exp(2.4 * (self._middling() - 0.6)) * (1 if known else 1.3), 1)
        self.clock.advance(seconds)
        answer = solution(exercise.body) if known else self._astray(exercise)
        if isinstance(exercise.body, Open):
            answer = self._explained(exercise.body, known)
        confidence = None if isinstance(answer, DontKnow) else self._confidence(question, known)
        self.mind.study(question, self.clock.day, known)
        return Reply(answer, confidence, seconds, paced=True)

    def tell(self, outcome: Outcome) -> Move:
        self.clock.advance(5 + 20 * self.chance())
        if outcome.review.rated_by == "learner":
            return "next"
        said = self.chance()
        if said < 0.006:
            return "undo"
        if said < 0.009:
            return "suspend"
        if outcome.verdict.right and said > 0.95:
            return Rating.EASY if said > 0.965 else Rating.HARD
        return "next"

    def close(self, summary: Summary) -> None:
        """Gets up."""

    def _middling(self) -> float:
        """A number in 0..1, more often near a half than not."""
        return (self.chance() + self.chance() + self.chance()) / 3

    def _confidence(self, question: Question, known: bool) -> Confidence:
        bold = 0.25 + 0.25 * self.mind.trait(question.topic, "bold")
        sure = 0.6 + bold if known else 0.5 * bold
        said = self.chance()
        return "sure" if said < sure else "unsure" if known or said < sure + 0.5 * (1 - sure) else "guessed"

    def _astray(self, exercise: Exercise) -> Answer:
        """What is answered where the learner does not know: a belief of its own, a guess, or that it does not."""
        if self.chance() < 0.2:
            return DontKnow()
        body, name = exercise.body, exercise.question.id
        belief = (self.mind.trait(name, "belief") + 1) / 2 if self.chance() < 0.7 else self.chance()
        match body:
            case Single():
                options = sorted(option.key for option in body.options if not option.correct or self.chance() < 0.5)
                return Picked([_at(options, belief)])
            case Multi():
                wrong = _at(sorted(option.key for option in body.options), belief)
                picked = [option.key for option in body.options if option.correct != (option.key == wrong)]
                return Picked(picked or [wrong])
            case Number():
                slips = [slip.value for slip in body.mistakes]
                return Computed(_at(slips, belief) if slips else body.value * 2 + 1)
            case Order():
                order = arranged(body)
                place = int(belief * (len(order) - 1))
                return Arranged([*order[:place], order[place + 1], order[place], *order[place + 2 :]])
            case Short():
                return Given(_at([wrong.text for wrong in body.reject], belief))
            case Output():
                return Given(_at([wrong.value for wrong in body.mistakes], belief))
            case Open():
                return DontKnow()

    def _explained(self, body: Open, known: bool) -> Answer:
        points = [point.id for point in body.rubric if self.chance() < (0.85 if known else 0.4)]
        flags = [flag.id for flag in body.red_flags if self.chance() < (0.05 if known else 0.3)]
        return Explained([*points, *flags], "In my own words.")


def _at(values: list[T], share: float) -> T:
    return values[min(len(values) - 1, int(share * len(values)))]


class Clock:
    """A clock that the learner moves; `day` is the learner's own day."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)
        self.day = 0

    def __call__(self) -> datetime:
        return self.moment

    def wake(self, day: int, hour: float) -> None:
        """That hour of the day; from 24 on it is past midnight and still the same day."""
        self.day = day
        self.moment = (
            datetime.combine(EPOCH + timedelta(days=day), time()) + timedelta(hours=hour)
        ).astimezone().astimezone(UTC)  # fmt: skip

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Lived(NamedTuple):
    """A life: the world it left behind, the mind, the days on which it studied."""

    world: World
    mind: Mind
    days: list[int]


def live(
    home: Path, days: int, until: int, seed: int = 7, banks: tuple[Path, ...] = (), profile: str = "demo"
) -> Lived:
    """Studies for so many days up to `until`, in a home of its own."""
    chance = Random(f"learner:{seed}").random
    clock, mind = Clock(), Mind(seed)
    world = _world(home, profile, banks, clock, chance)
    learner = Learner(mind, clock, chance)
    ill = range(until - days // 3, until - days // 3 + min(7, days // 6))
    studied = []
    for day in range(until - days + 1, until + 1):
        weekend = (EPOCH + timedelta(days=day)).weekday() >= 5
        if day in ill or chance() < (0.5 if weekend else 0.12):
            continue
        studied.append(day)
        clock.wake(day, 24.5 if chance() < 0.06 else 7 + 14 * chance())
        review(world, None, 10 + int(20 * chance()), Manner(player=learner))
        if chance() < 0.5:
            with suppress(MlquizError):  # no topic is weak yet
                quiz(world, Filters(), [], chance() < 0.6, False, 8, Manner(player=learner))
    return Lived(world, mind, studied)


def _world(home: Path, profile: str, banks: tuple[Path, ...], clock: Clock, chance: Callable[[], float]) -> World:
    count = iter(range(1, 1 << 30))

    def new_id() -> str:
        digits = f"{int(clock().timestamp() * 1000):012x}7{next(count) % 4096:03x}{next(count):016x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    return World(
        paths=Paths(home / "config", home / "data" / profile, home / "cache", SHIPPED, banks),
        now=clock,
        tick=lambda: clock().timestamp(),
        seed=lambda: int(chance() * 2**32),
        new_id=new_id,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        environ={},
    )


def main() -> int:
    says = argparse.ArgumentParser(description="Writes the log of a simulated learner.")
    says.add_argument("home", type=Path, help="a new folder, for MLQUIZ_HOME")
    says.add_argument("--days", type=int, default=60)
    says.add_argument("--seed", type=int, default=7)
    says.add_argument("--until", type=date.fromisoformat, default=date.today())
    says.add_argument("--profile", default="demo")
    says.add_argument("--bank", type=Path, action="append", default=[], help="beside the shipped one")
    said = says.parse_args()
    until = said.until.toordinal() - EPOCH.toordinal()
    lived = live(said.home, said.days, until, said.seed, tuple(said.bank), said.profile)
    print(f"{len(lived.days)} days of study in {lived.world.paths.log}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
