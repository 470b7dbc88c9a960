"""A person at a plain stream: no boxes, no redraw, numbered prompts. For screen readers, `TERM=dumb` and pipes."""

import functools
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO, TypeVar, assert_never

from mlquiz.core.answer import Answer, Confidence, DontKnow, Explained, Given, Ran, Reply, Unclear, checked
from mlquiz.core.question import Code, Exercise, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.review import Rating
from mlquiz.core.summary import Summary
from mlquiz.core.text import number, tidy
from mlquiz.core.words import clock, count
from mlquiz.players import why, wording
from mlquiz.players.bench import Bench
from mlquiz.players.drafts import Drafts
from mlquiz.players.linewise import Linewise
from mlquiz.players.markup import plain
from mlquiz.players.typed import arrangement, example, once_more, picks, places
from mlquiz.session import Move, NotNow, Opening, Outcome, Place, Quit

T = TypeVar("T")
WIDTH = 78
SURE: dict[str, Confidence] = {"1": "sure", "2": "unsure", "3": "guessed", "s": "sure", "u": "unsure", "g": "guessed"}
AFTER: dict[str, Move] = {
    "": "next", "u": "undo", "x": "suspend", "a": Rating.AGAIN, "h": Rating.HARD, "g": Rating.GOOD, "e": Rating.EASY,
}  # fmt: skip


