"""Answers are judged by what they return, whatever they print, and none takes the judge, or anything else, with it."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mlquiz.errors import SandboxError
from mlquiz.sandbox.judge import Judged, Result, judge

SQUARE: list[dict[str, Any]] = [
    {"name": "two", "call": "f(2)", "expect": 4},
    {"name": "half", "call": "f(0.5)", "expect": 0.25, "tol": 1e-9},
    {"name": "text", "call": "f('x')", "raises": "TypeError"},
    {"name": "one", "code": "assert f(1) == 1, 'one is its own square'"},
]
posix = pytest.mark.skipif(os.name != "posix", reason="a limit that Windows has not")


def outcomes(judged: Judged) -> list[str]:
    return [result.outcome for result in judged.results]


def only(source: str, call: str, expect: object, tol: float = 0.0, **more: Any) -> Result:
    """The result of one test."""
    [result] = judge(source, [{"name": "it", "call": call, "expect": expect, "tol": tol}], **more).results
    return result


def test_a_right_answer_passes_every_test() -> None:
    judged = judge("def f(x):\n    return x * x\n", SQUARE)
    assert outcomes(judged) == ["passed"] * 4
    assert judged.passed
    assert judged.printed == ""


def test_a_wrong_answer_is_told_which_test_and_what_came_instead() -> None:
    judged = judge("def f(x):\n    return x + x\n", SQUARE)
    assert [(result.name, result.outcome, result.note) for result in judged.results] == [
        ("two", "passed", ""),
        ("half", "failed", "expected 0.25, got 1.0"),
        ("text", "failed", "expected TypeError, got 'xx'"),
        ("one", "failed", "one is its own square"),
    ]
    assert not judged.passed


def test_an_error_is_told_with_the_answers_own_line() -> None:
    first, *_ = judge("import math\n\ndef f(x):\n    return math.sqrt(-x)\n", SQUARE).results
    assert (first.outcome, first.note, first.line) == ("raised", "ValueError: math domain error", 4)


def test_an_assertion_of_the_answer_itself_is_no_failed_test() -> None:
    [result] = judge("def f(x):\n    assert x > 5\n", SQUARE[:1]).results
    assert (result.outcome, result.line) == ("raised", 2)


@pytest.mark.parametrize(
    ("source", "note", "line"),
    [
        ("def f(x:\n", "SyntaxError: '(' was never closed", 1),
        ("def f(x):\n    return x\nf(1) / 0\n", "ZeroDivisionError: division by zero", 3),
        (
            "import surely_not_there\n",
            "ModuleNotFoundError: surely_not_there is not given here; there is Python's own library",
            1,
        ),
        ("import sys\nsys.exit()\n", "SystemExit", 2),
        ("input()\n", "EOFError: EOF when reading a line", 1),
    ],
)
def test_an_answer_that_does_not_run_fails_every_test_for_one_reason(source: str, note: str, line: int) -> None:
    results = judge(source, SQUARE).results
    assert {(result.outcome, result.note, result.line) for result in results} == {("raised", note, line)}
    assert [result.name for result in results] == ["two", "half", "text", "one"]


@pytest.mark.parametrize(
    ("value", "expect", "note"),
    [
        ("float('nan')", float("nan"), ""),
        ("float('inf')", float("inf"), ""),
        ("3.0", 3, ""),
        ("(1, [2, 3])", [1, [2, 3]], ""),
        ("{'a': 1, 'b': (2,)}", {"a": 1, "b": [2]}, ""),
        ("True", True, ""),
        ("1", True, "expected True, got 1"),
        ("True", 1, "expected the number 1, got a bool: True"),
        ("None", 1, "expected the number 1, got None: None"),
        ("'3'", 3, "expected the number 3, got a str: '3'"),
        ("float('nan')", 1.0, "expected 1.0, got nan"),
        ("[1, 2]", [1, 2, 3], "expected 3 values, got 2: [1, 2]"),
        ("[1, [2, 4]]", [1, [2, 3]], "expected 3 at [1][1], got 4"),
        ("(x for x in [1])", [1], "expected a list, got a generator: <generator object"),
        ("{1, 2}", [1, 2], "expected a list, got a set: {1, 2}"),
        ("{'a': 1}", {"b": 1}, "expected the keys ['b'], got ['a']"),
        ("{'a': [1]}", {"a": [2]}, "expected 2 at ['a'][0], got 1"),
        ("'x' * 500", "y", f"expected 'y', got '{'x' * 198}…"),
    ],
)
def test_values_are_compared_by_what_they_are(value: str, expect: object, note: str) -> None:
    result = only(f"def f():\n    return {value}\n", "f()", expect)
    assert result.outcome == ("failed" if note else "passed")
    assert result.note.startswith(note)


def test_a_tolerance_is_absolute_and_holds_at_every_depth() -> None:
    source = "def f():\n    return [1.0004, {'a': 2.0004}]\n"
    assert only(source, "f()", [1.0, {"a": 2.0}], tol=1e-3).outcome == "passed"
    assert only(source, "f()", [1.0, {"a": 2.0}], tol=1e-4).note == "expected 1.0 at [0], got 1.0004"


@pytest.mark.parametrize(
    ("imports", "lent"), [([], "Python's own library"), (["msgspec"], "Python's own library and msgspec")]
)
def test_of_packages_an_answer_has_those_of_the_question_whatever_is_installed_here(
    imports: list[str], lent: str
) -> None:
    source = "import json, bisect\ndef f():\n    import yaml.nodes\n    return yaml\n"
    refused = only(source, "f()", 1, imports=imports)
    assert (refused.outcome, refused.line) == ("raised", 3)
    assert refused.note == f"ModuleNotFoundError: yaml is not given here; there is {lent}"
    there = "try:\n    import yaml\nexcept ImportError:\n    yaml = None\ndef f():\n    return yaml is None\n"
    assert only(there, "f()", True, imports=imports).outcome == "passed"


def test_arrays_count_as_the_lists_that_they_hold() -> None:
    pytest.importorskip("numpy")
    source = "import numpy as np\ndef f(n):\n    return np.arange(n) / 2\n"
    assert only(source, "f(3)", [0, 0.5, 1], imports=["numpy"]).outcome == "passed"
    assert only(source, "f(3)[1]", 0.5, imports=["numpy"]).outcome == "passed"
    assert only(source, "f(3) > 0", [False, True, True], imports=["numpy"]).outcome == "passed"


def test_a_test_cannot_change_what_the_next_one_meets() -> None:
    tests = [{"name": "a", "code": "f = None"}, {"name": "b", "call": "f(2)", "expect": 4}]
    assert judge("def f(x):\n    return x * x\n", tests).passed


def test_printing_is_kept_apart_from_results() -> None:
    source = 'print(\'{"name": "two", "outcome": "passed"}\')\nprint(\'{"done": true}\')\ndef f(x):\n    return 0\n'
    judged = judge(source, SQUARE[:1])
    assert outcomes(judged) == ["failed"]
    assert judged.printed.startswith('{"name": "two"')


def test_much_output_is_cut_and_does_not_hurt() -> None:
    source = "def f(x):\n    for _ in range(1000):\n        print('x' * 1_000_000)\n    return x * x\n"
    start = time.monotonic()
    judged = judge(source, SQUARE[:1], seconds=20)
    assert outcomes(judged) == ["passed"]
    assert len(judged.printed) == 2_000
    assert time.monotonic() - start < 20


@posix
def test_an_endless_loop_is_stopped_and_the_rest_is_not_attempted() -> None:
    start = time.monotonic()
    results = judge("def f(x):\n    while True:\n        pass\n", SQUARE, seconds=0.3).results
    assert [result.outcome for result in results] == ["timed out"] + ["not attempted"] * 3
    assert (results[0].note, results[0].line is not None) == ("ran longer than 0.3 s", True)
    assert time.monotonic() - start < 5


@posix
def test_a_stated_limit_counts_for_its_test_alone() -> None:
    source = "import time\ndef f(x):\n    time.sleep(0.4 if x == 2 else 0)\n    return x * x\n"
    tests = [{**SQUARE[0], "limit_seconds": 0.1}, SQUARE[1]]
    assert outcomes(judge(source, tests)) == ["timed out", "passed"]


@posix
def test_a_loop_that_swallows_everything_is_killed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlquiz.sandbox.judge.START", 1.0)
    source = """
