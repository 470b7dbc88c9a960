"""What is said about an answer, in plain words: the same at a terminal, in plain mode and read aloud."""

from math import floor, log10
from typing import NamedTuple, assert_never

from mlquiz.core.answer import Answer, Arranged, Computed, DontKnow, Explained, Given, Picked, Ran
from mlquiz.core.formula import plain
from mlquiz.core.grading import arranged
from mlquiz.core.parts import Option
from mlquiz.core.question import Code, Concrete, Kind, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.review import Rating
from mlquiz.core.summary import Summary
from mlquiz.core.trial import Result
from mlquiz.core.words import count
from mlquiz.session import Outcome, Place

KEYS = {"d": "don't know", "s": "not now", "?": "help", "q": "quit"}
HELP = {
    "?": "this help",
    "d": "I don't know: graded wrong, never a guess",
    "s": "not now: passed over, nothing is logged",
    "q": "quit; everything answered is kept",
}
ENTER: dict[Kind, str] = {
    "single": "arrows or a digit choose, Enter answers",
    "multi": "digits or space tick, Enter answers",
    **dict.fromkeys(
        ("code", "sql"), "Enter opens the file in your editor; saving it, there or elsewhere, runs the tests"
    ),
}
TASKS: dict[Kind, str] = {
    "single": "Which one?",
    "multi": "Which are true? Two to four of them are.",
    "numeric": "Your number",
    "order": "An order that works, as numbers",
    "short": "Your answer",
    "output": "What it prints",
    "code": "Your file",
    "sql": "Your file",
    "open": "Your answer",
}


class Mark(NamedTuple):
    """A line of the verdict: a word (right, missed, wrong, or nothing), what it speaks of, and why."""

    word: str
    text: str
    why: str = ""


SYMBOLS = {"right": "✓", "wrong": "✗", "missed": "○", "": " "}


def header(place: Place, level: str, width: int) -> tuple[str, str]:
    """Left and right half of a question's first line; the area is left out where there is no room for it."""
    area, topic = place.titles
    right = f"{place.n}/{place.of}" + (
        "" if place.clock or not place.seconds_left else f" · {minutes(place.seconds_left)} left"
    )
    notes = [level]
    if place.revised:
        notes.append("revised")
    if place.attempt > 1:
        notes.append("again")
    left = f"{topic} · {', '.join(notes)}"
    return (f"{area} › {left}" if len(area) + len(left) + len(right) + 5 <= width else left), right


def minutes(seconds: float) -> str:
    return f"{max(1, round(seconds / 60))} min"


def given(body: Concrete, answer: Answer) -> str:
    """The answer in the words of the question."""
    match answer:
        case Picked(keys):
            assert isinstance(body, Single | Multi)
            return "; ".join(option.text for option in body.options if option.key in keys)
        case Computed(value):
            assert isinstance(body, Number)
            return number(value, body.unit)
        case Arranged(order):
            assert isinstance(body, Order)
            return " → ".join(body.steps[key] for key in order)
        case Given(text) | Explained(_, text):
            return text
        case Ran(source):
            return source
        case DontKnow():
            return "don't know"
        case other:
            assert_never(other)


def headline(outcome: Outcome) -> tuple[str, str]:
    """The word and the sentence a verdict opens with."""
    verdict = outcome.verdict
    if isinstance(outcome.reply.answer, DontKnow):
        return "wrong", "Not known."
    if verdict.right and outcome.reply.confidence == "guessed":
        return "right", "Right, by a guess: it will be asked again."
    if verdict.right:
        return "right", "Right." if verdict.score >= 1 else f"Right, {verdict.score:.0%} of the points."
    if verdict.score > 0:
        return "wrong", f"Not quite: {verdict.score:.0%} of the points."
    return "wrong", "Wrong."


