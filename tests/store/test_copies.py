"""The daily copy of the log."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import ids, review

from mlquiz.errors import JournalError
from mlquiz.store.copies import KEPT, copies, keep_copy, lost, newest
from mlquiz.store.database import open_log
from mlquiz.store.journal import Journal
from mlquiz.store.memories import reviews


@pytest.fixture
def log(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_log(tmp_path / "log.db")) as log:
        yield log


def test_an_empty_log_is_not_copied(log: sqlite3.Connection, tmp_path: Path) -> None:
    assert keep_copy(log, tmp_path / "copies", "2026-12-01") is None
    assert copies(tmp_path / "copies") == []


def test_a_copy_is_a_log_with_the_same_answers_and_is_made_once_a_day(log: sqlite3.Connection, tmp_path: Path) -> None:
    journal, folder = Journal(log, ids()), tmp_path / "copies"
    journal.append(review(101))
    first = keep_copy(log, folder, "2026-12-01")
    assert first is not None
    journal.append(review(102))
    assert keep_copy(log, folder, "2026-12-01") is None
    with closing(open_log(first)) as copy:
        assert [known.id for known in reviews(copy)] == [review(101).id]
    assert first.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in folder.iterdir()} >= {"log-2026-12-01.db"}
    assert not list(folder.glob(".log-*"))


def test_the_last_seven_are_kept(log: sqlite3.Connection, tmp_path: Path) -> None:
    Journal(log, ids()).append(review(101))
    for day in range(1, 12):
        keep_copy(log, tmp_path, f"2026-12-{day:02}")
    assert [path.name for path in copies(tmp_path)] == [f"log-2026-12-{day:02}.db" for day in range(12 - KEPT, 12)]


def test_a_damaged_log_pushes_out_no_copy(tmp_path: Path) -> None:
    path, folder = tmp_path / "log.db", tmp_path / "copies"
    with closing(open_log(path)) as log:
        journal = Journal(log, ids())
        for number in range(200):
            journal.append(review(1000 + number, f"ml.trees.q{number}"))
        whole = keep_copy(log, folder, "2026-12-01")
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\x5a" * 4096
    path.write_bytes(data)
    with closing(open_log(path)) as log, pytest.raises(JournalError, match=str(whole)):
        keep_copy(log, folder, "2026-12-02")
    assert copies(folder) == [whole]


def test_a_folder_that_cannot_be_written_is_told_and_leaves_nothing(log: sqlite3.Connection, tmp_path: Path) -> None:
    Journal(log, ids()).append(review(101))
    (tmp_path / "copies").write_text("a file")
    with pytest.raises(OSError, match="cannot be written"):
        keep_copy(log, tmp_path / "copies", "2026-12-01")


def test_copies_of_days_that_have_not_come_go_first(log: sqlite3.Connection, tmp_path: Path) -> None:
    """Seven of them, left by a clock that was wrong, pushed each new copy out as soon as it was made."""
    Journal(log, ids()).append(review(101))
    for day in range(1, KEPT + 1):
        keep_copy(log, tmp_path, f"2099-01-{day:02}")
    made = [keep_copy(log, tmp_path, f"2026-12-{day:02}") for day in range(1, 4)]
    assert copies(tmp_path)[:3] == made
    assert [path.name for path in copies(tmp_path)[3:]] == [f"log-2099-01-{day:02}.db" for day in range(4, KEPT + 1)]


def test_a_copy_whose_answers_are_not_in_the_log_never_makes_room(tmp_path: Path) -> None:
    """The log was lost and begun anew; what its copies hold is all there is of it."""
    folder = tmp_path / "copies"
    with closing(open_log(tmp_path / "old.db")) as old:
        Journal(old, ids()).append(review(101))
        kept = [keep_copy(old, folder, f"2026-11-{day:02}") for day in range(1, KEPT + 1)]
    with closing(open_log(tmp_path / "new.db")) as new:
        assert lost(new, folder) == kept[-1]
        for n in range(2 * KEPT):
            Journal(new, ids()).append(review(201 + n, f"ml.trees.q{n}", n))
            assert lost(new, folder) is None
            keep_copy(new, folder, f"2026-12-{n + 1:02}")
        assert [copy for copy in copies(folder) if copy in kept] == kept
        assert len(copies(folder)) == 2 * KEPT


def test_what_is_no_copy_holds_no_answers(tmp_path: Path) -> None:
    (tmp_path / "log-2026-11-01.db").write_text("in the way")
    assert newest(tmp_path / "log-2026-11-01.db") is None
    assert newest(tmp_path / "none.db") is None
