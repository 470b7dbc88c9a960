"""The log looked at from outside: nothing in its folder changes, and what is wrong with it is found."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders import ids, review

from mlquiz.errors import JournalError
from mlquiz.store.database import open_log, scripts
from mlquiz.store.journal import Journal
from mlquiz.store.look import REFOLD, amiss, answered, counts, folded_keys, looking, unfaithful

GINI = "ml.trees.gini"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of three answers, one of them taken back, and a question suspended; closed."""
    path = tmp_path / "a folder?" / "log.db"
    with closing(open_log(path)) as log:
        journal = Journal(log, ids())
        journal.sync({GINI: "k1", "ml.trees.b": "k1"}, "bank")
        for number, name in enumerate([GINI, "ml.trees.b", GINI], start=1):
            journal.append(review(100 + number, name, day=number))
        journal.retract([review(102, "ml.trees.b")], "2026-01-01T12:00:00.000Z")
        journal.mark(GINI, "suspended", "2026-01-01T12:00:00.000Z")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_looking_leaves_no_trace_and_tells_what_is_there(path: Path) -> None:
    before = contents(path.parent)
    with looking(path) as log:
        assert counts(log) == (scripts()[-1][0], 2, 1, 1)
        assert amiss(log) == []
        assert answered(log) == {GINI: 2}
        assert folded_keys(log) == {GINI: "k1", "ml.trees.b": "k1"}
        assert unfaithful(log, folded_keys(log)) == []
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            log.execute("delete from memory")
    assert contents(path.parent) == before


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be read on Windows")
def test_a_log_in_use_is_seen_as_it_stands_with_what_is_still_in_the_wal(path: Path) -> None:
    with closing(open_log(path)) as writer:
        Journal(writer, ids()).append(review(200, "ml.trees.b", day=9))
        before = contents(path.parent)
        with looking(path) as log:
            assert answered(log) == {GINI: 2, "ml.trees.b": 1}
        assert contents(path.parent).keys() == before.keys()
        assert (path.read_bytes(), path.with_name("log.db-wal").read_bytes()) == (
            before["log.db"],
            before["log.db-wal"],
        )


@pytest.mark.parametrize(
    ("wrong", "questions"),
    [
        ("update memory set stability = stability * 1.01 where question = 'ml.trees.gini'", [GINI]),
        ("delete from memory where question = 'ml.trees.gini'", [GINI]),
        ("insert into memory values ('ml.trees.c', 'k1', 1, 5, 3, 3)", ["ml.trees.c"]),
        ("delete from trace", [GINI]),
        ("update state set drift = drift + 0.01", ["drift"]),
    ],
)
def test_a_projection_that_is_not_the_replay_is_found_and_mended_by_folding_anew(
    path: Path, wrong: str, questions: list[str]
) -> None:
    keys = {GINI: "k1", "ml.trees.b": "k1", "ml.trees.c": "k1"}
    with closing(open_log(path)) as log:
        log.execute(wrong)
    with looking(path) as log:
        assert unfaithful(log, keys) == questions
    with closing(open_log(path)) as log:
        log.executescript(REFOLD)
        Journal(log, ids()).sync(keys, "bank")
    with looking(path) as log:
        assert unfaithful(log, keys) == []


def test_damage_is_told_in_words(path: Path) -> None:
    with closing(sqlite3.connect(path)) as log:
        log.executescript("drop trigger review_stays; delete from review where id = '000102'")
    with looking(path) as log:
        assert amiss(log) == ["1 entries speak of answers that are not there"]
    with closing(sqlite3.connect(path)) as log:
        log.executescript("pragma writable_schema = on; delete from sqlite_master where name = 'review_day'")
    with looking(path) as log:
        assert any("never used" in found for found in amiss(log))


@pytest.mark.parametrize(
    ("change", "said"),
    [("pragma user_version = 99", "newer"), ("pragma application_id = 1", "another program"),
     ("pragma user_version = 0", "older")],
)  # fmt: skip
def test_a_log_that_is_not_of_this_mlquiz_is_refused_by_name(path: Path, change: str, said: str) -> None:
    with closing(sqlite3.connect(path)) as log:
        log.execute(change)
    with pytest.raises(JournalError, match=rf"{re.escape(path.name)} .*{said}"), looking(path):
        pass


def test_what_is_no_log_is_refused_and_none_is_made(tmp_path: Path) -> None:
    for data in (None, b"", b"dear diary " * 99):
        path = tmp_path / "log.db"
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(JournalError, match=r"log\.db"), looking(path):
            pass
        assert [file.name for file in tmp_path.iterdir()] == ([] if data is None else ["log.db"])
