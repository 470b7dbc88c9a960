"""Is the bank as a whole unguessable: what betrays a key without any knowledge, and how often.

Public banks of machine-learning questions can be passed by picking the longest option. A rate over n questions fails
when chance alone would bring a figure so far from its mean in less than one case of a hundred; from 300 on, whenever it
leaves its range.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import comb, fsum
from typing import NamedTuple

from mlquiz.bank.items import Item
from mlquiz.core.figures import Cue
from mlquiz.core.parts import Option
from mlquiz.core.question import Multi, Single

MANY, TOPICS_FROM = 300, 20
RARE = 0.01
CHANCE = 0.25
SPREAD = (0.20, 0.30)
MOST = 0.30
TOO_LONG, FEW_TOO_LONG = 1.25, 0.02
APART = 0.03
NEGATIVE = 0.02
VERIFIED = 0.25
WORST = 5

ABSOLUTES = frozenset({
    "all", "always", "any", "cannot", "completely", "entirely", "every", "exactly", "guarantee", "guaranteed",
    "guarantees", "impossible", "must", "never", "no", "none", "nothing", "only",
})  # fmt: skip
HEDGES = frozenset({
    "can", "could", "generally", "likely", "may", "might", "mostly", "often", "possibly", "probably", "sometimes",
    "tends", "typically", "usually",
})  # fmt: skip
STOP = frozenset({
    "about", "after", "also", "before", "been", "from", "have", "into", "more", "most", "same", "than", "that", "their",
    "them", "then", "they", "this", "what", "when", "which", "while", "will", "with", "would", "your",
})  # fmt: skip


class Asked(NamedTuple):
    """A question with options, as cues see it."""

    id: str
    topic: str
    prompt: str
    options: Sequence[Option]

    @property
    def key(self) -> int:
        return next(n for n, option in enumerate(self.options) if option.correct)


def cues(items: Sequence[Item], classifier: Callable[[Sequence[Asked]], list[float] | None]) -> Iterator[Cue]:
    """Every figure that betrays a key. `classifier` says of each single how often a model of surface cues found its
    key, in cross-validation; null where it cannot be run here."""
    singles = [_asked(item) for item in items if isinstance(item.question.body, Single)]
    multis = [_asked(item) for item in items if isinstance(item.question.body, Multi)]
    yield from _lengths(singles)
    yield _too_long(singles)
    yield _rate("stem overlap", singles, _overlapping(singles), upper=MOST)
    found = classifier(singles)
    if found is None:
        yield Cue("surface cues", "not run here: scikit-learn is not installed", f"at most {MOST:.0%}", True)
    else:
        yield _rate("surface cues", singles, found, upper=MOST)
    yield _absolutes(singles, multis)
    yield _negative(items)
    yield from _constant(multis)
    yield _verified(items)


def _asked(item: Item) -> Asked:
    body = item.question.body
    assert isinstance(body, Single | Multi)
    return Asked(item.question.id, item.question.topic, item.question.prompt, body.options)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


# rates


def improbable(hits: float, n: int, chance: float, upper: bool = False) -> bool:
    """Whether a figure so far from n * chance (or so far above it) has an exact binomial chance below 1 %."""
    if n == 0:
        return False
    mean, away = n * chance, abs(hits - n * chance)
    total = fsum(
        comb(n, k) * chance**k * (1 - chance) ** (n - k)
        for k in range(n + 1)
        if (k - mean if upper else abs(k - mean)) >= away - 1e-9
    )
    return total < RARE and (not upper or hits > mean)


def _rate(
    name: str, asked: Sequence[Asked], hits: Sequence[float], lower: float | None = None, upper: float = MOST
) -> Cue:
    """The share of keys that a rule finds; ties count their share."""
    n, whole = len(asked), fsum(hits)
    share = whole / n if n else 0.0
    inside = (lower or 0.0) <= share <= upper
    holds = inside if n >= MANY else not improbable(whole, n, CHANCE, upper=lower is None)
    wanted = f"at most {upper:.0%}" if lower is None else f"{lower:.0%} to {upper:.0%}"
    worst = [row.id for row, hit in zip(asked, hits, strict=True) if hit >= 1][:WORST] if not holds else []
    return Cue(name, f"{share:.1%} of {n}", wanted, holds, tuple(worst), share)


def _extreme(asked: Sequence[Asked], best: Callable[[Iterable[int]], int]) -> list[float]:
    """For each, the share of a hit that picking the longest (or shortest) option is; ties are shared."""
    out = []
    for row in asked:
        lengths = [len(option.text) for option in row.options]
        tied = [n for n, length in enumerate(lengths) if length == best(lengths)]
        out.append((row.key in tied) / len(tied))
    return out


def _lengths(singles: Sequence[Asked]) -> Iterator[Cue]:
    lower, upper = SPREAD
    for name, best in (("longest option", max), ("shortest option", min)):
        yield _rate(name, singles, _extreme(singles, best), lower, upper)
        for topic, n in sorted(Counter(row.topic for row in singles).items()):
            if n >= TOPICS_FROM:
                here = [row for row in singles if row.topic == topic]
                yield _rate(f"{name}, {topic}", here, _extreme(here, best), lower, upper)


def _too_long(singles: Sequence[Asked]) -> Cue:
    over = {}
    for row in singles:
        others = max(len(option.text) for option in row.options if not option.correct)
        if (ratio := len(row.options[row.key].text) / others) > TOO_LONG:
            over[row.id] = ratio
    n, k = len(singles), len(over)
    holds = k <= FEW_TOO_LONG * n if n >= MANY else not improbable(k, n, FEW_TOO_LONG, upper=True)
    worst = sorted(over, key=lambda id_: -over[id_])[:WORST]
    return Cue(f"key over {TOO_LONG:g} × the longest distractor", f"{k} of {n}", f"at most {FEW_TOO_LONG:.0%}", holds,
               tuple(f"{id_} ({over[id_]:.2f} ×)" for id_ in worst))  # fmt: skip


def shared(prompt: str, option: str) -> int:
    """Words of content that an option has in common with the prompt."""
    return len({word for word in words(option) if len(word) > 3 and word not in STOP} & set(words(prompt)))


def _overlapping(singles: Sequence[Asked]) -> list[float]:
    out = []
    for row in singles:
        counts = [shared(row.prompt, option.text) for option in row.options]
        tied = [n for n, count in enumerate(counts) if count == max(counts)]
        out.append((row.key in tied) / len(tied))
    return out


# words


def _absolutes(singles: Sequence[Asked], multis: Sequence[Asked]) -> Cue:
    """The share of keys that hold an absolute word, less that of distractors."""
    options = [option for row in (*singles, *multis) for option in row.options]

    def having(correct: bool) -> tuple[int, int]:
        some = [option for option in options if option.correct == correct]
        return sum(bool(ABSOLUTES & set(words(option.text))) for option in some), len(some)

    (keys, n), (distractors, m) = having(True), having(False)
    apart = keys / max(1, n) - distractors / max(1, m)
    pooled = (keys + distractors) / max(1, n + m)
    noise = 2.576 * (pooled * (1 - pooled) * (1 / max(1, n) + 1 / max(1, m))) ** 0.5  # two-sided 1 %
    holds = abs(apart) <= (APART if len(singles) >= MANY else max(APART, noise))
    return Cue(
        "absolute words, keys less distractors", f"{100 * apart:+.1f} points", f"within {100 * APART:.0f}", holds
    )


_WHICH_NOT = re.compile(r"\b(?:which|what)\b[^.?!]*?\b(not|NOT|except|EXCEPT|least)\b[^.?!]*\?", re.I)


def _negative(items: Sequence[Item]) -> Cue:
    """Questions that ask for what is NOT so."""
    offering = [item.question for item in items if isinstance(item.question.body, Single | Multi)]
    found = {question.id: match[1] for question in offering if (match := _WHICH_NOT.search(question.prompt))}
    small = [id_ for id_, word in found.items() if word in ("not", "except")]
    n = len(offering)
    few = len(found) <= NEGATIVE * n if n >= MANY else not improbable(len(found), n, NEGATIVE, upper=True)
    wanted = f"at most {NEGATIVE:.0%}, NOT in capitals"
    worst = tuple(f"{id_} ({found[id_]})" for id_ in (small or list(found)))[:WORST]
    return Cue("negative stems", f"{len(found)} of {n}", wanted, few and not small, worst)


# multi


def marks(true: int, options: int, ticked: int) -> float:
    """Expected marks of ticking so many options at random, `true` of them being so: all judged right 1, but one ½."""
    whole = comb(options, ticked)
    total = 0.0
    for hits in range(max(0, ticked - (options - true)), min(true, ticked) + 1):
        wrong = (true - hits) + (ticked - hits)
        score = 1.0 if wrong == 0 else 0.5 if wrong == 1 else 0.0
        total += score * comb(true, hits) * comb(options - true, ticked - hits) / whole
    return total


def _constant(multis: Sequence[Asked]) -> Iterator[Cue]:
    """What ticking the same number of options everywhere brings, at random or by their length."""
    found: dict[str, float] = {}
    n = max(1, len(multis))
    for ticked in range(1, 6):
        rows = [(sum(option.correct for option in row.options), len(row.options)) for row in multis]
        found[f"any {ticked}"] = fsum(marks(true, size, min(ticked, size)) for true, size in rows) / n
        for name, sign in (("longest", -1), ("shortest", 1)):
            found[f"the {ticked} {name}"] = fsum(_by_length(row, ticked, sign) for row in multis) / n
    best = max(found, key=lambda name: found[name])
    yield Cue("multi, ticked without reading", f"{found[best]:.1%} of marks ({best})", f"at most {MOST:.0%}",
              found[best] <= MOST or len(multis) < TOPICS_FROM)  # fmt: skip


def _by_length(row: Asked, ticked: int, sign: int) -> float:
    order = sorted(range(len(row.options)), key=lambda n: sign * len(row.options[n].text))
    chosen = set(order[:ticked])
    wrong = sum((n in chosen) != option.correct for n, option in enumerate(row.options))
    return 1.0 if wrong == 0 else 0.5 if wrong == 1 else 0.0


def _verified(items: Sequence[Item]) -> Cue:
    offering = [item for item in items if isinstance(item.question.body, Single | Multi)]
    k, n = sum(bool(item.proof.verify) for item in offering), len(offering)
    return Cue("claims shown by running them", f"{k} of {n}", f"at least {VERIFIED:.0%}", k >= VERIFIED * n)
