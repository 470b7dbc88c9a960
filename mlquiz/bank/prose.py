"""The gates of every kind: nothing unfinished, nothing lost on the way to the screen, an explanation worth reading."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from mlquiz.bank.items import Item
from mlquiz.core.draw import draw

EXPLANATION_WORDS = (25, 120)
_PROOFS = {
    "check": ["numeric"], "wrong": ["order", "code", "sql"], "waived": ["code", "sql"], "weak": ["open"],
    "weak_meets": ["open"],
}  # fmt: skip
"""The kinds whose gates read a field of `proof`; those that are missing here are read for all."""
Found = Iterator[tuple[str, str]]
"""(field, what is wrong with it)"""


def words(text: str) -> int:
    return len(text.split())


def prose(item: Item, render: Callable[[str], str]) -> Found:
    """What is wrong with the texts of a question; `render` shows one as the terminal would, without colour."""
    question = item.question
    least, most = EXPLANATION_WORDS
    if not least <= words(question.explanation) <= most:
        yield "explanation", f"has {words(question.explanation)} words; it should have {least} to {most}"
    exercise = draw(question, 0)
    for field, text in (("prompt", exercise.prompt), ("explanation", exercise.explanation)):
        if lost := _lost(text, render(text)):
            yield field, f"loses {lost!r} when shown; put it into `code`"
    unfinished = next((field for field, text in _strings(_unasked(item), "") if "TODO" in text), None)
    if unfinished:
        yield unfinished, "still holds a TODO"
    for field in msgspec.to_builtins(item.proof):
        if question.kind not in _PROOFS.get(field, [question.kind]):
            kinds = " and ".join(_PROOFS[field])
            yield f"proof.{field}", f"is read for the kind {kinds} only, so it proves nothing here"


def _lost(source: str, shown: str) -> str:
    """Characters of the source that are not shown, marks of lists and code aside."""
    source = re.sub(r"(?m)^```\w*$", "", source)
    source = re.sub(r"(?m)^((?:\s*-\s)*\s*\d+)[.)](?=\s|$)", r"\1", source)
    return "".join((Counter(_bare(source)) - Counter(_bare(shown))).elements())


def _bare(text: str) -> str:
    return re.sub(r"[\s`•–—-]", "", text)


def _unasked(item: Item) -> dict[str, object]:
    """All texts of a question but its prompt: with a TODO in that, the question is not read at all."""
    question = item.question
    body: dict[str, object] = msgspec.to_builtins(question.body)
    proof: dict[str, object] = msgspec.to_builtins(item.proof)
    return {"explanation": question.explanation, "references": question.references, **body, "proof": proof}


def _strings(value: object, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _strings(below, f"{field}.{name}" if field else name)
    elif isinstance(value, list | tuple):
        for place, below in enumerate(value):
            yield from _strings(below, f"{field}[{place}]")
