"""The program as scripts and shells see it: exit statuses, streams, JSON, sentences for what goes wrong."""

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, clean

from mlquiz.core.question import KINDS

FIRST = "ml.bias_variance.defect-classifier-gap"
CHURN = "ml.bias_variance.churn-rows-shared-by-folds"


def messages(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def of_type(text: str, type_: str) -> list[dict[str, Any]]:
    return [message for message in messages(text) if message["type"] == type_]


def line(**fields: Any) -> str:
    return json.dumps(fields) + "\n"


def right(question: dict[str, Any]) -> str:
    """The key of the shipped question, by the text of its right option."""
    texts = {FIRST: "Use a bigger network or train this one longer", CHURN: "Group the folds by customer"}
    return next(option["key"] for option in question["options"] if option["text"].startswith(texts[question["id"]]))


def asked(mlquiz: Run, *args: str) -> dict[str, Any]:
    """The first question of a session that is left at once."""
    question: dict[str, Any] = of_type(mlquiz(*args, "--jsonl").stdout, "question")[0]
    return question


def answer(mlquiz: Run, id_: str, env: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    """The verdict on one answer to one question."""
    done = mlquiz("quiz", "--id", id_, "--jsonl", stdin=line(type="answer", id=id_, **fields), env=env)
    assert done.returncode == 0, done.stderr
    verdict: dict[str, Any] = of_type(done.stdout, "verdict")[0]
    return verdict


def known(mlquiz: Run, id_: str = FIRST, **fields: Any) -> dict[str, Any]:
    key = right(asked(mlquiz, "quiz", "--id", id_))
    return answer(mlquiz, id_, answer={"keys": [key]}, **fields)


def test_home_on_a_fresh_machine_says_what_to_type(mlquiz: Run) -> None:
    done = mlquiz()
    assert done.returncode == 0
    assert "Next: mlquiz review" in done.stdout
    assert done.stderr == ""


def test_reading_writes_no_log(mlquiz: Run, home: Path) -> None:
    for args in ([], ["due"], ["report"], ["report", "--format", "json"], ["bank", "list"]):
        assert mlquiz(*args).returncode == 0
    assert not list(home.rglob("log.db"))


def test_due_counts_new_questions_and_exits_with_10_while_any_wait(mlquiz: Run) -> None:
    assert mlquiz("due").stdout == "0 due, 10 new today.\n"
    assert mlquiz("due", "--count").stdout == "10\n"
    assert json.loads(mlquiz("due", "--json").stdout) == {"version": 1, "due": 0, "new": 10, "topics": []}
    assert mlquiz("due", "--exit-code").returncode == 10


def test_a_right_and_sure_answer_comes_back_in_a_month_and_a_guess_tomorrow(mlquiz: Run) -> None:
    sure = known(mlquiz, FIRST, confidence="sure")
    guess = known(mlquiz, CHURN, confidence="guessed")
    assert (sure["right"], sure["rating"], sure["score"]) == (True, "good", 1.0)
    assert (guess["right"], guess["rating"]) == (True, "again")
    assert sure["due"] > guess["due"]


def test_a_question_due_on_another_day_is_due_then_and_not_before(mlquiz: Run) -> None:
    def env(day: str) -> dict[str, str]:
        return {"MLQUIZ_PROFILE": "demo", "MLQUIZ_TODAY": day}

    verdict = answer(mlquiz, FIRST, env("2026-03-01"), answer={"dont_know": True})
    assert (verdict["rating"], verdict["due"]) == ("again", "2026-03-02")
    before = json.loads(mlquiz("due", "--json", env=env("2026-03-01")).stdout)
    after = json.loads(mlquiz("due", "--json", env=env("2026-03-02")).stdout)
    assert (before["due"], before["new"]) == (0, 9)
    assert (after["due"], after["new"]) == (1, 10)
    assert after["topics"] == [{"topic": "ml.bias_variance", "due": 1}]
    first = asked(lambda *args: mlquiz(*args, env=env("2026-03-02")), "review")
    assert first["id"] == FIRST


def test_the_clock_moves_only_beside_the_learners_own_log(mlquiz: Run) -> None:
    done = mlquiz("due", env={"MLQUIZ_TODAY": "2026-03-01"})
    assert done.returncode == 2
    assert "--profile" in done.stderr
    assert mlquiz("--profile", "demo", "due", env={"MLQUIZ_TODAY": "soon"}).returncode == 2


def test_a_missed_question_comes_back_and_the_summary_counts_both_answers(mlquiz: Run) -> None:
    answers = line(type="answer", id=FIRST, answer={"dont_know": True}) * 2
    done = mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=answers)
    first, second, third = of_type(done.stdout, "question")
    assert (first["repeat"], second["repeat"], third["attempt"]) == (False, True, 3)
    (summary,) = of_type(done.stdout, "summary")
    assert (summary["asked"], summary["score"]) == (2, 0.0)


def test_the_same_seed_asks_the_same(mlquiz: Run) -> None:
    def questions() -> list[dict[str, Any]]:
        skips = "".join(line(type="skip", id=row["id"]) for row in first)
        return of_type(mlquiz("quiz", "--seed", "7", "-n", "6", "--jsonl", stdin=skips).stdout, "question")

    first: list[dict[str, Any]] = []
    while len(first) < 6:
        first = questions()
    assert first == questions()
    assert len({row["id"] for row in first}) == 6


PROTOCOL = [
    ("not json", "expected"),
    ("[1, 2]", "expected"),
    ("{}", "expected"),
    ('"text"', "expected"),
    (json.dumps({"type": "answer", "id": "other", "answer": {}}), "the open question is"),
    (json.dumps({"type": "answer", "id": FIRST}), "expected"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": {"value": 1}}), "this question wants"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": {"keys": []}}), "pick exactly one"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": {"keys": ["nope"]}}), "is no option"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": None}), "this question wants"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": {"dont_know": True}, "seconds": -1}), "seconds"),
    (json.dumps({"type": "answer", "id": FIRST, "answer": {"dont_know": True}, "confidence": "maybe"}), "expected"),
    (json.dumps({"type": "dance", "id": FIRST}), "expected"),
    ("[" * 30_000, "expected"),
    ("x" * 2_000_000, "longer than"),
    ("", "expected"),
]


