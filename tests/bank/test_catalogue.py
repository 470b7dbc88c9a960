"""The compiled bank follows its files: only what changed is read again, whatever happens to the cache."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bank.samples import GONE, SOUND, SYLLABUS, SYLLABUS_RAW, TOPIC, bank, item, sample, text

from mlquiz.bank.catalogue import Catalogue
from mlquiz.bank.compiler import RACY
from mlquiz.bank.files import survey
from mlquiz.core.question import KINDS
from mlquiz.errors import BankError

SHIPPED = Path(__file__).parents[2] / "question_bank"


def named(name: str, **changes: Any) -> dict[str, Any]:
    return sample("short", {"id": f"{TOPIC}.{name}", **changes})


class Shelf:
    """A bank of three files, the cache beside it, and what was read at each opening."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = bank(folder / "bank", a=text(named("a1"), named("a2")), b=text(named("b1")), c=text(named("c1")))
        self.settle()
        self.cache = folder / "cache" / "bank.db"

    def settle(self) -> None:
        """As if all files had been written long ago."""
        for path in self.root.rglob("*"):
            if path.is_file():
                os.utime(path, ns=(1_000_000_000_000, 1_000_000_000_000))

    def open(self, *more: Path) -> Catalogue:
        """The catalogue; `read` is then the number of files that were read for it."""
        self.read = 0

        def count(done: int, whole: int) -> None:
            assert 0 <= done <= whole
            self.read = whole

        return Catalogue(self.cache, (self.root, *more), count)

    def ids(self, *more: Path) -> list[str]:
        """Every question's slug."""
        catalogue = self.open(*more)
        try:
            return [row.id.removeprefix(f"{TOPIC}.") for row in catalogue.rows()]
        finally:
            catalogue.close()

    @property
    def file(self) -> Path:
        """The compiled file of this bank."""
        (file,) = self.cache.parent.glob("*.db")
        return file


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_an_unchanged_bank_is_read_once(shelf: Shelf) -> None:
    assert shelf.ids() == ["a1", "a2", "b1", "c1"]
    assert shelf.read == 4
    assert shelf.ids() == ["a1", "a2", "b1", "c1"]
    assert shelf.read == 0


def test_only_the_changed_file_is_read_again(shelf: Shelf) -> None:
    shelf.ids()
    catalogue = shelf.open()
    before = dict(catalogue.db.all("select path, read from file"))
    digest = catalogue.digest
    catalogue.close()
    (shelf.root / "b.yaml").write_text(text(named("b1"), named("b2")))
    assert shelf.ids() == ["a1", "a2", "b1", "b2", "c1"]
    assert shelf.read == 1
    catalogue = shelf.open()
    after = dict(catalogue.db.all("select path, read from file"))
    assert {Path(path).name for path in after if after[path] != before[path]} == {"b.yaml"}
    assert catalogue.digest != digest
    assert len(catalogue) == 5
    catalogue.close()


def test_files_come_and_go(shelf: Shelf) -> None:
    shelf.ids()
    (shelf.root / "b.yaml").unlink()
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "c1"], 0)
    deep = shelf.root / "x" / "y"
    deep.mkdir(parents=True)
    (deep / "d.yml").write_text(text(named("d1")))
    for name in (".hidden.yaml", "notes.txt", "x/.e.yaml"):
        (shelf.root / name).write_text(text(named("never")))
    (shelf.root / "audit").mkdir()
    (shelf.root / "audit" / "ledger.yaml").write_text(text(named("never")))
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "c1", "d1"], 1)


def test_a_spoiled_file_keeps_its_whole_questions_and_tells_the_rest(shelf: Shelf) -> None:
    (shelf.root / "b.yaml").write_text(text(named("b1"), named("b2", level="junior"), named("b3")))
    assert shelf.ids() == ["a1", "a2", "b1", "b3", "c1"]
    catalogue = shelf.open()
    (problem,) = catalogue.problems()
    assert (Path(problem.file).name, problem.path) == ("b.yaml", "$.questions[1].level")
    catalogue.close()
    (shelf.root / "b.yaml").write_text("a: [")
    assert shelf.ids() == ["a1", "a2", "c1"]
    (shelf.root / "b.yaml").write_text(text(named("b1")))
    catalogue = shelf.open()
    assert catalogue.problems() == []
    catalogue.close()


