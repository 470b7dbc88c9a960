"""The session's Keeper: what happens there becomes reviews in the log, dated by the world's clock."""

from collections.abc import Collection

from mlquiz.core.answer import Reply, Verdict
from mlquiz.core.memory import Memory, drifted, due, recall
from mlquiz.core.plan import Plan
from mlquiz.core.question import Exercise, Question
from mlquiz.core.review import Rating, Review
from mlquiz.errors import JournalError
from mlquiz.store import memories
from mlquiz.store.database import Log
from mlquiz.store.journal import Bank, Journal
from mlquiz.world import World, iso


class LogKeeper:
    """Keeps one session in the log; `barred` questions cannot be asked here, so they are not counted as due."""

    def __init__(
        self, world: World, log: Log, plan: Plan, session: str, bank: Bank | None = None, barred: Collection[str] = ()
    ) -> None:
        self.world, self.log, self.plan, self.session, self.barred = world, log, plan, session, barred
        self.journal = Journal(log, world.new_id, bank)

    def meet(self, question: Question) -> tuple[float | None, int, bool]:
        self.journal.in_step()
        today = self.world.today()
        met = memories.met(self.log, question.id)
        attempts = memories.answers_on(self.log, question.id, today)
        if attempts or met is None or met.memory is None:  # minutes after an answer there is nothing to forecast
            return None, attempts, met is not None and met.first is None
        return drifted(recall(met.memory, today), memories.drift(self.log)), attempts, False

    def append(
        self, question: Question, exercise: Exercise, reply: Reply, verdict: Verdict, rating: Rating,
        forecast: float | None, mode: str,
    ) -> tuple[Review, int]:  # fmt: skip
        review = Review(
            id=self.journal.new_id(),
            session=self.session,
            question=question.id,
            revision=question.revision,
            key=question.key,
            seed=exercise.seed,
            at=self._now(),
            day=self.world.today(),
            seconds=reply.seconds,
            answer=reply.answer,
            params=exercise.params,
            confidence=reply.confidence,
            score=verdict.score,
            right=verdict.right,
            rating=rating,
            rated_by="rule",
            forecast=forecast,
            mode=mode,
        )
        try:
            return review, self._due(self.journal.append(review))
        except JournalError as error:
            raise JournalError(f"{error} Your answer to {question.id} was not kept; those before it were.") from None

    def correct(self, review: Review, rating: Rating) -> tuple[Review, int]:
        corrected, memory = self.journal.correct(review, rating, self._now())
        return corrected, self._due(memory)

    def retract(self, review: Review) -> None:
        self.journal.retract([review], self._now())

    def suspend(self, question: str) -> None:
        self.journal.mark(question, "suspended", self._now())

    def put_off(self, question: str) -> None:
        self.journal.mark(question, "not today", self._now())

    def due(self, ahead: int) -> int:
        off = set() if ahead else memories.put_off(self.log, self.world.began())
        return memories.load(self.log, self.plan, self.world.today() + ahead, 0, off.union(self.barred)).due

    def _now(self) -> str:
        return iso(self.world.now())

    def _due(self, memory: Memory | None) -> int:
        return due(memory, self.plan) if memory else self.world.today() + 1