def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
    assert outcomes(judge(source, SQUARE[:2], seconds=0.3)) == ["timed out", "not attempted"]


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold a limit on memory")
def test_a_huge_list_is_out_of_memory() -> None:
    results = judge("def f(x):\n    return len([0] * (4 << 30))\n", SQUARE[:2], megabytes=400).results
    assert [result.outcome for result in results] == ["out of memory"] * 2


@pytest.mark.parametrize(
    "line",
    [
        "import os; os._exit(0)",
        "import os; os.closerange(0, 100)",
        "import os, sys; os.close(int(sys.argv[-1])) if sys.argv[-1].isdigit() else os._exit(0)",
    ],
)
def test_ending_the_interpreter_or_closing_what_results_go_through_passes_nothing(line: str) -> None:
    for source in (f"{line}\ndef f(x):\n    return x * x\n", f"def f(x):\n    {line}\n    return x * x\n"):
        assert "passed" not in outcomes(judge(source, SQUARE))


@posix
@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("__import__('os').fork()", "starts a process (os.fork)"),
        ("while True: __import__('os').fork()", "starts a process (os.fork)"),
        ("__import__('os').system('true')", "starts a program (os.system)"),
        ("__import__('subprocess').run(['true'])", "starts a program (subprocess.Popen)"),
        ("__import__('os').execv('/bin/true', ['true'])", "starts a program (os.exec)"),
        ("__import__('os').kill(__import__('os').getppid(), 9)", "sends a signal (os.kill)"),
        ("__import__('socket').socket()", "opens a connection (socket.__new__)"),
        ("__import__('ctypes').CDLL(None)", "goes around Python (ctypes.dlopen)"),
        ("open({path!r}, 'w')", "writes outside its folder: {path}"),
        ("__import__('os').open({path!r}, 2)", "writes outside its folder: {path}"),
        ("__import__('os').remove({path!r})", "changes files outside its folder (os.remove)"),
        ("__import__('pathlib').Path({path!r}).unlink()", "changes files outside its folder (os.remove)"),
        ("__import__('shutil').rmtree({folder!r})", "changes files outside its folder (shutil.rmtree)"),
        ("__import__('os').rename({path!r}, 'mine')", "changes files outside its folder (os.rename)"),
        ("__import__('os').chdir('/')", "changes files outside its folder (os.chdir)"),
    ],
)
def test_what_an_answer_has_no_business_doing_is_refused(line: str, note: str, tmp_path: Path) -> None:
    path = tmp_path / "precious.txt"
    path.write_text("mine")
    line, note = (text.format(path=str(path), folder=str(tmp_path)) for text in (line, note))
    source = f"def f(x):\n    {line}\n    return x * x\n"
    first = judge(source, SQUARE[:1]).results[0]
    assert (first.outcome, first.note, first.line) == ("raised", f"PermissionError: not allowed here: it {note}", 2)
    assert path.read_text() == "mine"