class _Command(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Plain:
    """The Player of a plain session."""

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        tick: Callable[[], float],
        drafts: Drafts,
        bench: Bench,
        typed: Callable[[Path], str],
        confidence: bool,
    ) -> None:
        self.stdin, self.stdout, self.tick, self.drafts, self.confidence = stdin, stdout, tick, drafts, confidence
        self.bench, self.linewise = bench, Linewise(bench, typed, self.say)

    def say(self, text: str = "") -> None:
        print(text, file=self.stdout, flush=True)

    def _said(self, prompt: str) -> str:
        print(prompt, end=" ", file=self.stdout, flush=True)
        try:
            text = self.stdin.readline()
        except KeyboardInterrupt:
            raise Quit(interrupted=True) from None
        if not text:
            raise Quit(interrupted=True)
        return tidy(text).rstrip("\n")

    def _read(self, prompt: str, read: Callable[[str], T], bare: bool = False, commands: str = "ds?q") -> T:
        """What `read` makes of a line; a command letter after a colon, or alone where `bare`, is a command.

        Where something else than the answer is asked, `commands` is just the `q` that leaves.
        """
        while True:
            text = self._said(prompt)
            letter = text.strip().removeprefix(":")
            if len(letter) == 1 and letter in commands and (bare or text.strip().startswith(":")):
                raise _Command(letter)
            try:
                return read(text)
            except Unclear as unclear:
                self.say(f"{str(unclear)[:1].upper()}{str(unclear)[1:]}.")

    def begin(self, opening: Opening) -> None:
        self.say(
            f"{count(opening.total, 'question')}. Instead of an answer: :d don't know, :s not now, :? help, :q quit."
        )

    def show(self, exercise: Exercise, place: Place) -> None:
        """The question, with its options or steps numbered."""
        left, right = wording.header(place, exercise.question.level, 200)
        right += f", {clock(place.clock())} left" if place.clock else ""
        self.say(f"\nQuestion {right}. {left}\n" + (f"{why.told(place.why, place.repeat)}\n" if place.why else ""))
        self.say(plain(exercise.prompt, WIDTH))
        body = exercise.body
        if isinstance(body, Output | Code | Sql):
            code = body.program if isinstance(body, Output) else body.starter if isinstance(body, Code) else body.schema
            self.say("\n" + textwrap.indent(code.rstrip("\n"), "    "))
        if isinstance(body, Single | Multi):
            self._numbered([option.text for option in body.options])
        if isinstance(body, Order):
            self._numbered(list(body.steps.values()))
        self.say()

    def _numbered(self, texts: Sequence[str]) -> None:
        self.say()
        for n, text in enumerate(texts, start=1):
            self.say(textwrap.fill(text, WIDTH, initial_indent=f"{n}. ", subsequent_indent="   "))

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        self.show(exercise, place)
        start = self.tick()
        while True:
            try:
                answer = self._answer(exercise)
                seconds = round(self.tick() - start, 1)
                asks = self.confidence and place.clock is None and not isinstance(answer, Ran)
                confidence = self._confidence() if asks else None
                if isinstance(exercise.body, Open) and isinstance(answer, Given) and place.clock is None:
                    answer = self.mark(exercise, answer.text)
                return Reply(answer, confidence, seconds)
            except _Command as command:
                match command.key:
                    case "d":
                        return Reply(DontKnow(), None, round(self.tick() - start, 1))
                    case "s":
                        raise NotNow from None
                    case "q":
                        raise Quit from None
                    case _:
                        self.say("; ".join(f":{key} {does}" for key, does in wording.HELP.items()) + ".")

    def _answer(self, exercise: Exercise) -> Answer:
        body, task = exercise.body, wording.TASKS[exercise.question.kind]
        match body:
            case Single() | Multi():
                wanted = "Its number:" if isinstance(body, Single) else "Their numbers, like 1 3:"
                return self._read(f"{task} {wanted}", lambda text: checked(body, picks(body, text)), bare=True)
            case Number():
                unit = f" in {body.unit}" if body.unit else ""
                return self._read(f"{task}{unit}:", lambda text: checked(body, number(text, body.unit)), bare=True)
            case Order():
                return self._read(
                    f"{task}, like {example(len(body.steps))}:", lambda text: arrangement(body, text), bare=True
                )
            case Short():
                return self._read(f"{task}:", once_more(body), bare=True)
            case Code() | Sql():
                return self.linewise.solve(exercise, functools.partial(self._read, read=str))
            case Output() | Open():
                return self._lines(exercise, f"{task}; an empty line ends it:")
            case other:
                assert_never(other)

    def _lines(self, exercise: Exercise, prompt: str) -> Given:
        kept = self.drafts.kept(exercise.question.id) if isinstance(exercise.body, Open) else ""
        if kept:
            self.say(f"Your draft:\n{kept}\nAdd to it, or end it with an empty line.")
        text: list[str] = [kept] if kept else []
        while (line := self._read(prompt if not text else ">", str)).strip() or not text:
            if line.strip():
                text.append(line)
                if isinstance(exercise.body, Open):
                    self.drafts.keep(exercise.question.id, exercise.prompt, "\n".join(text))
        return Given("\n".join(text))

    def _confidence(self) -> Confidence:
        def read(text: str) -> Confidence:
            if found := SURE.get(text.strip()):
                return found
            raise Unclear("type 1, 2 or 3")

        return self._read("How sure? 1 sure, 2 unsure, 3 guessed:", read, commands="q")

    def mark(self, exercise: Exercise, text: str) -> Explained:
        """The rubric of an open answer. Raises Quit."""
        body = exercise.body
        assert isinstance(body, Open)
        points = [*body.rubric, *body.red_flags]
        self.say(f"\nA model answer:\n{plain(body.model_answer, WIDTH)}\n")
        self.say("What did your answer have? Points below 0 are red flags.")
        self._numbered([f"{point.text} ({point.points:+d})" for point in points])

        def read(typed: str) -> Explained:
            chosen = places(typed, len(points)) if typed.strip() != "0" else []
            return Explained([points[place].id for place in chosen], text)

        try:
            return self._read("\nTheir numbers, like 1 3 4, or 0 for none:", read, commands="q")
        except _Command:
            raise Quit from None

    def goes_on(self, missed: int) -> bool:
        """Whether what was missed is to be explained. Raises Quit."""
        return self._said(f"Enter tells what you missed, one by one ({missed}); q quits:").strip() != "q"

    def settle(self, exercise: Exercise, answer: Answer) -> None:
        """What was written is in the log."""
        if isinstance(exercise.body, Open):
            self.drafts.drop(exercise.question.id)
        if isinstance(answer, Ran):
            self.bench.settle(exercise, answer.source)

    def tell(self, outcome: Outcome) -> Move:
        self.settle(outcome.exercise, outcome.reply.answer)
        if outcome.review.rated_by == "rule":
            self.told(outcome)
        else:
            self.say(wording.comes_back(outcome))
        while True:
            later = "t not today, " if outcome.again else ""
            keys = f"Enter next, u undo, a again, h hard, g good, e easy, {later}x suspend, r report, q quit:"
            pressed = self._said(keys).strip()
            if pressed == "q":
                raise Quit
            if pressed == "t" and outcome.again:
                return "not today"
            if pressed == "r":
                self.say(wording.coordinates(outcome))
            elif pressed in AFTER:
                if pressed == "u":
                    self._restore(outcome)
                return AFTER[pressed]

    def _restore(self, outcome: Outcome) -> None:
        """What was written, to go on from there."""
        match outcome.reply.answer:
            case Explained(_, text):
                self.drafts.keep(outcome.exercise.question.id, outcome.exercise.prompt, text)
            case Ran(source):
                self.bench.restore(outcome.exercise, source)

    def told(self, outcome: Outcome) -> None:
        """The verdict, its reasons, the explanation, and when the question comes back."""
        self.say(f"\n{wording.headline(outcome)[1]}")
        for mark in wording.marks(outcome):
            word = f"{mark.word}: " if mark.word else "- "
            self.say(textwrap.fill(f"{word}{mark.text}", WIDTH, subsequent_indent="  ") if "\n" not in mark.text
                     else f"{word}\n{textwrap.indent(mark.text, '    ')}")  # fmt: skip
            if mark.why:
                self.say(textwrap.fill(mark.why, WIDTH, initial_indent="  ", subsequent_indent="  "))
        if solution := wording.reference(outcome.exercise.body)[0]:
            self.say(f"\nA solution:\n{textwrap.indent(solution.rstrip(), '    ')}")
        self.say(f"\n{plain(outcome.exercise.explanation, WIDTH)}\n")
        self.say(wording.comes_back(outcome))

    def close(self, summary: Summary) -> None:
        self.say()
        for tally in [*summary.tallies(), *([summary.whole] if summary.whole else [])]:
            self.say(f"{tally.topic}: {tally.right} of {tally.asked} right, score {tally.score:.0%}.")
        for sentence in wording.closing(summary):
            self.say(sentence)
