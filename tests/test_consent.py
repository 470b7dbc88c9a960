"""Programs of somebody else's bank run after one yes, and never again unasked once a file has changed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, clean

pexpect: Any = pytest.importorskip("pexpect")
if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

Check = Callable[..., tuple[int, str]]
HARMLESS = """\
format: 1
topic: ml.bias_variance
subtopic: regularization
questions:
  - id: ml.bias_variance.harmless
    kind: short
    skills: [roc-auc]
    level: onsite
    difficulty: 3
    seconds: 60
    prompt: "What is it?"
    explanation: It is a word.
    accept: [dropout]
    reject: [{text: one, why: it is not}]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    own = tmp_path / "own"
    own.mkdir()
    return own


@pytest.fixture
def program(own: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes a question whose program leaves a mark when it runs, and fails, so that it runs anew each time."""

    def write(name: str = "a", more: str = "") -> Path:
        file = own / f"{name}.yaml"
        file.write_text(
            "format: 1\ntopic: prog.python_coding\nsubtopic: efficient-code\nquestions:\n"
            f"  - id: prog.python_coding.{name}\n    kind: output\n    skills: [roc-auc]\n    level: screen\n"
            "    difficulty: 2\n    seconds: 60\n    prompt: What is printed?\n    explanation: Nothing is.\n"
            f"    language: python\n    program: |\n      open({str(tmp_path / 'mark')!r}, 'a').write('{name}')\n"
            f"      raise SystemExit(1)\n{more}"
            "    output: x\n    mistakes: [{value: y, why: it is not}, {value: z, why: it is not}]\n"
        )
        return file

    return write


@pytest.fixture
def check(home: Path, own: Path) -> Check:
    """`bank check` of the own bank at a terminal, with a yes or no where it asks; exit status and what it asked."""

    def run(*paths: str, yes: bool | None = None) -> tuple[int, str]:
        child = pexpect.spawn(
            sys.executable, ["-m", "mlquiz", "--bank", str(own), "bank", "check", *(paths or [str(own)])],
            env=clean(home, TERM="xterm-256color"), dimensions=(24, 1000), encoding="utf-8", timeout=30,
        )  # fmt: skip
        asked = ""
        if yes is not None:
            child.expect("runs the programs of .*stay as they are")
            asked = child.after
            child.delaybeforesend = 0.2
            child.send("y" if yes else "n")
        child.expect(pexpect.EOF)
        child.close()
        assert "stay as they are" not in child.before or yes is not None
        return child.exitstatus, asked or child.before

    return run


def test_one_yes_lasts_until_a_file_changes_and_a_no_runs_nothing(
    check: Check, program: Callable[..., Path], tmp_path: Path, home: Path
) -> None:
    mark = tmp_path / "mark"
    program("a")
    assert check(yes=False)[0] == 1
    assert not mark.exists()
    assert not list(home.rglob("trusted.json"))
    assert "1 file in" in check(yes=True)[1]
    ran = mark.read_text()
    assert ran
    check()
    assert len(mark.read_text()) > len(ran)
    ran = mark.read_text()
    program("a", more="      # another line\n")
    program("b")
    assert "2 files (1 changed since you allowed it)" in check(yes=False)[1]
    assert mark.read_text() == ran
    check(yes=True)
    assert "b" in mark.read_text()
    check(str(tmp_path / "own/b.yaml"))  # a part of what was allowed is allowed


def test_without_a_terminal_what_was_allowed_runs_and_all_else_names_the_flag(
    check: Check, program: Callable[..., Path], mlquiz: Run, own: Path, tmp_path: Path, home: Path
) -> None:
    command = ["--bank", str(own), "bank", "check", str(own)]
    program("a")
    assert mlquiz(*command, "--run-programs").returncode == 3
    (tmp_path / "mark").unlink()
    refused = mlquiz(*command)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--run-programs" in refused.stderr
    assert not (tmp_path / "mark").exists()
    check(yes=True)
    (tmp_path / "mark").unlink()
    assert mlquiz("--profile", "other", *command).returncode == 3
    assert (tmp_path / "mark").exists()
    trusted = home / "data/trusted.json"
    assert trusted.stat().st_mode & 0o077 == 0
    assert list(json.loads(trusted.read_text())["files"]) == [str(own.resolve() / "a.yaml")]


def test_a_file_of_consent_that_cannot_be_read_allows_nothing(
    check: Check, program: Callable[..., Path], mlquiz: Run, own: Path, home: Path
) -> None:
    program("a")
    check(yes=True)
    for text in ("{", "[]", '{"files": {"a": 1}}', "{}"):
        (home / "data/trusted.json").write_text(text)
        done = mlquiz("--bank", str(own), "bank", "check", str(own))
        assert done.returncode == 2
        assert "trusted.json cannot be read" in done.stderr
    check(yes=True)
    check()


def test_a_bank_without_programs_is_checked_unasked(mlquiz: Run, own: Path) -> None:
    (own / "a.yaml").write_text(HARMLESS)
    done = mlquiz("--bank", str(own), "bank", "check", str(own))
    assert done.returncode == 3
    assert "it should have at least 4" in done.stdout
    (own / "a.yaml").write_text(HARMLESS + "    proof: {verify: print(1)}\n")
    assert "--run-programs" in mlquiz("--bank", str(own), "bank", "check", str(own)).stderr
