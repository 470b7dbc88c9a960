"""Questions of one's own: banks that settings name are in every command, and a missing one spoils no day."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run

MINE = "ml.bias_variance.mine"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A bank of one sound question."""
    own = tmp_path / "own"
    own.mkdir()
    questions = (ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml").read_text()
    head, first = questions.split("\n  - id: ")[:2]
    (own / "mine.yaml").write_text(f"{head}\n  - id: {MINE}\n{first.partition(chr(10))[2]}\n")
    return own


@pytest.fixture
def config(home: Path) -> Path:
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    return config


def test_every_command_sees_the_banks_of_the_settings(mlquiz: Run, own: Path, config: Path) -> None:
    shipped = len(mlquiz("bank", "list").stdout.splitlines())
    config.write_text(f"banks = [{json.dumps(str(own))}]")
    assert mlquiz("show", MINE).stdout.startswith(MINE)
    assert f"{MINE} " in mlquiz("bank", "list").stdout
    for args in (["quiz", "--id", MINE, "--jsonl"], ["suspend", MINE], ["resume", MINE], ["bank", "check", str(own)]):
        done = mlquiz(*args, *(["--run-programs"] if args[0] == "bank" else []))
        assert done.returncode == 0, (args, done.stderr)
    assert f"the bank holds {shipped + 1:,} questions" in mlquiz().stdout
    assert "1 question in" in mlquiz("bank", "check", str(own), "--run-programs").stderr


def test_a_program_runs_again_when_it_changed_or_when_asked_for(mlquiz: Run, own: Path, tmp_path: Path) -> None:
    file, mark = own / "mine.yaml", tmp_path / "mark"
    verify = f"    proof:\n      verify: |\n        open({str(mark)!r}, 'a').write('x')\n"
    file.write_text(file.read_text().partition("    proof:")[0] + verify)
    check = ["--bank", str(own), "bank", "check", str(own), "--run-programs"]
    ran = []
    for more, flags in (("", []), ("", []), ("", ["--fresh"]), ("        # changed\n", [])):
        file.write_text(file.read_text() + more)
        done = mlquiz(*check, *flags)
        assert done.returncode == 0, done.stdout
        ran.append(len(mark.read_text()))
    assert ran == [1, 1, 2, 3]


def test_a_flag_adds_to_them_and_a_bank_named_twice_is_there_once(
    mlquiz: Run, own: Path, config: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.yaml").write_text((own / "mine.yaml").read_text().replace(MINE, f"{MINE}-too"))
    config.write_text(f"banks = [{json.dumps(str(own))}]")
    listed = mlquiz("--bank", str(other), "--bank", str(own / ".." / "own"), "bank", "list")
    assert listed.stdout.count(MINE) == 2
    assert listed.stderr == f"{len(listed.stdout.splitlines()):,} questions.\n"
    assert mlquiz("bank", "list", env={"MLQUIZ_BANK": str(other)}).stdout.count(f"{MINE}-too") == 1
    assert MINE not in mlquiz("bank", "list", env={"MLQUIZ_BANK": ""}).stdout
    assert MINE not in mlquiz("bank", "list", env={"MLQUIZ_BANK": str(ROOT / "question_bank")}).stdout


def test_a_bank_of_the_settings_that_is_gone_costs_a_line_and_a_flags_the_command(
    mlquiz: Run, config: Path, tmp_path: Path
) -> None:
    config.write_text(f"banks = [{json.dumps(str(tmp_path / 'gone'))}]")
    done = mlquiz("due")
    assert (done.returncode, done.stdout) == (0, "0 due, 10 new today.\n")
    assert done.stderr.count("\n") == 1
    assert f"There is no bank at {tmp_path / 'gone'}" in done.stderr
    assert mlquiz("--bank", str(tmp_path / "gone"), "due").returncode == 3


def test_a_new_question_goes_to_the_bank_typed_or_else_to_that_of_the_settings(
    mlquiz: Run, config: Path, tmp_path: Path
) -> None:
    config.write_text(f"banks = [{json.dumps(str(tmp_path / 'set'))}]")
    command = ["bank", "new", "short", "ml.bias_variance.fresh", "--subtopic", "regul"]
    assert mlquiz(*command).returncode == 0
    assert mlquiz("--bank", str(tmp_path / "typed"), *command[:3], "ml.bias_variance.new", *command[4:]).returncode == 0
    assert [file.read_text().count("- id:") for file in tmp_path.glob("set/**/*.yaml")] == [1]
    assert [file.read_text().count("- id:") for file in tmp_path.glob("typed/**/*.yaml")] == [1]
