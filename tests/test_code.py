"""Questions in code, by the real program: over lines, from a file, in plain mode, at a terminal, for practice."""

import json
import os
import stat
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Run
from handed_in import AUC, JOIN, TESTS, TIES, raw, sent
from screens import Start, ended, logged, saw

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def verdict(done: Any) -> dict[str, Any]:
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return next(message for message in found if message["type"] == "verdict")


def test_a_script_hands_in_source_and_hears_what_the_tests_said(mlquiz: Run, home: Path) -> None:
    done = mlquiz("quiz", "--id", AUC, "--jsonl", stdin=sent({"source": raw(AUC)["reference"]}))
    told = verdict(done)
    assert (told["right"], told["score"], told["rating"]) == (True, 1.0, "good")
    assert {result["outcome"] for result in told["results"]} == {"passed"}
    assert [result["name"] for result in told["results"]] == [test["name"] for test in raw(AUC)["tests"]]
    assert told["answer"] == {"source": raw(AUC)["reference"]}
    (stored,) = logged(home, "select answer from review")[0]
    assert json.loads(stored)["source"] == raw(AUC)["reference"]


def test_a_wrong_answer_scores_by_its_tests_and_says_which_failed(mlquiz: Run) -> None:
    told = verdict(mlquiz("quiz", "--id", AUC, "--jsonl", stdin=sent({"source": TIES})))
    assert (told["right"], told["rating"]) == (False, "again")
    assert told["score"] == pytest.approx((TESTS - 5) / TESTS)
    assert told["note"] == "all scores tie: expected 0.5, got 0.0"


def test_nobody_passes_by_saying_so(mlquiz: Run) -> None:
    claims = [{"name": test["name"], "outcome": "passed"} for test in raw(AUC)["tests"]]
    lie = {"source": "def auc(labels, scores):\n    print('passed')\n", "results": claims, "hints": 0}
    told = verdict(mlquiz("quiz", "--id", AUC, "--jsonl", stdin=sent(lie)))
    assert not told["right"]
    assert told["score"] < 0.2


def test_no_source_is_asked_again_at_no_cost(mlquiz: Run, home: Path) -> None:
    done = mlquiz("quiz", "--id", AUC, "--jsonl", stdin=sent({"source": " \n"}, {"text": "x"}, {"source": 3}))
    types = [json.loads(line)["type"] for line in done.stdout.splitlines()]
    assert types == ["hello", "question", "error", "error", "error", "summary"]
    assert logged(home, "select count(*) from review") == [(0,)]


def test_one_select_is_judged_on_every_case_and_anything_else_is_refused(mlquiz: Run) -> None:
    def judged(source: str) -> dict[str, Any]:
        return verdict(mlquiz("quiz", "--id", JOIN, "--jsonl", stdin=sent({"source": source}, id_=JOIN)))

    assert judged(raw(JOIN)["reference"])["right"]
    told = judged("DROP TABLE labels")
    assert told["score"] == 0
    assert "is refused: may only read, and this would do: change the tables" in told["note"]


def test_a_question_carries_its_starter_or_its_tables(mlquiz: Run) -> None:
    def asked(id_: str) -> dict[str, Any]:
        return dict(json.loads(mlquiz("quiz", "--id", id_, "--jsonl").stdout.splitlines()[1]))

    code, sql = asked(AUC), asked(JOIN)
    assert (code["kind"], code["language"], code["starter"], code["requires"]) == (
        "code",
        "python",
        raw(AUC)["starter"],
        [],
    )
    assert (sql["kind"], sql["schema"]) == ("sql", raw(JOIN)["schema"])
    assert not {"reference", "tests", "hints", "cases"} & {*code, *sql}


def test_a_file_of_answers_may_hold_source(mlquiz: Run, tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({"id": AUC, "answer": {"source": TIES}}) + "\n")
    done = mlquiz("quiz", "--id", AUC, "--answers", str(file))
    assert done.returncode == 0, done.stderr
    assert f"Not quite: {(TESTS - 5) / TESTS:.0%} of the points." in done.stdout
    assert "wrong: all scores tie\n  expected 0.5, got 0.0" in done.stdout
    assert "A solution:\n    def auc(labels, scores):" in done.stdout


