"""The copy in memory that stands in for a log that cannot be written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import ids, review

from mlquiz.errors import JournalError
from mlquiz.store import database
from mlquiz.store.database import open_log, read_log
from mlquiz.store.journal import Journal
from mlquiz.store.memories import reviews
from mlquiz.store.snapshot import snapshot


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "what? a%20folder#" / "log.db"


def test_a_copy_holds_what_the_file_and_its_wal_hold_and_changes_neither(path: Path) -> None:
    with closing(open_log(path)) as log:
        Journal(log, ids()).append(review(900))
        before = [path.read_bytes(), Path(f"{path}-wal").read_bytes()]
        with closing(snapshot(path)) as copy:
            assert [known.id for known in reviews(copy)] == [review(900).id]
            Journal(copy, ids()).append(review(901))
        assert [known.id for known in reviews(log)] == [review(900).id]
        assert before == [path.read_bytes(), Path(f"{path}-wal").read_bytes()]


def test_an_older_log_is_brought_up_to_date_in_the_copy_alone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = tmp_path / "sql"
    sql.mkdir()
    monkeypatch.setattr(database, "MIGRATIONS", sql)
    (sql / "0001_step.sql").write_text("create table one (a);\n")
    open_log(path).close()
    (sql / "0002_step.sql").write_text("create table two (a);\n")
    before = path.read_bytes()
    with closing(snapshot(path)) as copy:
        assert copy.execute("select count(*) from two").fetchone() == (0,)
    assert path.read_bytes() == before


def test_a_newer_log_is_refused_though_its_version_still_sits_in_the_wal(path: Path) -> None:
    with closing(open_log(path)) as log:
        log.execute("pragma user_version = 99")
        with pytest.raises(JournalError, match="newer mlquiz"):
            snapshot(path)


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as photos:
        photos.execute("create table photos (name text)")
    with pytest.raises(JournalError, match="another program"):
        snapshot(path)


def test_a_log_whose_writing_is_held_up_is_read_from_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log left in another journal mode has to be switched, which whoever holds it does not let happen."""
    monkeypatch.setattr(database, "WAIT", 0.0)
    with closing(open_log(path)) as log:
        Journal(log, ids()).append(review(900))
        log.execute("pragma journal_mode = delete")
        log.execute("begin immediate")
        with closing(read_log(path)) as copy:
            assert [known.id for known in reviews(copy)] == [review(900).id]
        with pytest.raises(JournalError, match="locked"):
            open_log(path)
        log.execute("rollback")
