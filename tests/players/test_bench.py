"""The file of an answer in code: begun from the starter, kept until its answer is in the log, never written over."""

from pathlib import Path

import pytest
from builders import judge, question

from mlquiz.core.draw import draw
from mlquiz.core.question import Exercise
from mlquiz.players.bench import DONE, Bench, attempted, opening
from mlquiz.players.editor import Editor
from mlquiz.players.workbench import Saved

CODE, SQL = draw(question("code"), 1), draw(question("sql"), 1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "room", Editor({}), judge)


def test_a_file_begins_with_the_prompt_as_a_comment_and_the_starter(bench: Bench) -> None:
    assert bench.begin(CODE).read_text() == "# What?\n\ndef double(x):\n    ...\n"
    assert bench.begin(SQL).read_text() == "-- What?\n--\n-- CREATE TABLE t(a INT);\n\nSELECT\n"
    assert bench.path(CODE).name == "ml.trees.code.py"
    assert bench.path(SQL).suffix == ".sql"


def test_nothing_that_was_written_is_written_over(bench: Bench) -> None:
    path = bench.begin(CODE)
    for written in ("def double(x):\n    return x + x\n", "# only a thought\n", f"# mine\n{opening(CODE)}"):
        path.write_text(written)
        assert bench.begin(CODE).read_text() == written
    path.write_text("")
    assert bench.begin(CODE).read_text() == opening(CODE)


def test_a_file_is_fresh_until_it_is_touched(bench: Bench) -> None:
    path = bench.begin(CODE)
    assert bench.fresh(CODE)
    path.write_text(f"{opening(CODE)}# a thought\n")
    assert not bench.fresh(CODE)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("x = 1".encode("utf-16"), "it is no UTF-8 text"),
        (b"\xff", "no UTF-8"),
        (b"#" * 1_000_001, "more than 1,000,000"),
    ],
)
def test_what_is_no_text_or_too_much_is_told_and_left_alone(bench: Bench, data: bytes, said: str) -> None:
    path = bench.begin(CODE)
    path.write_bytes(data)
    with pytest.raises(OSError, match=said):
        bench.source(CODE)
    bench.settle(CODE, "anything")
    assert path.read_bytes() == data


def test_a_mark_of_byte_order_is_no_part_of_an_answer(bench: Bench) -> None:
    bench.begin(CODE).write_bytes(b"\xef\xbb\xbfx = 1\n")
    assert bench.source(CODE) == "x = 1\n"


def test_a_newer_file_is_not_undone_and_an_earlier_solution_not_written_over(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Editor({}), judge, keeps=True)
    for source in ("first", "second", "third"):
        bench.begin(CODE).write_text(source)
        bench.settle(CODE, source)
    kept = sorted((tmp_path / DONE).iterdir())
    assert [(file.name, file.read_text()) for file in kept] == [
        ("ml.trees.code-2.py", "second"), ("ml.trees.code-3.py", "third"), ("ml.trees.code.py", "first"),
    ]  # fmt: skip
    bench.begin(CODE).write_text("newer")
    bench.restore(CODE, "older")
    assert bench.source(CODE) == "newer"


@pytest.mark.parametrize(
    ("exercise", "source", "written"),
    [
        (CODE, opening(CODE), False), (CODE, "", False), (CODE, "# only a thought\n", False),
        (CODE, "def double(x):\n\n    ...  \n", False), (CODE, "def double(x):\n    return 3\n", True),
        (CODE, "def double(x):\n        ...\n", True), (CODE, "x = 1 -- 2\n-- 3\n", True),
        (SQL, opening(SQL), False), (SQL, "-- SELECT 1", False), (SQL, "select", True), (SQL, "SELECT 1", True),
    ],
)  # fmt: skip
def test_more_than_the_starter_is_an_attempt(exercise: Exercise, source: str, written: bool) -> None:
    assert attempted(exercise, source) == written


def test_nothing_is_run_before_anything_is_written(bench: Bench) -> None:
    results = bench.run(CODE, opening(CODE)).results
    assert [result.outcome for result in results] == ["not attempted"] * 3
    assert bench.run(CODE, "def double(x):\n    return 2 * x\n").passed


def test_a_file_goes_with_its_answer_or_is_kept_beside_and_comes_back_by_undo(tmp_path: Path) -> None:
    for keeps in (False, True):
        bench = Bench(tmp_path / str(keeps), Editor({}), judge, keeps)
        bench.begin(CODE).write_text("mine")
        bench.settle(CODE, "mine")
        assert not bench.path(CODE).exists()
        kept = bench.folder / DONE / bench.path(CODE).name
        assert (kept.read_text() if keeps else kept.exists()) == ("mine" if keeps else False)
        bench.restore(CODE, "mine")
        assert bench.source(CODE) == "mine"


def test_what_was_saved_after_the_answer_was_taken_stays(bench: Bench) -> None:
    bench.begin(CODE).write_text("a second version")
    bench.settle(CODE, "the version that was judged")
    assert bench.source(CODE) == "a second version"


def test_settling_what_is_not_there_is_no_failure(bench: Bench) -> None:
    bench.settle(CODE, "mine")
    bench.restore(CODE, "mine")
    assert not bench.path(CODE).exists()


def test_a_file_is_saved_once_it_differs_and_has_come_to_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("1")
    saved = Saved(path)
    assert not saved()
    assert not saved.differs
    path.write_text("12")
    assert saved.differs
    assert not saved()
    path.unlink()
    assert not saved()
    path.write_text("123")
    assert not saved()
    assert saved()
    saved.mark()
    assert not saved.differs
