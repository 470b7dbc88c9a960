"""The log's file: migrated in whole steps, append-only, refused by name when it is not ours to touch."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import ids, review

from mlquiz.errors import Exit, JournalError
from mlquiz.store import database
from mlquiz.store.database import open_log, open_memory, scripts, writing
from mlquiz.store.journal import Journal

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture
def log() -> Iterator[sqlite3.Connection]:
    with closing(open_memory()) as log:
        yield log


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log.db"


def refused(path: Path) -> JournalError:
    """The refusal of a file that is left as it is, byte for byte, with nothing beside it."""
    before = path.read_bytes()
    with pytest.raises(JournalError) as caught:
        open_log(path).close()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert caught.value.exit is Exit.JOURNAL
    assert int(caught.value.exit) == 4
    return caught.value


def tables(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as log:
        return [name for (name,) in log.execute("select name from sqlite_master where type = 'table' order by name")]


# opening


def test_a_new_log_has_all_migrations_and_says_whose_it_is(path: Path) -> None:
    open_log(path).close()
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[60:64]) == scripts()[-1][0]
    assert header[68:72] == b"mlqu"
    assert tables(path) == [
        "forecast",
        "mark",
        "memory",
        "mock",
        "mock_minute",
        "plan",
        "retraction",
        "review",
        "state",
        "trace",
    ]


def test_a_log_is_opened_again_with_what_it_holds(path: Path) -> None:
    with closing(open_log(path)) as log:
        Journal(log, ids()).append(review())
    with closing(open_log(path)) as log:
        assert log.execute("select count(*) from review").fetchone() == (1,)


def test_an_empty_file_becomes_a_log(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    open_log(path).close()
    assert "review" in tables(path)


@posix
def test_the_log_is_private(path: Path) -> None:
    with closing(open_log(path)) as log:
        Journal(log, ids()).append(review())
        files = list(path.parent.iterdir())
        assert [file.stat().st_mode & 0o077 for file in files] == [0] * len(files)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_every_answer_is_on_disk_when_its_transaction_ends(path: Path) -> None:
    with closing(open_log(path)) as log:
        assert log.execute("pragma journal_mode").fetchone() == ("wal",)
        assert log.execute("pragma synchronous").fetchone() == (2,)
        assert log.execute("pragma foreign_keys").fetchone() == (1,)


def test_two_may_open_a_new_log_at_once(path: Path) -> None:
    """The second finds a header that is still empty: the first migration sits in the WAL."""
    with closing(open_log(path)) as one, closing(open_log(path)) as other:
        Journal(one, ids()).append(review())
        assert other.execute("select count(*) from review").fetchone() == (1,)


# refusing


def test_a_log_of_a_newer_mlquiz_is_refused_and_left_untouched(path: Path) -> None:
    with closing(open_log(path)) as log:
        log.execute("pragma user_version = 99")
    assert "newer mlquiz" in str(refused(path))


def test_a_log_that_a_newer_mlquiz_is_migrating_is_refused(path: Path) -> None:
    with closing(open_log(path)) as log:
        log.execute("pragma user_version = 99")
        with pytest.raises(JournalError, match="newer mlquiz"):
            open_log(path).close()


def foreign(path: Path, version: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as log:
        log.execute("create table photos (name text)")
        log.execute(f"pragma user_version = {version:d}")


def test_the_database_of_another_program_is_refused_and_left_untouched(path: Path) -> None:
    foreign(path, version=1)
    assert "another program" in str(refused(path))


def test_the_database_of_another_program_without_a_version_is_refused_too(path: Path) -> None:
    foreign(path, version=0)
    assert "another program" in str(refused(path))


@pytest.mark.parametrize("content", [b"Dear diary, " * 30, b"x", b"SQLite format 3\0 and no more"])
def test_a_file_that_is_no_database_is_refused_and_left_untouched(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert "not a log of mlquiz" in str(refused(path))


def test_a_torn_database_is_refused(path: Path) -> None:
    open_log(path).close()
    torn = path.read_bytes()[:100] + b"\xff" * 4000
    path.write_bytes(torn)
    with pytest.raises(JournalError), closing(open_log(path)) as log:
        Journal(log, ids()).append(review())


def test_a_folder_in_the_place_of_the_log_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(JournalError, match="MLQUIZ_HOME"):
        open_log(path)


def test_a_log_that_another_program_is_writing_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.0)
    with closing(open_log(path)) as one, closing(open_log(path)) as other:
        one.execute("begin immediate")
        with pytest.raises(JournalError, match="cannot be written"):
            Journal(other, ids()).append(review())
        one.execute("rollback")
        Journal(other, ids()).append(review())


def test_a_log_that_another_program_holds_is_told_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.0)
    with closing(open_log(path)) as one, closing(open_log(path)) as other:
        one.execute("begin immediate")
        with pytest.raises(JournalError, match="another program has kept it locked for 0 seconds"):
            Journal(other, ids()).append(review())


# reading


def test_what_goes_wrong_over_a_whole_log_is_a_bug_and_over_a_damaged_one_its_damage(
    log: sqlite3.Connection, path: Path
) -> None:
    with pytest.raises(TypeError, match="a bug"), database.reading(path, lambda: log):
        raise TypeError("a bug")
    log.execute("pragma ignore_check_constraints = on")
    log.execute("insert into mark values ('1', 'q', 'now', 'suspended')")
    log.execute("pragma writable_schema = on")
    log.execute("update sqlite_master set sql = replace(sql, 'what text', 'what integer') where name = 'mark'")
    log.execute("pragma writable_schema = reset")
    with (
        pytest.raises(JournalError, match=r"log\.db cannot be read: .*mark\.what"),
        database.reading(path, lambda: log),
    ):
        raise TypeError("what is there is no number")


# migrations


def scripted(folder: Path, monkeypatch: pytest.MonkeyPatch, *migrations: str) -> None:
    """Puts these scripts in the place of the project's own."""
    folder.mkdir(exist_ok=True)
    for number, script in enumerate(migrations, start=1):
        (folder / f"{number:04d}_step.sql").write_text(script)
    monkeypatch.setattr(database, "MIGRATIONS", folder)