# plain mode


def test_in_plain_mode_the_file_is_written_elsewhere_and_an_empty_line_runs_it(mlquiz: Run, home: Path) -> None:
    file = home / "data/default/drafts" / f"{AUC}.py"
    plain = {"MLQUIZ_PLAIN": "1"}
    done = mlquiz("quiz", "--id", AUC, stdin="\n", env=plain)
    assert done.returncode == 130
    assert f"Write your answer in {file}. Then Enter runs its tests." in done.stdout
    assert "Nothing is written yet." in done.stdout
    assert file.read_text().startswith("# Write auc(labels, scores).")
    assert file.read_text().endswith(raw(AUC)["starter"])
    file.write_text(TIES)
    done = mlquiz("quiz", "--id", AUC, stdin="\n:a\nq\n", env=plain)
    assert done.returncode == 0, done.stderr
    assert f"{TESTS - 5} of {TESTS} tests pass." in done.stdout
    assert "Failed: all scores tie\n    auc([0, 1, 1, 0, 1], [5, 5, 5, 5, 5])\n  expected 0.5, got 0.0" in done.stdout
    assert "Failed too: only positives," not in done.stdout
    assert f"Not quite: {(TESTS - 5) / TESTS:.0%}" in done.stdout
    assert not file.exists()
    assert logged(home, "select score, confidence from review") == [((TESTS - 5) / TESTS, None)]


def test_undo_in_plain_mode_brings_the_file_back_and_help_forgets_no_hint(mlquiz: Run, home: Path) -> None:
    plain = {"MLQUIZ_PLAIN": "1"}
    mlquiz("quiz", "--id", AUC, env=plain)
    file = home / "data/default/drafts" / f"{AUC}.py"
    file.write_text(TIES)
    done = mlquiz("quiz", "--id", AUC, stdin="\n:a\nu\n:q\n", env=plain)
    assert "Rated again" in done.stdout
    assert file.read_text() == TIES
    file.write_text(raw(AUC)["reference"])
    done = mlquiz("quiz", "--id", AUC, stdin="what?\n:h\n:?\n\nq\n", env=plain)
    assert f"That is not read: the answer is what stands in {file}." in done.stdout
    assert "Rated hard" in done.stdout


def test_not_knowing_leaves_what_was_written(mlquiz: Run, home: Path) -> None:
    plain = {"MLQUIZ_PLAIN": "1"}
    mlquiz("quiz", "--id", AUC, env=plain)
    file = home / "data/default/drafts" / f"{AUC}.py"
    file.write_text(TIES)
    done = mlquiz("quiz", "--id", AUC, stdin=":d\nq\n", env=plain)
    assert "Not known." in done.stdout
    assert file.read_text() == TIES


def test_a_hint_makes_it_hard(mlquiz: Run, home: Path) -> None:
    plain = {"MLQUIZ_PLAIN": "1"}
    mlquiz("quiz", "--id", JOIN, env=plain)
    (home / "data/default/drafts" / f"{JOIN}.sql").write_text(f"-- mine\n{raw(JOIN)['reference']}")
    done = mlquiz("quiz", "--id", JOIN, stdin=":h\n\nq\n", env=plain)
    assert f"Hint: {raw(JOIN)['hints'][0][:30]}" in done.stdout
    assert "Rated hard" in done.stdout
    assert ":h hint" not in done.stdout.split("Hint:")[1]
    (stored,) = logged(home, "select answer from review")[0]
    assert json.loads(stored)["hints"] == 1


# at a terminal


