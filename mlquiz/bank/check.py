"""Is each question right: every key recomputed, every program run, every order counted, every wrong answer tried.

The reader has made sure of the shape; what stands here is what an author can still get wrong. Programs are run and
prompts rendered by functions that are handed in.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import NamedTuple, Protocol, assert_never

from mlquiz.bank.reader import dotted
from mlquiz.bank.schema import Item
from mlquiz.core.answer import Arranged, Explained, Given
from mlquiz.core.draw import draw, with_derived
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import grade, printed
from mlquiz.core.question import Multi, Number, Numeric, Open, Option, Order, Output, Short, Single
from mlquiz.errors import Problem

SEEDS = 200
VARIANTS = 12
FEWEST_MISTAKES = 3
APART = 0.95
"""Share of draws in which a mistake's value has to lie outside the tolerance."""
VALID_ORDERS = 0.05
REJECTS = 4
WHY_WORDS = 12
EXPLANATION_WORDS = (25, 120)
CRITERIA = (5, 9)
WEAK_SCORE = 0.4
HARDEST_SINGLE = 4


class Ran(Protocol):
    """A program that ended (see `sandbox.programs`)."""

    @property
    def out(self) -> str: ...
    @property
    def err(self) -> str: ...
    @property
    def code(self) -> int | None: ...
    @property
    def lacks(self) -> str | None: ...


Run = Callable[[str], Ran]
Found = Iterator[tuple[str, str]]
"""(field, what is wrong with it)"""


class Checked(NamedTuple):
    """What is wrong, and what could not be run here (a package is missing)."""

    problems: list[Problem]
    not_run: list[Problem]


class NotRun(Exception):
    """A program needs a package that is not installed."""


def check(items: list[Item], run: Run, render: Callable[[str], str], progress: Callable[[int, int], None]) -> Checked:
    """All items, on all cores; problems in the order of the items."""
    problems: list[Problem] = []
    not_run: list[Problem] = []
    with ThreadPoolExecutor(cpu_count() or 1) as pool:
        results = pool.map(lambda item: _one(item, run, render), items)
        for done, (wrong, skipped) in enumerate(results, start=1):
            problems += wrong
            not_run += skipped
            progress(done, len(items))
    return Checked(problems, not_run)


def _one(item: Item, run: Run, render: Callable[[str], str]) -> tuple[list[Problem], list[Problem]]:
    def problem(field: str, message: str) -> Problem:
        return Problem(
            item.file, item.line, f"{dotted(item.path)}{'.' + field if field else ''}", f"{item.question.id}: {message}"
        )

    wrong, skipped = [], []
    for gate in (_prose(item, render), _kind(item, run), _verify(item, run)):
        try:
            wrong += [problem(field, message) for field, message in gate]
        except NotRun as missing:
            skipped.append(problem("proof", f"not run here: {missing} is not installed"))
    return wrong, skipped


def words(text: str) -> int:
    return len(text.split())


def _prose(item: Item, render: Callable[[str], str]) -> Found:
    question = item.question
    least, most = EXPLANATION_WORDS
    if not least <= words(question.explanation) <= most:
        yield "explanation", f"has {words(question.explanation)} words; it should have {least} to {most}"
    exercise = draw(question, 0)
    for text in (exercise.prompt, exercise.explanation):
        if lost := _lost(text, render(text)):
            yield (
                "prompt" if text == exercise.prompt else "explanation",
                f"loses {lost!r} when shown; put it into `code`",
            )
    for text in _texts(item):
        if "TODO" in text:
            yield "", "still holds a TODO"
            break


def _texts(item: Item) -> Iterator[str]:
    question = item.question
    yield question.prompt
    yield question.explanation
    match question.body:
        case Single() | Multi() as choice:
            for option in choice.options:
                yield from (option.text, option.why, option.misconception or "")
        case Numeric() as numeric:
            yield from (slip.why for slip in numeric.mistakes)
        case Order() as order:
            yield from order.steps.values()
        case Short() as short:
            yield from (*short.accept, *(wrong.why for wrong in short.reject))
        case Output() as output:
            yield from (output.output, *(wrong.why for wrong in output.mistakes))
        case Open() as open_:
            yield from (open_.model_answer, *(point.text for point in [*open_.rubric, *open_.red_flags]))
        case other:
            assert_never(other)


def _lost(source: str, shown: str) -> str:
    """Characters of the source that are not shown, marks of lists and code aside."""

    def bare(text: str) -> str:
        return re.sub(r"[\s`•–—-]|(?m:^\s*\d+[.)]?\s)", "", text)

    source = re.sub(r"(?m)^```\w*$", "", source)
    return "".join((Counter(bare(source)) - Counter(bare(shown))).elements())


