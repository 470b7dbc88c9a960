"""`mlquiz report` as people and cron jobs call it: formats, files, spans, areas, a pager, and what makes no sense."""

import json
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, clean

from mlquiz.world import EPOCH

IDS = {"ml": "ml.bias_variance.defect-classifier-gap", "sys": "sys.deployment.exited-137"}
LEECH_DAYS = 9


def env(day: str) -> dict[str, str]:
    return {"MLQUIZ_PROFILE": "demo", "MLQUIZ_TODAY": day}


@pytest.fixture
def answered(mlquiz: Run) -> Run:
    """The program, after two days on which one question of each of two areas was not known."""
    for day in ("2026-03-01", "2026-03-09"):
        for id_ in IDS.values():
            answer(mlquiz, id_, day)
    return lambda *args, **more: mlquiz(*args, env={**env("2026-03-10"), **more.pop("env", {})}, **more)


def answer(mlquiz: Run, id_: str, day: str, **fields: Any) -> dict[str, Any]:
    """Answers a question on that day, with `dont_know` unless told otherwise; the verdict."""
    stdin = json.dumps({"type": "answer", "id": id_, "answer": {"dont_know": True}, **fields}) + "\n"
    done = mlquiz("quiz", "--id", id_, "--jsonl", stdin=stdin, env=env(day))
    assert done.returncode == 0, done.stderr
    messages = map(json.loads, done.stdout.splitlines())
    return next(message for message in messages if message["type"] == "verdict")


def as_json(done: Any) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


BEGINS = {
    "terminal": "Where you stand",
    "markdown": "# Where you stand",
    "html": "<!doctype html>",
    "json": "{",
    "csv": "area,",
}


