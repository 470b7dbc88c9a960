"""Small changes to a SELECT: comparisons, arithmetic, constants, joins, order, NULL logic, windows.

SQL has no parser in the standard library. Tokens are enough, because each change puts one token in another's place.
"""

import re
from collections.abc import Iterator, Sequence

TOKEN = re.compile(
    r"(?P<space>\s+|--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^']|'')*')|(?P<name>\"[^\"]*\"|[A-Za-z_]\w*)"
    r"|(?P<number>\d+\.\d+|\d+)|(?P<sign><=|>=|<>|!=|==|\|\||.)",
    re.S,
)
SIGNS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "=": ("!=",), "==": ("!=",),
    "!=": ("=",), "<>": ("=",), "+": ("-",), "-": ("+",), "/": ("*",), "%": ("*",),
}  # fmt: skip
WORDS = {"ASC": "DESC", "DESC": "ASC", "OR": "AND", "AND": "OR", "PRECEDING": "FOLLOWING", "RANGE": "ROWS",
         "ROWS": "RANGE", "EXCEPT": "INTERSECT", "INTERSECT": "EXCEPT"}  # fmt: skip
FUNCTIONS = {"MAX": "MIN", "MIN": "MAX", "SUM": "MAX", "AVG": "SUM", "COUNT": "SUM", "ROW_NUMBER": "RANK",
             "RANK": "DENSE_RANK", "DENSE_RANK": "RANK", "LAG": "LEAD", "LEAD": "LAG"}  # fmt: skip
DROPPED = {"DISTINCT", "NOT", "LEFT"}
"""Words without which the statement is one still, and another."""


def changed_sql(statement: str) -> Iterator[tuple[str, str]]:
    """(line and change in words, the changed statement), in the order of the text."""
    tokens = [(str(found.lastgroup), found[0]) for found in TOKEN.finditer(statement)]
    solid = [n for n, (kind, _) in enumerate(tokens) if kind != "space"]
    between = False
    for place, n in enumerate(solid):
        kind, text = tokens[n]
        before = tokens[solid[place - 1]][1].upper() if place else ""
        after = [tokens[m][1].upper() for m in solid[place + 1 : place + 3]]
        line = 1 + sum(other.count("\n") for _, other in tokens[:n])
        if text.upper() == "AND" and between:  # the one that belongs to BETWEEN
            between = False
            continue
        between = between or text.upper() == "BETWEEN"
        for what, other in _values(kind, text, before) if kind != "name" else _words(text, before, after):
            changed = "".join(other if m == n else piece for m, (_, piece) in enumerate(tokens))
            yield f"line {line}: {text} {what}", changed


def _values(kind: str, text: str, before: str) -> Iterator[tuple[str, str]]:
    """(the change in words, what takes the place) of a number, a text or a sign."""
    others: Sequence[str] = ()
    if kind == "number":
        others = (str(int(text) + 1), str(int(text) - 1)) if text.isdigit() else (str(float(text) + 1),)
    elif kind == "text":
        others = (f"{text[:-1]}_'",)
    elif kind == "sign":
        times = text == "*" and before not in {"(", "SELECT", ",", "."}  # and not "all columns"
        others = ("/",) if times else SIGNS.get(text, ())
    yield from ((f"becomes {other}", other) for other in others)


def _words(text: str, before: str, after: list[str]) -> Iterator[tuple[str, str]]:
    word, then = text.upper(), after[0] if after else ""
    if word in WORDS:
        yield f"becomes {WORDS[word]}", WORDS[word]
    elif word in FUNCTIONS and then == "(" and after[1:] not in (["*"], ["DISTINCT"]):
        yield f"becomes {FUNCTIONS[word]}", FUNCTIONS[word]
    elif word in DROPPED or (word == "ALL" and before == "UNION"):
        yield "dropped", ""
    elif word == "JOIN" and before not in {"LEFT", "CROSS", "OUTER", "INNER"}:
        yield "becomes LEFT JOIN", "LEFT JOIN"
    elif word == "UNION" and then != "ALL":
        yield "becomes UNION ALL", "UNION ALL"
    elif word == "IS" and then != "NOT":
        yield "becomes IS NOT", "IS NOT"
