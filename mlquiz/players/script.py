"""A list of replies: what a file of answers, or a test, has to say; another player shows and tells."""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

import msgspec

from mlquiz.core.answer import Answer, Explained, Given, Reply, Unclear
from mlquiz.core.question import Exercise, Open
from mlquiz.core.summary import Summary
from mlquiz.core.trial import Judge
from mlquiz.errors import UsageError
from mlquiz.players.lines import Evidence, understood
from mlquiz.session import Move, NotNow, Opening, Outcome, Place

_FILED = msgspec.json.Decoder(Evidence)


class Voice(Protocol):
    """What says the session, without asking anything."""

    def begin(self, opening: Opening) -> None: ...

    def show(self, exercise: Exercise, place: Place) -> None: ...

    def told(self, outcome: Outcome) -> None: ...

    def close(self, summary: Summary) -> None: ...


class Script:
    """Replies by question; several for one id are used in order, and a question without a reply is passed over."""

    def __init__(self, lines: Iterable[Evidence], voice: Voice, judge: Judge) -> None:
        self.voice, self.judge = voice, judge
        self.replies: dict[str, deque[Evidence]] = {}
        for line in lines:
            self.replies.setdefault(line.id, deque()).append(line)
        self.never_asked = set(self.replies)

    def begin(self, opening: Opening) -> None:
        self.voice.begin(opening)

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        self.never_asked.discard(exercise.question.id)
        waiting = self.replies.get(exercise.question.id)
        if not waiting:
            raise NotNow
        self.voice.show(exercise, place)
        line = waiting.popleft()
        try:
            answer = understood(exercise, line, self.judge, near=None)
            if isinstance(exercise.body, Open) and isinstance(answer, Given):
                raise Unclear('an open question wants {"text":…,"points":[ids met]} here')
        except Unclear as unclear:
            raise UsageError(f"The answer to {exercise.question.id} cannot be graded: {unclear}.") from None
        return Reply(answer, line.confidence, line.seconds)

    def mark(self, exercise: Exercise, text: str) -> Explained:  # noqa: ARG002  # as in the protocol
        """None: open answers are handed in with their points."""
        raise UsageError(f"The answer to {exercise.question.id} has no points.")

    def show(self, exercise: Exercise, place: Place) -> None:
        self.voice.show(exercise, place)

    def settle(self, exercise: Exercise, answer: Answer) -> None:
        """Nothing: no file was written."""

    def goes_on(self, missed: int) -> bool:  # noqa: ARG002  # as in the protocol
        """Always: it is told, and nobody waits."""
        return True

    def tell(self, outcome: Outcome) -> Move:
        self.voice.told(outcome)
        return "next"

    def close(self, summary: Summary) -> None:
        self.voice.close(summary)


def replies(lines: Iterable[str], name: str) -> list[Evidence]:
    """The lines of a file of answers; empty ones are passed over. Raises UsageError with the line's number."""
    out = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            out.append(_FILED.decode(line))
        except (msgspec.MsgspecError, RecursionError) as error:
            raise UsageError(f'{name}:{number}: expected {{"id":…,"answer":{{…}}}}: {error}') from None
    return out
