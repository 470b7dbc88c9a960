"""The compiled bank looked at without a trace: as it was left, or brought up to date in memory."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bank.samples import TOPIC, bank, sample, text

from mlquiz.bank.catalogue import Catalogue
from mlquiz.bank.compiler import Compiled
from mlquiz.bank.glance import Apart, AsLeft


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return bank(tmp_path / "bank", a=text(sample("short", {"id": f"{TOPIC}.a"})))


def names(root: Path, opened: type[Compiled]) -> tuple[list[str], int]:
    """The slugs there are, and how many files were read for it."""
    read = 0

    def count(_: int, whole: int) -> None:
        nonlocal read
        read = whole

    with closing(Catalogue(root.parent / "cache/bank.db", (root,), count, opened)) as catalogue:
        return [row.id.rpartition(".")[2] for row in catalogue.rows()], read


def cached(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (root.parent / "cache").glob("*")}


def test_apart_it_is_up_to_date_and_the_file_is_not(root: Path) -> None:
    assert names(root, Apart) == (["a"], 2)
    assert not (root.parent / "cache").exists()
    assert names(root, Compiled) == (["a"], 2)
    before = cached(root)
    (root / "b.yaml").write_text(text(sample("short", {"id": f"{TOPIC}.b"})))
    found, read = names(root, Apart)
    assert (found, read < 4) == (["a", "b"], True)
    assert cached(root) == before


def test_as_left_it_is_what_the_last_command_saw(root: Path) -> None:
    with pytest.raises(sqlite3.Error):
        names(root, AsLeft)
    names(root, Compiled)
    before = cached(root)
    (root / "a.yaml").unlink()
    assert names(root, AsLeft) == (["a"], 0)
    assert cached(root) == before


@pytest.mark.parametrize("kept", [0, 4096])
def test_a_damaged_file_is_left_for_a_command_to_mend(root: Path, kept: int) -> None:
    names(root, Compiled)
    (file,) = (root.parent / "cache").glob("*.db")
    whole = file.read_bytes()
    file.write_bytes(whole[:kept] + b"\x5a" * (len(whole) - kept))
    before = cached(root)
    assert names(root, Apart) == (["a"], 2)
    with pytest.raises(sqlite3.Error):
        names(root, AsLeft)
    assert cached(root) == before