@pytest.fixture
def editor(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """An editor that saves the given sources, one each time it is opened; the last one again and again."""

    def make(*sources: str) -> dict[str, str]:
        for n, source in enumerate(sources):
            (tmp_path / f"source{n}").write_text(source)
        script = tmp_path / "edit"
        script.write_text(
            f'#!/bin/sh\ncd "{tmp_path}"\nset -- "$1" source?\ncat "$2" > "$1"\n[ -e "$3" ] && rm "$2"\nexit 0\n'
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return {"EDITOR": str(script)}

    return make


@posix
def test_what_fails_comes_back_to_be_mended(start: Start, home: Path, editor: Callable[..., dict[str, str]]) -> None:
    child = start("quiz", "--id", AUC, **editor("def auc(labels, scores)\n", TIES, raw(AUC)["reference"]))
    saw(child, "Write auc(labels, scores).", "def auc", "saving it runs the tests", "open it in edit", "run the tests")
    child.send("\r")
    saw(child, "It does not run.", "SyntaxError", "leave it so")
    child.send("\r")
    shown = saw(
        child, f"{TESTS - 5} of {TESTS} tests pass.", "all scores tie", "expected 0.5, got 0.0", "passed:", "hint"
    )
    assert "auc([0, 1, 1, 0, 1], [5, 5, 5, 5, 5])" in shown
    child.send("\r")
    saw(child, "Right.", f"All {TESTS} tests pass.", "Sort once,", "Rated good; it comes back in 30 days.")
    assert logged(home, "select score, confidence from review") == [(1.0, None)]
    child.send("q")
    assert ended(child)[0] == 0
    assert os.listdir(home / "data/default/drafts") == []


@posix
def test_ctrl_c_keeps_the_file_and_undo_brings_it_back(
    start: Start, home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    file = home / "data/default/drafts" / f"{AUC}.py"
    child = start("quiz", "--id", AUC, **editor(TIES))
    saw(child, "open it in edit")
    child.send("\r")
    saw(child, f"{TESTS - 5} of {TESTS} tests pass.", "leave it so")
    child.send("\x03")
    assert ended(child)[0] == 130
    assert file.read_text() == TIES
    child = start("quiz", "--id", AUC, **editor(TIES))
    saw(child, "run the tests")
    child.send("r")
    saw(child, f"{TESTS - 5} of {TESTS} tests pass.", "leave it so")
    child.send("a")
    saw(child, "Not quite", "Rated again")
    assert not file.exists()
    child.send("u")
    saw(child, "saving it runs the tests")
    assert file.read_text() == TIES
    child.send("n")
    saw(child, "Put the starter in the place")
    child.send("y")
    saw(child, "It stands as it did at first.")
    assert file.read_text().endswith(raw(AUC)["starter"])
    child.send("d")
    saw(child, "Not known.", "seen_neg", "Sort once,")
    child.send("q")
    assert ended(child)[0] == 0


@posix
def test_a_save_while_the_tests_run_is_not_missed(
    start: Start, home: Path, editor: Callable[..., dict[str, str]]
) -> None:
    file = home / "data/default/drafts" / f"{AUC}.py"
    child = start("quiz", "--id", AUC, EDITOR="no-such-editor")
    saw(child, "saving it runs the tests", "run the tests")
    file.write_text("def auc(labels, scores):\n    import time\n    time.sleep(1)\n")
    saw(child, "Running the tests")
    file.write_text(raw(AUC)["reference"])
    saw(child, "Right.", f"All {TESTS} tests pass.")
    child.send("q")
    assert ended(child)[0] == 0


@posix
def test_practice_runs_a_file_whenever_it_is_saved_and_goes_on(start: Start, home: Path, tmp_path: Path) -> None:
    room = tmp_path / "room"
    child = start("practice", AUC, JOIN, "--dir", str(room), EDITOR="no-such-editor")
    saw(child, "1/2", "Write auc", "saving it runs the tests", "run the tests")
    (room / f"{AUC}.py").write_text(TIES)
    saw(child, f"{TESTS - 5} of {TESTS} tests pass.", "leave it so")
    (room / f"{AUC}.py").write_text(raw(AUC)["reference"])
    saw(child, "Right.", f"All {TESTS} tests pass.", "Enter next")
    child.send("\r")
    saw(child, "2/2", "CREATE TABLE", "saving it runs the tests", "run the tests")
    assert not (room / f"{AUC}.py").exists()
    assert (room / "done" / f"{AUC}.py").read_text() == raw(AUC)["reference"]
    assert "-- CREATE TABLE labels" in (room / f"{JOIN}.sql").read_text()
    child.send("q")
    assert ended(child)[0] == 0
    assert logged(home, "select question, mode, rating from review") == [(AUC, "practice", 3)]


def test_practice_offers_what_is_not_solved_easy_ones_first(mlquiz: Run, home: Path) -> None:
    plain = {"MLQUIZ_PLAIN": "1", "MLQUIZ_WORKSPACE": str(home / "work")}
    done = mlquiz("practice", "--topic", "ml.evaluation_metrics", "-n", "1", env=plain)
    assert "1 question." in done.stdout
    assert "· screen" in done.stdout
    mlquiz("quiz", "--id", AUC, "--jsonl", stdin=sent({"source": raw(AUC)["reference"]}))
    listed = mlquiz("bank", "list", "--skill", "roc-auc", "--kind", "code").stdout.split()
    for id_ in listed:
        if id_.startswith("ml.") and id_ != AUC:
            mlquiz("suspend", id_)
    done = mlquiz("practice", "--skill", "roc-auc", env=plain)
    assert (done.returncode, done.stdout) == (1, "")
    assert "solved or suspended; `mlquiz practice ID` does one again" in done.stderr
    assert f"Write your answer in {home / 'work' / AUC}.py" in mlquiz("practice", "auc-in", env=plain).stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["defect-classifier-gap"], 1, "is not answered in code"),
        (["--kind", "single"], 1, "No question in code fits"),
        (["nothing-like-it"], 1, "There is no question"),
    ],
)
def test_what_cannot_be_practised_is_told(mlquiz: Run, args: list[str], code: int, said: str) -> None:
    done = mlquiz("practice", *args, env={"MLQUIZ_PLAIN": "1"})
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_without_a_terminal_practice_names_what_is_for_scripts(mlquiz: Run) -> None:
    done = mlquiz("practice")
    assert done.returncode == 2
    assert "`mlquiz quiz --kind code --jsonl` is for scripts" in done.stderr


