"""`mlquiz mock` by the real program: held over JSON lines, left and gone on with, and its card in every format."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from handed_in import raw
from screens import Start, ended, logged, saw
from test_json import fits

DONT = {"dont_know": True}


def messages(done: Any) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for message in found:
        fits("lines", message)
    return found


def line(id_: str, answer: object, **more: Any) -> str:
    return json.dumps({"type": "answer", "id": id_, "answer": answer, **more}) + "\n"


def drawn(home: Path) -> list[dict[str, Any]]:
    """What stands in the last interview of the log."""
    (body,) = logged(home, "select body from mock order by id desc limit 1")[0]
    return list(json.loads(body)["slots"])


def begin(mlquiz: Run, home: Path, *args: str) -> list[str]:
    """Draws an interview without answering anything; the ids of its questions, in order."""
    done = mlquiz("mock", "--jsonl", "--seed", "5", *args)
    assert done.returncode == 0, done.stderr
    return [slot["id"] for slot in drawn(home)]


def of_type(found: list[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [message for message in found if message["type"] == type_]


def test_a_whole_interview_tells_its_verdicts_and_its_card_at_the_end(mlquiz: Run, home: Path) -> None:
    ids = begin(mlquiz, home, "--minutes", "10")
    assert 3 < len(ids) < 14
    done = mlquiz("mock", "--jsonl", stdin="".join(line(id_, DONT, seconds=9) for id_ in ids))
    assert done.returncode == 0
    assert "Going on with the interview begun today: " in done.stderr
    found = messages(done)
    kinds = [message["type"] for message in found]
    assert kinds == ["hello", *["question"] * len(ids), *["verdict"] * len(ids), "card", "summary"]
    assert found[0]["mode"] == "mock"
    assert all(0 < message["clock"] <= 600 for message in of_type(found, "question"))
    card = of_type(found, "card")[0]
    assert (card["points"], card["band"], card["pauses"]) == (0, "below", 1)
    assert [row["question"] for row in card["lines"]] == ids
    assert {row["seconds"] for row in card["lines"]} == {9}
    assert card["low"] <= card["expected"] <= card["high"]
    assert {mode for (mode,) in logged(home, "select mode from review")} == {"mock"}
    again = messages(mlquiz("mock", "--jsonl", "--minutes", "5"))
    assert of_type(again, "hello")[0]["total"] < len(ids)  # a new one


def test_a_right_answer_counts_by_its_time_and_fail_under_is_for_scripts(mlquiz: Run, home: Path) -> None:
    ids = begin(mlquiz, home, "--minutes", "5")
    first = mlquiz("show", ids[0]).stdout
    question = of_type(messages(mlquiz("quiz", "--id", ids[0], "--jsonl")), "question")[0]
    if question["kind"] == "single":
        key = next(option["key"] for option in question["options"] if f"✓ right  {option['text'][:20]}" in first)
        answer: object = {"keys": [key]}
    else:
        verdict = messages(mlquiz("--profile", "x", "quiz", "--id", ids[0], "--jsonl", stdin=line(ids[0], DONT)))
        answer = of_type(verdict, "verdict")[0]["answer"]
    stdin = line(ids[0], answer) + "".join(line(id_, DONT) for id_ in ids[1:])
    done = mlquiz("mock", "--jsonl", "--fail-under", "70", stdin=stdin)
    assert done.returncode == 1
    card = of_type(messages(done), "card")[0]
    seconds = {row["question"]: row["expected_seconds"] for row in card["lines"]}
    assert card["points"] == pytest.approx(100 * seconds[ids[0]] / sum(seconds.values()))
    assert mlquiz("mock", "--card", "--fail-under", "1").returncode == 0
    assert mlquiz("mock", "--card", "--fail-under", "70").returncode == 1


def test_an_open_answer_is_written_in_time_and_marked_at_the_end(mlquiz: Run, home: Path) -> None:
    ids = begin(mlquiz, home, "--minutes", "60", "--area", "sys")
    design = [slot["id"] for slot in drawn(home) if slot["stage"] == "design"]
    assert design == ids[-1:]
    stdin = "".join(line(id_, DONT) for id_ in ids[:-1]) + line(design[0], {"text": "Watch the inputs."})
    left = messages(mlquiz("mock", "--jsonl", stdin=stdin))
    rubric = of_type(left, "rubric")[0]
    assert rubric["id"] == design[0]
    assert not of_type(left, "card")  # the input ended at the rubric
    points = [row["id"] for row in rubric["criteria"]]
    found = messages(mlquiz("mock", "--jsonl", stdin=line(design[0], {"points": points})))
    assert [message["type"] for message in found][:2] == ["hello", "rubric"]
    card = of_type(found, "card")[0]
    assert card["lines"][-1]["score"] == 1
    (answer,) = logged(home, f"select answer from review where question = '{design[0]}'")[0]
    assert json.loads(answer)["text"] == "Watch the inputs."


def test_skipping_comes_back_and_skipping_everything_twice_ends_it(mlquiz: Run, home: Path) -> None:
    ids = begin(mlquiz, home, "--minutes", "5")
    skips = "".join(json.dumps({"type": "skip", "id": id_}) + "\n" for id_ in [*ids, *ids, *ids])
    found = messages(mlquiz("mock", "--jsonl", stdin=skips))
    assert [message["id"] for message in of_type(found, "question")][: len(ids) + 1] == [*ids, ids[0]]
    card = of_type(found, "card")[0]
    assert {row["score"] for row in card["lines"]} == {None}
    assert of_type(found, "summary")[0]["asked"] == 0


def test_the_card_comes_in_every_format_and_the_report_has_it(mlquiz: Run, home: Path, tmp_path: Path) -> None:
    assert mlquiz("mock", "--card").returncode == 1
    ids = begin(mlquiz, home, "--minutes", "6")
    mlquiz("mock", "--jsonl", stdin="".join(line(id_, DONT) for id_ in ids))
    text = mlquiz("mock", "--card").stdout
    assert "0 points of 100: below." in text.splitlines()
    assert max(map(len, text.splitlines())) <= 80
    plain = mlquiz("mock", "--card", env={"MLQUIZ_PLAIN": "1"}).stdout
    assert "●" not in plain
    assert "Warm-up: 0 points, " in plain
    fits("mock", json.loads(mlquiz("mock", "--card", "--format", "json").stdout))
    table = mlquiz("mock", "--card", "--format", "csv").stdout.splitlines()
    assert [row.split(",")[0] for row in table[1:]] == ids
    assert "| Warm-up | 0 |" in mlquiz("mock", "--card", "--format", "markdown").stdout
    page = tmp_path / "card.html"
    done = mlquiz("mock", "--card", "-o", str(page))
    assert (done.returncode, done.stdout) == (0, "")
    assert all(f"<code>{id_}</code>" in page.read_text() for id_ in ids)
    report = json.loads(mlquiz("report", "--format", "json").stdout)
    assert [(row["points"], row["band"]) for row in report["mocks"]] == [(0, "below")]
    assert "Mock interviews" in mlquiz("report").stdout


def test_one_left_yesterday_is_ended_as_it_stands_and_new_gives_up_todays(mlquiz: Run, home: Path) -> None:
    def on(day: str, *args: str, **more: Any) -> Any:
        return mlquiz("--profile", "demo", "mock", "--jsonl", "-m", "5", *args, env={"MLQUIZ_TODAY": day}, **more)

    on("2026-11-02")
    later = on("2026-11-03")
    assert "The interview of 2026-11-02 was not ended; it counts as it stands." in later.stderr
    assert "not ended" not in on("2026-11-03").stderr
    home_says = mlquiz("--profile", "demo", env={"MLQUIZ_TODAY": "2026-11-03"}).stdout
    assert "A mock interview waits, with 4:5" in home_says
    assert "The interview of 2026-11-03 was not ended" in on("2026-11-03", "--new").stderr
    assert len(logged(home, "select id from mock", "demo")) == 3


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["--minutes", "4"], 2, "4 is not in the range"), (["--level", "boss"], 2, "boss"),
        (["--area", "cooking"], 1, "There is no area"), (["--fail-under", "101"], 2, "101"),
        (["--card", "--format", "pdf"], 2, "pdf"),
    ],
)  # fmt: skip
def test_nonsense_is_told_and_nothing_is_drawn(
    mlquiz: Run, home: Path, args: list[str], status: int, said: str
) -> None:
    done = mlquiz("mock", "--jsonl", *args)
    assert done.returncode == status
    assert said in done.stderr
    log = home / "data" / "default" / "log.db"
    assert not log.exists() or sqlite3.connect(log).execute("select count(*) from mock").fetchone() == (0,)


def test_at_a_terminal_there_is_a_clock_and_no_verdict_and_ctrl_c_only_pauses_it(start: Start, home: Path) -> None:
    child = start("mock", "--minutes", "5", "--seed", "2")
    shown = saw(child, "1/", "left")
    assert "min left" not in shown
    child.send("\x03")
    status, last = ended(child)
    assert status == 130
    assert "goes on with what is left" in last
    child = start("mock")
    saw(child, "Going on with the interview begun today")
    for place, _ in enumerate(drawn(home), start=1):
        saw(child, f"{place}/", "left")
        child.send("d")
        child.send("\x15:d\r")
    assert "Right" not in saw(child, "Mock interview", "0 points of 100: below.", "what you missed, one by one")
    child.send("\r")
    saw(child, "Not known.", "Enter next")
    child.send("q")
    assert ended(child)[0] == 0


def test_a_slip_of_the_fingers_neither_ends_an_interview_nor_begins_one(mlquiz: Run, home: Path) -> None:
    begin(mlquiz, home, "--minutes", "5")
    for args in (["--new", "--area", "cooking"], ["--new", "--answers", "/nowhere.jsonl"], ["--new", "-o", "x.pdf"]):
        assert mlquiz("mock", "--jsonl", *args).returncode in (1, 2)
    assert logged(home, "select what from mock_minute where what = 'ended'") == []
    assert logged(home, "select count(*) from mock") == [(1,)]


def test_code_solved_in_an_interview_is_put_away_and_not_handed_in_again(mlquiz: Run, home: Path) -> None:
    ids = begin(mlquiz, home, "--minutes", "60", "--area", "prog")
    stages = {slot["id"]: slot["stage"] for slot in drawn(home)}
    code = next(id_ for id_ in ids if stages[id_] == "code")
    keys = "".join("\n" if id_ == code else ":d\n" for id_ in ids)
    drafts = home / "data" / "default" / "drafts"
    drafts.mkdir(parents=True, exist_ok=True)
    kind = mlquiz("bank", "list").stdout.split(code)[1].split()[0]
    (drafts / f"{code}.{'py' if kind == 'code' else 'sql'}").write_text(raw(code)["reference"])
    mlquiz("mock", stdin=keys + "q\n", env={"MLQUIZ_PLAIN": "1"})
    assert logged(home, f"select score from review where question = '{code}'") == [(1.0,)]
    assert not [file for file in drafts.rglob(f"{code}*") if file.is_file() and file.parent == drafts]


def test_who_failed_to_finish_has_not_passed(mlquiz: Run) -> None:
    assert mlquiz("mock", "--jsonl", "--minutes", "5", "--fail-under", "50").returncode == 1
