"""Folders that cannot be made or written: reading goes on without them, writing says in a sentence what to do."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import ROOT, Run, clean
from screens import Start, ended, logged, saw

from mlquiz.errors import SandboxError
from mlquiz.sandbox.programs import run

FIRST = "ml.bias_variance.defect-classifier-gap"
OPEN = "sys.deployment.labels-arrive-late"
READING = ["", "due", "due --json", "report", "report --format json", f"show {FIRST}", "bank list", "bank schema"]
WRITING = ["review", "review --jsonl", f"quiz --id {FIRST} --jsonl", "undo", f"suspend {FIRST}", f"resume {FIRST}"]


@pytest.fixture(params=["below a file", "nobody may write there"])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The environment of a learner whose home cannot be made."""
    if request.param == "below a file":
        (tmp_path / "file").write_text("no folder")
        return {"MLQUIZ_HOME": str(tmp_path / "file" / "home")}
    if sys.platform != "linux":
        pytest.skip("needs a folder in which not even root may make another")
    return {"MLQUIZ_HOME": "/proc/mlquiz-home"}


@pytest.mark.parametrize("args", READING)
def test_reading_needs_no_home(mlquiz: Run, nowhere: dict[str, str], args: str) -> None:
    done, usual = mlquiz(*args.split(), env=nowhere), mlquiz(*args.split())
    assert (done.returncode, done.stdout, done.stderr) == (0, usual.stdout, usual.stderr)
    assert usual.stdout


@pytest.mark.parametrize("args", WRITING)
def test_what_needs_the_log_says_that_mlquiz_home_can_name_another_place(
    mlquiz: Run, nowhere: dict[str, str], args: str
) -> None:
    done = mlquiz(*args.split(), env=nowhere)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("mlquiz: The log cannot be opened: ")
    assert nowhere["MLQUIZ_HOME"] in done.stderr
    assert done.stderr.endswith("MLQUIZ_HOME can name another place.\n")


def test_where_the_cache_cannot_be_written_the_bank_is_compiled_for_the_run_alone(mlquiz: Run, home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("no folder")
    done = mlquiz(
        "quiz", "--id", FIRST, "--jsonl", stdin=f'{{"type":"answer","id":"{FIRST}","answer":{{"dont_know":true}}}}\n'
    )
    assert done.returncode == 0, done.stderr
    assert '"type":"verdict"' in done.stdout
    assert (mlquiz("due").stdout, done.stderr) == ("0 due, 9 new today.\n", "")
    assert (home / "cache").read_text() == "no folder"


@pytest.mark.skipif(sys.platform == "win32", reason="needs modes of folders")
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_may_be_read_only_is_read_and_brought_up_to_date_for_the_run_alone(
    mlquiz: Run, home: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    first = mlquiz("--bank", str(own), "bank", "list")
    (cache,) = (home / "cache").glob("bank-*.db")
    cache.chmod(0o400)
    cache.parent.chmod(0o500)
    (own / "new.yaml").write_text("format: 1\n")
    done = mlquiz("--bank", str(own), "bank", "list")
    problems = mlquiz("--bank", str(own), "due")
    cache.parent.chmod(0o700)
    assert (done.returncode, done.stdout) == (0, first.stdout), done.stderr
    assert "in 1 bank file" in problems.stderr


def test_a_program_of_the_bank_that_has_no_place_to_run_in_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(SandboxError, match="could not be run"):
        run("print(1)")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that somebody is in cannot be deleted there")
@pytest.mark.parametrize(
    ("args", "code"),
    [("due", 0), ("bank list", 0), ("--bank own due", 1), ("bank check own", 1), ("report -o report.html", 1)],
)
def test_a_folder_that_was_deleted_below_ones_feet_is_a_sentence(
    home: Path, tmp_path: Path, args: str, code: int
) -> None:
    command = f"mkdir gone && cd gone && rmdir ../gone && exec {sys.executable} -m mlquiz {args}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env=clean(home, PYTHONPATH=str(ROOT)), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("mlquiz: ") == bool(code)


@pytest.mark.parametrize("below", ["drafts", f"drafts/{OPEN}.md"])
def test_where_no_draft_can_be_kept_an_open_answer_is_graded_all_the_same(mlquiz: Run, home: Path, below: str) -> None:
    place = home / "data/default" / below
    if place.suffix:
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True)
        place.write_text("no folder")
    done = mlquiz("quiz", "--id", OPEN, stdin="Watch the inputs.\n\ns\n1 2\nq\n", env={"MLQUIZ_PLAIN": "1"})
    assert done.returncode == 0, done.stderr
    assert "What you write cannot be kept as a draft" in done.stderr
    assert "cannot be read" in done.stderr
    assert ("cannot be removed" in done.stderr) == bool(place.suffix)
    assert "Watch the inputs." in logged(home, "select answer from review")[0][0]


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_where_no_draft_can_be_kept_the_editor_is_not_opened_and_a_line_is_taken(start: Start, home: Path) -> None:
    (home / "data/default").mkdir(parents=True)
    (home / "data/default/drafts").write_text("no folder")
    child = start("quiz", "--id", OPEN, EDITOR="cat")
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "A line here is added to it")
    child.send("Watch the inputs.\r")
    saw(child, "How sure are you?")
    child.send("s")
    saw(child, "Watch the inputs.", "A model answer", "1/10")
    child.send("\x03")
    assert ended(child)[0] == 130


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_an_editor_whose_name_has_a_quote_that_is_never_closed_is_none(start: Start) -> None:
    child = start("quiz", "--id", OPEN, EDITOR="vi 'oh")
    saw(child, "set EDITOR to write more than a line")
    child.send("\x03")
    assert ended(child)[0] == 130