# what cannot be asked here

MINE = "prog.python_coding.mine"


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Path]:
    """A bank of one question in code; with what it requires."""

    def make(*requires: str) -> Path:
        folder = tmp_path / "own"
        folder.mkdir()
        mine = {**raw(AUC), "id": MINE, "requires": list(requires)}
        head = {"format": 1, "topic": "prog.python_coding", "subtopic": "efficient-code", "questions": [mine]}
        (folder / "mine.yaml").write_text(yaml.safe_dump(head, sort_keys=False, allow_unicode=True))
        return folder

    return make


def test_a_question_whose_package_is_missing_is_passed_over_and_not_counted(
    mlquiz: Run, own: Callable[..., Path]
) -> None:
    bank = ["--bank", str(own("surely_not_there"))]
    asked = mlquiz(*bank, "quiz", "--id", MINE, "--jsonl")
    assert asked.returncode == 1
    assert asked.stdout == ""
    assert "1 question passed over for want of surely_not_there, which is not installed: pip install" in asked.stderr
    both = mlquiz(*bank, "quiz", "--id", MINE, "--id", AUC, "--jsonl")
    assert json.loads(both.stdout.splitlines()[0])["total"] == 1
    assert "passed over for want of surely_not_there" in both.stderr
    assert MINE not in mlquiz(*bank, "review", "--jsonl", "-n", "500").stdout


