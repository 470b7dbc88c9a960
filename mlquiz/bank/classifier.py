"""A model that answers singles by their surface alone: lengths, digits, hedges, punctuation, likeness, overlap.

What it finds in cross-validation is what a candidate could find who knows nothing. The only door to scikit-learn.
"""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from random import Random
from statistics import mean, pstdev

from mlquiz.bank.cues import ABSOLUTES, HEDGES, Asked, shared, words
from mlquiz.core.draw import shuffled

FOLDS, REPEATS = 5, 5


def found(singles: Sequence[Asked]) -> list[float] | None:
    """How often (0..1) the model picks the key of each, trained on the other folds, over several ways of folding; null
    without scikit-learn."""
    if find_spec("sklearn") is None:
        return None
    from sklearn.linear_model import LogisticRegression

    table = [features(row) for row in singles]
    hits = [0] * len(singles)
    for repeat in range(REPEATS if len(singles) >= FOLDS else 0):
        order = shuffled(range(len(singles)), Random(repeat).random)
        for fold in range(FOLDS):
            held = set(order[fold::FOLDS])
            rows = [(vector, n == singles[q].key) for q in order if q not in held for n, vector in enumerate(table[q])]
            model = LogisticRegression(C=0.3, max_iter=500)
            model.fit([vector for vector, _ in rows], [key for _, key in rows])
            for q in held:
                chances = list(model.predict_proba(table[q])[:, 1])
                hits[q] += chances.index(max(chances)) == singles[q].key
    return [hit / REPEATS for hit in hits]


def features(row: Asked) -> list[list[float]]:
    """Of each option, in standard deviations from its siblings."""
    texts = [option.text for option in row.options]
    tokens = [set(words(text)) for text in texts]
    raw = []
    for n, text in enumerate(texts):
        others = [tokens[m] for m in range(len(texts)) if m != n]
        likeness = mean(len(tokens[n] & other) / max(1, len(tokens[n] | other)) for other in others)
        raw.append([
            len(text), len(words(text)), sum(map(len, words(text))) / max(1, len(words(text))),
            len(re.findall(r"\d", text)), len(re.findall(r"[,;:()\-]", text)), text.count("`"),
            len(ABSOLUTES & tokens[n]), len(HEDGES & tokens[n]), shared(row.prompt, text), likeness,
        ])  # fmt: skip
    columns = list(zip(*raw, strict=True))
    return [
        [(value - mean(column)) / (pstdev(column) or 1.0) for value, column in zip(vector, columns, strict=True)]
        for vector in raw
    ]