def marks(outcome: Outcome) -> list[Mark]:
    """The verdict in detail, by kind."""
    body, answer = outcome.exercise.body, outcome.reply.answer
    match body:
        case Single() | Multi():
            picked = answer.keys if isinstance(answer, Picked) else []
            return [_option(option, option.key in picked, isinstance(body, Single)) for option in body.options]
        case Number():
            marks = [Mark("right", number(body.value, body.unit, body.margin))]
            if isinstance(answer, Computed) and not outcome.verdict.right:
                marks.insert(0, Mark("wrong", number(answer.value, body.unit), outcome.verdict.note))
            return marks
        case Order():
            return _order(body, outcome)
        case Short():
            marks = [Mark("right", body.accept[0])]
            if isinstance(answer, Given) and not outcome.verdict.right:
                marks.insert(0, Mark("wrong", answer.text.strip(), outcome.verdict.note))
            return marks
        case Output():
            marks = [Mark("right", body.output.rstrip("\n"))]
            if isinstance(answer, Given) and not outcome.verdict.right:
                marks.insert(0, Mark("wrong", answer.text.rstrip("\n"), outcome.verdict.note))
            return marks
        case Code() | Sql():
            return _tests(answer.results) if isinstance(answer, Ran) else []
        case Open():
            met = answer.points if isinstance(answer, Explained) else []
            return [
                *(
                    Mark("right" if point.id in met else "missed", f"{point.text} ({point.points})")
                    for point in body.rubric
                ),
                *(Mark("wrong", f"{flag.text} ({flag.points})") for flag in body.red_flags if flag.id in met),
            ]
        case other:
            assert_never(other)


def _option(option: Option, picked: bool, single: bool) -> Mark:
    """Why is told where the learner misjudged the option, and of the key of a single."""
    word = ("right" if picked or single else "missed") if option.correct else ("wrong" if picked else "")
    told = word in ("wrong", "missed") or (single and option.correct)
    return Mark(word, option.text, option.why if told else "")


def _order(body: Order, outcome: Outcome) -> list[Mark]:
    answer = outcome.reply.answer
    given = answer.order if isinstance(answer, Arranged) else None
    shown = given if given and outcome.verdict.right else arranged(body)
    out = [Mark("right", f"{n}. {body.steps[key]}") for n, key in enumerate(shown, start=1)]
    return out if not outcome.verdict.note else [Mark("wrong", outcome.verdict.note), *out]


def _tests(results: list[Result]) -> list[Mark]:
    failed = [Mark("wrong", result.name, result.failure) for result in results if not result.passed]
    return failed or [Mark("right", f"All {count(len(results), 'test')} pass.")]


def reference(body: Concrete) -> tuple[str, str]:
    """A solution to show, and its language; empty where the marks say it all."""
    return (body.reference, language(body)) if isinstance(body, Code | Sql) else ("", "")


def language(body: Code | Sql) -> str:
    return body.language if isinstance(body, Code) else "sql"


def number(value: float, unit: str, margin: float = 0.0) -> str:
    """The number to a digit more than the margin tells apart, with its unit."""
    if margin > 0:
        value = round(value, 1 - floor(log10(margin)))
    shown = plain(float(f"{value:.6g}")) if value != int(value) or abs(value) >= 1e15 else f"{int(value):,}"
    return f"{shown}{'' if unit in ('', '%') else ' '}{unit}"


def comes_back(outcome: Outcome) -> str:
    """The rating, who gave it, and when the question is due."""
    review = outcome.review
    rated = f"Rated {review.rating.name.lower()}{' by you' if review.rated_by == 'learner' else ''}"
    if outcome.again and review.rating is Rating.AGAIN:
        return f"{rated}; it comes back in this session."
    days = outcome.due - review.day
    return f"{rated}; it comes back {'tomorrow' if days == 1 else f'in {days} days'}."


def suspended(outcome: Outcome) -> str:
    """What to type to be asked it again."""
    return f"Suspended; `mlquiz resume {outcome.exercise.question.id}` asks it again."


def coordinates(outcome: Outcome) -> str:
    """What to paste into a report of a bad question."""
    exercise = outcome.exercise
    drawn = "".join(f" {name}={value}" for name, value in exercise.params.items())
    return f"{exercise.question.id} revision {exercise.question.revision} seed {exercise.seed}{drawn}"


def closing(summary: Summary) -> list[str]:
    """The sentences under a session's score report."""
    out = []
    if calibration := _calibration(summary):
        out.append(calibration)
    if summary.skipped:
        out.append(
            f"{count(summary.skipped, 'question')} passed over; nothing was logged for {_them(summary.skipped)}."
        )
    if summary.left:
        out.append(f"{count(summary.left, 'question')} left for another time.")
    if summary.due:
        out.append(f"Still due today: {count(summary.due, 'question')}; `mlquiz review` goes on.")
    out.append(f"Due tomorrow: {count(summary.tomorrow - summary.due, 'question')}.")
    return out


def _them(n: int) -> str:
    return "it" if n == 1 else "them"


def _calibration(summary: Summary) -> str:
    parts = []
    for confidence in ("sure", "unsure", "guessed"):
        said = [line.right for line in summary.lines if line.confidence == confidence]
        if said:
            parts.append(f"{confidence} {sum(said)} of {len(said)} right")
    return f"Confidence: {', '.join(parts)}." if parts else ""
