"""Strategies for what nobody means to write: spoiled bank files, lines that are not, or nearly, the protocol."""

import copy
import json
from typing import Any

import msgspec
import yaml
from bank.samples import Plain, places
from builders import answers
from conftest import ROOT
from hypothesis import strategies as st

from mlquiz.core.question import Exercise, Open

FILES = [path.read_bytes() for path in sorted((ROOT / "question_bank").glob("*/*/*.yaml"))]
TREES = [yaml.safe_load(data) for data in FILES]
PIECES = [
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\x1b[2J", b"\t", b"\r", b"\r\n", b"\n", b"  ",
    b": ", b"- ", b"#", b"&a ", b"*a", b"!!python/object ", b"---\n", b"...\n", b"%YAML 9\n", b"{", b"}", b"[" * 30,
    b"]", b"'", b'"', b"|", b">-", b"? ", b"<<: ", b"null", b"~", b"0x1f", b"1_000", b".inf", b"12:30:45", b"yes",
    b"9" * 400, b"2026-11-24",
]  # fmt: skip
ODD_TEXTS = [
    "", " ", "\n", "TODO", "\u202e", "\x07", "\ud800", "e\u0301" * 20, "\U0001f9ea", "x" * 5000, "a\u2028b", "\ufeff",
    "`", "```", "```python\n", "- " * 200, "> " * 99, "{", "}", "{}", "{n", "{n!r}", "{n:99999999}", "{n:,.400f}",
    "{0.__class__}", "{n.real}", "<pad>", "__init__", "[red]x[/red]", "[/]", "\\[", "%s", "$HOME",
    "1/0", "9**9**9", "10**400", "(" * 200, "n" * 300, "nan", "inf", "-1", "1e999", "log(0)", "sqrt(-1)",
    "comb(9**9, 5)", "factorial(9999)", "round(1e300, 400)", "lambda: 1", "__import__('os')", "[1]*9**9", "'a'*9**9",
    "n if n else n",
    "None", "True", "1;2", "min()", "max(1)", "abs", "floor(1e400)", "range(9**9)", "1 << 9**9", "0b1", "…",
]  # fmt: skip
odd: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=30),
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([10**30, -(10**30), 2**63, 1e308, 5e-324, float("nan"), float("inf"), -0.0, 1e15, 0.1]),
    st.sampled_from([[], {}, [[]], [None], {"": ""}, {"a": {"b": {"c": []}}}, [1, "1"], {"x": None}]).map(
        copy.deepcopy
    ),
)


@st.composite
def spoiled_bytes(draw: st.DrawFn) -> bytes:
    """A real file with some bytes changed, taken out, put in or doubled."""
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        until = min(len(data), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["put", "replace", "cut", "double", "end"])):
            case "put":
                data[at:at] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
            case "replace":
                data[at:until] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
            case "cut":
                del data[at:until]
            case "double":
                data[at:at] = data[at:until]
            case _:
                del data[at:]
    return bytes(data)


@st.composite
def spoiled_trees(draw: st.DrawFn) -> bytes:
    """A real file whose fields were dropped, swapped, renamed, nested, doubled or given odd values."""
    tree = copy.deepcopy(draw(st.sampled_from(TREES)))
    for _ in range(draw(st.integers(1, 3))):
        ways = list(places(tree))
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        here = _at(tree, way)
        match draw(st.sampled_from(["edit", "edit", "edit", "odd", "drop", "swap", "rename", "nest", "double"])):
            case "edit":
                here[last] = _edited(draw, here[last])
            case "odd":
                here[last] = draw(odd)
            case "drop":
                del here[last]
            case "swap":
                here[last] = copy.deepcopy(_at(tree, draw(st.sampled_from(ways))))
            case "rename" if isinstance(here, dict):
                here[draw(st.sampled_from([key for key in here if key != last] or ["x"]) | odd.map(str))] = here.pop(
                    last
                )
            case "nest":
                here[last] = draw(st.sampled_from([[here[last]], {"text": here[last]}]))
            case _ if isinstance(here, list):
                here.append(copy.deepcopy(here[last]))
    text: str = yaml.dump(tree, Dumper=Plain, sort_keys=False, width=10_000, allow_unicode=True)
    return text.encode("utf-8", "surrogatepass")


