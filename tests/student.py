"""The Player of a made-up learner: answers by its truth, takes its time, and now and then does more than go on."""

from diary import Clock, Diary
from truth import Truth

from mlquiz.core.answer import Reply
from mlquiz.core.question import Exercise
from mlquiz.core.review import Rating
from mlquiz.core.summary import Summary
from mlquiz.session import Move, NotNow, Opening, Outcome, Place, Quit

READING = (3, 25)
"""Seconds over a verdict."""


class Student:
    """One session of somebody whose truth, habits and clock live longer."""

    def __init__(self, truth: Truth, diary: Diary, clock: Clock, day: int) -> None:
        self.truth, self.diary, self.clock, self.day = truth, diary, clock, day
        self.patience = int(diary.between(3, 15)) if diary.happens(0.12) else None
        self.answered = 0

    def begin(self, opening: Opening) -> None:
        self.clock.pass_(5)

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        if self.answered == self.patience:
            raise Quit
        if self.diary.happens(0.01):
            raise NotNow
        reply = self.truth.answer(exercise, self.day)
        self.answered += 1
        self.clock.pass_(reply.seconds or 0)
        return reply

    def tell(self, outcome: Outcome) -> Move:
        """Mostly on to the next one; after a rating of the learner's own the same is told again."""
        if outcome.review.rated_by == "learner":
            return "next"
        self.clock.pass_(self.diary.between(*READING))
        if outcome.verdict.right:
            return self._rated(outcome)
        if self.diary.happens(0.015):
            return "undo"
        if outcome.review.forecast is not None and self.diary.happens(0.03):
            return "suspend"  # missed again after all this time
        return "next"

    def _rated(self, outcome: Outcome) -> Move:
        """What was too easy, or right by luck, the learner says so at times."""
        if outcome.reply.confidence == "sure" and outcome.review.forecast and self.diary.happens(0.05):
            return Rating.EASY
        if outcome.reply.confidence == "unsure" and self.diary.happens(0.06):
            return Rating.AGAIN
        return "next"

    def close(self, summary: Summary) -> None:
        self.clock.pass_(10)