def test_an_answer_may_read_and_may_write_in_its_own_folder() -> None:
    source = (
        "import json, pathlib\n"
        "def f(x):\n"
        "    pathlib.Path('notes.txt').write_text(json.dumps(x))\n"
        "    return json.loads(open('notes.txt').read()) ** 2\n"
    )
    assert only(source, "f(3)", 9).outcome == "passed"


def test_a_thread_that_is_left_behind_is_not_waited_for() -> None:
    source = (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\ndef f(x):\n    return x * x\n"
    )
    start = time.monotonic()
    assert outcomes(judge(source, SQUARE[:1])) == ["passed"]
    assert time.monotonic() - start < 10


def test_where_no_child_can_be_started_it_is_a_sandbox_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(SandboxError, match="could not be run with"):
        judge("def f(x):\n    return x\n", SQUARE)


@posix
def test_no_descriptor_is_left_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    judge("def f(x):\n    return x\n", SQUARE)
    before = len(os.listdir(folder))
    judge("def f(x):\n    return x\n", SQUARE)
    assert len(os.listdir(folder)) == before
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(SandboxError):
        judge("def f(x):\n    return x\n", SQUARE)
    assert len(os.listdir(folder)) == before


def test_what_a_terminal_would_act_on_is_taken_out_of_all_that_is_told() -> None:
    source = "def f(x):\n    print('\\x1b[2J')\n    raise ValueError('\\x1b]0;title\\x07' + chr(0x202e))\n"
    judged = judge(source, SQUARE[:1])
    assert not any(character < " " and character != "\n" for character in judged.results[0].note + judged.printed)
    assert chr(0x202E) not in judged.results[0].note


def test_a_dataclass_with_annotations_as_text_is_an_answer_like_any_other() -> None:
    source = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\nimport pickle\n\n"
        "@dataclass\nclass P:\n    x: float\n\n"
        "def f(x):\n    return pickle.loads(pickle.dumps(P(x * x))).x\n"
    )
    assert outcomes(judge(source, [SQUARE[0], SQUARE[1], SQUARE[3]])) == ["passed"] * 3


def test_tests_call_the_built_in_functions_and_not_an_answers_own() -> None:
    source = "def abs(x):\n    return 0\n\ndef f(x):\n    return 99\n"
    tests = [{"name": "near", "code": "assert abs(f(1) - 1) < 1e-9"}]
    assert outcomes(judge(source, tests)) == ["failed"]
    assert outcomes(
        judge("def abs(x):\n    return 7\n", [{"name": "own", "call": "abs(1)", "expect": 7}], own=["abs"])
    ) == ["passed"]


def test_a_more_special_error_than_the_one_asked_for_will_do() -> None:
    """`graphlib.CycleError` is a ValueError, and so is an answer's own kind of it."""
    wanted = [{"name": "it", "call": "f(1)", "raises": "ValueError"}]
    own = "class Bad(ValueError):\n    pass\n\ndef f(x):\n    raise Bad(x)\n"
    assert outcomes(judge(own, wanted)) == ["passed"]


@pytest.mark.parametrize("call", ["10 ** 400", "-(10 ** 400)", "float('inf')"])
def test_a_number_beyond_all_floats_differs_and_the_next_test_is_run(call: str) -> None:
    tests = [{"name": "big", "call": call, "expect": 1.0, "tol": 1e-9}, {"name": "next", "call": "2", "expect": 2}]
    assert outcomes(judge("", tests)) == ["failed", "passed"]


def test_a_value_too_deep_to_compare_is_told() -> None:
    source = "def f(x):\n    out = []\n    for _ in range(100_000):\n        out = [out]\n    return out\n"
    want: Any = []
    for _ in range(50):
        want = [want]
    [result, after] = judge(source, [{"name": "it", "call": "f(1)", "expect": want}, SQUARE[3]]).results
    assert result.outcome in ("failed", "raised")
    assert after.outcome == "failed"
