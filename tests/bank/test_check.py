"""Every gate of `mlquiz bank check`: a sound item passes, and one spoiled in exactly one way fails with its message."""

import ast
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bank.samples import EXPLANATION, GONE, SOUND, SUBTOPIC, TOPIC, item, places, sample, understood, valued
from builders import judge
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mlquiz import bank
from mlquiz.bank.check import Checked, check
from mlquiz.bank.gates import valid_share
from mlquiz.bank.items import Item
from mlquiz.bank.programs import Hands, Run
from mlquiz.commands import scaffold
from mlquiz.core.question import KINDS, Code, Order, Sql
from mlquiz.core.trial import Judged, Result
from mlquiz.errors import SandboxError
from mlquiz.sandbox import programs
from mlquiz.sandbox.judge import judged


def rendered(text: str) -> str:
    """As the terminal shows it; the real renderer stands on this floor's other side, in `players`."""
    from mlquiz.players.markup import plain

    return plain(text, 10_000)


def quick(source: str) -> programs.Ran:
    return programs.run(source, seconds=1)


def checked(*items: Item, run: Run = quick) -> Checked:
    return check(list(items), Hands(run, judged), rendered, lambda _done, _whole: None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_item_passes_every_gate(kind: str) -> None:
    assert checked(item(SOUND[kind])) == Checked([], [])


WHY = "What decides this option is a fact that has twelve words at the very least."
LONG = "word " * 121
STOPS_RARELY = {"params.k": {"int": [0, 2000]}, "derived.d": "n + 0 * k", "answer": "n / k", "id": "ml.trees.late-1"}
STOPS_LATE = {"params.k": {"int": [0, 60]}, "derived.d": "n + 0 * k", "answer": "n / k", "id": "ml.trees.late-17"}


def _halved(given: str) -> str:
    """An answer to the sample of code."""
    return f"def halved(values):\n    return {given}\n"


class Spoiled(NamedTuple):
    kind: str
    changes: dict[str, Any]
    field: str
    message: str


SPOILED = [
    # every kind
    Spoiled("single", {"explanation": "Too short.\n"}, "explanation", "has 2 words; it should have 25 to 120"),
    Spoiled("open", {"explanation": LONG}, "explanation", "has 121 words"),
    Spoiled("single", {"prompt": "Which is true?\n\n+ one\n+ two\n"}, "prompt", "loses '++' when shown"),
    Spoiled("short", {"prompt": "Which is true?\n\n* one\n* two\n"}, "prompt", "loses '**' when shown"),
    Spoiled("short", {"prompt": "Which is true?\n\n3. one\n1. two\n"}, "prompt", "loses '1' when shown"),
    Spoiled("short", {"prompt": "Which is true?\n\n~~~\nx\n~~~\n"}, "prompt", "when shown; put it into `code`"),
    Spoiled("numeric", {"explanation": f"{EXPLANATION}\n+ {{n}}\n"}, "explanation", "loses '+' when shown"),
    Spoiled("single", {"options.1.why": f"TODO {WHY}"}, "options[1].why", "still holds a TODO"),
    Spoiled("single", {"explanation": f"TODO {EXPLANATION}"}, "explanation", "still holds a TODO"),
    Spoiled("numeric", {"unit": "TODO"}, "unit", "still holds a TODO"),
    Spoiled("numeric", {"proof.check": "result = n / k  # TODO mend\n"}, "proof.check", "still holds a TODO"),
    Spoiled("order", {"steps.zeta": "TODO first"}, "steps.zeta", "still holds a TODO"),
    Spoiled("short", {"accept.0": "TODO"}, "accept[0]", "still holds a TODO"),
    Spoiled("output", {"mistakes.0.value": "TODO 1"}, "mistakes[0].value", "still holds a TODO"),
    Spoiled("open", {"model_answer": "TODO\n"}, "model_answer", "still holds a TODO"),
    Spoiled("open", {"red_flags.0.text": "TODO"}, "red_flags[0].text", "still holds a TODO"),
    Spoiled("single", {"proof.check": "result = 1\n"}, "proof.check", "for the kind numeric only"),
    Spoiled("numeric", {"proof.weak": "x"}, "proof.weak", "for the kind open only"),
    Spoiled("short", {"proof.verify": "assert 1 + 1 == 3\n"}, "proof.verify", "fails: AssertionError"),
    Spoiled("single", {"proof.verify": "raise SystemExit(3)\n"}, "proof.verify", "fails: exit status 3"),
    Spoiled("open", {"proof.verify": "def f(:\n"}, "proof.verify", "fails: SyntaxError"),
    Spoiled("multi", {"proof.verify": "while True:\n    pass\n"}, "proof.verify", "stopped for taking too long"),
    # single and multi
    Spoiled("single", {"difficulty": 5}, "difficulty", "one of four options is guessed more often"),
    Spoiled("single", {"options.1.why": "Too short a reason by one word to be of use."}, "options[1].why", "has 11"),
    Spoiled("multi", {"options.4.misconception": GONE}, "options[4]", "a distractor without a `misconception`"),
    Spoiled("multi", {"options.0.misconception": "x"}, "options[0]", "is correct and names a misconception"),
    Spoiled("single", {"options.3.text": "All of the above"}, "options[3].text", "speaks of the other options"),
    Spoiled("single", {"options.3.text": "None of these."}, "options[3].text", "speaks of the other options"),
    Spoiled("single", {"options.3.text": "None of them"}, "options[3].text", "speaks of the other options"),
    Spoiled("single", {"options.3.text": "Any of the above will do"}, "options[3].text", "speaks of the other options"),
    Spoiled("multi", {"options.3.text": "neither of the options"}, "options[3].text", "speaks of the other options"),
    Spoiled("single", {"options.2.text": "Same as option B"}, "options[2]", "by letter or place"),
    Spoiled("single", {"options.2.why": f"Unlike the first option. {WHY}"}, "options[2]", "by letter or place"),
    Spoiled("single", {"options.2.misconception": "Answer C is right"}, "options[2]", "by letter or place"),
    Spoiled("single", {"explanation": f"Option A holds. {EXPLANATION}"}, "explanation", "by letter or place"),
    Spoiled("multi", {"prompt": "Is the last option true?"}, "prompt", "by letter or place"),
    Spoiled("single", {"options.1.why": WHY, "options.2.why": WHY}, "options", "two options have the same `why`"),
    # numeric
    Spoiled("numeric", {"mistakes.2": GONE}, "mistakes", "has 2 mistakes; it should have at least 3"),
    Spoiled("numeric", {"mistakes.2.why": "That multiplies."}, "mistakes", "two mistakes have the same `why`"),
    Spoiled("numeric", {"params.n.choice": [10, 20, 20]}, "params", "gives 8 variants; it should give at least 12"),
    Spoiled("numeric", {"mistakes.1.expr": "n / k + 0.001"}, "mistakes[1]", "outside the tolerance in only 0 of 200"),
    Spoiled("numeric", {"mistakes.1.expr": "1 / 0"}, "mistakes[1]", "outside the tolerance in only 0 of 200"),
    Spoiled("numeric", {"tolerance": {"abs": 1000}}, "mistakes[0]", "outside the tolerance in only"),
    Spoiled("numeric", {"mistakes.1.expr": "n/k + (n != 40)"}, "mistakes[1]", "is graded as right where n = 40, k ="),
    Spoiled("numeric", {"mistakes.2.expr": "2 * k / n / 2", "mistakes.1.expr": "k / n"}, "mistakes", "2 * k / n / 2"),
    Spoiled("numeric", STOPS_RARELY, "answer", "n = 10, k = 0: "),
    Spoiled("numeric", STOPS_LATE, "answer", "cannot be worked out: division by zero"),
    Spoiled("numeric", {"proof.check": GONE}, "proof", "lacks `check`"),
    Spoiled("numeric", {"proof.check": "result = n // k\n"}, "proof.check", "the formula"),
    Spoiled("numeric", {"proof.check": "result = float('nan')\n"}, "proof.check", "gives nan, the formula"),
    Spoiled("numeric", {"proof.check": "result = n / z\n"}, "proof.check", "fails: NameError"),
    Spoiled("numeric", {"proof.check": "answer = n / k\n"}, "proof.check", "fails: KeyError: 'result'"),
    Spoiled("numeric", {"proof.check": "result = [n]\n"}, "proof.check", "fails: TypeError"),
    Spoiled("numeric", {"proof.check": "while True: pass\n"}, "proof.check", "stopped for taking too long"),
    Spoiled("numeric", {"proof.check": "raise SystemExit(0)\n"}, "proof.check", "before its `result` can be read"),
    Spoiled("numeric", {"proof.check": "print('x' * 9000)\nresult = n / k\n"}, "proof.check", "before its `result`"),
    # order
    Spoiled("order", {"before": [["zeta", "beta"], ["gamma", "alpha"]]}, "before", "leaves 25% of all orders valid"),
    Spoiled("order", {"steps": dict(zip("abcde", ["Grow", "Score", "Prune", "Validate", "Ship"], strict=True)),
                      "before": [list("ab"), list("bc"), list("cd"), list("de")],
                      "proof.wrong.0.order": list("bacde")}, "steps", "the keys betray the answer"),
    Spoiled("order", {"proof": GONE}, "proof", "lacks `wrong`"),
    Spoiled("order", {"proof.wrong.0.order": ["zeta", "beta"]}, "proof.wrong[0]", "does not name every step once"),
    Spoiled("order", {"proof.wrong.0.order": ["zeta", "beta", "gamma", "alpha", "delta"]}, "proof.wrong[0]",
            "is accepted, though it should be refused"),
    # short
    Spoiled("short", {"accept.0": "gınİ"}, "accept[0]", "is refused"),
    Spoiled("short", {"accept.0": "..."}, "accept[0]", "holds nothing that is compared"),
    Spoiled("short", {"reject.3": GONE}, "reject", "has 3 entries; it should have at least 4"),
    Spoiled("short", {"reject.0.text": "a gini-impurity"}, "reject[0]", "'a gini-impurity' is accepted"),
    Spoiled("short", {"reject.3.text": "Entropy"}, "reject[3]", "the same as an earlier entry"),
    # output
    Spoiled("output", {"output": "3\n2\n"}, "output", "should be '3\\n1': that is what the program prints"),
    Spoiled("output", {"program": "print(1 / 0)\n"}, "program", "fails: ZeroDivisionError"),
    Spoiled("output", {"program": "while True:\n    print(1)\n"}, "program", "stopped for taking too long"),
    Spoiled("output", {"program": "import time\nprint(3)\nprint(1 + time.time_ns() % 9973)\n"}, "output", "should be"),
    Spoiled("output", {"program": "print('3\\n\\n1')\n", "output": "3\n\n1\n"}, "output", "holds an empty line"),
    Spoiled("output", {"mistakes.1": GONE}, "mistakes", "has 1; it should have at least 2"),
    Spoiled("output", {"mistakes.1.value": "3  \n1\n\n"}, "mistakes[1]", "is what the program prints"),
    Spoiled("output", {"mistakes.1.value": "1\n3\n"}, "mistakes[1]", "is the same as an earlier entry"),
    # code
    Spoiled("code", {"tests.0": GONE}, "tests", "has 7; it should have at least 8"),
    Spoiled("code", {"reference": _halved("values")}, "reference", "fails: 2 numbers: expected"),
    Spoiled("code", {"starter": _halved("[v / 2 for v in values]")}, "starter", "passes every"),
    Spoiled("code", {"proof.wrong.2": GONE}, "proof.wrong", "has 2; it should have at least 3 that fail"),
    Spoiled("code", {"proof.wrong.1": {"order": ["a"], "why": "x"}}, "proof.wrong[1]", "lacks `code`"),
    Spoiled("code", {"proof.wrong.1.code": _halved("[v * 0.5 for v in values]")}, "proof.wrong[1]",
            "passes every test, though it should fail (one more)"),
    Spoiled("code", {"proof.wrong.1.code": "def halved(values)\n"}, "proof.wrong[1]", "passes no test at all"),
    Spoiled("single", {"proof.waived": [{"mutant": "line 1: x", "why": "y"}]}, "proof.waived", "code and sql only"),
    # sql
    Spoiled("sql", {"cases.7": GONE}, "cases", "has 7; it should have at least 8"),
    Spoiled("sql", {"reference": "SELECT a FROM t ORDER BY a\n"}, "reference", "fails: up to 1: expected 0"),
    Spoiled("sql", {"reference": "DELETE FROM t"}, "reference", "fails: up to 0: is refused"),
    Spoiled("sql", {"proof.wrong.0.code": "SELECT a FROM t WHERE a > 1 ORDER BY 1"}, "proof.wrong[0]", "passes every"),
    # open
    Spoiled("open", {"rubric.4": GONE}, "rubric", "has 4 criteria; it should have 5 to 9"),
    Spoiled("open", {"red_flags": [], "proof.weak_meets": ["grow"]}, "red_flags", "is empty"),
    Spoiled("open", {"proof.weak": GONE}, "proof", "lacks `weak`"),
    Spoiled("open", {"proof.weak_meets": ["grow", "sell"]}, "proof.weak_meets", "names sell, which is no criterion"),
    Spoiled("open", {"proof.weak_meets": ["grow", "cut", "test"]}, "proof.weak_meets", "scores 60%; a weak"),
    Spoiled("open", {"proof.weak_meets": ["grow", "cut", "test", "guess"]}, "proof.weak_meets", "but for its red"),
]  # fmt: skip


@pytest.mark.parametrize("spoiled", SPOILED, ids=lambda gate: f"{gate.kind}-{gate.field}-{gate.message[:20]}")
def test_each_gate_fails_on_what_it_guards_against_and_on_nothing_else(spoiled: Spoiled) -> None:
    found = item(sample(spoiled.kind, spoiled.changes))
    problems, not_run = checked(found)
    assert not_run == []
    fields = {problem.path.removeprefix("$.questions[0].") for problem in problems}
    told = [problem for problem in problems if problem.path == f"$.questions[0].{spoiled.field}"]
    assert any(spoiled.message in problem.message for problem in told), problems
    assert all(problem.file == "f.yaml" and problem.line == 5 for problem in problems)
    assert all(problem.message.startswith(f"{found.question.id}: ") for problem in problems)
    if "tolerance" not in spoiled.changes:
        assert fields <= {spoiled.field, *(field for field in fields if spoiled.field.startswith(field))}


def test_every_gate_has_a_spoiled_item() -> None:
    """The fixed words of every message that a gate can give stand in what some spoiled item is told."""
    told = [problem.message for spoiled in SPOILED for problem in _told(spoiled)]
    folder = Path(bank.__path__[0])
    messages = [
        _fixed(node.value.elts[1])
        for name in ("gates.py", "numeric.py", "prose.py", "solutions.py")
        for node in ast.walk(ast.parse((folder / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and _fixed(node.value.elts[1])
    ]
    assert len(messages) > 35
    for words in messages:
        assert any(all(word in message for word in words) for message in told), words


def _told(spoiled: Spoiled) -> list[Any]:
    """What is said of it, endless programs taken for stopped: they have been run above."""
    raw = sample(spoiled.kind, spoiled.changes)
    return checked(item(raw), run=lambda source: stopped if "while True" in source else quick(source)).problems


stopped = programs.Ran("", "", None)


def _fixed(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        return [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
    return []


GOOD = [
    ("short", {"accept.0": "the end of it"}), ("short", {"accept.0": "a b"}), ("short", {"accept.0": "C++"}),
    ("short", {"accept.0": "É"}), ("single", {"options.3.text": "The scaler is fitted on all of them"}),
    ("single", {"options.3.text": "It lets the model answer a query"}),
    ("single", {"options.3.text": "All of the weight goes to one class"}),
    ("multi", {"options.0.why": f"It keeps the first answer of the model as it is. {WHY}"}),
    ("output", {"program": "print('3  \\n1\\n\\n')\n"}),
    ("output", {"program": "import sys\nprint('oh', file=sys.stderr)\nprint(3)\nprint(1)\n"}),
    ("numeric", {"proof.check": "print('on my way')\nresult = n / k\n"}),
    ("numeric", {"proof.check": "import json, math\nresult = math.exp(math.log(n) - math.log(k))\n"}),
    ("single", {"prompt": "Which of these holds for `C:\\` and x \\\nor y?\n\n- one\n- two\n\n1. a\n2. b\n"}),
    ("single", {"prompt": "Why `<pad>` & [red]?\n\n```python\n+ x\n1. y\n* __init__\n```\n\n2*n*k a_b <b> &amp; #1\n"}),
    ("single", {"prompt": "In the year\n2024. What then?\n"}),
    ("single", {"proof.verify": "print('x' * 10_000_000)\n"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes"), GOOD)
def test_what_only_looks_wrong_passes(kind: str, changes: dict[str, Any]) -> None:
    if "first choice" in str(changes):
        pytest.skip(
            "`first choice` is taken for a place on purpose: better one sentence rewritten than one option named"
        )
    assert checked(item(sample(kind, changes))).problems == []


SLOW = {"name": "in time", "code": "import time; time.sleep(60)\n", "limit_seconds": 0.2}


def test_a_wrong_answer_meets_the_timed_tests_where_the_others_do_not_settle_it() -> None:
    met: list[tuple[str, bool, bool]] = []

    def judging(body: Code | Sql, source: str, *, seconds: float = 5.0, first: bool = False) -> Judged:
        met.append((source, any(test.limit_seconds for test in body.tests if isinstance(body, Code)), first))
        if "time" in source:  # as quick as the reference, but for the timed test, at which it is stopped
            return Judged([Result(test.name, "timed out" if test.limit_seconds else "passed") for test in body.tests])
        return judged(replace(body, tests=[test for test in body.tests if not test.limit_seconds]), source)

    tests = [*SOUND["code"]["tests"], SLOW]
    slow = "def halved(values):  # takes its time\n    return [v / 2 for v in values]\n"
    timed = item(sample("code", {"tests": tests, "proof.wrong.1": {"why": "slow", "code": slow}}))
    assert check([timed], Hands(quick, judging), rendered, lambda _done, _whole: None).problems == []
    for wrong in SOUND["code"]["proof"]["wrong"][::2]:
        assert [how for source, *how in met if source == wrong["code"]] == [[False, False]]
    assert [how for source, *how in met if source == slow] == [[False, False], [True, True]]


@pytest.mark.parametrize(
    ("kind", "field"), [("single", "proof.verify"), ("numeric", "proof.check"), ("output", "program")]
)
def test_a_missing_package_is_reported_as_not_run_and_hides_nothing_else(kind: str, field: str) -> None:
    there = {"proof.env": {"python": "3.11", "packages": {"surely_not_there": "1.0"}}}
    found = item(sample(kind, {field: "import surely_not_there\n", "explanation": "Short.\n", **there}))
    problems, not_run = checked(found)
    assert [problem.path for problem in not_run] == [f"$.questions[0].{field}"]
    assert not_run[0].message.endswith("not run here: surely_not_there is not installed")
    assert [problem.path for problem in problems] == ["$.questions[0].explanation"]
    few = item(sample("numeric", {"proof.check": "import surely_not_there\n", "mistakes": [], **there}))
    assert [problem.path for problem in checked(few).problems] == ["$.questions[0].mistakes"]


def test_a_missing_package_that_nothing_names_is_a_misspelt_one() -> None:
    found = checked(item(sample("single", {"proof.verify": "import nunpyy\n"})))
    assert found.not_run == []
    assert [problem.path for problem in found.problems] == ["$.questions[0].proof.verify"]
    assert "imports nunpyy, which is not installed" in found.problems[0].message


def test_problems_come_in_the_order_of_the_items_with_progress() -> None:
    items = [item(sample("short", {"id": f"ml.trees.q{n}", "explanation": "Short.\n"})) for n in range(20)]
    seen: list[tuple[int, int]] = []
    found = check(items, Hands(quick, judged), rendered, lambda done, whole: seen.append((done, whole)))
    assert [problem.message.split(":")[0] for problem in found.problems] == [f"ml.trees.q{n}" for n in range(20)]
    assert seen == [(n, 20) for n in range(1, 21)]
    assert check([], Hands(quick, judged), rendered, lambda _done, _whole: None) == Checked([], [])


@pytest.mark.parametrize(
    "last",
    ["'[' * 5000", "'9' * 5000", "['a'] * 200", "[None] * 200", "[[1]] * 200", "[10**400] * 200", "[1.0] * 199"],
)  # fmt: skip
def test_a_program_whose_last_line_holds_no_results_is_told(last: str) -> None:
    program = f"import atexit, json\nlast = {last}\nlast = last if isinstance(last, str) else json.dumps(last)\n"
    raw = sample("numeric", {"proof.check": f"{program}atexit.register(lambda: print(last))\nresult = n / k\n"})
    (found,) = checked(item(raw), run=programs.run).problems
    assert found.path == "$.questions[0].proof.check"
    assert "before its `result` can be read" in found.message


def test_a_sandbox_that_cannot_run_ends_the_check() -> None:
    def broken(source: str) -> programs.Ran:
        raise SandboxError("no child")

    with pytest.raises(SandboxError):
        checked(*[item(SOUND["output"])] * 50, run=broken)


@pytest.mark.parametrize(
    ("before", "valid"),
    [
        (["ab", "bc"], 1), (["ab", "ac"], 2), (["ab", "ab"], 3), (["ba", "ca"], 2), (["ab", "bc", "ac"], 1),
    ],
)  # fmt: skip
def test_valid_orders_are_counted(before: list[str], valid: int) -> None:
    body = Order({name: name for name in "abc"}, [(pair[0], pair[1]) for pair in before])
    assert valid_share(body) == pytest.approx(valid / 6)


ANYWHERE = [(kind, place) for kind in KINDS for place in places(SOUND[kind])]
odd = st.sampled_from(
    [0, 1, -1, 10**17, 1e300, -0.0, True, "", "x", "n", "1 / k", "n * 10 ** 200", "{n}", "a\nb", "- ", "```", "1. x",
     "TODO", [], ["zeta"], {}, {"a": "b"}, [["zeta", "beta"]], "result = 1", "\\", "`", "é" * 300, "all of the above"]
) | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)  # fmt: skip


prints = st.sampled_from(["", "3\n1\n", "[1]", "{}", "null", "[" + "1.0, " * 199 + "2]", "["])


@given(st.sampled_from(ANYWHERE), odd, prints)
@settings(deadline=None, max_examples=250)
def test_whatever_stands_in_an_item_and_whatever_its_programs_print_there_are_only_problems(
    place: tuple[str, tuple[Any, ...]], value: Any, printed: str
) -> None:
    kind, way = place
    read = valued(
        {"format": 1, "topic": "ml.trees", "subtopic": "splits",
         "questions": [sample(kind, {".".join(map(str, way)): value})]}
    )  # fmt: skip
    found = check(
        read.items, Hands(lambda _source: programs.Ran(printed, "", 0), judge), rendered, lambda _done, _whole: None
    )
    for problem in found.problems:
        assert problem.path.startswith("$.questions[0]")
        assert "\n" not in str(problem)


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_has_the_right_shape_and_is_refused_until_every_todo_is_gone(kind: str) -> None:
    written = scaffold.HEAD.format(topic=TOPIC, subtopic=SUBTOPIC) + scaffold.COMMON.format(
        id=f"{TOPIC}.new", kind=kind, skill="evaluation", body=scaffold.BODIES[kind]
    )
    (problem,) = understood(written).problems
    assert "its prompt still holds a TODO" in problem.message
    items = understood(written.replace("TODO A situation", "A situation")).items
    assert any("still holds a TODO" in problem.message for problem in checked(*items).problems)