def test_tests_of_a_strange_bank_do_not_run_before_they_are_allowed(
    mlquiz: Run, own: Callable[..., Path], home: Path
) -> None:
    folder = own()
    bank = ["--bank", str(folder)]
    done = mlquiz(*bank, "quiz", "--id", MINE, "--jsonl", stdin=sent({"source": TIES}, id_=MINE))
    assert (done.returncode, done.stdout) == (1, "")
    assert "are programs, and `" in done.stderr
    file = folder / "mine.yaml"
    allowed = {"version": 1, "files": {str(file): sha256(file.read_bytes()).hexdigest()}}
    (home / "data/trusted.json").write_text(json.dumps(allowed))
    done = mlquiz(*bank, "quiz", "--id", MINE, "--jsonl", stdin=sent({"source": TIES}, id_=MINE))
    assert verdict(done)["score"] == pytest.approx((TESTS - 5) / TESTS)
    file.write_text(file.read_text() + "\n")
    assert "are programs" in mlquiz(*bank, "quiz", "--id", MINE, "--jsonl").stderr


def test_leave_can_be_given_without_a_terminal(mlquiz: Run, own: Callable[..., Path]) -> None:
    folder = own()
    bank = ["--bank", str(folder)]
    assert mlquiz(*bank, "bank", "check", str(folder), "--run-programs").returncode == 0
    assert "are programs" in mlquiz(*bank, "quiz", "--id", MINE, "--jsonl").stderr  # that was for once
    assert mlquiz(*bank, "bank", "check", str(folder), "--allow").returncode == 0
    done = mlquiz(*bank, "quiz", "--id", MINE, "--jsonl", stdin=sent({"source": TIES}, id_=MINE))
    assert verdict(done)["score"] == pytest.approx((TESTS - 5) / TESTS)


def test_what_cannot_be_asked_uses_up_no_number_and_ends_no_review(mlquiz: Run, own: Callable[..., Path]) -> None:
    bank = ["--bank", str(own("surely_not_there"))]
    done = mlquiz(*bank, "practice", "--skill", "roc-auc", "-n", "1", env={"MLQUIZ_PLAIN": "1"})
    assert "1 question." in done.stdout
    assert f"{AUC}.py" in done.stdout
    assert "1 question passed over for want of surely_not_there" in done.stderr
    mlquiz(*bank, "plan", "--new", "0")
    done = mlquiz(*bank, "review", "--jsonl")
    assert done.returncode == 0, done.stderr
    assert "passed over" not in done.stderr  # it is neither due nor new
    mlquiz(*bank, "plan", "--new", "5")
    assert "passed over" in mlquiz(*bank, "review", "--jsonl").stderr


@pytest.mark.parametrize("folder", ["x" * 300, "file/below"])
def test_a_workspace_that_cannot_be_used_is_told(mlquiz: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    done = mlquiz("practice", "--dir", str(tmp_path / folder), env={"MLQUIZ_PLAIN": "1"})
    assert "Traceback" not in done.stderr
    assert "cannot be used" in done.stderr + done.stdout


def test_mutants_of_a_bank_of_ones_own_are_run_once_and_kept_beside_it(mlquiz: Run, own: Callable[..., Path]) -> None:
    folder = own()
    check = ["--bank", str(folder), "bank", "check", str(folder), "--run-programs", "--mutants"]
    done = mlquiz(*check)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100.0% of 48 mutants noticed in 1 question; 95% should be." in done.stderr
    ledger = (folder / "audit/mutants.csv").read_text()
    assert ledger.splitlines()[1].startswith(f"{MINE},")
    blunt = yaml.safe_load((folder / "mine.yaml").read_text())
    blunt["questions"][0]["tests"] = [
        {"name": f"test {n}", "call": "auc([0, 1], [1, 2])", "expect": 1.0} for n in range(7)
    ] + [{"name": "one class", "call": "auc([1], [1])", "raises": "ValueError"}]
    wrong = ["return 1.0", "raise ValueError", "return len(scores) / 2"]
    blunt["questions"][0]["proof"]["wrong"] = [
        {"why": why, "code": f"def auc(labels, scores):\n    {why}\n"} for why in wrong
    ]
    (folder / "mine.yaml").write_text(yaml.safe_dump(blunt, sort_keys=False))
    done = mlquiz(*check)
    assert done.returncode == 3
    assert "a mutant lives: line " in done.stdout
    assert "mutants; they should notice 85%" in done.stdout
    assert (folder / "audit/mutants.csv").read_text() != ledger
