"""A log that cannot be written is read all the same, and says so only to who wants to write."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hardship import LOG, QUIZ, READ_ONLY, dont_know, drill, mounted, obeying_modes, own_bank, run

READING = [("due", "--json"), ("report", "--format", "json"), ("report", "--format", "markdown"), ()]
ANSWERS = 4


class Kept(NamedTuple):
    """A home whose log cannot be written by a command run within `within`."""

    home: Path
    within: tuple[str, ...]
    met: str


@pytest.fixture(params=["closed", "WAL", "WAL without index"])
def dead(request: pytest.FixtureRequest, home: Path) -> tuple[Path, str]:
    """A home that nobody works in, with its log closed well, or left by a process that was killed."""
    met = drill(home, ANSWERS, kill=request.param != "closed")
    if request.param == "WAL without index":
        (home / f"{LOG}-shm").unlink()
    assert (home / f"{LOG}-wal").exists() == (request.param != "closed")
    return home, met[0]


@pytest.fixture(params=["modes", "mount"])
def kept(request: pytest.FixtureRequest, dead: tuple[Path, str]) -> Iterator[Kept]:
    home, met = dead
    folder = (home / LOG).parent
    if request.param == "mount":
        yield Kept(home, mounted(folder, READ_ONLY), met)
        return
    within = obeying_modes()
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    yield Kept(home, within, met)
    folder.chmod(0o755)


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(file): (file.stat().st_mode, file.read_bytes()) for file in folder.rglob("*") if file.is_file()}


def test_a_log_that_cannot_be_written_is_read_whole_and_in_silence(kept: Kept) -> None:
    folder = (kept.home / LOG).parent
    before = contents(folder)
    for args in [*READING, ("show", kept.met)]:
        done = run(kept.home, *args, within=kept.within)
        assert (done.returncode, done.stderr) == (0, ""), args
        if args[-2:] == ("--format", "json"):
            assert json.loads(done.stdout)["answers"] == ANSWERS
        if args[0:1] == ("show",):
            assert "Answered today" in done.stdout
    assert contents(folder) == before


def test_whoever_wants_to_write_is_told_that_the_log_cannot_be_written(kept: Kept) -> None:
    folder = (kept.home / LOG).parent
    before = contents(folder)
    for args in [("review", "--jsonl"), ("quiz", "--jsonl"), ("undo",), ("suspend", kept.met)]:
        done = run(kept.home, *args, within=kept.within)
        assert (done.returncode, done.stdout) == (4, ""), args
        assert done.stderr == (
            f"mlquiz: The log cannot be written: {folder} is read-only. MLQUIZ_HOME can name another place.\n"
        )
    assert contents(folder) == before


def test_a_bank_that_changed_is_folded_beside_a_log_that_cannot_be_written(kept: Kept, tmp_path: Path) -> None:
    before = contents((kept.home / LOG).parent)
    done = run(kept.home, "--bank", own_bank(tmp_path / "own"), "show", kept.met, within=kept.within)
    assert done.returncode == 0
    assert "Answered today" in done.stdout
    assert contents((kept.home / LOG).parent) == before


def test_a_log_of_its_own_mode_is_not_made_writable(home: Path) -> None:
    """Who takes the right to write from his log means it."""
    drill(home, 1)
    (home / LOG).chmod(0o444)
    within = obeying_modes()
    for args, code in [(("due",), 0), (("review", "--jsonl"), 4)]:
        assert run(home, *args, within=within).returncode == code
        assert (home / LOG).stat().st_mode & 0o777 == 0o444
    assert {file.name for file in (home / LOG).parent.iterdir()} <= {"log.db", "copies", "drafts"}
    (home / LOG).chmod(0o600)
    assert run(home, "review", "--jsonl", within=within).returncode == 0


def test_a_folder_that_may_not_be_looked_into_is_a_sentence_and_no_empty_log(home: Path) -> None:
    drill(home, 1)
    within = obeying_modes()
    (home / LOG).parent.chmod(0)
    try:
        done = run(home, "due", within=within)
    finally:
        (home / LOG).parent.chmod(0o700)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("mlquiz: The log cannot be opened: ")


def test_a_log_that_belongs_to_somebody_else_is_written_where_its_modes_allow(home: Path) -> None:
    """Its modes cannot be changed then, and need not be; a file system without modes says the same."""
    drill(home, 1)
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can give a file away")
    os.chown(home / LOG, 65534, 65534)
    (home / LOG).chmod(0o666)
    within = ("setpriv", "--bounding-set=-fowner,-dac_override", "--inh-caps=-all", "--")
    done = run(home, *QUIZ, within=within, stdin=dont_know("ml.nobody"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (home / LOG).stat().st_mode & 0o777 == 0o666
