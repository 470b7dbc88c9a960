"""Mutants are small, named by their line, all different, and there is one for each slip that tests should notice."""

import ast
import sqlite3

import pytest
from conftest import ROOT

from mlquiz.bank.files import survey
from mlquiz.bank.items import Item
from mlquiz.bank.mutants import mutants
from mlquiz.bank.mutation import coded
from mlquiz.core.question import Code, Sql

PYTHON = [
    ("x = a + b", "+ becomes -", "x = a - b"),
    ("x = a * b", "* becomes /", "x = a / b"),
    ("x = a // b", "// becomes /", "x = a / b"),
    ("x = a % b", "% becomes *", "x = a * b"),
    ("x = a ** b", "** becomes *", "x = a * b"),
    ("x += a", "+ becomes -", "x -= a"),
    ("x = a < b", "< becomes <=", "x = a <= b"),
    ("x = a < b", "< becomes >=", "x = a >= b"),
    ("x = a >= b", ">= becomes >", "x = a > b"),
    ("x = a == b", "== becomes !=", "x = a != b"),
    ("x = 0 < a <= b", "<= becomes <", "x = 0 < a < b"),
    ("x = a is None", "is becomes is not", "x = a is not None"),
    ("x = a in b", "in becomes not in", "x = a not in b"),
    ("x = a and b", "and becomes or", "x = a or b"),
    ("x = not a", "`not a` loses its not", "x = a"),
    ("x = -a", "`-a` loses its minus", "x = a"),
    ("x = 3", "3 becomes 4", "x = 4"),
    ("x = 3", "3 becomes 2", "x = 2"),
    ("x = 0.5", "0.5 becomes 1.5", "x = 1.5"),
    ("x = True", "True becomes False", "x = False"),
    ("x = 'a'", "'a' becomes 'a_'", "x = 'a_'"),
    ("x = min(a)", "min becomes max", "x = max(a)"),
    ("x = any(a)", "any becomes all", "x = all(a)"),
    ("x = abs(a)", "`abs(a)` loses its abs", "x = a"),
    ("x = a", "`x = a` dropped", "pass"),
    ("a.append(x)", "`a.append(x)` dropped", "pass"),
    ("if a:\n    b()", "`a` turned round", "if not a:\n    b()"),
    ("x = [a for a in b if a]", "`a` turned round", "x = [a for a in b if not a]"),
    ("def f():\n    return x", "`return x` returns None", "def f():\n    return None"),
    ("for a in b:\n    break", "break becomes continue", "for a in b:\n    continue"),
    ("for a in b:\n    continue", "continue becomes break", "for a in b:\n    break"),
    ("try:\n    a()\nexcept E:\n    x = 1 + b", "+ becomes -", "try:\n    a()\nexcept E:\n    x = 1 - b"),
    ("with a(1):\n    pass", "1 becomes 2", "with a(2):\n    pass"),
    ("match a:\n    case 1 if b < c:\n        pass", "< becomes <=", "match a:\n    case 1 if b <= c:\n        pass"),
    ("def f():\n    raise ValueError(3)", "`raise ValueError(3)` dropped", "def f():\n    pass"),
]


@pytest.mark.parametrize(("source", "change", "becomes"), PYTHON, ids=[f"{a}-{b}" for a, b, _ in PYTHON])
def test_python_is_changed_in_one_place(source: str, change: str, becomes: str) -> None:
    made = {mutant.name.partition(": ")[2]: mutant.source for mutant in mutants("code", source)}
    assert made[change] == becomes