def _kind(item: Item, run: Run) -> Found:
    body = item.question.body
    match body:
        case Single() | Multi():
            yield from _options(item, body.options)
        case Numeric():
            yield from _numeric(item, body, run)
        case Order():
            yield from _order(item, body)
        case Short():
            yield from _short(body)
        case Output():
            yield from _output(body, run)
        case Open():
            yield from _open(item, body)
        case other:
            assert_never(other)


_PLACE = re.compile(
    r"\b(?:option|answer|choice) [A-E]\b|\b(?:first|second|third|fourth|fifth|last) (?:option|answer|choice)\b", re.I
)
_ALL = re.compile(r"\b(?:all|none|both|neither) of (?:the|these)(?: above)?\b\.?$|\bof the above\b", re.I)


def _options(item: Item, options: list[Option]) -> Found:
    if isinstance(item.question.body, Single) and item.question.difficulty > HARDEST_SINGLE:
        yield "difficulty", f"is over {HARDEST_SINGLE}: one of four options is guessed more often than that"
    for place, option in enumerate(options):
        field = f"options[{place}]"
        if words(option.why) < WHY_WORDS:
            yield f"{field}.why", f"has {words(option.why)} words; it should have at least {WHY_WORDS}"
        if not option.correct and not option.misconception:
            yield field, "is a distractor without a `misconception`"
        if option.correct and option.misconception:
            yield field, "is correct and names a misconception"
        if _ALL.search(option.text):
            yield f"{field}.text", "speaks of the other options (“all of the above”)"
        if _PLACE.search(option.text) or _PLACE.search(option.why):
            yield field, "names an option by letter or place, and options are shuffled"
    whys = [option.why for option in options]
    if len(set(whys)) < len(whys):
        yield "options", "two options have the same `why`"


def _numeric(item: Item, body: Numeric, run: Run) -> Found:
    if len(body.mistakes) < FEWEST_MISTAKES:
        yield "mistakes", f"has {len(body.mistakes)} mistakes; it should have at least {FEWEST_MISTAKES}"
    drawn: list[tuple[dict[str, int | float], Number]] = []
    for seed in range(SEEDS):
        try:
            exercise = draw(item.question, seed)
        except FormulaError as error:
            yield "answer", f"seed {seed}: {error}"
            return
        assert isinstance(exercise.body, Number)
        drawn.append((exercise.params, exercise.body))
    variants = 1
    for parameter in body.params.values():
        variants *= len(set(parameter.values))
    if variants < VARIANTS:
        yield "params", f"gives {variants} variants; it should give at least {VARIANTS}"
    for place, slip in enumerate(body.mistakes):
        values = [
            next((known.value for known in number.mistakes if known.why == slip.why), None) for _, number in drawn
        ]
        apart = [
            value is not None and abs(value - number.value) > number.margin
            for value, (_, number) in zip(values, drawn, strict=True)
        ]
        if sum(apart) < APART * len(drawn):
            yield f"mistakes[{place}]", f"lies outside the tolerance in only {sum(apart)} of {len(drawn)} draws"
    if len({slip.why for slip in body.mistakes}) < len(body.mistakes):
        yield "mistakes", "two mistakes have the same `why`"
    yield from _recomputed(item, body, drawn, run)


_RECOMPUTE = """
import json
out = []
for names in json.loads({names!r}):
    exec(compile({check!r}, "proof.check", "exec"), names)
    out.append(float(names["result"]))
print(json.dumps(out))
"""


def _recomputed(item: Item, body: Numeric, drawn: list[tuple[dict[str, int | float], Number]], run: Run) -> Found:
    """The key by an independent route."""
    if not item.proof.check:
        yield "proof", "lacks `check`: a program that reaches the key by another route and puts it in `result`"
        return
    names = json.dumps([with_derived(body, params) for params, _ in drawn])
    ran = _finished(run(_RECOMPUTE.format(names=names, check=item.proof.check)))
    if ran.code != 0:
        yield "proof.check", f"fails: {_end(ran)}"
        return
    for seed, (value, (params, number)) in enumerate(zip(json.loads(ran.out), drawn, strict=True)):
        if not abs(value - number.value) <= 1e-6 * max(1.0, abs(value), abs(number.value)):
            yield "proof.check", f"seed {seed} ({params}): gives {value}, the formula {number.value}"
            return