def test_an_id_that_stands_twice_is_asked_from_the_first_file_and_from_the_second_when_that_goes(shelf: Shelf) -> None:
    (shelf.root / "c.yaml").write_text(text(named("c1"), named("a1", prompt="The second?")))
    catalogue = shelf.open()
    (problem,) = catalogue.problems()
    assert (Path(problem.file).name, problem.line) == ("c.yaml", 30)
    assert "ml.trees.a1 stands already at" in problem.message
    assert problem.message.endswith("a.yaml:5; ids are unique")
    (asked,) = catalogue.get([f"{TOPIC}.a1"])
    assert asked.prompt != "The second?"
    assert len(catalogue) == 4
    assert catalogue.stands(f"{TOPIC}.a1") == (shelf.root / "a.yaml", 5)
    catalogue.close()
    (shelf.root / "a.yaml").unlink()
    catalogue = shelf.open()
    (asked,) = catalogue.get([f"{TOPIC}.a1"])
    assert asked.prompt == "The second?"
    assert catalogue.problems() == []
    assert catalogue.keys()[f"{TOPIC}.a1"] == asked.key
    catalogue.close()


def test_an_id_twice_in_one_file_is_asked_from_the_first_place(shelf: Shelf) -> None:
    (shelf.root / "a.yaml").write_text(text(named("a1"), named("a1", prompt="The second?")))
    catalogue = shelf.open()
    assert catalogue.get([f"{TOPIC}.a1"])[0].prompt != "The second?"
    assert len(catalogue.problems()) == 1
    catalogue.close()


def test_the_shipped_bank_goes_before_ones_own_wherever_that_lies(shelf: Shelf) -> None:
    own = shelf.folder / "a-bank-that-sorts-first"
    own.mkdir()
    (own / "mine.yaml").write_text(text(named("a1", prompt="Mine?"), named("mine")))
    catalogue = shelf.open(own)
    assert catalogue.get([f"{TOPIC}.a1"])[0].prompt != "Mine?"
    assert [row.id for row in catalogue.rows()][-1] == f"{TOPIC}.mine"
    told = catalogue.problems()
    catalogue.close()
    assert [(problem.file, problem.line) for problem in told] == [(str(own / "mine.yaml"), 5)]
    assert told[0] in survey((shelf.root, own), ()).problems


def test_a_bank_within_a_bank_is_read_once(shelf: Shelf) -> None:
    (shelf.root / "own").mkdir()
    (shelf.root / "own" / "mine.yaml").write_text(text(named("mine")))
    catalogue = shelf.open(shelf.root / "own")
    assert (len(catalogue), catalogue.problems(), shelf.read) == (5, [], 5)
    catalogue.close()
    assert len(survey((shelf.root, shelf.root / "own"), ()).files) == 4


def test_a_same_size_edit_within_the_same_time_stamp_is_noticed_later(shelf: Shelf) -> None:
    file = shelf.root / "b.yaml"
    stamp = time.time_ns()
    os.utime(file, ns=(stamp, stamp))
    assert "b1" in shelf.ids()
    file.write_text(text(named("b9")))
    os.utime(file, ns=(stamp, stamp))
    with sqlite3.connect(shelf.file) as db:  # as if the first reading had been a while ago
        db.execute("update file set read = read - ? where path like '%b.yaml'", (RACY + RACY // 2,))
    db.close()
    assert "b9" in shelf.ids()
    assert shelf.read == 1


def test_a_file_read_long_after_it_was_written_is_not_read_again(shelf: Shelf) -> None:
    shelf.ids()
    with sqlite3.connect(shelf.file) as db:
        db.execute("update file set read = read - ?", (100 * RACY,))
    db.close()
    shelf.ids()
    assert shelf.read == 0


def halved(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def scrambled(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    file.write_bytes(bytes(data))


def foreign(file: Path) -> None:
    file.unlink()
    db = sqlite3.connect(file)
    db.execute("create table notes (x)")
    db.commit()
    db.close()


def outdated(file: Path) -> None:
    db = sqlite3.connect(file)
    db.execute("update bank set layout = 'older'")
    db.execute("drop view asked")
    db.execute("alter table entry drop column seconds")
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "change", [lambda file: file.write_bytes(b"no database at all" * 99), lambda file: file.write_bytes(b""), halved,
               scrambled, foreign, outdated, Path.unlink],
    ids=["garbage", "empty", "halved", "scrambled", "foreign", "outdated", "gone"],
)  # fmt: skip
def test_a_catalogue_that_cannot_be_used_is_compiled_anew(shelf: Shelf, change: Callable[[Path], object]) -> None:
    shelf.ids()
    change(shelf.file)
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "b1", "c1"], 4)
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "b1", "c1"], 0)


