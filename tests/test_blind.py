"""A blind sheet shows neither key nor id, and answers to it are graded as the program would grade them."""

import csv
from pathlib import Path

import pytest
import yaml
from blind import BANK, drawn, main, sheet

from mlquiz.core.answer import Arranged, Computed, Explained, Given, Picked
from mlquiz.core.grading import solution
from mlquiz.core.question import Exercise

SEED = 11
IDS = [
    "ml.bias_variance.defect-classifier-gap",
    "prog.data_preprocessing.who-survives-unit-change",
    "opt.inference_latency.kv-cache-size",
    "prog.data_preprocessing.honest-test-score-order",
    "dl.optimization.adam-zero-start",
    "prog.python_coding.generator-yields-one-buffer",
    "sys.deployment.labels-arrive-late",
]
"""One of each kind."""


@pytest.fixture(scope="module")
def exercises() -> list[Exercise]:
    return drawn(IDS, SEED, BANK)


@pytest.fixture
def plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "plan.json"
    assert main(["sheet", str(path), "--seed", str(SEED), *IDS]) == 0
    capsys.readouterr()
    return path


def typed(exercise: Exercise) -> object:
    """The right answer as a reader writes it."""
    body, right = exercise.body, solution(exercise.body)
    if isinstance(right, Picked):
        return " ".join("abcde"[n] for n, option in enumerate(body.options) if option.key in right.keys)  # type: ignore[union-attr]
    if isinstance(right, Arranged):
        return "".join(str(list(body.steps).index(key) + 1) for key in right.order)  # type: ignore[union-attr]
    if isinstance(right, Explained):
        return right.points
    return right.value if isinstance(right, Computed) else right.text if isinstance(right, Given) else None


def write(folder: Path, answers: dict[str, dict[str, object]]) -> str:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump(answers), encoding="utf-8")
    return str(path)


def test_a_sheet_shows_what_a_learner_sees_and_nothing_that_betrays_the_key(exercises: list[Exercise]) -> None:
    for n, exercise in enumerate(exercises, 1):
        shown = sheet(exercise, n)
        question = exercise.question
        assert exercise.prompt.strip() in shown
        assert question.id not in shown
        assert question.level not in shown.splitlines()[0]
        assert exercise.explanation.strip() not in shown
        for word in ("correct", "misconception", "accept", "rubric"):
            assert f"{word}:" not in shown


def test_the_right_answers_agree(
    plan: Path, tmp_path: Path, exercises: list[Exercise], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {f"Q{n}": {"answer": typed(exercise)} for n, exercise in enumerate(exercises, 1)}
    assert main(["mark", str(plan), write(tmp_path, answers), "--reader", "r"]) == 0
    assert "7 of 7 agree; 0 were not answered, 0 were revised since." in capsys.readouterr().out


def test_a_disagreement_a_flaw_and_another_level_are_told(
    plan: Path, tmp_path: Path, exercises: list[Exercise], capsys: pytest.CaptureFixture[str]
) -> None:
    right = str(typed(exercises[0]))
    wrong = next(label for label in "abcd" if label != right)
    answers = {
        "Q1": {"answer": wrong, "level": "senior", "flaws": ["unclear"], "note": "which gap?"},
        "Q2": {"answer": "none of them"},
    }
    assert main(["mark", str(plan), write(tmp_path, answers), "--reader", "r"]) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first == (f"DISAGREES {IDS[0]} said {wrong!r} (0.00) level screen, said senior [unclear] which gap?")
    assert second.startswith(f"DISAGREES {IDS[1]} said 'none of them'")
    assert last == "0 of 2 agree; 5 were not answered, 0 were revised since."


def test_a_flaw_is_one_of_a_list(plan: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="odd: a flaw is one of unclear"):
        main(["mark", str(plan), write(tmp_path, {"Q1": {"answer": "a", "flaws": ["odd"]}}), "--reader", "r"])


def test_the_ledger_holds_one_row_for_a_question_and_reader(
    plan: Path, tmp_path: Path, exercises: list[Exercise]
) -> None:
    ledger = tmp_path / "audit" / "blind.csv"
    right = str(typed(exercises[0]))
    wrong = next(label for label in "abcd" if label != right)
    for reader, answer in (("first", wrong), ("second", right), ("first", right)):
        main(
            [
                "mark",
                str(plan),
                write(tmp_path, {"Q1": {"answer": answer}}),
                "--reader",
                reader,
                "--ledger",
                str(ledger),
            ]
        )
    rows = list(csv.DictReader(ledger.read_text(encoding="utf-8").splitlines()))
    assert [(row["reader"], row["agreed"]) for row in rows] == [("first", "yes"), ("second", "yes")]
    assert {row["revision"] for row in rows} == {exercises[0].question.revision}


def test_an_answer_to_an_earlier_revision_is_worth_nothing(
    plan: Path, tmp_path: Path, exercises: list[Exercise], capsys: pytest.CaptureFixture[str]
) -> None:
    """The sheet showed other words, so what was said of it says nothing of the question as it stands."""
    plan.write_text(plan.read_text().replace(exercises[0].question.revision, "0" * 12))
    answers = {f"Q{n}": {"answer": typed(exercise)} for n, exercise in enumerate(exercises[:2], 1)}
    ledger = tmp_path / "blind.csv"
    assert main(["mark", str(plan), write(tmp_path, answers), "--reader", "r", "--ledger", str(ledger)]) == 0
    assert "1 of 1 agree; 5 were not answered, 1 were revised since." in capsys.readouterr().out
    assert [row["id"] for row in csv.DictReader(ledger.read_text().splitlines())] == [IDS[1]]


def test_an_id_that_is_not_in_the_bank_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"not in .*: ml\.no\.such-question"):
        main(["sheet", str(tmp_path / "plan.json"), "--seed", "1", "ml.no.such-question"])
