"""A program over JSON lines, protocol 1: one object a line, stdout carries nothing else.

The messages are Structs, so what comes in is checked by the kind of the open question.
"""

from collections.abc import Callable
from typing import Any, TextIO, assert_never

import msgspec

from mlquiz.core.answer import Answer, Confidence, Explained, Given, Ran, Reply, Unclear, checked, decode
from mlquiz.core.grading import solution
from mlquiz.core.question import Code, Exercise, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.summary import Summary
from mlquiz.core.text import tidy
from mlquiz.core.trial import Judge
from mlquiz.players import why
from mlquiz.players.typed import once_more
from mlquiz.session import Move, NotNow, Opening, Outcome, Place, Quit

PROTOCOL = 1
LONGEST = 1_000_000
"""Characters of a line that are read; a longer one is refused."""


class Evidence(msgspec.Struct, frozen=True):
    """What answers a question; unknown fields are ignored."""

    id: str
    answer: msgspec.Raw
    confidence: Confidence | None = None
    seconds: float | None = None


class Answered(Evidence, frozen=True, tag_field="type", tag="answer"):
    """A line that answers."""


class Skip(msgspec.Struct, frozen=True, tag_field="type", tag="skip"):
    id: str


class Leave(msgspec.Struct, frozen=True, tag_field="type", tag="quit"):
    pass


_ENDS = {0x2028: r"\u2028", 0x2029: r"\u2029"}
"""Where Python's `splitlines`, and others, end a line; JSON does not mind them."""
_LINE = msgspec.json.Decoder(Answered | Skip | Leave)


class Lines:
    """The Player of a scripted session. `day_name` gives a day's ISO date."""

    def __init__(self, stdin: TextIO, stdout: TextIO, judge: Judge, day_name: Callable[[int], str]) -> None:
        self.stdin, self.stdout, self.judge, self.day_name = stdin, stdout, judge, day_name

    def _send(self, type_: str, **fields: Any) -> None:
        line = msgspec.json.encode({"type": type_, **fields}).decode()
        print(line.translate(_ENDS), file=self.stdout, flush=True)

    def begin(self, opening: Opening) -> None:
        self._send("hello", protocol=PROTOCOL, session=opening.session, mode=opening.mode, total=opening.total)

    def show(self, exercise: Exercise, place: Place) -> None:
        """Sends the question."""
        question = exercise.question
        self._send(
            "question", n=place.n, of=place.of, id=question.id, attempt=place.attempt, repeat=place.repeat,
            revised=place.revised, seed=exercise.seed, kind=question.kind, topic=question.topic, level=question.level,
            prompt=exercise.prompt, **_carried(exercise), seconds=question.seconds,
            **({"why": why.fields(place.why, place.repeat)} if place.why else {}),
            **({"clock": round(place.clock(), 1)} if place.clock else {}),
        )  # fmt: skip

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        self.show(exercise, place)
        near: set[str] = set()
        written = ""
        while True:
            try:
                line = self._line(exercise)
                answer = understood(exercise, line, self.judge, near)
            except Unclear as unclear:
                self._send("error", message=tidy(str(unclear)))
                continue
            if isinstance(exercise.body, Open) and isinstance(answer, Given) and place.clock is None:
                written = answer.text
                self._rubric(exercise.body, exercise.question.id)
                continue
            if isinstance(answer, Explained) and not answer.text:
                answer = msgspec.structs.replace(answer, text=written)
            return Reply(answer, line.confidence, line.seconds)

    def mark(self, exercise: Exercise, text: str) -> Explained:
        """The rubric of an open answer given before: a line with its points. Raises Quit."""
        assert isinstance(exercise.body, Open)
        self._rubric(exercise.body, exercise.question.id)
        while True:
            try:
                answer = understood(exercise, self._line(exercise), self.judge, None)
            except Unclear as unclear:
                self._send("error", message=tidy(str(unclear)))
                continue
            except NotNow:
                raise Quit from None
            if isinstance(answer, Explained):
                return msgspec.structs.replace(answer, text=text)
            self._send("error", message="the answer was given; its points are wanted now")

    def settle(self, exercise: Exercise, answer: Answer) -> None:
        """Nothing: no file was written."""

    def goes_on(self, missed: int) -> bool:  # noqa: ARG002  # as in the protocol
        """Never: all verdicts are sent before the card."""
        return False

    def _line(self, exercise: Exercise) -> Answered:
        """The next line that answers the open question. Raises Unclear, NotNow, Quit."""
        try:
            text = self.stdin.readline(LONGEST)
        except KeyboardInterrupt:
            raise Quit(interrupted=True) from None
        except UnicodeDecodeError:
            raise Unclear("the line is not UTF-8") from None
        if not text:
            raise Quit
        if len(text) >= LONGEST and not text.endswith("\n"):
            while (rest := self.stdin.readline(LONGEST)) and not rest.endswith("\n"):
                pass
            raise Unclear(f"the line is longer than {LONGEST:,} characters")
        return parsed(text, exercise.question.id)

    def _rubric(self, body: Open, id_: str) -> None:
        self._send("rubric", id=id_, criteria=body.rubric, red_flags=body.red_flags, model_answer=body.model_answer)

    def tell(self, outcome: Outcome) -> Move:
        self.told(outcome)
        return "next"

    def told(self, outcome: Outcome) -> None:
        """Sends the verdict."""
        exercise, verdict, given = outcome.exercise, outcome.verdict, outcome.reply.answer
        key = solution(exercise.body)
        if isinstance(key, Ran):
            key = Ran(key.source)
        tried = {"results": given.results} if isinstance(given, Ran) else {}
        self._send(
            "verdict", id=exercise.question.id, score=verdict.score, right=verdict.right, note=verdict.note,
            explanation=exercise.explanation, answer=key, **tried,
            rating=outcome.review.rating.name.lower(), due=self.day_name(outcome.due),
        )  # fmt: skip

    def close(self, summary: Summary) -> None:
        topics = [
            {"topic": tally.topic, "asked": tally.asked, "right": tally.right, "score": tally.score}
            for tally in summary.tallies()
        ]
        self._send(
            "summary", asked=len(summary.lines), score=summary.whole.score if summary.whole else None, by_topic=topics,
            skipped=summary.skipped, left=summary.left, due=summary.due, tomorrow=summary.tomorrow - summary.due,
        )  # fmt: skip