HALF = "create table two (a);\ncreate table three (a);\ninsert into nowhere values (1);\n"


def test_a_migration_that_fails_half_way_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(path.parent.parent / "sql", monkeypatch, "create table one (a);\n", HALF)
    with pytest.raises(JournalError):
        open_log(path)
    assert tables(path) == []
    with closing(sqlite3.connect(path)) as log:
        assert log.execute("pragma user_version").fetchone() == (0,)


def test_a_log_of_an_older_mlquiz_is_brought_up_to_date_or_left_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = path.parent.parent / "sql"
    scripted(sql, monkeypatch, "create table one (a);\n")
    open_log(path).close()
    scripted(sql, monkeypatch, "create table never_again (a);\n", HALF)
    with pytest.raises(JournalError):
        open_log(path)
    assert tables(path) == ["one"]
    scripted(sql, monkeypatch, "create table never_again (a);\n", "create table two (a);\n")
    with closing(open_log(path)) as log:
        assert log.execute("pragma user_version").fetchone() == (2,)
    assert tables(path) == ["one", "two"]


def test_a_failed_migration_says_that_the_log_was_left_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(path.parent.parent / "sql", monkeypatch, HALF)
    with pytest.raises(JournalError, match="cannot be brought up to date"):
        open_log(path)


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    assert [number for number, _ in scripts()] == list(range(1, len(scripts()) + 1))


def test_every_statement_of_every_migration_ends(log: sqlite3.Connection) -> None:
    """A last statement without its semicolon would be left out without a word."""
    for _, script in scripts():
        text = script.read_text(encoding="utf-8")
        assert "".join(database._statements(text)).strip() == text.strip()


# append-only, all or nothing


@pytest.mark.parametrize("table", ["review", "retraction", "mark"])
@pytest.mark.parametrize("change", ["update {} set at = 'yesterday'", "delete from {}", "update {} set id = 'other'"])
def test_the_log_is_append_only(log: sqlite3.Connection, table: str, change: str) -> None:
    journal = Journal(log, ids())
    journal.append(review(900))
    journal.retract([review(900)], "now")
    journal.mark("ml.trees.gini", "suspended", "now")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        log.execute(change.format(table))
    assert log.execute(f"select count(*) from {table}").fetchone() == (1,)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, sqlite3.OperationalError])
def test_a_transaction_that_is_broken_off_leaves_nothing(log: sqlite3.Connection, error: type[BaseException]) -> None:
    def broken_off() -> None:
        with writing(log):
            log.execute("insert into mark values ('1', 'q', 'now', 'suspended')")
            raise error

    with pytest.raises(JournalError if error is sqlite3.OperationalError else error):
        broken_off()
    assert not log.in_transaction
    assert log.execute("select count(*) from mark").fetchone() == (0,)