def test_where_no_cache_can_be_written_the_bank_is_compiled_in_memory(shelf: Shelf) -> None:
    shelf.cache.parent.write_text("a file where the folder should be")
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "b1", "c1"], 4)
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "b1", "c1"], 4)
    assert shelf.cache.parent.read_text() == "a file where the folder should be"


def test_a_folder_in_the_place_of_the_catalogue_does_no_harm(shelf: Shelf) -> None:
    shelf.ids()
    file = shelf.file
    file.unlink()
    file.mkdir()
    assert shelf.ids() == ["a1", "a2", "b1", "c1"]
    assert file.is_dir()


def test_a_changed_syllabus_has_every_file_read_again(shelf: Shelf) -> None:
    shelf.ids()
    raw = {**SYLLABUS_RAW, "skills": [{"id": "statistics", "title": "Statistics"}]}
    (shelf.root / "syllabus.yaml").write_text(yaml.safe_dump(raw, sort_keys=False))
    catalogue = shelf.open()
    assert (len(catalogue), shelf.read) == (0, 4)
    assert len(catalogue.problems()) == 4
    assert [skill.id for skill in catalogue.syllabus().skills] == ["statistics"]
    catalogue.close()


def test_the_syllabus_is_kept_with_the_questions(shelf: Shelf) -> None:
    shelf.ids()
    catalogue = shelf.open()
    assert catalogue.syllabus() == SYLLABUS
    catalogue.close()


@pytest.mark.parametrize("broken", ["areas: [", "format: 1\n", None])
def test_a_broken_syllabus_is_a_bank_error_until_it_is_mended(shelf: Shelf, broken: str | None) -> None:
    shelf.ids()
    path = shelf.root / "syllabus.yaml"
    whole = path.read_text()
    if broken is None:
        path.unlink()
    else:
        path.write_text(broken)
    for _ in range(2):
        with pytest.raises(BankError, match="syllabus"):
            shelf.open()
    path.write_text(whole)
    assert shelf.ids() == ["a1", "a2", "b1", "c1"]


def test_a_folder_without_a_bank_is_a_bank_error(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="There is no bank at"):
        Catalogue(tmp_path / "bank.db", (tmp_path / "none",))
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        with pytest.raises(BankError, match="syllabus"):
            Catalogue(tmp_path / "bank.db", (tmp_path / "empty",))
    (tmp_path / "empty" / "a.yaml").write_text(text(named("a1")))
    with pytest.raises(BankError, match="syllabus"):
        Catalogue(tmp_path / "bank.db", (tmp_path / "empty",))


def test_a_bank_of_no_questions_is_one(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "bank.db", (bank(tmp_path / "bank"),))
    assert (len(catalogue), catalogue.rows(), catalogue.problems()) == (0, [], [])
    assert catalogue.syllabus() == SYLLABUS
    catalogue.close()


def test_links_that_lead_nowhere_are_problems(shelf: Shelf) -> None:
    (shelf.root / "gone.yaml").symlink_to(shelf.root / "nowhere")
    (shelf.root / "round.yaml").symlink_to(shelf.root / "round.yaml")
    catalogue = shelf.open()
    assert [Path(problem.file).name for problem in catalogue.problems()] == ["gone.yaml", "round.yaml"]
    assert len(catalogue) == 4
    catalogue.close()
    assert len(survey((shelf.root,), ()).problems) == 2 + 3  # and the three files stand at the wrong place


def test_questions_survive_the_round_trip(shelf: Shelf) -> None:
    (shelf.root / "a.yaml").write_text(text(*SOUND.values()))
    catalogue = shelf.open()
    ids = [f"{TOPIC}.{kind}" for kind in KINDS]
    assert catalogue.get(ids) == [item(SOUND[kind]).question for kind in KINDS]
    assert catalogue.get([ids[2], "nobody", ids[0]]) == [item(SOUND[KINDS[n]]).question for n in (2, 0)]
    rows = {row.id: row for row in catalogue.rows()}
    assert rows[ids[0]][1:] == (TOPIC, "splits", "single", "onsite", 3, 90, ("evaluation",))
    assert catalogue.stands("nobody") is None
    catalogue.close()


def test_every_shipped_question_survives_the_round_trip(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "bank.db", (SHIPPED,))
    questions = [found.question for found in survey((SHIPPED,), ()).items]
    assert catalogue.get([question.id for question in questions]) == questions
    assert len(catalogue) == len(questions)
    assert catalogue.problems() == []
    catalogue.close()


