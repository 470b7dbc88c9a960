"""The log's place: a link that leads nowhere is not a log never begun, and a file that went away is not written to."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from builders import ids, review

from mlquiz.errors import JournalError
from mlquiz.store.database import open_log, open_memory
from mlquiz.store.journal import Journal
from mlquiz.store.place import there

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links want a privilege on Windows")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home/data/default/log.db"


@pytest.mark.parametrize("place", ["log.db", ".", "..", "../.."], ids=["log", "profile", "data", "home"])
def test_a_log_on_a_disk_that_is_not_mounted_is_out_of_reach_and_not_empty(
    path: Path, tmp_path: Path, place: str
) -> None:
    link = Path(os.path.normpath(path if place == "log.db" else path.parent / place))
    disk = tmp_path / "disk"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(disk / "mine")
    for look in (there, open_log):
        with pytest.raises(JournalError, match=r"out of reach: .* is a link to .*/disk/mine, which is not there"):
            look(path)
    assert not disk.exists()


def test_a_log_may_be_begun_behind_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere.db")
    assert not there(path)
    open_log(path).close()
    assert there(path)
    assert path.is_symlink()
    with closing(open_log(tmp_path / "elsewhere.db")) as log:
        assert log.execute("select count(*) from review").fetchone() == (0,)


def test_where_nothing_was_ever_made_there_is_no_log(path: Path) -> None:
    assert not there(path)
    assert not path.parent.exists()


def test_a_link_that_leads_to_itself_is_out_of_reach(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.symlink_to(path.parent)
    with pytest.raises(JournalError, match="out of reach"):
        there(path)


# while it is open


def moved(path: Path) -> None:
    path.rename(path.with_name("old.db"))


def replaced(path: Path) -> None:
    """As a program does that keeps folders in step with another machine's."""
    shutil.copy(path, path.with_name("half"))
    path.with_name("half").replace(path)


def removed(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("happens", [moved, replaced, removed])
def test_nothing_is_written_to_a_log_that_went_away_while_it_was_open(
    path: Path, happens: Callable[[Path], None]
) -> None:
    with closing(open_log(path)) as log:
        journal = Journal(log, ids())
        journal.append(review(101))
        happens(path)
        for change in (
            lambda: journal.append(review(102)),
            lambda: journal.mark("ml.trees.gini", "suspended", "now"),
            lambda: journal.retract([review(101)], "now"),
        ):
            with pytest.raises(JournalError, match=r"log\.db was moved or replaced while it was open"):
                change()
        assert log.execute("select count(*) from review").fetchone() == (1,)
        assert not log.in_transaction


def test_a_log_in_memory_has_no_place_to_lose() -> None:
    with closing(open_memory()) as log:
        Journal(log, ids()).append(review(101))
