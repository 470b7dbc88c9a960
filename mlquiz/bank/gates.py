"""The gates of each kind: the key holds, wrong answers are refused, nothing gives the answer away."""

import math
import re
from typing import assert_never

from mlquiz.bank.items import Item
from mlquiz.bank.numeric import numeric
from mlquiz.bank.programs import Hands, Run, ran
from mlquiz.bank.prose import Found, words
from mlquiz.bank.solutions import solutions
from mlquiz.core.answer import Arranged, Explained, Given
from mlquiz.core.grading import grade, printed
from mlquiz.core.parts import Option
from mlquiz.core.question import Code, Multi, Numeric, Open, Order, Output, Short, Single, Sql
from mlquiz.core.text import normalised

VALID_ORDERS = 0.05
REJECTS = 4
WHY_WORDS = 12
CRITERIA = (5, 9)
WEAK_SCORE = 0.4
HARDEST_SINGLE = 4
FEWEST_OUTPUTS = 2


def gates(item: Item, hands: Hands) -> Found:
    """What is wrong with a question by its kind. Raises NotRun."""
    body = item.question.body
    match body:
        case Single() | Multi():
            yield from _options(item, body.options)
        case Numeric():
            yield from numeric(item, body, hands.run)
        case Order():
            yield from _order(item, body)
        case Short():
            yield from _short(body)
        case Output():
            yield from _output(body, hands.run)
        case Code() | Sql():
            yield from solutions(item, body, hands.judge)
        case Open():
            yield from _open(item, body)
        case other:
            assert_never(other)


def verified(item: Item, run: Run) -> Found:
    """The program that shows a claim of the question. Raises NotRun."""
    if item.proof.verify:
        _, failure = ran(run, item.proof.verify, "proof.verify")
        if failure:
            yield "proof.verify", f"fails: {failure}"


_PLACE = re.compile(
    r"\b(?i:option|answer|choice)s? \(?[A-E]\b"
    r"|\b(?i:(?:first|second|third|fourth|fifth|last) (?:option|answer choice|answer option|choice))\b"
)
_ALL = re.compile(
    r"^(?:all|none|both|neither|any)(?: of)?(?: the| these| those| them)(?: above| options| answers| statements)*\.?$"
    r"|\b(?:all|none|both|neither|any) of (?:the|these)(?: above)?\.?$|\bof the above\b",
    re.I,
)


def _options(item: Item, options: list[Option]) -> Found:
    question = item.question
    if isinstance(question.body, Single) and question.difficulty > HARDEST_SINGLE:
        yield "difficulty", f"is over {HARDEST_SINGLE}: one of four options is guessed more often than that"
    for place, option in enumerate(options):
        field = f"options[{place}]"
        if words(option.why) < WHY_WORDS:
            yield f"{field}.why", f"has {words(option.why)} words; it should have at least {WHY_WORDS}"
        if not option.correct and not option.misconception:
            yield field, "is a distractor without a `misconception`"
        if option.correct and option.misconception:
            yield field, "is correct and names a misconception"
        if _ALL.search(option.text.strip()):
            yield f"{field}.text", "speaks of the other options (“all of the above”)"
        if any(map(_PLACE.search, (option.text, option.why, option.misconception or ""))):
            yield field, "names an option by letter or place, and options are shuffled"
    for name, text in (("prompt", question.prompt), ("explanation", question.explanation)):
        if _PLACE.search(text):
            yield name, "names an option by letter or place, and options are shuffled"
    whys = [option.why.strip() for option in options]
    if len(set(whys)) < len(whys):
        yield "options", "two options have the same `why`"


def _order(item: Item, body: Order) -> Found:
    share = valid_share(body)
    if share > VALID_ORDERS:
        yield "before", f"leaves {share:.0%} of all orders valid; at most {VALID_ORDERS:.0%} may be"
    if grade(body, Arranged(sorted(body.steps))).right:
        yield "steps", "the alphabetical order of the keys is valid, so the keys betray the answer"
    if not item.proof.wrong:
        yield "proof", "lacks `wrong`: orders that have to be refused"
    for place, wrong in enumerate(item.proof.wrong):
        if sorted(wrong.order or ()) != sorted(body.steps):
            yield f"proof.wrong[{place}]", "does not name every step once"
        elif wrong.order and grade(body, Arranged(wrong.order)).right:
            yield f"proof.wrong[{place}]", "is accepted, though it should be refused"


def valid_share(body: Order) -> float:
    """The share of all orders that respect every pair: linear extensions counted over subsets, 2^n steps."""
    keys = list(body.steps)
    needs = [sum({1 << keys.index(first) for first, then in body.before if then == key}) for key in keys]
    ways = [1] + [0] * ((1 << len(keys)) - 1)
    for taken in range(1 << len(keys)):
        for n in range(len(keys)):
            if not taken >> n & 1 and needs[n] & ~taken == 0:
                ways[taken | 1 << n] += ways[taken]
    return ways[-1] / math.factorial(len(keys))


def _short(body: Short) -> Found:
    for place, text in enumerate(body.accept):
        if not normalised(text):
            yield f"accept[{place}]", f"{text!r} holds nothing that is compared"
        article = "" if re.match(r"(?i)\s*(a|an|the)\s", text) else "the "
        for form in (text, text.upper(), f"  {text} ", article + text, text.replace(" ", "-"), text + "."):
            if not grade(body, Given(form)).right:
                yield f"accept[{place}]", f"{form!r} is refused"
    if len(body.reject) < REJECTS:
        yield "reject", f"has {len(body.reject)} entries; it should have at least {REJECTS}"
    for place, wrong in enumerate(body.reject):
        verdict = grade(body, Given(wrong.text))
        if verdict.right:
            yield f"reject[{place}]", f"{wrong.text!r} is accepted"
        elif verdict.note != wrong.why:
            yield f"reject[{place}]", f"{wrong.text!r} is the same as an earlier entry"


def _output(body: Output, run: Run) -> Found:
    if "" in printed(body.output).split("\n"):
        yield "output", "holds an empty line, which ends an answer at the terminal"
    if len(body.mistakes) < FEWEST_OUTPUTS:
        yield "mistakes", f"has {len(body.mistakes)}; it should have at least {FEWEST_OUTPUTS}"
    for place, wrong in enumerate(body.mistakes):
        verdict = grade(body, Given(wrong.value))
        if verdict.right:
            yield f"mistakes[{place}]", "is what the program prints"
        elif verdict.note != wrong.why:
            yield f"mistakes[{place}]", "is the same as an earlier entry"
    for _ in range(2):  # twice, for what hangs on the order of a set or on the clock
        out, failure = ran(run, body.program, "program")
        if failure:
            yield "program", f"fails: {failure}"
            return
        if printed(out) != printed(body.output):
            yield "output", f"should be {printed(out)!r}: that is what the program prints"
            return


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
    bare = sum(point.points for point in body.rubric if point.id in item.proof.weak_meets)
    if score > WEAK_SCORE:
        yield "proof.weak_meets", f"scores {score:.0%}; a weak answer should score at most {WEAK_SCORE:.0%}"
    elif bare > WEAK_SCORE * sum(point.points for point in body.rubric):
        yield "proof.weak_meets", "scores too high but for its red flags"