def parsed(text: str, open_question: str | None = None) -> Answered:
    """A line of the protocol. Raises Unclear for what is not one, NotNow for a skip, Quit for a quit."""
    try:
        line: Answered | Skip | Leave = _LINE.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unclear(f'expected {{"type":"answer","id":…,"answer":{{…}}}}, "skip" or "quit": {error}') from None
    if isinstance(line, Leave):
        raise Quit
    if open_question is not None and line.id != open_question:
        raise Unclear(f"the open question is {open_question}, not {line.id}")
    if isinstance(line, Skip):
        raise NotNow
    return line


def understood(exercise: Exercise, line: Evidence, judge: Judge, near: set[str] | None) -> Answer:
    """The line's answer to this exercise; one in code is run. Raises Unclear.

    `near` gathers the near misses asked again; null takes them as they are.
    """
    try:
        raw = msgspec.json.decode(line.answer)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unclear(f"the answer cannot be read: {error}") from None
    body = exercise.body
    if line.seconds is not None and not 0 <= line.seconds < 1e9:
        raise Unclear("seconds should be 0 or more")
    if isinstance(body, Open) and isinstance(raw, dict) and "points" not in raw and isinstance(raw.get("text"), str):
        return Given(tidy(raw["text"]))
    answer = decode(exercise.question.kind, raw)
    if isinstance(answer, Given | Explained):
        answer = msgspec.structs.replace(answer, text=tidy(answer.text))
    if near is not None and isinstance(body, Short) and isinstance(answer, Given):
        once_more(body, near)(answer.text)
    answer = checked(body, answer)
    if isinstance(answer, Ran) and isinstance(body, Code | Sql):
        judged = judge(body, answer.source)
        if judged.lacks:
            raise Unclear(f"this question needs {judged.lacks}, which is not installed")
        return Ran(answer.source, judged.results)
    return answer


def _carried(exercise: Exercise) -> dict[str, Any]:
    """What a question carries by its kind."""
    body = exercise.body
    match body:
        case Single() | Multi():
            labels = zip("abcde", body.options, strict=False)
            return {"options": [{"key": option.key, "label": label, "text": option.text} for label, option in labels]}
        case Number():
            return {"unit": body.unit, "params": exercise.params}
        case Order():
            return {"steps": [{"key": key, "text": text} for key, text in body.steps.items()]}
        case Output():
            return {"language": body.language, "program": body.program}
        case Code():
            return {"language": body.language, "starter": body.starter, "requires": body.requires}
        case Sql():
            return {"schema": body.schema}
        case Short() | Open():
            return {}
        case other:
            assert_never(other)
