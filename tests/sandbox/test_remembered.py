"""What programs did is kept, as long as it would come out the same again."""

import json
from pathlib import Path

import pytest
from builders import BODIES
from msgspec.structs import replace

from mlquiz.core.question import Code, Sql
from mlquiz.core.trial import Judged
from mlquiz.sandbox.judge import SECONDS
from mlquiz.sandbox.programs import Ran
from mlquiz.sandbox.remembered import Remembered
from mlquiz.sandbox.running import Running


class Counted(Running):
    """Runs them, and counts how often."""

    def __init__(self) -> None:
        super().__init__()
        self.started = 0

    def run(self, source: str) -> Ran:
        self.started += 1
        return super().run(source)

    def judged(self, body: Code | Sql, source: str, seconds: float = SECONDS, first: bool = False) -> Judged:
        self.started += 1
        return super().judged(body, source, seconds, first)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "ran.json"


def times_run(file: Path, *sources: str, fresh: bool = False, whole: bool = True) -> int:
    """How many children one check of these programs starts."""
    with Counted() as children:
        remembered = Remembered(file, children, fresh)
        for source in sources:
            remembered.run(source)
        remembered.save(whole)
        return children.started


def test_a_program_that_did_well_runs_once_and_says_the_same_afterwards(file: Path) -> None:
    assert times_run(file, "print('naïve ≤')") == 1
    with Counted() as children:
        assert Remembered(file, children).run("print('naïve ≤')") == ("naïve ≤\n", "", 0)
        assert children.started == 0
    assert times_run(file, "print('naïve ≤')", fresh=True) == 1
    assert times_run(file, "print('naïve ≥')") == 1


@pytest.mark.parametrize("source", ["raise SystemExit(1)", "import surely_not_there", "def f(:"])
def test_a_program_that_failed_runs_again(file: Path, source: str) -> None:
    assert [times_run(file, source) for _ in range(2)] == [1, 1]


def test_a_program_that_did_two_things_in_one_check_runs_again(file: Path) -> None:
    fickle, steady = "import time; print(time.perf_counter())", "print(1)"
    assert times_run(file, fickle, fickle, steady, steady) == 4
    assert times_run(file, fickle, fickle, steady, steady) == 2


def test_a_check_of_everything_forgets_what_it_did_not_need(file: Path) -> None:
    assert times_run(file, "print(1)", "print(2)") == 2
    assert times_run(file, "print(2)", whole=False) == 0
    assert times_run(file, "print(1)") == 0
    assert times_run(file, "print(2)") == 1


def test_running_some_anew_forgets_nothing_of_the_others(file: Path) -> None:
    assert times_run(file, "print(1)", "print(2)") == 2
    assert times_run(file, "print(2)", fresh=True, whole=False) == 1
    assert times_run(file, "print(1)", "print(2)") == 0


def test_other_surroundings_forget_everything(file: Path) -> None:
    times_run(file, "print(1)")
    said = json.loads(file.read_text())
    file.write_text(json.dumps(said | {"surroundings": "another"}))
    assert times_run(file, "print(1)") == 1
    assert times_run(file, "print(1)") == 0


@pytest.mark.parametrize("spoiled", [b"", b"{", b"\xff", b'{"surroundings": 1}', b"[]"])
def test_a_file_that_is_none_of_ours_is_as_good_as_none(file: Path, spoiled: bytes) -> None:
    times_run(file, "print(1)")
    file.write_bytes(spoiled)
    assert times_run(file, "print(1)") == 1
    assert times_run(file, "print(1)") == 0


SLOW = "def double(x):\n    while True:\n        pass\n"
SLOW_WITH_LISTS = "def double(x):\n    while isinstance(x, list):\n        pass\n    return 2 * x\n"


@pytest.mark.parametrize(
    ("source", "reference", "again"),
    [
        ("def double(x):\n    return 2 * x\n", "", 0),
        ("def double(x):\n    return x\n", "", 0),
        (SLOW_WITH_LISTS, "", 0),
        (SLOW, "", 1),  # on a busy day any answer runs out of time
        (SLOW_WITH_LISTS, SLOW_WITH_LISTS, 1),  # it may be quicker on another day, and then nothing is wrong
    ],
)
def test_a_verdict_is_kept_unless_another_day_may_bring_another(
    file: Path, source: str, reference: str, again: int
) -> None:
    body = BODIES["code"]
    assert isinstance(body, Code)
    said: list[Judged] = []
    started: list[int] = []
    for _ in range(2):
        with Counted() as children:
            remembered = Remembered(file, children)
            said.append(remembered.judged(replace(body, reference=reference), source, seconds=0.3))
            remembered.save(whole=True)
            started.append(children.started)
    assert started == [1, again]
    assert [result.outcome for result in said[0].results] == [result.outcome for result in said[1].results]
    assert said[0].printed == said[1].printed
