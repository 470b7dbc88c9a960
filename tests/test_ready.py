"""`mlquiz ready` by the real program: points with an interval, today and on a day to come, and what moves them."""

import json
from typing import Any

import pytest
from conftest import Run

FIRST = "ml.bias_variance.defect-classifier-gap"


def told(mlquiz: Run, *args: str, **more: Any) -> dict[str, Any]:
    done = mlquiz("ready", "--json", *args, **more)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_before_any_answer_it_knows_little_and_says_so(mlquiz: Run) -> None:
    found = told(mlquiz)
    overall = found["overall"]
    assert overall["seen"] == 0
    assert overall["high"] - overall["low"] > 40
    assert len(found["topics"]) == 16
    assert found["left_out"] == 0
    assert found["day"] == found["today"]


def test_what_was_known_raises_it_and_is_forgotten_by_the_day(mlquiz: Run) -> None:
    before = told(mlquiz)["overall"]
    line = {"type": "answer", "id": FIRST, "answer": {"dont_know": True}}
    mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=json.dumps(line) + "\n")
    after = told(mlquiz, "--on", "30d")
    assert after["overall"]["seen"] == 1
    assert after["overall"]["high"] - after["overall"]["low"] < before["high"] - before["low"]
    topic = next(topic for topic in after["topics"] if topic["id"] == "ml.bias_variance")
    assert topic["seen"] == 1
    assert topic["points"] < topic["now"]["points"]  # it was read a minute ago


def test_what_is_suspended_is_left_out_and_counted_aloud(mlquiz: Run) -> None:
    mlquiz("suspend", FIRST)
    assert told(mlquiz)["left_out"] == 1
    assert "Left out: 1 question" in mlquiz("ready").stdout


def test_the_table_fits_80_columns_and_plain_mode_has_sentences(mlquiz: Run) -> None:
    for args in ([], ["--on", "2w"]):
        lines = mlquiz("ready", *args).stdout.splitlines()
        assert max(map(len, lines)) <= 80
        assert any("●" in line for line in lines)
    plain = mlquiz("ready", env={"MLQUIZ_PLAIN": "1"}).stdout
    assert "Deep Learning: " in plain
    assert "●" not in plain
    assert "questions met." in plain


@pytest.mark.parametrize(
    ("day", "said"), [("2020-01-01", "2020-01-01 is past."), ("soon", "'soon' is no day"), ("0d", "'0d' is no day")]
)
def test_a_day_that_makes_no_sense_is_told(mlquiz: Run, day: str, said: str) -> None:
    done = mlquiz("ready", "--on", day)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_first_meeting_taken_back_is_none_and_a_corrected_one_counts_as_corrected() -> None:
    from builders import step

    from mlquiz.core.ability import Asked, Meeting, meetings

    keys = {"ml.trees.gini": "k1", "ml.trees.b": "k1"}
    hard = {"ml.trees.gini": Asked(4, "order"), "ml.trees.b": Asked(2, "single")}
    missed = step(1, day=3, rating=1, standing=False)
    corrected = step(2, day=3, rating=3, root=missed.root)
    assert meetings([missed, corrected, step(3, day=5, rating=1)], keys, hard) == [Meeting("ml.trees", 4, True)]
    assert meetings([missed, step(3, day=5, rating=3)], keys, hard) == []
    revised = [step(1, question="ml.trees.b", key="older"), step(2, day=9, question="ml.trees.b")]
    assert meetings(revised, keys, hard) == [Meeting("ml.trees", 2, True, 0.125)]
    unasked = [one._replace(unasked=True) for one in revised]  # nobody could say that it was a guess
    assert meetings(unasked, keys, hard) == [Meeting("ml.trees", 2, True, 0.25)]
