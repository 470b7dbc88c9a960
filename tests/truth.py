"""What a made-up learner really knows, hidden from the program: an FSRS-6 memory of its own, ability, prior knowledge.

`recall` tells it, `answer` shows it as the program gets to see it; `answering` makes the evidence of each kind.
"""

from collections.abc import Callable
from math import exp
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from answering import Tendency, of_knowing, of_not_knowing
from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, MemoryState

from mlquiz.core.answer import Answer, Confidence, DontKnow, Reply
from mlquiz.core.question import Exercise, Question

NORMAL = NormalDist()
SPREAD = 0.25
"""Of the parameters, log-normal around the defaults of FSRS-6."""
DECAY = 0.2
"""Median exponent of the forgetting curve; learners forget faster or slower than the program believes."""
STABILITY_SPREAD = 0.5
"""Of a question's own multiplier, on the log scale."""
PRIOR_STABILITY = 60.0
"""Median, in days, of what was known before the program met it."""
PRIOR_LOGIT = -0.2
"""Of knowing a question of difficulty 3 beforehand, for a learner of average ability: 45 %."""
SLIP = 0.05
"""A known question answered wrong all the same."""
SURE, UNSURE = 0.2, -0.7
"""Where a feeling becomes a confidence: not knowing feels like N(0, 1), knowing like N(KNOWING * recall, 1)."""
KNOWING = 1.8
GIVES_UP = 0.5
"""Of not knowing, unless it feels sure, the share said so; half of it where there is something to choose from."""


class Trait(NamedTuple):
    """What a question is to this learner: how long it stays, how hard it is, how it is got wrong."""

    stability: float
    difficulty: float
    tendency: Tendency


class Truth:
    """One learner, who began on the day `started`. The same is asked in the same order: the same is answered."""

    def __init__(self, seed: int, started: int) -> None:
        self.seed, self.started = seed, started
        self.chance = Random(f"answers:{seed}").random
        drawn = Random(f"memory:{seed}").random
        weights = [weight * exp(SPREAD * normal(drawn)) for weight in DEFAULT_PARAMETERS]
        weights[:4] = sorted(weights[:4])  # a better first answer never lasts less
        weights[4] = min(weights[4], 10.0)  # difficulty is 1 to 10
        self.decay = min(max(DECAY * exp(SPREAD * normal(drawn)), 0.1), 0.8)
        self.fsrs = FSRS([*weights[:20], self.decay])
        self.general = 0.3 * normal(drawn)
        self.pace = exp(0.15 * normal(drawn))
        self.states: dict[str, tuple[MemoryState, int]] = {}

    def recall(self, question: Question, day: int) -> float:
        """Chance (0..1) of knowing the question on that day."""
        if (known := self._state(question)) is None:
            return 0.0
        state, last = known
        stability = state.stability * self.trait(question).stability
        factor = 0.9 ** (-1 / self.decay) - 1
        return float((1 + factor * max(0, day - last) / stability) ** -self.decay)

    def answer(self, exercise: Exercise, day: int) -> Reply:
        """The answer given on that day; the verdict and the explanation, read after it, leave their mark."""
        question = exercise.question
        recall = self.recall(question, day)
        knows = self.chance() < recall
        answer = self._answer(exercise, knows)
        feeling = normal(self.chance) + self.bias(question.topic) + (KNOWING * recall if knows else 0.0)
        confidence: Confidence | None = confidence_of(feeling)
        if not knows and confidence != "sure":
            guessable = question.kind in ("single", "multi", "order")
            if self.chance() < GIVES_UP * (0.5 if guessable else 1.0):
                answer, confidence = DontKnow(), None
        self.learn(question, day, knows)
        return Reply(answer, confidence, self._seconds(question, knows, answer), paced=True)

    def learn(self, question: Question, day: int, knew: bool) -> None:
        """What is left of having met it on that day."""
        known = self._state(question)
        state, elapsed = (known[0], max(0, day - known[1])) if known else (None, 0)
        states = self.fsrs.next_states(state, 0.9, elapsed)
        after = (states.good if knew else states.again).memory
        if state is None:
            harder = after.difficulty + self.trait(question).difficulty
            after = MemoryState(after.stability, min(max(harder, 1.0), 10.0))
        self.states[question.id] = (after, day)

    def trait(self, question: Question) -> Trait:
        """The same for ever, whatever else was asked before."""
        drawn = Random(f"{self.seed}:{question.id}").random
        stability = exp(STABILITY_SPREAD * normal(drawn))
        return Trait(stability, question.difficulty - 3 + normal(drawn), Tendency(drawn(), drawn()))

    def ability(self, topic: str) -> float:
        """On the logit scale: of the learner, of the area, of the topic."""
        area = topic.partition(".")[0]
        own = 0.7 * normal(Random(f"{self.seed}:area:{area}").random)
        return self.general + own + 0.6 * normal(Random(f"{self.seed}:topic:{topic}").random)

    def bias(self, topic: str) -> float:
        """How much surer than it should the learner feels in the topic; far too sure in one of five."""
        drawn = Random(f"{self.seed}:bias:{topic}").random
        return 0.25 * normal(drawn) + (0.8 if drawn() < 0.2 else 0.0)

    def _state(self, question: Question) -> tuple[MemoryState, int] | None:
        """Memory and the day it was last moved; of a question never met, what is known of it beforehand."""
        if question.id in self.states:
            return self.states[question.id]
        drawn = Random(f"{self.seed}:prior:{question.id}").random
        logit = PRIOR_LOGIT + self.ability(question.topic) - 0.6 * (question.difficulty - 3)
        if drawn() > 1 / (1 + exp(-logit)):
            return None
        days = PRIOR_STABILITY * exp(0.8 * normal(drawn))
        hard = min(max(5.0 + self.trait(question).difficulty, 1.0), 10.0)
        return MemoryState(days, hard), self.started - int(30 * drawn())

    def _answer(self, exercise: Exercise, knows: bool) -> Answer:
        tendency = self.trait(exercise.question).tendency
        if knows and self.chance() > SLIP:
            return of_knowing(exercise.body, self.chance)
        return of_not_knowing(exercise.body, tendency, self.chance)

    def _seconds(self, question: Question, knows: bool, answer: Answer) -> float:
        typical = 0.4 if isinstance(answer, DontKnow) else 0.65 if knows else 0.95
        return round(max(2.0, question.seconds * self.pace * typical * exp(0.4 * normal(self.chance))), 1)


def confidence_of(feeling: float) -> Confidence:
    return "sure" if feeling > SURE else "unsure" if feeling > UNSURE else "guessed"


def normal(chance: Callable[[], float]) -> float:
    """One draw of N(0, 1), through `.random()` only."""
    return NORMAL.inv_cdf(min(max(chance(), 1e-9), 1 - 1e-9))