def test_two_banks_have_two_catalogues(shelf: Shelf, tmp_path: Path) -> None:
    other = bank(tmp_path / "other", z=text(named("z1")))
    shelf.ids()
    catalogue = Catalogue(shelf.cache, (other,))
    assert [row.id for row in catalogue.rows()] == [f"{TOPIC}.z1"]
    catalogue.close()
    assert (shelf.ids(), shelf.read) == (["a1", "a2", "b1", "c1"], 0)


OPENS = """
import sys, time
from pathlib import Path
from mlquiz.bank.catalogue import Catalogue
while not Path(sys.argv[3]).exists():
    time.sleep(0.001)
for _ in range(3):
    catalogue = Catalogue(Path(sys.argv[1]), (Path(sys.argv[2]),))
    print(len(catalogue), len(catalogue.rows()), len(catalogue.problems()), end=";")
    catalogue.close()
"""


def test_processes_that_compile_at_once_all_see_the_whole_bank(shelf: Shelf) -> None:
    for n in range(30):
        (shelf.root / f"n{n}.yaml").write_text(text(named(f"n{n}")))
    go = shelf.folder / "go"
    command = [sys.executable, "-c", OPENS, str(shelf.cache), str(shelf.root), str(go)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    time.sleep(0.3)
    go.touch()
    for child in children:
        out, err = child.communicate(timeout=60)
        assert (err, out) == ("", "34 34 0;" * 3)
    shelf.settle()
    assert len(shelf.ids()) == 34


@contextlib.contextmanager
def meanwhile(shelf: Shelf, finish: Callable[[sqlite3.Connection], object]) -> Iterator[list[str]]:
    """Another process that opens the bank while this one is writing, and has to wait until it has finished."""
    db = sqlite3.connect(shelf.file, isolation_level=None)
    db.execute("begin immediate")
    program = OPENS.replace("(Path(sys.argv[2]),)", "(Path(sys.argv[2]),), lambda done, whole: print('read', whole)")
    go = shelf.folder / "go"
    go.touch()
    command = [sys.executable, "-c", program, str(shelf.cache), str(shelf.root), str(go)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(0.5)
    finish(db)
    db.execute("commit")
    db.close()
    yield child.communicate(timeout=60)[0].split(";")


def test_a_process_that_waited_for_another_takes_what_that_has_compiled(shelf: Shelf) -> None:
    shelf.ids()
    with contextlib.closing(sqlite3.connect(shelf.file, isolation_level=None)) as db:
        (layout,) = db.execute("select layout from bank").fetchone()
        db.execute("update bank set layout = 'older'")
    with meanwhile(shelf, lambda db: db.execute("update bank set layout = ?", (layout,))) as printed:
        assert printed == ["4 4 0"] * 3 + [""]
    with contextlib.closing(sqlite3.connect(shelf.file, isolation_level=None)) as db:
        db.execute("update file set size = size + 1")
    with meanwhile(shelf, lambda db: db.execute("update file set size = size - 1")) as printed:
        assert printed == ["4 4 0"] * 3 + [""]


def test_an_index_of_what_is_there_needs_no_yaml(shelf: Shelf) -> None:
    shelf.ids()
    program = (
        "import sys\nfrom pathlib import Path\nfrom mlquiz.bank.catalogue import Catalogue\n"
        "print(len(Catalogue(Path(sys.argv[1]), (Path(sys.argv[2]),)).rows()), {'yaml', 'msgspec'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(shelf.cache), str(shelf.root)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "4 set()\n"


def test_a_survey_says_where_a_file_should_stand(tmp_path: Path) -> None:
    root = bank(tmp_path / "bank")
    right = root / "ml" / "trees" / "splits.yaml"
    right.parent.mkdir(parents=True)
    right.write_text(text(named("a1")))
    wrong = root / "ml" / "splits.yaml"
    wrong.write_text(text(named("a2", level=GONE)))
    problems = survey((root,), ()).problems
    assert [(problem.file, problem.line) for problem in problems] == [(str(wrong), 5), (str(wrong), 1)]
    assert "should stand at ml/trees/splits.yaml" in problems[1].message
    assert survey((root,), (right,)).problems == []  # fmt: skip
    with pytest.raises(BankError, match="There is no file or folder"):
        survey((root,), (root / "none.yaml",))
    own = tmp_path / "own.yaml"
    own.write_text(text(named("a3")))
    assert survey((root,), (own,)).problems == []
