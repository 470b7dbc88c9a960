"""Small changes to a reference solution, each of which its tests have to notice: so their sharpness is measured.

Generic operators after Offutt et al. (1996), "An experimental determination of sufficient mutant operators":
arithmetic, comparison (with its boundary), constants, connectives, conditions turned round, statements dropped.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from mlquiz.bank.sqlmutants import changed_sql


class Mutant(NamedTuple):
    """A changed reference; `name` says the line and the change, and is unlike those of all others of the reference."""

    name: str
    source: str


Change: TypeAlias = tuple[str, ast.AST]
"""(what becomes of a node, in words; the node that takes its place)"""
Slot: TypeAlias = tuple[ast.AST, str, int | None, ast.AST]
"""Where a node hangs: its parent, the field, the place in it if it is a list; and the node."""

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
BRANCHES = (
    ast.stmt | ast.expr | ast.comprehension | ast.arguments | ast.keyword | ast.excepthandler | ast.match_case
    | ast.withitem
)  # fmt: skip
"""What statements and expressions hang below; patterns of `match` stay as they are."""
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
UNTOUCHED = ast.Import | ast.ImportFrom | ast.Raise | ast.JoinedStr | ast.Assert
"""What is dropped as a whole or not at all: nobody tests the words of an error."""


def mutants(kind: str, reference: str) -> list[Mutant]:
    """All mutants of a reference (of the kind `code` or `sql`) in the order of its lines; none stands twice.

    Raises SyntaxError where the reference is no Python.
    """
    made = changed_sql(reference) if kind == "sql" else _changed_python(reference)
    seen, times, out = set[str](), Counter[str](), []
    for name, source in made:
        if source in seen:
            continue
        seen.add(source)
        times[name] += 1
        out.append(Mutant(name if times[name] == 1 else f"{name} ({times[name]})", source))
    return out


def _changed_python(reference: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(reference)
    whole = ast.unparse(tree)
    slots = sorted(_slots(tree), key=lambda slot: (slot[3].lineno, slot[3].col_offset))  # type: ignore[attr-defined]
    for parent, field, place, node in slots:
        held = getattr(parent, field)
        for what, other in _changes(node, parent):
            if place is None:
                setattr(parent, field, other)
            else:
                held[place] = other
            source = ast.unparse(tree)
            if source != whole:
                yield f"line {node.lineno}: {what}", source  # type: ignore[attr-defined]
        if place is None:
            setattr(parent, field, node)
        else:
            held[place] = node


def _slots(node: ast.AST) -> Iterator[Slot]:
    """Every statement and expression below a node, but those that only speak to people."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"}:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, BRANCHES):
                continue
            if isinstance(child, ast.stmt | ast.expr):
                yield node, field, place, child
            if not isinstance(child, UNTOUCHED) and not _docstring(child):
                yield from _slots(child)


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST, parent: ast.AST) -> Iterator[Change]:
    yield from _operators(node)
    yield from _values(node)
    yield from _statements(node)
    conditional = isinstance(parent, ast.If | ast.IfExp) and node is parent.test
    filtering = isinstance(parent, ast.comprehension) and node in parent.ifs
    if (conditional or filtering) and not isinstance(node, ast.Compare) and isinstance(node, ast.expr):
        yield f"`{_shown(node)}` turned round", ast.UnaryOp(ast.Not(), node)


def _operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BinOp() | ast.AugAssign() if type(node.op) in ARITHMETIC:
            yield _swapped(node, "op", node.op, ARITHMETIC[type(node.op)]())
        case ast.Compare():
            for place, op in enumerate(node.ops):
                for other in COMPARISONS[type(op)]:
                    changed = copy.copy(node)
                    changed.ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                    yield f"{_sign(op)} becomes {_sign(other())}", changed
        case ast.BoolOp():
            yield _swapped(node, "op", node.op, ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield f"`{_shown(node)}` loses its not", node.operand
        case ast.UnaryOp(op=ast.USub()):
            yield f"`{_shown(node)}` loses its minus", node.operand


def _values(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool(value)):
            yield f"{value} becomes {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            for other in (value + 1, value - 1):
                yield f"{value} becomes {other}", ast.Constant(other)
        case ast.Constant(value=float(value)):
            yield f"{value} becomes {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str(value)):
            yield f"{value!r} becomes {value + '_'!r}", ast.Constant(value + "_")
        case ast.Call(func=ast.Name(id=name)) if name in NAMES:
            changed = copy.copy(node)
            changed.func = ast.Name(NAMES[name], ast.Load())
            yield f"{name} becomes {NAMES[name]}", changed
        case ast.Call(func=ast.Name(id="abs"), args=[argument]):
            yield f"`{_shown(node)}` loses its abs", argument


def _statements(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Expr() if _docstring(node):
            return
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign() | ast.Expr() | ast.Raise() | ast.Assert() | ast.Delete():
            yield f"`{_shown(node)}` dropped", ast.Pass()
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield f"`{_shown(node)}` returns None", ast.Return(ast.Constant(None))
        case ast.Continue():
            yield "continue becomes break", ast.Break()
        case ast.Break():
            yield "break becomes continue", ast.Continue()


def _swapped(node: ast.AST, field: str, was: ast.AST, now: ast.AST) -> Change:
    changed = copy.copy(node)
    setattr(changed, field, now)
    return f"{_sign(was)} becomes {_sign(now)}", changed


def _sign(op: ast.AST) -> str:
    """An operator as it is written, from the expression that has it and nothing else."""
    a, b = ast.Name("a"), ast.Name("b")
    whole: ast.AST
    if isinstance(op, ast.operator):
        whole = ast.BinOp(a, op, b)
    elif isinstance(op, ast.boolop):
        whole = ast.BoolOp(op, [a, b])
    else:
        assert isinstance(op, ast.cmpop)
        whole = ast.Compare(a, [op], [b])
    return ast.unparse(whole)[2:-2]


def _shown(node: ast.AST) -> str:
    text = ast.unparse(node).split("\n")[0]
    return text if len(text) <= 40 else f"{text[:39]}…"
