"""YAML to plain values: what is ambiguous or hostile is refused with its line and advice, and nothing ever raises."""

import math
import os
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlquiz.bank.reader import DEEPEST, LARGEST, LONGEST, contents, dotted, parse, read
from mlquiz.core.text import forbidden

SHIPPED = sorted((Path(__file__).parents[2] / "question_bank").rglob("*.yaml"))


def said(data: str | bytes) -> tuple[int, str, str]:
    """Line, path and message of the one Problem."""
    document = parse(data.encode() if isinstance(data, str) else data, "f.yaml")
    assert document.value is None
    (problem,) = document.problems
    assert problem.file == "f.yaml"
    return problem.line, problem.path, problem.message


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("no", 'write "no" for the word, false for the value'), ("Yes", "true for the value"), ("ON", '"ON"'),
        ("off", "false for the value"), ("1e-9", "write 1.0e-9,"), ("1E5", "write 1.0e+5,"), ("1.5e3", "write 1.5e+3,"),
        ("012", "write 12,"), ("08", "write 8,"), ("00", "write 0,"), ("-012", "write -12,"), ("-.5", "write -0.5,"),
        ("1:30", 'quote it: "1:30"'), ("2024-01-31", "reads as a date"), ("2024-01-31 10:00:00", "reads as a date"),
        ("1_000", 'quote it: "1_000"'), ("0x1F", 'quote it: "0x1F"'), ("0b11", "own notation"), (".inf", '".inf"'),
        (".NaN", '".NaN"'), ("1.0e+400", "too large to store"), ("1234567890123456789", "too large to store"),
        ("<<", "quote it"), ("=", "quote it"),
    ],
)  # fmt: skip
def test_what_yaml_1_1_reads_in_its_own_way_is_refused_with_advice(written: str, advice: str) -> None:
    line, path, message = said(f"a: 1\nb:\n- x\n- {written}\n")
    assert (line, path) == (4, "$.b[1]")
    assert advice in message
    assert parse(f'a: "{written}"'.encode(), "f").value == {"a": written}


