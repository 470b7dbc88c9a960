"""A question laid open: prompt, answer, reasons, and the learner's history of it."""

from typing import TextIO, assert_never

from rich.text import Text

from mlquiz.core.formula import plain
from mlquiz.core.grading import arranged, tests
from mlquiz.core.question import Code, Exercise, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.review import Review
from mlquiz.players import page
from mlquiz.players.markup import Screen, prose
from mlquiz.players.wording import Mark, number


def sheet(exercise: Exercise, history: list[Review], state: str, where: str, out: TextIO) -> None:
    """Prints all there is to a question."""
    console = Screen(out)
    question = exercise.question
    console.print(Text(question.id, style="bold"))
    console.print(
        Text(f"{question.kind}, {question.level}, difficulty {question.difficulty} of 5, {question.seconds} s")
    )
    console.print(Text(f"Skills: {', '.join(question.skills)}"))
    if where:
        console.print(Text(where), soft_wrap=True)
    console.print()
    console.print(prose(exercise.prompt))
    if exercise.params:
        console.print(
            Text(f"(with {', '.join(f'{name} = {plain(value)}' for name, value in exercise.params.items())})")
        )
    if shown := page.beside(exercise.body):
        console.print(shown)
    console.print()
    for mark in key(exercise):
        console.print(page.marked(mark))
    if solution := page.solution(exercise.body):
        console.print(solution)
    console.print()
    console.print(prose(question.explanation if not exercise.params else exercise.explanation))
    if question.references:
        console.print(Text("See: " + "; ".join(question.references)))
    console.print()
    console.print(Text(state))
    for review in history:
        console.print(Text(line(review)))


def key(exercise: Exercise) -> list[Mark]:
    """Everything the bank knows of right and wrong, with its reasons."""
    body = exercise.body
    match body:
        case Single() | Multi():
            return [Mark("right" if option.correct else "wrong", option.text, option.why) for option in body.options]
        case Number():
            return [
                Mark(
                    "right", number(body.value, body.unit), f"Within {plain(float(f'{body.margin:.3g}'))} of it counts."
                ),
                *(Mark("wrong", number(slip.value, body.unit), slip.why) for slip in body.mistakes),
            ]
        case Order():
            return [Mark("right", f"{n}. {body.steps[key]}") for n, key in enumerate(arranged(body), start=1)]
        case Short():
            return [
                Mark("right", ", ".join(body.accept)),
                *(Mark("wrong", wrong.text, wrong.why) for wrong in body.reject),
            ]
        case Output():
            return [
                Mark("right", body.output.rstrip()),
                *(Mark("wrong", wrong.value, wrong.why) for wrong in body.mistakes),
            ]
        case Code() | Sql():
            return [Mark("", f"Tested: {'; '.join(tests(body))}.")]
        case Open():
            return [
                *(Mark("right", f"{point.text} ({point.points:+d})") for point in body.rubric),
                *(Mark("wrong", f"{flag.text} ({flag.points:+d})") for flag in body.red_flags),
                Mark("", body.model_answer),
            ]
        case other:
            assert_never(other)


def line(review: Review) -> str:
    """One answer of the history."""
    said = f", {review.confidence}" if review.confidence else ""
    return f"{review.at[:10]}  score {review.score:.0%}{said}, rated {review.rating.name.lower()} ({review.mode})"