@pytest.mark.parametrize("format_", BEGINS)
def test_every_format_goes_to_stdout_and_nothing_else_does(answered: Run, format_: str) -> None:
    done = answered("report", "--format", format_)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(BEGINS[format_])
    assert "\x1b" not in done.stdout
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("r.md", "# "), ("r.HTML", "<!doctype"), ("r.csv", "area,"), ("r.json", "{"), ("r.txt", "Where")],
)
def test_a_file_is_written_in_the_format_of_its_name(answered: Run, tmp_path: Path, name: str, begins: str) -> None:
    file = tmp_path / name
    done = answered("report", "-o", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert "Written to" in done.stderr
    assert file.read_text(encoding="utf-8").startswith(begins)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == [name]


def test_a_format_that_is_named_wins_over_the_name_of_the_file(answered: Run, tmp_path: Path) -> None:
    answered("report", "-f", "csv", "-o", str(tmp_path / "weak.html"))
    assert (tmp_path / "weak.html").read_text().startswith("area,")
    assert answered("report", "-f", "csv", "-o", "-").stdout.startswith("area,")


def test_a_file_that_cannot_be_written_is_told_and_what_was_there_stays(answered: Run, tmp_path: Path) -> None:
    done = answered("report", "-o", str(tmp_path / "no such folder" / "r.md"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "r.md cannot be written: No such file or directory." in done.stderr
    folder = tmp_path / "folder.md"
    folder.mkdir()
    assert answered("report", "-o", str(folder)).returncode == 1
    assert folder.is_dir()


@pytest.mark.parametrize(("name", "code"), [(".", 1), ("/", 1), ("", 1), ("r.pdf", 2), ("r.docx", 2)])
def test_a_name_that_no_report_can_have_is_told(answered: Run, tmp_path: Path, name: str, code: int) -> None:
    done = answered("report", "-o", name, cwd=ROOT if name in ("", ".", "/") else tmp_path)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("mlquiz: ")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of POSIX")
def test_a_link_is_followed_and_the_mode_stays(answered: Run, tmp_path: Path) -> None:
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    assert answered("report", "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert real.read_text().startswith("# Where you stand")
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="a device of POSIX")
def test_a_device_is_written_to_and_not_replaced(answered: Run) -> None:
    assert answered("report", "-f", "json", "-o", "/dev/null").returncode == 0
    assert not Path("/dev/null").is_file()


def test_since_covers_the_days_up_to_today(answered: Run) -> None:
    for since, answers, first in [("7d", 2, "2026-03-04"), ("10d", 4, "2026-03-01"), ("1w", 2, "2026-03-04"),
                                  ("2026-03-09", 2, "2026-03-09"), ("2026-03-10", 0, "2026-03-10")]:  # fmt: skip
        found = as_json(answered("report", "--since", since, "-f", "json"))
        assert (found["since"], found["answers"]) == (first, answers), since
    assert "since 2026-03-10" in answered("report", "--since", "1d").stdout


@pytest.mark.parametrize("since", ["7", "soon", "0d", "-3d", "2026-13-01", "2026-03-11", "", "99999d"])
def test_a_span_that_makes_no_sense_is_a_usage_error(answered: Run, since: str) -> None:
    done = answered("report", "--since", since)
    assert (done.returncode, done.stdout) == (2, ""), since
    assert "Traceback" not in done.stderr


def test_one_area_by_any_of_its_names(answered: Run) -> None:
    for said in ("sys", "System Design for ML", "system-design"):
        found = as_json(answered("report", "--area", said, "-f", "json"))
        assert found["area"] == "System Design for ML"
        assert [area["id"] for area in found["areas"]] == ["sys"]
        assert found["answers"] == 2
    done = answered("report", "--area", "cooking")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there are ml, dl, prog, sys, opt" in done.stderr


def test_weak_shows_weak_topics_alone(answered: Run) -> None:
    whole, weak = answered("report").stdout, answered("report", "--weak").stdout
    assert "Areas and topic" not in weak
    assert "No topic is weak" in whole
    assert "No topic is weak" in weak


def test_an_unknown_format_is_a_usage_error(answered: Run) -> None:
    assert answered("report", "-f", "papyrus").returncode == 2


def test_plain_mode_is_read_aloud(answered: Run) -> None:
    for more in ({"MLQUIZ_PLAIN": "1"}, {"TERM": "dumb"}):
        text = answered("report", env=more).stdout
        assert "between 0% and" in text
        assert not set("·●─█") & set(text)


def test_a_leech_is_told_by_report_and_home(mlquiz: Run) -> None:
    id_ = IDS["sys"]
    for day in range(1, LEECH_DAYS):
        answer(mlquiz, id_, f"2026-03-{day:02d}")
    assert as_json(mlquiz("report", "-f", "json", env=env("2026-03-20")))["leeches"] == []
    answer(mlquiz, id_, f"2026-03-{LEECH_DAYS:02d}")
    assert as_json(mlquiz("report", "-f", "json", env=env("2026-03-20")))["leeches"] == [{"question": id_, "lapses": 8}]
    for args in ([], ["report"], ["report", "--weak"]):
        shown = mlquiz(*args, env=env("2026-03-20")).stdout
        assert f"{id_}  not known on 8 days after its first" in shown
        assert "mlquiz suspend ID" in shown
    assert mlquiz("suspend", id_, env=env("2026-03-20")).returncode == 0
    assert as_json(mlquiz("report", "-f", "json", env=env("2026-03-20")))["leeches"] == []


def test_dates_of_the_history_are_those_of_the_learners_days(answered: Run, home: Path) -> None:
    log = sqlite3.connect(home / "data/demo/log.db")
    days = [day for (day,) in log.execute("select distinct day from review order by day")]
    log.close()
    history = as_json(answered("report", "-f", "json"))["history"]
    assert [row["day"] for row in history] == [EPOCH.fromordinal(day + EPOCH.toordinal()).isoformat() for day in days]
    assert [row["answers"] for row in history] == [2, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize(
    ("pager", "paged"), [({"PAGER": "sed s/^/PAGED/"}, True), ({"PAGER": "cat"}, False), ({"PAGER": ""}, False),
                         ({"PAGER": "no-such-program"}, False), ({"PAGER": "sed 's/^/PAGED"}, False),
                         ({"PAGER": "cat", "MLQUIZ_PAGER": "sed s/^/PAGED/"}, True), ({"PAGER": "true"}, None)],
)  # fmt: skip
def test_at_a_terminal_a_long_report_goes_through_the_pager(
    answered: Run, home: Path, pager: dict[str, str], paged: bool | None
) -> None:
    """`true` is a pager that leaves at once; nothing is shown then, and nothing complains."""
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable, ["-m", "mlquiz", "report"], env=clean(home, **env("2026-03-10"), TERM="xterm", **pager),
        dimensions=(10, 80), encoding="utf-8", timeout=30,
    )  # fmt: skip
    shown = child.read()
    child.close()
    assert child.exitstatus == 0
    assert "Traceback" not in shown
    assert ("PAGED" in shown) is bool(paged)
    assert ("Where you stand" in shown) is (paged is not None)


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_weak_topic_is_red_unless_no_color_is_set(mlquiz: Run, home: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    for day in range(1, 7):
        verdict = answer(mlquiz, IDS["sys"], f"2026-03-{day:02d}")
        assert verdict["right"] is False
        solution = answer(mlquiz, IDS["ml"], "2026-02-01")["answer"]
        assert answer(mlquiz, IDS["ml"], f"2026-03-{day:02d}", answer=solution)["right"] is True
    for more, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)]:
        child = pexpect.spawn(
            sys.executable, ["-m", "mlquiz", "report", "--weak"],
            env=clean(home, **env("2026-03-10"), TERM="xterm-256color", PAGER="", **more),
            dimensions=(24, 80), encoding="utf-8", timeout=30,
        )  # fmt: skip
        shown = child.read()
        child.close()
        assert "Model deployment strategies" in shown
        assert bool(re.search(r"\x1b\[[0-9;]*31m", shown)) is coloured, more


def test_commands_to_type_carry_the_profile_and_the_bank_they_were_asked_with(mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "my questions"
    own.mkdir()
    (own / "broken.yaml").write_text("format: 2\n")
    done = mlquiz("--profile", "other", "--bank", str(own))
    assert f'Next: mlquiz --profile other --bank "{own}" review' in done.stdout
    assert f'`mlquiz --profile other --bank "{own}" bank check` tells all' in done.stderr
    assert as_json(mlquiz("--profile", "other", "report", "-f", "json"))["program"] == "mlquiz --profile other"
    assert "Next: mlquiz review" in mlquiz(env={"MLQUIZ_PROFILE": "other"}).stdout