@given(st.from_regex(r"[-+]?(\.[0-9]{1,4}|[0-9]{1,4}(\.[0-9]{0,4})?)([eE][-+]?[0-9]{1,2})?", fullmatch=True))
@settings(deadline=None, max_examples=300)
def test_the_advice_on_a_number_is_taken_and_means_the_same(written: str) -> None:
    document = parse(f"a: {written}".encode(), "f")
    if document.problems:
        better = re.search(r"write (\S+),", document.problems[0].message)
        assert better
        document = parse(f"a: {better[1]}".encode(), "f")
    assert document.value["a"] == float(written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1), ("-0", 0), ("+7", 7), ("0.10", 0.1), ("1.", 1.0), (".5", 0.5), ("1.0e-9", 1e-9), ("true", True),
        ("False", False), ("null", None), ("~", None), ("", None), ("y", "y"), ("n", "n"), ("0o17", "0o17"),
        ("1.2.3", "1.2.3"), ("'[red]x'", "[red]x"),
        ("x [red]y[/red]", "x [red]y[/red]"), ("[red]", ["red"]), ("a #b", "a"), ("a:b", "a:b"),
        ("nan", "nan"), ("none", "none"), ("'12'", "12"), ("No way", "No way"),
        ("of *it* & __all__", "of *it* & __all__"),
    ],
)  # fmt: skip
def test_what_is_clear_is_read(written: str, value: object) -> None:
    found = parse(f"a: {written}\n".encode(), "f").value["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("data", "line", "path", "message"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", 4, "$.b.c", "a second time"),
        ("a: 1\n'a': 2\n", 2, "$.a", "a second time"),
        ("{a: 1, a: 2}", 1, "$.a", "a second time"),
        ("a: 1\nb: &x 2\n", 2, "$.b", "anchor or alias"),
        ("a: *x\n", 1, "$.a", "anchor or alias"),
        ("&x a: 1\n", 1, "$.a", "anchor or alias"),
        ("a: 1\n<<: {b: 2}\n", 2, '$["<<"]', "reserves"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "$.a", "tags are not allowed"),
        ("a: !!int '3'\n", 1, "$.a", "tags are not allowed"),
        ("a: ! x\n", 1, "$.a", "tags are not allowed"),
        ("a: 1\n---\nb: 2\n", 2, "$", "second document"),
        ("a: 1\n...\nb: 2\n", 3, "$", "is not YAML"),
        ("? [a, b]\n: 1\n", 1, "$", "key that is not a word"),
        ("a: 1\nno: 2\n", 2, "$.no", "reads as false"),
        ("a:\n  12: x\n", 2, "$.a", 'quote it: "12"'),
        ("a:\n  null: x\n", 2, "$.a", "reads as nothing"),
        ("", 1, "$", "is empty"),
        ("# only this\n", 1, "$", "is empty"),
        ("a: b\nc: 'open\n\n", 4, "$", "is not YAML"),
        ("a: b\nc: d: e\n", 2, "$", "is not YAML"),
        ("a:\n- b\n\t- c\n", 3, "$", "indented with a tab"),
        ("a:\n  - b\n  \t- c\n", 3, "$", "is not YAML"),
        ("a: x\x1b[31m\n", 1, "$", "U+001B"),
        ("a: 1\nb: x\x07\n", 2, "$", "U+0007"),
        ("a: 1\nb: x\u202ey\n", 2, "$", "U+202E"),
        ("a: 1\nb: x\u2066y\n", 2, "$", "U+2066"),
        ("a: 1\nb: x\u0085y\n", 2, "$", "U+0085"),
        ("a: x\u2028b: no\n", 1, "$", "U+2028"),
        ("a: x\ufeff\n", 1, "$", "U+FEFF"),
        ("a: 1\n\ufffe: 2\n", 2, "$", "U+FFFE"),
        ("a: x\rb: no\n", 1, "$", "U+000D"),
        ("a: x\r\r\nb: no\n", 1, "$", "U+000D"),
        ('a: 1\nb: "\\x1b[2J"\n', 2, "$.b", "U+001B"),
        ('a: 1\nb: "\\u202e"\n', 2, "$.b", "U+202E"),
        ('a: 1\nb: "\\L"\n', 2, "$.b", "U+2028"),
        ('a: "\\0"\n', 1, "$.a", "U+0000"),
        ('a: "\\r"\n', 1, "$.a", "U+000D"),
        ('"\\x1b[2J": 1\n', 1, '$["\\u001b[2J"]', "U+001B"),
    ],
)  # fmt: skip
def test_what_is_hostile_or_broken_is_refused_where_it_stands(data: str, line: int, path: str, message: str) -> None:
    found = said(data)
    assert found[:2] == (line, path)
    assert message in found[2]


def test_a_surrogate_never_arrives() -> None:
    assert said('a: "\\ud800"')[0] == 1
    assert said(b"a: \xed\xa0\x80")[2].startswith("is not UTF-8")


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- ", "? "])
def test_twenty_thousand_brackets_are_too_deep(bracket: str) -> None:
    message = said(bracket * 20_000)[2]
    assert f"deeper than {DEEPEST}" in message or "key that is not a word" in message


def test_twenty_levels_are_not_too_deep() -> None:
    value = parse(b"[" * DEEPEST + b"]" * DEEPEST, "f").value
    for _ in range(DEEPEST - 1):
        (value,) = value
    assert value == []
    assert said("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1))[2] == f"is nested deeper than {DEEPEST}"


def test_two_megabytes_are_read_and_no_more(tmp_path: Path) -> None:
    whole = b"a: " + b"x" * (LARGEST - 3)
    assert len(parse(whole, "f").value["a"]) == LARGEST - 3
    assert said(whole + b"x") == (1, "$", "is over 2 MB; split it by subtopic")
    (tmp_path / "big.yaml").write_bytes(whole + b"x" * 1000)
    assert len(contents(tmp_path / "big.yaml")) == LARGEST + 1


def test_other_encodings_are_told_from_utf_8() -> None:
    assert said("a: 1\nb: naïve\n".encode("latin-1"))[:2] == (2, "$")
    assert "perhaps Latin-1" in said("a: 1\nb: naïve\n".encode("latin-1"))[2]
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert said("a: 1\n".encode(encoding))[2] == "is UTF-16; save it as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    document = parse("a: naïve\r\nb: |\r\n  x\r\n  y\r\n".encode("utf-8-sig"), "f")
    assert document.value == {"a": "naïve", "b": "x\ny\n"}
    assert document.line(("b",)) == 2


def test_a_tab_inside_a_text_is_kept() -> None:
    assert parse(b"a: |\n  x\ty\n  \tz\n", "f").value == {"a": "x\ty\n\tz\n"}
    assert parse(b'a: "x\\ty"\n', "f").value == {"a": "x\ty"}


def test_every_path_knows_its_line() -> None:
    written = "# head\na: 1\nb:\n  - c: x\n    d:\n      long text\n\n  - e: |\n      1\n      2\n    f:\nz: end\n"
    document = parse(written.encode(), "f")
    lines = {dotted(path): line for path, line in document.lines.items()}
    assert lines == {
        "$": 2, "$.a": 2, "$.b": 3, "$.b[0]": 4, "$.b[0].c": 4, "$.b[0].d": 5, "$.b[1]": 8, "$.b[1].e": 8,
        "$.b[1].f": 11, "$.z": 12,
    }  # fmt: skip
    assert document.line(("b", 0, "d", "deeper", 3)) == 5
    assert document.line(("nowhere",)) == 2


def test_paths_quote_what_is_no_word() -> None:
    assert dotted(("a", 0, "b-c", "d e", "\x1b", "x\ny")) == '$.a[0].b-c["d e"]["\\u001b"]["x\\ny"]'
    assert len(dotted(("k" * 5000,))) < 100


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "gone")
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("none.yaml", "link.yaml", "round.yaml", "pipe.yaml", "."):
        (problem,) = read(tmp_path / name, name).problems
        assert problem.line == 0
        assert problem.message.startswith("cannot be read: ")


