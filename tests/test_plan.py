"""`mlquiz plan` by the real program: kept in the log, obeyed by review, and nothing changed by nonsense."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from handed_in import AUC, raw, sent
from screens import logged

GAP = "ml.bias_variance.defect-classifier-gap"


@pytest.fixture
def on(mlquiz: Run) -> Any:
    """Runs the program on a day so many days from 2026-11-02, a Monday, under a profile of its own."""

    def run(day: int, *args: str, plain: bool = False, **more: Any) -> Any:
        env = {"MLQUIZ_TODAY": (date(2026, 11, 2) + timedelta(days=day)).isoformat()}
        env |= {"MLQUIZ_PLAIN": "1"} if plain else {}
        return mlquiz("--profile", "demo", *args, env=env, **more)

    return run


def test_without_a_word_it_is_shown_and_nothing_is_written(mlquiz: Run, home: Path) -> None:
    done = mlquiz("plan")
    assert done.returncode == 0, done.stderr
    assert "No interview date" in done.stdout
    assert "20 minutes a day, 10 new." in done.stdout
    assert not (home / "data").exists()


def test_what_is_said_is_kept_and_the_rest_stays(on: Any, home: Path) -> None:
    wanted = ["--interview", "2026-12-02", "--minutes", "30", "--weight", "system-design=2", "--off", "sat,sun"]
    said = on(0, "plan", *wanted)
    assert said.returncode == 0, said.stderr
    assert "Interview on 2026-12-02, in 30 days." in said.stdout
    assert "Until 2026-11-23 new questions" in said.stdout
    later = on(9, "plan", "--level", "senior", "--level", "onsite", "--new", "4").stdout
    assert "in 21 days." in later
    assert "30 minutes a day, not on Sat and Sun, 4 new; only onsite, senior." in later
    assert "Weights: System Design for ML × 2." in later
    bodies = [json.loads(body) for (body,) in logged(home, "select body from plan order by id", "demo")]
    assert len(bodies) == 2
    assert bodies[0]["start"] == bodies[1]["start"]  # it moves with the date alone
    moved = on(9, "plan", "--interview", "2026-12-01").stdout
    assert "Until 2026-11-25 new questions" in moved
    back = on(10, "plan", "--interview", "none", "--weight", "none", "--off", "none", "--level", "all").stdout
    assert back.splitlines()[:2] == [
        "No interview date: questions come back when their recall falls to 90%.",
        "30 minutes a day, 4 new.",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--interview", "2020-01-01"], "is past"), (["--interview", "soon"], "is no day"),
        (["--interview", "2026-11-02"], "The interview is today"), (["--minutes", "0"], "between 1 and 1,440"),
        (["--new", "-1"], "between 0 and 1,000"), (["--off", "mon,xyz"], "'xyz' is no day of the week"),
        (["--off", "mon tue wed thu fri sat sun"], "leaves nothing to plan"), (["--level", "boss"], "is no level"),
        (["--weight", "sys=-1"], "a factor from 0 to 100"), (["--weight", "sys"], "a factor from 0 to 100"),
        (["--weight", "nobody=2"], "There is no topic 'nobody'"), (["--retention", "1.2"], "between 0.7 and 0.98"),
        (["-w", "ml=0", "-w", "dl=0", "-w", "prog=0", "-w", "sys=0", "-w", "opt=0"], "no topic is left"),
    ],
)  # fmt: skip
def test_nonsense_is_told_and_changes_nothing(on: Any, home: Path, args: list[str], said: str) -> None:
    on(0, "plan", "--minutes", "25")
    done = on(0, "plan", "--new", "3", *args) if "--new" not in args else on(0, "plan", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert logged(home, "select count(*) from plan", "demo") == [(1,)]


def asked(done: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines() if '"question"' in line]


def test_levels_minutes_and_days_off_are_obeyed(on: Any) -> None:
    on(0, "plan", "--level", "senior", "--new", "5", "--minutes", "10", "--off", "tue")
    session = on(0, "review", "--jsonl", "--seed", "1", stdin='{"type":"skip","id":"x"}\n')
    assert asked(session)[0]["level"] == "senior"
    assert json.loads(on(0, "due", "--json").stdout)["new"] == 5
    assert json.loads(on(1, "due", "--json").stdout)["new"] == 0
    assert json.loads(on(2, "due", "--json").stdout)["new"] == 5
    only = on(0, "ready", "--json")
    assert json.loads(only.stdout)["left_out"] > 100


def test_a_topic_of_no_weight_is_not_begun(on: Any) -> None:
    on(0, "plan", "-w", "dl=0", "-w", "prog=0", "-w", "sys=0", "-w", "opt=0", "--minutes", "60")
    skips = ""
    topics = []
    for _ in range(12):
        questions = asked(on(0, "review", "--jsonl", "--seed", "1", stdin=skips))
        topics = [question["topic"] for question in questions]
        skips = "".join(json.dumps({"type": "skip", "id": question["id"]}) + "\n" for question in questions)
    assert len(topics) > 5
    assert {topic.partition(".")[0] for topic in topics} == {"ml"}


def test_in_the_final_phase_what_is_worth_most_comes_first_and_on_the_day_all_is_as_without_a_date(on: Any) -> None:
    on(0, "plan", "--interview", "2026-11-05")
    assert "The final phase" in on(1, "plan").stdout
    assert json.loads(on(1, "review", "--jsonl").stdout.splitlines()[0])["total"] > 5
    assert "Your interview is today." in on(3, "plan").stdout
    assert "The interview was on 2026-11-05, 2 days ago; the plan goes on without a date." in on(5, "plan").stdout
    assert on(3, "review", "--jsonl").returncode == 0


def test_before_the_final_phase_a_question_comes_back_later(on: Any) -> None:
    on(0, "quiz", "--id", AUC, "--jsonl", stdin=sent({"source": raw(AUC)["reference"]}))  # known: back in 30 days

    def due() -> int:
        return int(json.loads(on(31, "due", "--json").stdout)["due"])

    assert due() == 1
    on(31, "plan", "--interview", "60d")
    assert due() == 0
    on(31, "plan", "--interview", "none")
    assert due() == 1


def test_each_question_says_why_in_json_and_on_request_in_words(on: Any) -> None:
    on(0, "plan", "--minutes", "3")
    first = asked(on(0, "review", "--jsonl", "--seed", "1"))[0]
    assert first["why"]["reason"] == "new"
    on(0, "quiz", "--id", GAP, "--jsonl", stdin=sent({"dont_know": True}, id_=GAP))
    again = asked(on(0, "review", "--jsonl", "--seed", "1"))[0]
    assert (again["id"], again["why"]["reason"]) == (GAP, "missed")
    due = asked(on(4, "review", "--jsonl", "--seed", "1"))[0]
    assert (due["id"], due["why"]["reason"]) == (GAP, "due")
    assert 0 < due["why"]["recall"] < 0.9
    on(4, "plan", "--interview", "2d")
    worth = asked(on(4, "review", "--jsonl", "--seed", "1"))[0]["why"]
    assert worth["reason"] == "worth most"
    assert worth["points"] > 0
    assert worth["seconds"] > 0
    assert "Worth 0." in on(4, "review", "--why", plain=True).stdout
    assert "Worth 0." not in on(4, "review", plain=True).stdout


def test_the_minutes_bound_the_day_and_not_the_session(on: Any) -> None:
    on(0, "plan", "--minutes", "3")
    left = []
    for _ in range(6):
        done = on(0, "review", "--jsonl", "--seed", "3")
        questions = asked(done)
        left.append(len(questions))
        if not questions:
            break
        line = {"type": "answer", "id": questions[0]["id"], "answer": {"dont_know": True}, "seconds": 60}
        on(0, "review", "--jsonl", "--seed", "3", "-n", "1", stdin=json.dumps(line) + "\n")
    assert left[-1] == 0
    assert len(left) in (4, 5)  # a minute each; the last one may run over
    over = on(0, "review", plain=True)
    assert (over.returncode, over.stdout) == (0, "")
    assert "Today's time is used up (3 minutes)." in over.stderr
    assert "Today's time is used up (3 minutes)" in on(0).stdout
    assert on(0, "due", "--exit-code").returncode == 0  # nothing nags, though new questions are left
    assert asked(on(0, "review", "--jsonl", "--minutes", "5"))  # who wants more says so
    assert asked(on(1, "review", "--jsonl"))


def test_the_days_to_come_are_a_table_and_a_plot_and_sentences_in_plain_mode(on: Any) -> None:
    said = on(0, "plan", "--interview", "2026-12-02", "--off", "sun").stdout
    assert " if you keep to this, " in said
    rows = [line for line in said.splitlines() if line[:2] in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")]
    assert len(rows) == 7
    assert rows[0].split()[:2] == ["Mo", "2026-11-02"]
    assert "▲ final phase" in said
    assert "●" in said
    assert max(map(len, said.splitlines())) <= 80
    plain = on(0, "plan", plain=True).stdout
    assert "●" not in plain
    assert "Mo 2026-11-02: " in plain
    found = json.loads(on(0, "plan", "--json").stdout)
    assert [day["day"] for day in found["days"]][::29] == ["2026-11-02", "2026-12-01"]
    assert found["kept"]["points"] > found["stop"]["points"] + 5
    assert [day["minutes"] for day in found["days"] if day["day"] == "2026-11-08"] == [0.0]
    assert found["final_from"] == "2026-11-23"


def test_a_moved_date_and_a_break_are_told_with_what_they_mean(on: Any, home: Path) -> None:
    on(0, "plan", "--interview", "2026-12-02")
    on(0, "quiz", "--id", AUC, "--jsonl", stdin=sent({"source": raw(AUC)["reference"]}))
    (day, on_day, body) = logged(home, "select day, on_day, body from forecast", "demo")[0]
    assert on_day - day == 30
    expected = json.loads(body)
    assert expected.keys() == {"now", "stop", "kept"}
    assert f"Keeping to the plan you would have {expected['kept'][0]:.0f} points" in " ".join(on(1).stdout.split())
    assert "Nothing answered" not in on(2, "plan").stdout
    away = " ".join(on(9, "plan").stdout.split())
    assert "Nothing answered for 8 days. What was missed is not piled on: each day to come holds 20 minutes" in away
    assert "On 2026-11-02 you were on the way to" in away
    moved = " ".join(on(9, "plan", "--interview", "2026-12-12").stdout.split())
    assert "Moved from 2026-12-02: 10 days later." in moved
    assert "Keeping to the plan" not in on(9).stdout  # it spoke of another day


def test_home_says_what_the_date_means_today(on: Any) -> None:
    on(0, "plan", "--interview", "2026-11-12", "--off", "wed")
    assert "Interview on 2026-11-12, in 10 days." in on(0).stdout
    assert "A day off by your plan: what is due can wait." in on(2).stdout
    assert "Your interview is today. Good luck!" in on(10).stdout
    assert "The interview was on 2026-11-12, 3 days ago" in on(13).stdout
