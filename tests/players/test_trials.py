"""What tests said of an answer is told briefly, the first failures in full, and never more than a screen takes."""

from builders import BODIES

from mlquiz.core.question import Code, Sql
from mlquiz.core.trial import Judged, Result
from mlquiz.players import trials

CODE, SQL = BODIES["code"], BODIES["sql"]
assert isinstance(CODE, Code)
assert isinstance(SQL, Sql)
FAILED = Result("three", "failed", "expected 6, got 9")
RAISED = Result("nothing", "raised", "ValueError: no", 2)
PASSED = Result("a list", "passed")


def test_the_verdict_says_how_many_pass_or_why_none_was_run() -> None:
    assert trials.verdict(Judged([FAILED, RAISED, PASSED])) == "1 of 3 tests pass."
    assert trials.verdict(Judged([PASSED, PASSED])) == "All 2 tests pass."
    assert trials.verdict(Judged([Result("three", "not attempted")] * 3)) == "Nothing is written yet."
    assert trials.verdict(Judged([Result("three", "raised", "SyntaxError: x", 1)] * 3)) == "It does not run."
    assert trials.verdict(Judged([FAILED], lacks="numpy")) == "It needs numpy, which is not installed."


def test_a_failed_test_shows_its_call_and_an_error_the_answers_own_line() -> None:
    full, others = trials.failures(CODE, "def double(x):\n    return x ** 2\n", Judged([FAILED, RAISED, PASSED]))
    assert full == [
        trials.Failed("three", "double(3)", "expected 6, got 9"),
        trials.Failed("nothing", "double(None)", "ValueError: no (line 2)", "return x ** 2"),
    ]
    assert others == []


def test_what_does_not_run_is_told_once() -> None:
    broken = [Result(test.name, "raised", "NameError: name 'y' is not defined", 1) for test in CODE.tests]
    full, others = trials.failures(CODE, "x = y\n", Judged(broken))
    assert full == [trials.Failed("", "", "NameError: name 'y' is not defined (line 1)", "x = y")]
    assert others == []


def test_every_test_failing_in_the_same_way_is_not_an_answer_that_does_not_run() -> None:
    all_same = [Result(test.name, "failed", "expected 1, got None") for test in CODE.tests]
    assert not trials.broken(all_same)
    assert len(trials.failures(CODE, "", Judged(all_same), most=2)[0]) == 2
    assert trials.failures(CODE, "", Judged(all_same), most=2)[1] == ["a list"]


def test_a_case_shows_its_tables() -> None:
    (failed,), _ = trials.failures(SQL, "SELECT 1", Judged([Result("in order", "failed", "expected 2 rows, got 1: x")]))
    assert failed.ran == "t: 2 | 1"


def test_a_line_that_the_answer_does_not_have_is_not_shown() -> None:
    (failed,), _ = trials.failures(CODE, "x\n", Judged([Result("three", "raised", "E", 9), PASSED]))
    assert (failed.told, failed.line) == ("E (line 9)", "")


def test_tests_left_out_after_an_endless_one_are_counted() -> None:
    late = [PASSED, Result("three", "timed out", "ran longer than 5 s", 2), *[Result("nothing", "not attempted")] * 2]
    assert trials.unrun(Judged(late)) == "2 tests not run after that."
    assert trials.unrun(Judged([PASSED, FAILED])) == ""
    assert [failed.name for failed in trials.failures(CODE, "", Judged(late))[0]] == ["three"]


def test_names_and_printed_lines_are_cut_to_what_fits() -> None:
    assert trials.some(["abc", "def", "ghi"], 8) == "abc, def and 1 more"
    assert trials.some(["abc", "def", "ghi"], 100) == "abc, def, ghi"
    assert trials.some(["a" * 50], 8) == "a" * 50
    assert trials.printed(Judged([], "1\n2\n3\n4\n5\n6\n")) == "1\n2\n3\n4\n…"
    assert trials.printed(Judged([], "1\n2\n")) == "1\n2"