def bounded(data: bytes) -> None:
    document = parse(data, "f.yaml")
    if not document.problems:
        clean(document.value)
        return
    assert document.value is None
    for problem in document.problems:
        assert 0 < len(problem.message) <= LONGEST + 1
        assert 1 <= problem.line <= data.count(b"\n") + 2
        assert not any(map(forbidden, str(problem)))
        assert "\n" not in str(problem)


def clean(value: object) -> None:
    """Nothing that a terminal, JSON or SQLite could choke on."""
    if isinstance(value, dict):
        for name, below in value.items():
            clean(name)
            clean(below)
    elif isinstance(value, list):
        for below in value:
            clean(below)
    elif isinstance(value, str):
        assert not any(map(forbidden, value))
    elif isinstance(value, float):
        assert math.isfinite(value)
    else:
        assert value is None or isinstance(value, bool) or abs(value) < 2**63  # type: ignore[operator]


yamlish = st.lists(
    st.sampled_from(
        [
            "a", "no", ":", " ", "\n", "- ", "? ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "&x", "*x", "!t",
            "!%1b", "---", "...", "#", "\t", "\\x1b", "1e9", "012", "\u202e", "%YAML 1.1", "<<", "\r", "\0", "é",
        ]
    )
).map("".join)  # fmt: skip


@given(st.binary(max_size=200) | yamlish.map(str.encode))
@example(b"!%1b%0a x")
@example(b"a: !<tag:\x1b> x")
@example(b'"a\\nb": no')
@settings(deadline=None, max_examples=500)
def test_any_bytes_give_a_value_or_a_problem(data: bytes) -> None:
    bounded(data)


@given(st.sampled_from(SHIPPED), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=120)
def test_a_shipped_file_spoiled_gives_a_value_or_a_problem(path: Path, chance: Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data))
        if chance.random() < 0.5:
            put = chance.choice([b"", b"\t", b"\n", b"[", b'"', b"&a ", b": ", b"\xff", b"  "])
            data[at : at + chance.randint(0, 20)] = put
        else:
            data[at] = chance.randrange(256)
    bounded(bytes(data))


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("text: Add #weight decay, since it overfits", True), ("a: Use option #4: wait", True),
        ("- [x, two words # three]", True), ('text: "Add #weight decay"', False),
        ("a: onsite   # screen or senior", False),
        ("a: 90 # seconds", False), ("a: C# is no option", False), ("a: |\n  Add #weight decay\n  and more", False),
        ("# a comment\na: two words", False), ("a: two words\n# a comment", False), ("[a, b] # two of them", False),
        ("a: two words\n  # a comment\nb: 1", False),
    ],
)  # fmt: skip
def test_a_text_that_a_comment_cuts_short_is_refused(line: str, cut: bool) -> None:
    if cut:
        assert said(line)[2] == "is cut short: ` #` begins a comment; put the text in quotes"
    else:
        assert parse(line.encode(), "f.yaml").problems == []
