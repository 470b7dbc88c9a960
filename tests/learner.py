"""A made-up learner who studies for days on end with mlquiz's own commands, the same for the same seed.

    python tests/learner.py --home DIR --days 60 --seed 7 [--bank DIR | --made-up 300] [--until 2026-11-20]

writes DIR/data/demo/log.db and says how to look at it.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

from builders import day as day_of
from diary import Clock, Diary, world_of
from madeup import write_made_up
from student import Student
from truth import Truth

from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import Filters
from mlquiz.commands.quiz import quiz
from mlquiz.commands.report import standing
from mlquiz.commands.review import review
from mlquiz.commands.sitting import Manner
from mlquiz.commands.suspend import resume
from mlquiz.commands.undo import undo
from mlquiz.core.draw import picked
from mlquiz.store import memories
from mlquiz.world import day_name

UNTIL = "2026-11-20"
PROFILE = "demo"
ROOT = Path(__file__).parent.parent
MANY_SUSPENDED = 4
"""More than so many, and the learner asks one of them again."""


class Course(NamedTuple):
    """What is studied: `days` days, the last of them `until` (since 1970-01-01), of the shipped bank and others."""

    days: int
    until: int
    seed: int
    banks: tuple[Path, ...] = ()

    @property
    def start(self) -> int:
        return self.until - self.days + 1


class Learner:
    """Someone with a home, a clock, habits and a truth."""

    def __init__(self, home: Path, course: Course, bank: Path = ROOT / "question_bank", profile: str = PROFILE) -> None:
        self.course, self.clock = course, Clock()
        self.diary = Diary(course.seed, course.start, course.days)
        self.truth = Truth(course.seed, course.start)
        self.world = world_of(home, self.clock, course.seed, profile, bank, course.banks)

    def study(self) -> "Learner":
        """All the days of the course; where nothing is due, a quiz at times, and on the last day always."""
        for day in self.diary.studied:
            self.clock.set(day, self.diary.hour())
            student = self._student()
            review(self.world, None, None, Manner(player=student))
            if not student.answered and (day == self.course.until or self.diary.happens(0.5)):
                self._quiz()
            if self.diary.happens(0.04):
                self._take_back()
            if self.diary.happens(0.2):
                self.clock.pass_(self.diary.between(120, 600))
                self._quiz()
            if self.diary.happens(0.15) and self.clock.before(day, 21):
                self.clock.set(day, self.diary.between(21, 23.7))
                review(self.world, None, 10, Manner(player=self._student()))
        return self

    def _student(self) -> Student:
        return Student(self.truth, self.diary, self.clock, self.world.today())

    def _take_back(self) -> None:
        """A slip of the fingers noticed after the session."""
        with Desk(self.world) as desk:
            answered = bool(memories.latest(desk.log, 1))
        if answered:
            self.clock.pass_(30)
            undo(self.world, 1)

    def _quiz(self) -> None:
        """On the weak topics, or on some area while none is; one of many suspended questions is resumed before."""
        with Desk(self.world) as desk:
            idle = memories.suspended(desk.log)
            asked = [row.topic for row in desk.catalogue.rows() if row.id not in idle]
            weak = {topic.id for topic in standing(desk).weak} & {*asked}
        if len(idle) > MANY_SUSPENDED:
            resume(self.world, min(idle))
        area = None if weak else picked(asked, self.diary.chance).partition(".")[0]
        quiz(self.world, Filters(area), [], bool(weak), False, 10, Manner(player=self._student()))


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Writes the log of a made-up learner.")
    parser.add_argument("--home", type=Path, required=True, help="what MLQUIZ_HOME will be")
    parser.add_argument("--profile", default=PROFILE)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", type=day_of, default=UNTIL, help="the last day, as an ISO date")
    bank = parser.add_mutually_exclusive_group()
    bank.add_argument("--bank", type=Path, help="a folder of questions beside the shipped ones")
    bank.add_argument("--made-up", type=int, metavar="N", help="N made-up questions beside the shipped ones")
    chosen = parser.parse_args(argv)
    if chosen.days < 1:
        parser.error("--days should be at least 1")
    if chosen.made_up is not None and chosen.made_up < 1:
        parser.error("--made-up should be at least 1")
    if (chosen.home / "data" / chosen.profile / "log.db").exists():
        parser.error(f"{chosen.home} holds a log of {chosen.profile} already; a made-up learner begins a new one")
    if chosen.made_up:
        chosen.bank = chosen.home / "bank"
        write_made_up(chosen.bank, chosen.made_up)
    banks = (chosen.bank,) if chosen.bank else ()
    course = Course(chosen.days, chosen.until, chosen.seed, banks)
    learner = Learner(chosen.home, course, profile=chosen.profile).study()
    last = day_name(course.until)
    print(f"{learner.world.paths.log}: {course.days} days up to {last}. To look at it:")
    own = "".join(f" --bank {path}" for path in banks)
    print(f"MLQUIZ_HOME={chosen.home} MLQUIZ_TODAY={last} mlquiz --profile {chosen.profile}{own} report")


if __name__ == "__main__":
    main(sys.argv[1:])