SQL = [
    ("SELECT a FROM t WHERE a < 3", "< becomes <=", "SELECT a FROM t WHERE a <= 3"),
    ("SELECT a FROM t WHERE a <> 3", "<> becomes =", "SELECT a FROM t WHERE a = 3"),
    ("SELECT a + b FROM t", "+ becomes -", "SELECT a - b FROM t"),
    ("SELECT a * b FROM t", "* becomes /", "SELECT a / b FROM t"),
    ("SELECT a FROM t LIMIT 5", "5 becomes 4", "SELECT a FROM t LIMIT 4"),
    ("SELECT 1.5", "1.5 becomes 2.5", "SELECT 2.5"),
    ("SELECT 'it''s'", "'it''s' becomes 'it''s_'", "SELECT 'it''s_'"),
    ("SELECT a FROM t ORDER BY a desc", "desc becomes ASC", "SELECT a FROM t ORDER BY a ASC"),
    ("SELECT max(a) FROM t", "max becomes MIN", "SELECT MIN(a) FROM t"),
    ("SELECT sum(a) FROM t", "sum becomes MAX", "SELECT MAX(a) FROM t"),
    ("SELECT count(a) FROM t", "count becomes SUM", "SELECT SUM(a) FROM t"),
    ("SELECT DISTINCT a FROM t", "DISTINCT dropped", "SELECT  a FROM t"),
    ("SELECT a FROM t LEFT JOIN u USING (a)", "LEFT dropped", "SELECT a FROM t  JOIN u USING (a)"),
    ("SELECT a FROM t JOIN u USING (a)", "JOIN becomes LEFT JOIN", "SELECT a FROM t LEFT JOIN u USING (a)"),
    ("SELECT a FROM t WHERE a AND b", "AND becomes OR", "SELECT a FROM t WHERE a OR b"),
    ("SELECT a FROM t WHERE a IS NULL", "IS becomes IS NOT", "SELECT a FROM t WHERE a IS NOT NULL"),
    ("SELECT a FROM t WHERE a IS NOT NULL", "NOT dropped", "SELECT a FROM t WHERE a IS  NULL"),
    ("SELECT 1 UNION SELECT 1", "UNION becomes UNION ALL", "SELECT 1 UNION ALL SELECT 1"),
    ("SELECT 1 UNION ALL SELECT 1", "ALL dropped", "SELECT 1 UNION  SELECT 1"),
    ("SELECT row_number() OVER (ORDER BY a) FROM t", "row_number becomes RANK",
     "SELECT RANK() OVER (ORDER BY a) FROM t"),
    ("SELECT a\n-- 3 < 4\nFROM t WHERE a > 1", "> becomes >=", "SELECT a\n-- 3 < 4\nFROM t WHERE a >= 1"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "change", "becomes"), SQL, ids=[f"{a}-{b}" for a, b, _ in SQL])
def test_sql_is_changed_in_one_place(source: str, change: str, becomes: str) -> None:
    made = {mutant.name.partition(": ")[2]: mutant.source for mutant in mutants("sql", source)}
    assert made[change] == becomes


@pytest.mark.parametrize(
    "source",
    ["SELECT count(*), t.* FROM t", "SELECT a FROM t WHERE a BETWEEN b AND c", "SELECT \"min\" FROM t", "SELECT count"],
)  # fmt: skip
def test_what_is_no_operator_stays(source: str) -> None:
    assert mutants("sql", source) == []


@pytest.mark.parametrize(
    "source",
    ['"""1 + 1"""', "import math", "def f(a: 3) -> 4: ...", "f'{a}b'", "raise ValueError(a + 1)", "assert a, 3 + 4"],
)
def test_what_speaks_to_people_stays(source: str) -> None:
    assert [mutant.name for mutant in mutants("code", source) if "dropped" not in mutant.name] == []


def test_the_same_change_twice_in_a_line_has_two_names_and_lines_are_those_of_the_reference() -> None:
    names = [mutant.name for mutant in mutants("code", "def f(a):\n\n    # why\n    return a + 1 + 1")]
    assert names[:2] == ["line 4: `return a + 1 + 1` returns None", "line 4: + becomes -"]
    assert "line 4: + becomes - (2)" in names
    assert len(set(names)) == len(names)


REFERENCES = coded(survey((ROOT / "question_bank",), ()).items)


@pytest.mark.parametrize("item", REFERENCES, ids=lambda item: item.question.id)
def test_every_mutant_of_the_bank_is_a_program_unlike_all_others(item: Item) -> None:
    question = item.question
    assert isinstance(question.body, Code | Sql)
    made = mutants(question.kind, question.body.reference)
    assert len(made) >= 5
    for each in ("name", "source"):
        assert len({getattr(mutant, each) for mutant in made}) == len(made)
    if isinstance(question.body, Code):
        for mutant in made:
            ast.parse(mutant.source)
        return
    db = sqlite3.connect(":memory:")
    db.executescript(question.body.schema)
    whole = sum(_prepared(db, mutant.source) for mutant in made)
    assert whole >= 0.8 * len(made)  # some break the grammar, and prove nothing


def _prepared(db: sqlite3.Connection, statement: str) -> bool:
    try:
        db.execute(f"explain {statement}")
    except sqlite3.Error:
        return False
    return True