def _order(item: Item, body: Order) -> Found:
    share = valid_share(body)
    if share > VALID_ORDERS:
        yield "before", f"leaves {share:.0%} of all orders valid; at most {VALID_ORDERS:.0%} may be"
    if grade(body, Arranged(sorted(body.steps))).right:
        yield "steps", "the alphabetical order of the keys is valid, so the keys betray the answer"
    if not item.proof.wrong:
        yield "proof", "lacks `wrong`: orders that have to be refused"
    for place, wrong in enumerate(item.proof.wrong):
        if sorted(wrong.order) != sorted(body.steps):
            yield f"proof.wrong[{place}]", "does not name every step once"
        elif grade(body, Arranged(wrong.order)).right:
            yield f"proof.wrong[{place}]", "is accepted, though it should be refused"


def valid_share(body: Order) -> float:
    """The share of all orders that respect every pair: linear extensions counted over subsets, 2^n steps."""
    keys = list(body.steps)
    needs = [sum(1 << keys.index(first) for first, then in body.before if then == key) for key in keys]
    ways = [1] + [0] * ((1 << len(keys)) - 1)
    whole = 1
    for taken in range(1 << len(keys)):
        for n in range(len(keys)):
            if not taken >> n & 1 and needs[n] & ~taken == 0:
                ways[taken | 1 << n] += ways[taken]
    for n in range(2, len(keys) + 1):
        whole *= n
    return ways[-1] / whole


def _short(body: Short) -> Found:
    for text in body.accept:
        for form in (text, text.upper(), f"  {text} ", f"the {text}", text.replace(" ", "-"), text + "."):
            if not grade(body, Given(form)).right:
                yield "accept", f"{form!r} is refused"
    if len(body.reject) < REJECTS:
        yield "reject", f"has {len(body.reject)} entries; it should have at least {REJECTS}"
    for place, wrong in enumerate(body.reject):
        verdict = grade(body, Given(wrong.text))
        if verdict.right:
            yield f"reject[{place}]", f"{wrong.text!r} is accepted"
        elif verdict.note != wrong.why:
            yield f"reject[{place}]", f"{wrong.text!r} is the same as an earlier entry"


def _output(body: Output, run: Run) -> Found:
    for _ in range(2):
        ran = _finished(run(body.program))
        if ran.code != 0:
            yield "program", f"fails: {_end(ran)}"
            return
        if printed(ran.out) != printed(body.output):
            yield "output", f"should be {printed(ran.out)!r}: that is what the program prints"
            return
    if "" in printed(body.output).split("\n"):
        yield "output", "holds an empty line, which ends an answer at the terminal"
    if len(body.mistakes) < 2:
        yield "mistakes", f"has {len(body.mistakes)}; it should have at least 2"
    for place, wrong in enumerate(body.mistakes):
        if grade(body, Given(wrong.value)).right:
            yield f"mistakes[{place}]", "is what the program prints"


def _open(item: Item, body: Open) -> Found:
    least, most = CRITERIA
    if not least <= len(body.rubric) <= most:
        yield "rubric", f"has {len(body.rubric)} criteria; it should have {least} to {most}"
    if not body.red_flags:
        yield "red_flags", "is empty; it should name at least one"
    known = {point.id for point in [*body.rubric, *body.red_flags]}
    if not item.proof.weak:
        yield "proof", "lacks `weak`: an answer that has to score low"
    if unknown := set(item.proof.weak_meets) - known:
        yield "proof.weak_meets", f"names {', '.join(sorted(unknown))}, which is no criterion"
        return
    score = grade(body, Explained(item.proof.weak_meets)).score
    if score > WEAK_SCORE:
        yield "proof.weak_meets", f"scores {score:.0%}; a weak answer should score at most {WEAK_SCORE:.0%}"
    bare = sum(point.points for point in body.rubric if point.id in item.proof.weak_meets)
    if bare > WEAK_SCORE * sum(point.points for point in body.rubric):
        yield "proof.weak_meets", "scores too high but for its red flags"


def _verify(item: Item, run: Run) -> Found:
    if item.proof.verify:
        ran = _finished(run(item.proof.verify))
        if ran.code != 0:
            yield "proof.verify", f"fails: {_end(ran)}"


def _finished(ran: Ran) -> Ran:
    if ran.lacks:
        raise NotRun(ran.lacks)
    return ran


def _end(ran: Ran) -> str:
    """The last line of what a failed program said."""
    if ran.code is None:
        return "it was stopped for taking too long"
    return ran.err.strip().rpartition("\n")[2] or f"exit status {ran.code}"