@pytest.mark.parametrize(("bad", "said"), PROTOCOL, ids=range(len(PROTOCOL)))
def test_a_line_that_is_not_understood_gets_an_error_and_the_question_stays(mlquiz: Run, bad: str, said: str) -> None:
    good = line(type="answer", id=FIRST, answer={"dont_know": True})
    done = mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=bad + "\n" + good)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    (error,) = of_type(done.stdout, "error")
    assert said in error["message"]
    assert len(of_type(done.stdout, "verdict")) == 1


def test_binary_on_stdin_ends_no_session(home: Path) -> None:
    good = line(type="answer", id=FIRST, answer={"dont_know": True}).encode()
    done = subprocess.run(
        [sys.executable, "-m", "mlquiz", "quiz", "--id", FIRST, "--jsonl"],
        input=b"\xff\xfe\x00\x80 binary\n" + good, env=clean(home), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert [message["type"] for message in messages(done.stdout.decode())].count("verdict") == 1
    assert b"Traceback" not in done.stderr


def test_open_questions_show_the_rubric_before_the_points_are_ticked(mlquiz: Run) -> None:
    id_ = "sys.deployment.labels-arrive-late"
    stdin = line(type="answer", id=id_, answer={"text": "Watch the inputs."}) + line(
        type="answer", id=id_, answer={"points": ["inputs", "scores", "proxies", "blocked"]}
    )
    done = mlquiz("quiz", "--id", id_, "--jsonl", stdin=stdin)
    types = [message["type"] for message in messages(done.stdout)]
    assert types[:4] == ["hello", "question", "rubric", "verdict"]
    assert of_type(done.stdout, "verdict")[0]["score"] == pytest.approx(9 / 16)
    shown = json.loads(mlquiz("report", "--format", "json").stdout)
    assert shown["topics"][0]["own"] == 1


def test_every_kind_carries_what_it_needs(mlquiz: Run) -> None:
    needs = {
        "single": "options", "multi": "options", "numeric": "params", "order": "steps", "short": None,
        "output": "program", "open": None,
    }  # fmt: skip
    for kind, field in needs.items():
        question = asked(mlquiz, "quiz", "--kind", kind)
        assert question["kind"] == kind
        extra = set(question) - {"type", "n", "of", "id", "attempt", "repeat", "revised", "seed", "kind", "topic",
                                 "level", "prompt", "seconds", "unit", "language", "why"}  # fmt: skip
        assert extra == ({field} if field else set())
        assert not {"answer", "explanation", "correct", "accept", "output", "before"} & set(question)
        assert all(set(option) == {"key", "label", "text"} for option in question.get("options", []))
        for option in question.get("options", []):
            assert set(option) == {"key", "label", "text"}


def test_the_verdict_carries_an_answer_that_is_right(mlquiz: Run) -> None:
    for kind in ("single", "multi", "numeric", "order", "short", "output", "open"):
        question = asked(mlquiz, "quiz", "--kind", kind, "--seed", "5")
        id_ = question["id"]
        first = line(type="answer", id=id_, answer={"dont_know": True})
        done = mlquiz("quiz", "--id", id_, "--jsonl", "--seed", "5", stdin=first)
        solution = of_type(done.stdout, "verdict")[0]["answer"]
        done = mlquiz("quiz", "--id", id_, "--jsonl", "--seed", "5", stdin=line(type="answer", id=id_, answer=solution))
        assert of_type(done.stdout, "verdict")[0]["score"] == 1.0, kind


def test_a_file_of_answers_is_graded_and_an_id_never_asked_fails_by_name(mlquiz: Run, tmp_path: Path) -> None:
    key = right(asked(mlquiz, "quiz", "--id", FIRST))
    file = tmp_path / "answers.jsonl"
    file.write_text(line(id=FIRST, answer={"keys": [key]}, confidence="sure"))
    done = mlquiz("quiz", "--id", FIRST, "--id", CHURN, "--answers", str(file))
    assert done.returncode == 0, done.stderr
    assert "All: 1 of 1 right" in done.stdout
    assert "1 question passed over" in done.stdout
    file.write_text(line(id="ml.never.asked", answer={"keys": [key]}))
    done = mlquiz("quiz", "--id", FIRST, "--answers", str(file))
    assert done.returncode == 1
    assert "ml.never.asked" in done.stderr


@pytest.mark.parametrize("content", ["nonsense\n", '{"id": "x"}\n', "[]\n", '{"id": 3, "answer": {}}\n'])
def test_a_file_of_answers_that_cannot_be_read_is_a_usage_error_with_its_line(
    mlquiz: Run, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text("\n" + content)
    done = mlquiz("quiz", "--id", FIRST, "--answers", str(file))
    assert done.returncode == 2
    assert f"{file}:2:" in done.stderr
    assert mlquiz("quiz", "--answers", str(tmp_path / "none")).returncode == 2


def test_questions_without_a_terminal_fail_and_name_the_flag(mlquiz: Run) -> None:
    for verb in ("review", "quiz"):
        done = mlquiz(verb)
        assert done.returncode == 2
        assert "--jsonl" in done.stderr
        assert done.stdout == ""


def test_plain_mode_plays_over_pipes(mlquiz: Run) -> None:
    question = asked(mlquiz, "quiz", "--id", FIRST, "--seed", "1")
    n = next(n for n, option in enumerate(question["options"], 1) if option["key"] == right(question))
    stdin = f"9\n?\n{n}\nx\n1\nr\n\n"
    done = mlquiz("quiz", "--id", FIRST, "--seed", "1", stdin=stdin, env={"MLQUIZ_PLAIN": "1"})
    assert done.returncode == 0, done.stderr
    assert "Type numbers from 1 to 4." in done.stdout
    assert "Right." in done.stdout
    assert "it comes back in 30 days" in done.stdout
    assert f"{FIRST} revision" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_end_of_plain_input_leaves_cleanly_with_130(mlquiz: Run) -> None:
    done = mlquiz("quiz", "--id", FIRST, stdin="", env={"MLQUIZ_PLAIN": "1"})
    assert done.returncode == 130
    assert "1 question left" in done.stdout


def test_undo_takes_back_the_last_answers_and_shows_them(mlquiz: Run) -> None:
    known(mlquiz)
    known(mlquiz, CHURN)
    done = mlquiz("undo", "--last", "2")
    assert done.returncode == 0
    assert done.stdout.index(CHURN) < done.stdout.index(FIRST)
    assert json.loads(mlquiz("report", "--format", "json").stdout)["answers"] == 0
    again = mlquiz("undo")
    assert (again.returncode, again.stdout) == (1, "")
    assert "no answer to take back" in again.stderr


def test_a_suspended_question_is_never_asked_until_it_is_resumed(mlquiz: Run) -> None:
    known(mlquiz, confidence="guessed")
    assert mlquiz("suspend", "defect-classifier-gap").returncode == 0
    env = {"MLQUIZ_PROFILE": "default"}
    assert mlquiz("suspend", FIRST, env=env).returncode == 1
    ids = {row["id"] for row in of_type(mlquiz("quiz", "--kind", "single", "--jsonl").stdout, "question")}
    assert FIRST not in ids
    assert "Suspended" in mlquiz("show", FIRST).stdout
    assert mlquiz("resume", FIRST).returncode == 0
    assert mlquiz("resume", FIRST).returncode == 1


def test_show_has_the_answer_its_reasons_and_the_history(mlquiz: Run) -> None:
    known(mlquiz, confidence="sure")
    done = mlquiz("show", FIRST)
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    for part in ("Use a bigger network", "avoidable bias is about 14 points", "rated good (quiz)", "question_bank"):
        assert part in text
    for kind in KINDS:
        id_ = mlquiz("bank", "list", "--kind", kind).stdout.split()[0]
        shown = mlquiz("show", id_)
        assert shown.returncode == 0, id_
        assert shown.stdout.startswith(id_)


def test_a_name_that_is_none_is_said_with_the_nearest(mlquiz: Run) -> None:
    for args, near in [
        (["show", "ml.bias_variance.defect-clasifier-gap"], FIRST),
        (["quiz", "--jsonl", "--topic", "bias-varianse"], "ml.bias_variance"),
        (["quiz", "--jsonl", "--area", "systems"], "sys"),
        (["quiz", "--jsonl", "--skill", "rocauc"], "roc-auc"),
        (["quiz", "--jsonl", "--id", "nothing-like-it"], "no question"),
    ]:
        done = mlquiz(*args)
        assert done.returncode == 1, args
        assert near in done.stderr
        assert done.stdout == ""
    for args in (["quiz", "--jsonl", "--kind", "essay"], ["quiz", "--jsonl", "--level", "boss"], ["quiz", "-n", "0"]):
        assert mlquiz(*args).returncode == 2


def test_report_json_has_what_the_readme_says(mlquiz: Run) -> None:
    known(mlquiz, confidence="sure")
    shown = json.loads(mlquiz("report", "--format", "json").stdout)
    assert shown["version"] == 1
    assert {"answers", "overall", "areas", "topics", "weak", "calibration", "history"} <= set(shown)
    assert shown["overall"]["n"] == 1
    assert shown["overall"]["low"] < 1.0 == shown["overall"]["score"]
    assert [(row["confidence"], row["n"], row["right"]) for row in shown["calibration"]] == [("sure", 1, 1.0)]
    assert len(shown["load"]) == 14
    assert mlquiz("report", "--format", "papyrus").returncode == 2


def test_a_broken_bank_file_is_left_out_in_a_line_and_told_whole_by_check(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text("format: 1\ntopic: [red]\nsubtopic: no\n")
    done = mlquiz("--bank", str(own), "due")
    assert (done.returncode, done.stdout) == (0, "0 due, 10 new today.\n")
    assert done.stderr.count("\n") == 1
    assert "bank check" in done.stderr
    done = mlquiz("--bank", str(own), "bank", "check", str(own), "--run-programs")
    assert done.returncode == 3
    assert "a.yaml:3: $.subtopic: is no, which YAML 1.1 reads as false" in done.stdout


def test_programs_of_a_foreign_bank_are_not_run_unasked(mlquiz: Run, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    own = tmp_path / "own"
    assert (
        mlquiz(
            "--bank", str(own.parent), "bank", "new", "output", "prog.python_coding.mine", "--subtopic", "eff"
        ).returncode
        == 0
    )
    (file,) = tmp_path.rglob("efficient-code.yaml")
    file.write_text(file.read_text().replace('print("TODO")', f"open({str(mark)!r}, 'w')").replace("TODO", "x"))
    done = mlquiz("--bank", str(tmp_path), "bank", "check", str(file))
    assert done.returncode == 2
    assert "--run-programs" in done.stderr
    assert not mark.exists()


def test_a_scaffold_of_every_kind_is_read_and_refused_until_it_is_finished(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for kind in ("single", "multi", "numeric", "order", "short", "output", "open"):
        done = mlquiz("--bank", str(own), "bank", "new", kind, f"ml.bias_variance.my-{kind}", "--subtopic", "regul")
        assert done.returncode == 0, done.stderr
    done = mlquiz("--bank", str(own), "bank", "check", str(own), "--run-programs")
    assert done.returncode == 3
    found = done.stdout.splitlines()
    assert len(found) == 7
    assert all("TODO" in row for row in found), found


def test_bank_list_filters_and_schema_is_json(mlquiz: Run) -> None:
    rows = mlquiz("bank", "list", "--topic", "bias").stdout.splitlines()
    assert rows
    assert all(row.startswith("ml.bias_variance.") for row in rows)
    assert json.loads(mlquiz("bank", "schema").stdout)["$schema"].endswith("2020-12/schema")


def test_no_usable_bank_exits_with_3(mlquiz: Run, tmp_path: Path) -> None:
    assert mlquiz("--bank", str(tmp_path / "none"), "due").returncode == 3


def test_a_log_of_another_program_or_a_newer_mlquiz_is_refused_and_untouched(mlquiz: Run, home: Path) -> None:
    known(mlquiz)
    log = home / "data" / "default" / "log.db"
    db = sqlite3.connect(log)
    db.execute("pragma user_version = 99")
    db.close()
    before = log.read_bytes()
    done = mlquiz("due")
    assert done.returncode == 4
    assert "newer" in done.stderr
    assert log.read_bytes() == before
    log.write_text("dear diary")
    assert mlquiz("review", "--jsonl").returncode == 4
    assert log.read_text() == "dear diary"


def test_settings_that_make_no_sense_exit_with_2_and_name_themselves(mlquiz: Run, home: Path) -> None:
    assert mlquiz("due", env={"MLQUIZ_CONFIDENCE": "perhaps"}).returncode == 2
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    for text in ("colour = true", "plain = 3", "plain = ", "\xff"):
        config.write_text(text, encoding="latin-1")
        done = mlquiz("due")
        assert done.returncode == 2, text
        assert "config.toml" in done.stderr
    config.write_text("confidence = false")
    assert mlquiz("due").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize("args", [["bank", "schema"], ["report"], ["show", FIRST], ["due", "--json"], []])
def test_a_reader_that_went_away_ends_a_command_quietly_with_141(mlquiz: Run, home: Path, args: list[str]) -> None:
    known(mlquiz)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "mlquiz", *args],
        stdout=writing, stderr=subprocess.PIPE, env=clean(home), timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_an_interrupt_ends_a_scripted_session_with_130_and_a_summary(home: Path) -> None:
    session = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", "quiz", "--id", FIRST, "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    assert session.stdout is not None
    assert [json.loads(session.stdout.readline())["type"] for _ in range(2)] == ["hello", "question"]
    time.sleep(0.2)  # until it waits for the answer
    session.send_signal(signal.SIGINT)
    out, err = session.communicate(timeout=30)
    assert (session.returncode, err) == (130, "")
    assert [message["type"] for message in messages(out)] == ["summary"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_many_first_commands_at_once_all_find_a_log(home: Path) -> None:
    """`undo` makes the log and has nothing to take back: 1, and not 4 for a log that another is making."""
    for n in range(4):
        command = [sys.executable, "-m", "mlquiz", "--profile", f"p{n}", "undo"]
        at_once = [subprocess.Popen(command, env=clean(home), stderr=subprocess.PIPE) for _ in range(4)]
        ends = [(process.communicate(timeout=60)[1], process.returncode) for process in at_once]
        assert [code for _, code in ends] == [1] * 4, ends


def test_the_version_is_the_packages(mlquiz: Run) -> None:
    from mlquiz import __version__

    assert mlquiz("--version").stdout == f"mlquiz {__version__}\n"
    assert (ROOT / "question_bank").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("due <&-", 0),
        ("quiz <&-", 2),
        ("quiz --jsonl <&-", 0),
        ("show defect-classifier-gap >&-", 0),
        ("suspend defect-classifier-gap 2>&-", 0),
    ],
)
def test_closed_streams_end_no_command_in_a_traceback(home: Path, command: str, code: int) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m mlquiz {command}"],
        env=clean(home, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr


def test_a_stream_that_is_not_utf_8_gets_utf_8_or_a_mark(mlquiz: Run) -> None:
    done = mlquiz("show", FIRST, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert "Use a bigger network" in done.stdout


@pytest.mark.parametrize(
    "bad",
    ['{"value":1e999}', '{"keys":' + "9" * 400 + "}", '{"keys":' + "[" * 3000 + "]" * 3000 + "}"],
    ids=["an infinite number", "a number of 400 digits", "3,000 brackets"],
)
def test_an_answer_that_cannot_be_read_gets_an_error(mlquiz: Run, bad: str) -> None:
    stdin = f'{{"type":"answer","id":"{FIRST}","answer":{bad}}}\n' + line(
        type="answer", id=FIRST, answer={"dont_know": True}
    )
    done = mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=stdin)
    assert (done.returncode, len(of_type(done.stdout, "error"))) == (0, 1), done.stderr
    assert len(of_type(done.stdout, "verdict")) == 1


def test_control_characters_of_an_answer_reach_neither_log_nor_screen(mlquiz: Run, tmp_path: Path) -> None:
    id_ = "sys.deployment.exited-137"
    file = tmp_path / "answers.jsonl"
    file.write_text(line(id=id_, answer={"text": "\x1b[31mred\u202e\x07"}))
    done = mlquiz("quiz", "--id", id_, "--answers", str(file))
    assert done.returncode == 0
    assert not {"\x1b", "\u202e", "\x07"} & set(done.stdout)
    assert "[31mred" in done.stdout


def test_another_bank_in_another_process_does_not_disturb_a_session(home: Path, mlquiz: Run, tmp_path: Path) -> None:
    """A shell prompt's `due` without --bank folds the log under the shipped bank while a session has its own."""
    own = tmp_path / "own"
    source = ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml"
    (own / "ml").mkdir(parents=True)
    (own / "ml/mine.yaml").write_text(source.read_text().replace("defect-classifier-gap", "mine"))
    mine = "ml.bias_variance.mine"
    session = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", "--bank", str(own), "quiz", "--id", mine, "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    assert session.stdin is not None
    assert session.stdout is not None
    answers = 0
    for row in session.stdout:
        if json.loads(row)["type"] == "question" and answers < 2:
            assert mlquiz("due").returncode == 0
            session.stdin.write(line(type="answer", id=mine, answer={"dont_know": True}))
            session.stdin.flush()
            answers += 1
        elif json.loads(row)["type"] == "question":
            session.stdin.write(line(type="quit"))
            session.stdin.flush()
    session.stdin.close()
    session.stdout.close()
    assert session.wait(timeout=30) == 0
    log = sqlite3.connect(home / "data/default/log.db")
    assert log.execute("select forecast from review").fetchall() == [(None,), (None,)]
    log.close()
    assert json.loads(mlquiz("due", "--json").stdout)["due"] == 0
    assert "revised" not in mlquiz("--bank", str(own), "show", mine).stdout


def test_a_damaged_log_is_told_in_a_sentence(mlquiz: Run, home: Path) -> None:
    for id_ in (FIRST, CHURN):
        known(mlquiz, id_)
    log = home / "data" / "default" / "log.db"
    data = bytearray(log.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    log.write_bytes(data)
    for args in (["due"], ["report"], ["undo"], ["review", "--jsonl"], []):
        done = mlquiz(*args)
        assert done.returncode == 4, (args, done.stderr)
        assert done.stderr.startswith("mlquiz: ")
        assert "Traceback" not in done.stderr
    assert log.read_bytes() == bytes(data)


def test_a_damaged_catalogue_is_compiled_anew(mlquiz: Run, home: Path) -> None:
    first = mlquiz("bank", "list").stdout
    (cache,) = (home / "cache").glob("bank-*.db")
    data = bytearray(cache.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    cache.write_bytes(data)
    for _ in range(2):
        done = mlquiz("bank", "list")
        assert (done.returncode, done.stdout) == (0, first), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_whose_name_is_not_text_spoils_no_day(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    with open(os.fsencode(str(own)) + b"/b\xff.yaml", "w") as file:
        file.write("format: 1\n")
    assert mlquiz("--bank", str(own), "due").returncode == 0
    done = mlquiz("--bank", str(own), "bank", "check", str(own), "--run-programs")
    assert done.returncode == 3
    assert "not UTF-8" in done.stdout


@pytest.mark.parametrize(
    "env",
    [{"MLQUIZ_HOME": "~nobodyatall"}, {"MLQUIZ_PROFILE": "demo", "MLQUIZ_TODAY": "9999-12-31"},
     {"MLQUIZ_PROFILE": "Default", "MLQUIZ_TODAY": "2026-12-01"}, {"MLQUIZ_PROFILE": "../x"}],
)  # fmt: skip
def test_a_home_a_day_or_a_profile_that_cannot_be_is_a_usage_error(mlquiz: Run, env: dict[str, str]) -> None:
    done = mlquiz("report", env=env)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_told_in_a_sentence(home: Path) -> None:
    command = f"{sys.executable} -m mlquiz bank schema > /dev/full"
    done = subprocess.run(
        ["sh", "-c", command], env=clean(home), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("mlquiz: The output cannot be written")
    assert "Traceback" not in done.stderr


def test_ids_of_ones_own_bank_may_not_be_those_of_the_shipped_one(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    source = ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml"
    (own / "copy.yaml").write_text(source.read_text())
    done = mlquiz("--bank", str(own), "bank", "check", str(own), "--run-programs")
    assert done.returncode == 3
    assert f"{FIRST} stands already at" in done.stdout


def test_bank_new_makes_the_folder_it_is_told_to_write_into(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "deep" / "own"
    done = mlquiz("--bank", str(own), "bank", "new", "short", "ml.bias_variance.mine", "--subtopic", "regul")
    assert done.returncode == 0, done.stderr
    assert (own / "ml/bias_variance/regularization.yaml").exists()


def test_a_question_named_twice_is_asked_once(mlquiz: Run) -> None:
    done = mlquiz("quiz", "--id", FIRST, "--id", "defect-classifier-gap", "--jsonl")
    assert of_type(done.stdout, "hello")[0]["total"] == 1


def test_confidence_in_plain_mode_takes_letters_and_commands_want_a_colon(mlquiz: Run) -> None:
    done = mlquiz("quiz", "--id", FIRST, stdin="1\ns\n\nq\n", env={"MLQUIZ_PLAIN": "1"})
    assert "Confidence: sure" in done.stdout
    assert "passed over" not in done.stdout
    done = mlquiz("quiz", "--id", "zero-outside-the-range", stdin="d\n\n1\nq\n", env={"MLQUIZ_PLAIN": "1"})
    assert "wrong: d" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_complaint_without_a_stderr_does_not_turn_to_stdout(home: Path) -> None:
    command = f"{sys.executable} -m mlquiz undo 2>&-"
    done = subprocess.run(["sh", "-c", command], env=clean(home), capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_the_log_is_copied_once_a_day_and_a_copy_that_fails_stops_nobody(mlquiz: Run, home: Path) -> None:
    known(mlquiz)
    copies = home / "data/default/copies"
    assert not copies.exists()
    known(mlquiz, CHURN)
    (copy,) = copies.iterdir()
    log = sqlite3.connect(copy)
    assert log.execute("select question from review").fetchall() == [(FIRST,)]
    log.close()
    copy.unlink()
    copies.rmdir()
    copies.write_text("in the way")
    done = mlquiz("quiz", "--id", FIRST, "--jsonl")
    assert done.returncode == 0
    assert "today's copy of the log cannot be written" in done.stderr


def test_the_beginning_of_a_slug_names_a_question(mlquiz: Run) -> None:
    for said in (FIRST, "defect-classifier-gap", "defect-cl", "ml.bias_variance.defect"):
        assert mlquiz("show", said).stdout.startswith(FIRST)
    done = mlquiz("show", "ml.bias_variance")
    assert done.returncode == 1
    assert "did you mean ml.bias_variance." in done.stderr


def test_bank_new_says_what_an_id_is_and_what_to_type_next(mlquiz: Run, tmp_path: Path) -> None:
    own = str(tmp_path / "my bank")
    done = mlquiz("--bank", own, "bank", "new", "single", "my-gap", "--subtopic", "regularization")
    assert done.returncode == 2
    assert "ml.bias_variance.my-gap" in done.stderr
    done = mlquiz("--bank", own, "bank", "new", "single", "ml.bias_variance.my-gap", "--subtopic", "regularization")
    _, check, quiz = done.stdout.splitlines()
    done = mlquiz(*shlex.split(check)[1:], "--run-programs")
    assert done.returncode == 3
    assert "TODO" in done.stdout
    assert shlex.split(quiz) == ["mlquiz", "--bank", own, "quiz", "--id", "my-gap"]


def test_an_unfinished_question_is_not_scaffolded_twice(mlquiz: Run, tmp_path: Path) -> None:
    command = ["--bank", str(tmp_path / "own"), "bank", "new", "short", "ml.bias_variance.mine", "--subtopic", "regul"]
    assert mlquiz(*command).returncode == 0
    again = mlquiz(*command)
    assert again.returncode == 1
    assert "stands already in" in again.stderr
    (file,) = tmp_path.rglob("regularization.yaml")
    assert file.read_text().count("id: ml.bias_variance.mine\n") == 1


def test_in_plain_mode_only_leaving_interrupts_a_rubric(mlquiz: Run, home: Path) -> None:
    id_ = "sys.deployment.labels-arrive-late"
    env = {"MLQUIZ_PLAIN": "1"}
    for command in ("s", ":s", ":d", "?", ":?", ":ds"):
        done = mlquiz("quiz", "--id", id_, stdin=f"Watch scores.\n\n1\n{command}\n2\nq\n", env=env)
        assert "Type numbers from 1 to 10." in done.stdout, command
        assert "score 12%" in done.stdout, command
        assert mlquiz("undo").returncode == 0
    done = mlquiz("quiz", "--id", id_, stdin="Watch scores.\n\n1\n:q\n", env=env)
    assert done.returncode == 0
    assert "Watch scores." in (home / f"data/default/drafts/{id_}.md").read_text()


def test_not_today_keeps_a_missed_question_away_until_tomorrow(mlquiz: Run) -> None:
    def on(day: str, *args: str, **more: Any) -> Any:
        return mlquiz(*args, env={"MLQUIZ_PROFILE": "demo", "MLQUIZ_TODAY": day, "MLQUIZ_PLAIN": "1"}, **more)

    done = on("2026-03-02", "quiz", "--id", FIRST, stdin=":d\nt\n")
    assert done.returncode == 0, done.stderr
    assert "t not today" in done.stdout
    assert "Due tomorrow: 1 question." in done.stdout
    first = of_type(on("2026-03-02", "review", "-n", "1", "--jsonl").stdout, "question")
    assert [question["id"] == FIRST for question in first] == [False]
    assert json.loads(on("2026-03-02", "due", "--json").stdout)["due"] == 0
    assert of_type(on("2026-03-03", "review", "-n", "1", "--jsonl").stdout, "question")[0]["id"] == FIRST
    assert json.loads(on("2026-03-03", "due", "--json").stdout)["due"] == 1


def test_not_today_is_offered_only_where_the_question_would_come_back(mlquiz: Run) -> None:
    question = asked(mlquiz, "quiz", "--id", FIRST, "--seed", "1")
    n = next(n for n, option in enumerate(question["options"], 1) if option["key"] == right(question))
    done = mlquiz("quiz", "--id", FIRST, "--seed", "1", stdin=f"{n}\n1\nt\n\n", env={"MLQUIZ_PLAIN": "1"})
    assert "t not today" not in done.stdout
    assert done.returncode == 0


def test_a_complaint_shows_no_control_characters_of_what_it_quotes(mlquiz: Run, tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text('{"id":"a\\u001b[2J\\u202eb","answer":{"dont_know":true}}\n')
    done = mlquiz("quiz", "--id", FIRST, "--answers", str(answers))
    assert (done.returncode, done.stderr) == (1, "mlquiz: Never asked, so not graded: a[2Jb.\n")
    done = mlquiz("quiz", "--id", FIRST, "--jsonl", stdin='{"type":"\u202e\u009b"}\n')
    (error,) = of_type(done.stdout, "error")
    assert not set("\u202e\u009b") & set(error["message"])


def test_a_log_that_is_gone_beside_its_copies_is_no_fresh_start(mlquiz: Run, home: Path) -> None:
    known(mlquiz)
    known(mlquiz, CHURN)
    log = home / "data/default/log.db"
    (copy,) = (home / "data/default/copies").iterdir()
    for loss in (log.unlink, lambda: log.write_bytes(b"")):
        loss()
        for args in ([], ["due"], ["report"], ["review", "--jsonl"]):
            done = mlquiz(*args)
            assert done.returncode == 0
            assert "The log holds no answers, but a copy of it does" in done.stderr, args
            assert copy.name in done.stderr
        done = mlquiz("doctor")
        assert done.returncode == 4
        assert f"Copy it to {log}" in done.stdout
    log.write_bytes(copy.read_bytes())
    done = mlquiz("report", "--format", "json")
    assert (json.loads(done.stdout)["answers"], done.stderr) == (1, "")
    assert mlquiz("doctor").returncode == 0
