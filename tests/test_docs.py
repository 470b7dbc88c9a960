"""The README says what the program does: every command and option it names exists, and every command is named."""

import re
from pathlib import Path

import pytest
from conftest import ROOT, Run
from typer.core import TyperGroup
from typer.main import get_command

from mlquiz.cli import app
from mlquiz.errors import Exit

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """Every command as it is typed: `due`, `bank check`."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    found = []
    for name, command in root.commands.items():
        found += [f"{name} {inner}" for inner in command.commands] if isinstance(command, TyperGroup) else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme_and_has_help(command: str, mlquiz: Run) -> None:
    assert re.search(rf"(mlquiz|^)\s*(--bank \S+ )?{command}\b|`{command}", README, re.MULTILINE), command
    done = mlquiz(*command.split(), "--help")
    assert done.returncode == 0
    assert len(done.stdout.split("Options:")[0].split()) > 8


def test_every_command_line_of_the_readme_is_understood(mlquiz: Run) -> None:
    lines = re.findall(r"^\$ mlquiz(.*?)(?:\s+#.*|[;|>].*)?$", README, re.MULTILINE)
    assert len(lines) > 10
    for line in lines:
        words = [word for word in line.split() if word not in ("-a", "sys")]
        done = mlquiz(*words, "--help")
        assert done.returncode == 0, line
        known = done.stdout + mlquiz("--help").stdout
        for option in re.findall(r"(?<!\S)--?[a-z-]+", line):
            assert option in known, (line, option)


def test_the_exit_statuses_are_those_of_the_program() -> None:
    table = README.split("| exit | means |")[1].split("\n\n")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) ", table, re.MULTILINE)} == {int(code) for code in Exit}


def test_the_first_two_shell_blocks_are_the_two_commands() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    assert all(block.count("\n") == 1 for block in blocks)
    assert "mlquiz review" in blocks[0]
    assert "pytest" in blocks[1]


def test_the_project_names_no_machine_and_no_registry() -> None:
    for path in [ROOT / "README.md", ROOT / "pyproject.toml", *(ROOT / "mlquiz").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|work|Users)/\w|files\.pythonhosted|pypi\.org", text), path


def test_the_question_of_the_readme_passes_the_check_and_is_asked(mlquiz: Run, tmp_path: Path) -> None:
    """It is also what the README's commands make: the scaffold stands where the question goes, under its id."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (new,) = re.findall(r"^\$ mlquiz --bank ~/questions (bank new .*)$", README, re.MULTILINE)
    own = tmp_path / "questions"
    assert mlquiz("--bank", str(own), *new.split()).returncode == 0
    (file,) = own.rglob("*.yaml")
    assert f"{file.relative_to(own).as_posix()}" in README
    assert "TODO" in file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    done = mlquiz("--bank", str(own), "bank", "check", str(own), "--run-programs")
    assert done.returncode == 0, done.stdout
    assert "1 question in 1 file checked" in done.stderr
    asked = mlquiz("--bank", str(own), "quiz", "--id", new.split()[3].rpartition(".")[2], "--jsonl")
    assert new.split()[3] in asked.stdout
