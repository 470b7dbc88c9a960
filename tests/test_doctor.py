"""`mlquiz doctor`: it tells everything, changes nothing, names nobody, and what it advises helps."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, world
from conftest import ROOT, Run, clean
from test_cli import CHURN, FIRST, known
from test_floors import HEAVY
from test_json import fits

from mlquiz.commands import examination
from mlquiz.errors import Exit
from mlquiz.settings import look
from mlquiz.store.database import scripts

EDITOR = {"VISUAL": "true"}
OPEN = "sys.deployment.labels-arrive-late"
PARTS = ["versions", "places", "settings", "terminal", "bank", "log", "programs"]
Doctor = Callable[..., dict[str, Any]]


@pytest.fixture
def doctor(mlquiz: Run) -> Doctor:
    """The JSON of `mlquiz doctor`, after its exit status was seen to agree."""

    def run(*args: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
        done = mlquiz(*args, "doctor", "--json", env={**EDITOR, **(env or {})})
        assert done.stderr == ""
        told: dict[str, Any] = json.loads(done.stdout)
        assert told["exit"] == done.returncode
        fits("doctor", told)
        return told

    return run


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def messages(told: dict[str, Any]) -> str:
    return "\n".join(finding["message"] for finding in told["findings"])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of a shipped file with other ids."""
    own = tmp_path / "own"
    own.mkdir()
    text = (ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml").read_text()
    (own / "mine.yaml").write_text(re.sub(r"(- id: ml\.bias_variance\.)", r"\1my-", text))
    return own


def test_on_a_fresh_machine_all_is_well_and_nothing_is_made(mlquiz: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    env = {**EDITOR, "MLQUIZ_HOME": str(fresh)}
    done = mlquiz("doctor", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("\nAll is well.\n")
    assert [line for line in done.stdout.splitlines() if line in PARTS] == PARTS
    told = json.loads(mlquiz("doctor", "--json", env=env).stdout)
    assert (told["version"], list(told["parts"]), told["findings"]) == (1, PARTS, [])
    assert told["parts"]["bank"]["questions"] > 20
    assert told["parts"]["versions"]["dependencies"]["typer"].endswith(" (<0.29,>=0.20)")
    assert not fresh.exists()


def test_a_log_in_use_is_told_and_not_touched(mlquiz: Run, home: Path, doctor: Doctor) -> None:
    known(mlquiz)
    known(mlquiz, CHURN)
    mlquiz("undo")
    mlquiz("suspend", FIRST)
    mlquiz("--profile", "demo", "suspend", FIRST)
    mlquiz("quiz", "--id", OPEN, stdin="Watch.\n\n1\n:q\n", env={"MLQUIZ_PLAIN": "1"})
    before = tree(home)
    told = doctor()
    log = told["parts"]["log"]
    assert (log["answers"], log["taken_back"], log["suspended"], log["schema"]) == (1, 1, 1, scripts()[-1][0])
    assert (log["whole"], log["memory_is_its_replay"], log["copies"]) == (True, True, 1)
    assert log["drafts"] == [OPEN]
    assert log["newest_copy"].endswith(".db")
    assert (log["answers_of_no_bank"], told["findings"], told["exit"]) == ({}, [], 0)
    assert told["parts"]["places"]["profiles"] == ["default", "demo"]
    assert told["parts"]["bank"]["catalogue_bytes"] > 10_000
    assert tree(home) == before


def test_each_setting_says_where_it_was_said_and_a_slip_is_told(home: Path, doctor: Doctor, own: Path) -> None:
    config = home / "config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"\nplain = true\nbanks = [{json.dumps(str(own))}]\n")
    told = doctor(env={"MLQUIZ_CONFIDENCE": "0", "MLQUIZ_CONFIDENSE": "0", "MLQUIZ_COLOUR": "0"})
    settings = told["parts"]["settings"]
    assert settings["confidence"] == {"value": False, "origin": "MLQUIZ_CONFIDENCE"}
    assert settings["plain"] == {"value": True, "origin": f"{config}:2"}
    assert settings["banks"] == {"value": [str(own)], "origin": f"{config}:3"}
    assert settings["variables"]["MLQUIZ_COLOUR"] == "0"
    assert told["parts"]["bank"]["banks"][1] == {"value": str(own), "origin": f"{config}:3"}
    assert [finding["advice"].split(",")[0] for finding in told["findings"]] == [
        "There are MLQUIZ_CONFIDENCE", "Did you mean MLQUIZ_CONFIDENCE?",
    ]  # fmt: skip
    assert told["exit"] == 0


def test_it_stops_at_nothing_and_its_status_is_that_of_the_worst(
    mlquiz: Run, home: Path, doctor: Doctor, tmp_path: Path
) -> None:
    config = home / "config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("plain = 3\nfont = 2\n")
    gone = str(tmp_path / "gone")
    assert (len(doctor()["findings"]), doctor()["exit"]) == (2, 2)
    assert doctor("--bank", gone)["exit"] == 3
    (home / "data/default").mkdir(parents=True)
    (home / "data/default/log.db").write_text("dear diary " * 99)
    told = doctor("--bank", gone, env={"MLQUIZ_PLAIN": "perhaps", "MLQUIZ_BANK": gone + "2"})
    assert (told["exit"], list(told["parts"]), len(told["findings"])) == (4, PARTS, 6)
    text = mlquiz("--bank", gone, "doctor", env={**EDITOR, "MLQUIZ_BANK": gone + "2"})
    assert text.returncode == 4
    assert text.stdout.endswith("\n4 things wrong, 1 warning: see above.\n")
    assert text.stdout.count("\n    -> ") == 5


@pytest.mark.parametrize(
    ("args", "env"),
    [
        (["--profile", "../x"], {}),
        ([], {"MLQUIZ_PROFILE": "Mine"}),
        ([], {"MLQUIZ_TODAY": "2026-03-01"}),
        (["--profile", "demo"], {"MLQUIZ_TODAY": "soon"}),
        ([], {"MLQUIZ_HOME": "~nobodyatall"}),
    ],
)
def test_a_world_that_cannot_be_is_told_and_the_rest_is_looked_at(
    doctor: Doctor, tmp_path: Path, args: list[str], env: dict[str, str]
) -> None:
    told = doctor(*args, env={"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), **env})
    assert (told["exit"], list(told["parts"]), len(told["findings"])) == (2, PARTS, 1)
    assert told["findings"][0]["part"] == "places"


def test_no_line_of_it_names_the_learner(mlquiz: Run, tmp_path: Path) -> None:
    home = tmp_path / "people" / "alicia"
    elsewhere = tmp_path / "disk" / "alicia" / "questions"
    for folder in (home, elsewhere):
        folder.mkdir(parents=True)
    (elsewhere / "broken.yaml").write_text("format: 2\n")
    env = {
        "HOME": str(home), "USERPROFILE": str(home), "USER": "alicia", "LOGNAME": "alicia",
        "MLQUIZ_HOME": str(home / "mlquiz"), "MLQUIZ_BANK": f"{elsewhere}{os.pathsep}{home / 'gone'}", **EDITOR,
    }  # fmt: skip
    for command in (["doctor"], ["doctor", "--json"]):
        known(lambda *args, **more: mlquiz(*args, **{**more, "env": env}))
        shown = mlquiz(*command, env=env).stdout
        assert "alicia" not in shown
        assert f"<user>{os.sep}questions" in shown.replace("\\\\", "\\")
        assert f"~{os.sep}mlquiz" in shown.replace("\\\\", "\\")
        assert "broken.yaml:1" in shown


def test_answers_of_no_bank_are_counted_and_a_renamed_question_is_named(mlquiz: Run, doctor: Doctor, own: Path) -> None:
    mine, later = "ml.bias_variance.my-defect-classifier-gap", "ml.bias_variance.later"
    env = {"MLQUIZ_BANK": str(own)}
    for _ in range(2):
        skipped = json.dumps({"type": "answer", "id": mine, "answer": {"dont_know": True}})
        mlquiz("quiz", "--id", mine, "--jsonl", stdin=skipped, env=env)
    assert doctor(env=env)["findings"] == []
    told = doctor()
    assert told["parts"]["log"]["answers_of_no_bank"] == {mine: 2}
    assert (messages(told), told["exit"]) == ("2 answers to 1 question that no bank in use holds.", 0)
    file = own / "mine.yaml"
    file.write_text(file.read_text().replace(f"id: {mine}\n", f"id: {later}\n    was: [{mine}]\n"))
    assert f"{mine} is now {later}." in doctor(env=env)["findings"][0]["advice"]


def test_what_is_skipped_in_the_bank_is_told_with_file_and_line(doctor: Doctor, own: Path) -> None:
    (own / "a.yaml").write_text("format: 1\ntopic: [red]\n")
    shutil.copy(own / "mine.yaml", own / "other.yaml")
    told = doctor("--bank", str(own))
    bank = told["parts"]["bank"]
    assert f"{own / 'a.yaml'}:1: lacks subtopic, questions" in bank["problems"]
    assert "ml.bias_variance.my-defect-classifier-gap" in bank["ids_that_stand_twice"]
    assert (told["exit"], told["findings"][0]["part"]) == (0, "bank")


def test_a_damaged_log_is_told_and_the_advice_brings_the_copy_back(mlquiz: Run, home: Path, doctor: Doctor) -> None:
    known(mlquiz)
    known(mlquiz, CHURN)
    log = home / "data/default/log.db"
    data = bytearray(log.read_bytes())
    data[4096:] = b"\x5a" * (len(data) - 4096)
    log.write_bytes(data)
    before = tree(home)
    told = doctor()
    (finding,) = told["findings"]
    assert (told["exit"], finding["part"]) == (4, "log")
    assert told["parts"]["bank"]["questions"] > 20
    assert tree(home) == before
    away, copy = finding["advice"].split("\n")
    assert away.startswith(f"Move {log} away")
    _, source, target = re.split(r"Then copy | to ", copy.removesuffix("."))
    for file in log.parent.glob("log.db*"):
        file.unlink()
    shutil.copy(source, target)
    assert (doctor()["exit"], doctor()["parts"]["log"]["answers"]) == (0, 1)


def test_a_memory_that_is_not_the_replay_is_told_and_the_advice_mends_it(
    mlquiz: Run, home: Path, doctor: Doctor
) -> None:
    known(mlquiz)
    with closing(sqlite3.connect(home / "data/default/log.db")) as log:
        log.executescript("update memory set stability = 1000")
    told = doctor()
    assert (told["exit"], told["parts"]["log"]["whole"]) == (4, True)
    assert messages(told) == f"What is remembered is not what the log says: {FIRST}."
    sql = told["findings"][0]["advice"].split('"')[1]
    with closing(sqlite3.connect(home / "data/default/log.db")) as log:
        log.executescript(sql)
    assert mlquiz("due").returncode == 0
    told = doctor()
    assert (told["exit"], told["parts"]["log"]["memory_is_its_replay"], told["parts"]["log"]["answers"]) == (0, True, 1)


def test_a_memory_folded_under_another_bank_is_no_fault(mlquiz: Run, doctor: Doctor, own: Path) -> None:
    known(mlquiz)
    assert doctor("--bank", str(own))["findings"] == []


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [("pragma user_version = 99", 4, "Upgrade"), ("pragma application_id = 7", 4, "Move"),
     ("pragma user_version = 0", 0, "session")],
)  # fmt: skip
def test_a_log_of_another_version_or_program_is_told(
    mlquiz: Run, home: Path, doctor: Doctor, change: str, code: int, said: str
) -> None:
    known(mlquiz)
    with closing(sqlite3.connect(home / "data/default/log.db")) as log:
        log.execute(change)
    told = doctor()
    assert told["exit"] == code
    assert said in told["findings"][0]["advice"]


def test_a_log_that_cannot_be_opened_is_not_called_damaged(home: Path, doctor: Doctor) -> None:
    (home / "data/default/log.db").mkdir(parents=True)
    told = doctor()
    assert told["exit"] == 4
    assert told["findings"][0]["advice"].startswith("See that it is a file")


def test_a_log_that_was_only_begun_is_no_fault(home: Path, doctor: Doctor) -> None:
    (home / "data/default").mkdir(parents=True)
    (home / "data/default/log.db").write_bytes(b"")
    assert doctor()["exit"] == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(mlquiz: Run, home: Path, doctor: Doctor) -> None:
    home.mkdir(mode=0o500)
    told = doctor()
    assert (told["exit"], f"{home} cannot be written" in messages(told)) == (4, True)


def test_a_file_in_the_place_of_the_data_folder_is_told(home: Path, doctor: Doctor) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data/default").write_text("in the way")
    told = doctor()
    assert (told["exit"], f"{home / 'data/default'} is no folder" in messages(told)) == (4, True)


def test_a_shipped_bank_that_cannot_be_used_is_told_and_the_log_is_looked_at(tmp_path: Path) -> None:
    here = world(Clock(), tmp_path)
    part, catalogue = examination.bank(here, look(here.paths.settings, {}))
    assert catalogue is None
    assert [finding.exit for finding in part.findings] == [Exit.BANK]
    assert examination.log(here, None).facts["answers"] == 0
    assert list(tmp_path.iterdir()) == []


def test_programs_that_may_run_are_listed_and_those_that_have_changed(home: Path, doctor: Doctor, own: Path) -> None:
    trusted = home / "data/trusted.json"
    trusted.parent.mkdir(parents=True)
    trusted.write_text(json.dumps({"version": 1, "files": {str(own / "mine.yaml"): "0" * 64}}))
    assert doctor()["parts"]["programs"]["allowed_in"] == {str(own): "1 file, 1 changed or gone since"}
    trusted.write_text("{")
    told = doctor()
    assert (told["exit"], told["findings"][0]["advice"]) == (0, f"Delete {trusted}; mlquiz asks again then.")


@pytest.mark.parametrize("editor", ["no-such-editor", "vim '"])
def test_an_editor_that_is_not_there_is_a_warning(doctor: Doctor, editor: str) -> None:
    told = doctor(env={"VISUAL": editor})
    assert (told["exit"], told["findings"][0]["part"]) == (0, "terminal")


def test_a_profile_named_for_the_first_time_by_a_reading_command_makes_nothing(mlquiz: Run, home: Path) -> None:
    for command in (["due"], ["report"], [], ["show", FIRST], ["bank", "list"], ["doctor"]):
        assert mlquiz("--profile", "new", *command).returncode == 0
    assert not (home / "data").exists()


def test_it_loads_nothing_that_a_bug_report_could_do_without(home: Path) -> None:
    program = (
        "import sys\nfrom mlquiz.cli import main\nsys.argv = ['mlquiz', 'doctor']\n"
        "try:\n    main()\nfinally:\n    print(sorted(sys.modules))"
    )
    subprocess.run([sys.executable, "-m", "mlquiz", "due"], env=clean(home), capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", program], env=clean(home), capture_output=True, text=True, timeout=60)
    assert not (HEAVY - {"yaml"}) & set(re.findall(r"'(\w+)'", done.stdout.splitlines()[-1])), done.stderr
