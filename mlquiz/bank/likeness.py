"""What stands twice in a bank under two names: questions and reasons that are nearly the same text.

Likeness is the Jaccard index of character trigrams. Only texts that share a run of three words are compared at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from mlquiz.bank.cues import words
from mlquiz.bank.items import Item
from mlquiz.core.figures import Cue
from mlquiz.core.question import Code, Multi, Order, Output, Single, Sql

ALIKE = 0.6
COMMON = 40
"""A run of words in so many texts is a turn of phrase, and brings no two together."""


def likenesses(items: Sequence[Item]) -> Iterator[Cue]:
    """The two figures; both have to be nothing."""
    yield _cue("near-duplicates", alike({item.question.id: shown(item) for item in items}))
    reasons = {
        f"{item.question.id} ({n})": option.why
        for item in items
        if isinstance(item.question.body, Single | Multi)
        for n, option in enumerate(item.question.body.options)
    }
    across = [(one, other, j) for one, other, j in alike(reasons) if one.split(" ")[0] != other.split(" ")[0]]
    yield _cue("reasons that repeat each other", across)


def _cue(name: str, pairs: Sequence[tuple[str, str, float]]) -> Cue:
    worst = tuple(f"{one} ~ {other} ({j:.2f})" for one, other, j in sorted(pairs, key=lambda p: -p[2])[:5])
    return Cue(name, str(len(pairs)), "none", not pairs, worst)


def shown(item: Item) -> str:
    """All of a question that is read before answering."""
    question = item.question
    body = question.body
    parts = [question.prompt]
    match body:
        case Single() | Multi():
            parts += [option.text for option in body.options]
        case Order():
            parts += body.steps.values()
        case Output():
            parts.append(body.program)
        case Code():
            parts.append(body.starter)
        case Sql():
            parts.append(body.schema)
        case _:
            pass
    return "\n".join(parts)


def alike(texts: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Pairs of names whose texts are alike, and how much."""
    trigrams = {name: _trigrams(text) for name, text in texts.items()}
    runs: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, text in texts.items():
        said = words(text)
        for run in set(zip(said, said[1:], said[2:], strict=False)):
            runs[run].append(name)
    near = {pair for names in runs.values() if 1 < len(names) <= COMMON for pair in combinations(sorted(names), 2)}
    out = []
    for one, other in sorted(near):
        a, b = trigrams[one], trigrams[other]
        if min(len(a), len(b)) >= ALIKE * max(len(a), len(b)) and (j := len(a & b) / len(a | b)) >= ALIKE:
            out.append((one, other, j))
    return out


def _trigrams(text: str) -> set[str]:
    flat = re.sub(r"\W+", " ", text.lower()).strip()
    return {flat[n : n + 3] for n in range(len(flat) - 2)} or {flat}