def _edited(draw: st.DrawFn, value: Any) -> Any:
    """Text with something put into it, a number a little or much different; the rest as it is."""
    match value:
        case str():
            at = draw(st.integers(0, len(value)))
            return value[:at] + draw(st.sampled_from(ODD_TEXTS) | st.text(max_size=5)) + value[at:]
        case int() | float():
            return value + draw(st.sampled_from([-1, 1, 0.5, 10, 1000, -value, 1e12]))
        case _:
            return value


def _at(tree: Any, way: Any) -> Any:
    for step in way:
        tree = tree[step]
    return tree


HUGE = ["1e999", "-1e400", "9" * 400, "0.1e-9999", "NaN", "Infinity", "1" + "0" * 5000, "0x10", "01", "1.", "--1"]
"""Numbers as text: JSON sets no bound to them, and some are none."""
FORMS = ["keys", "value", "order", "points", "text", "source", "dont_know", "words"]
CONTROLS = st.text(st.characters(max_codepoint=0x9F) | st.sampled_from("\u2028\u202e\ud800\udfff\ufeff\U0001f9ea"))


@st.composite
def spoiled_lines(draw: st.DrawFn, exercise: Exercise) -> str:
    """A line without its end: an answer to this exercise, nearly one, something else that is JSON, or nothing such."""
    match draw(st.sampled_from(["answer", "nearly", "nearly", "nearly", "json", "text"])):
        case "text":
            return draw(CONTROLS | st.text(max_size=40)).replace("\n", " ")
        case "json":
            return json.dumps(
                draw(odd | st.lists(odd) | st.dictionaries(st.sampled_from(["type", "id", "answer"]), odd))
            )
        case wanted:
            line = _answering(draw, exercise)
            if wanted == "answer":
                return json.dumps(line)
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(list(places(line))))
        here = _at(line, way)
        match draw(st.sampled_from(["odd", "form", "drop", "more", "nest"])):
            case "odd":
                here[last] = draw(odd | CONTROLS)
            case "form":
                line["answer"] = {draw(st.sampled_from(FORMS)): draw(odd | st.lists(odd) | CONTROLS)}
            case "drop" if here is not line or len(line) > 1:
                del here[last]
            case "nest":
                here[last] = [here[last]]
            case _:
                line[draw(st.sampled_from([*FORMS, "type", "id", "seconds", "confidence"]))] = draw(odd)
    return _broken(draw, json.dumps(line, ensure_ascii=draw(st.booleans()))).replace("\n", " ")


def _broken(draw: st.DrawFn, text: str) -> str:
    """The text as it is, or with a number that is huge or none, cut, or with something put in."""
    at = draw(st.integers(0, len(text)))
    match draw(st.sampled_from(["whole", "whole", "whole", "number", "cut", "put"])):
        case "number":
            return text.replace("41.5", draw(st.sampled_from(HUGE)))
        case "cut":
            return text[:at]
        case "put":
            return text[:at] + draw(CONTROLS | st.sampled_from(HUGE)) + text[at:]
        case _:
            return text


def _answering(draw: st.DrawFn, exercise: Exercise) -> dict[str, Any]:
    """A line that the protocol allows; it need not speak of this exercise."""
    type_ = draw(st.sampled_from(["answer"] * 8 + ["skip", "quit"]))
    line: dict[str, Any] = {"type": type_, "id": draw(st.sampled_from([exercise.question.id] * 9 + ["ml.trees.other"]))}
    if type_ == "answer":
        line["answer"] = msgspec.to_builtins(draw(answers(exercise.body)))
        if isinstance(exercise.body, Open) and draw(st.booleans()):
            line["answer"].pop("points", None)  # what is written, before the rubric is shown
        line["confidence"] = draw(st.sampled_from(["sure", "unsure", "guessed", None]))
        line["seconds"] = 41.5
    return line
