"""Two sessions at once on one log: both are kept whole, and a log that stays locked costs one answer, said so."""

import json
import random
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from conftest import clean
from hardship import LOG, PYTHON, answers, dont_know, drill, own_bank, run

from mlquiz.core.scheduler import replay
from mlquiz.store import memories
from mlquiz.store.database import open_log
from mlquiz.store.journal import steps

ANSWERS = 15
OPEN = "sys.deployment.labels-arrive-late"


class Sitting:
    """A session over JSON lines that is answered when the test says so."""

    def __init__(self, home: Path, *args: str) -> None:
        self.told: list[str] = []
        self.child = subprocess.Popen(
            [*PYTHON, *(args or ("quiz", "-n", "26")), "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=clean(home), text=True,
        )  # fmt: skip
        self.id = self._question()

    def _question(self) -> str:
        """Reads on to the next question; none when the session ended."""
        assert self.child.stdout is not None
        for line in self.child.stdout:
            message = json.loads(line)
            if message["type"] == "verdict":
                self.told.append(message["id"])
            if message["type"] == "question":
                return str(message["id"])
        return ""

    def answer(self) -> None:
        self.send()
        self.id = self._question()

    def send(self) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(dont_know(self.id))
        self.child.stdin.flush()

    def end(self) -> tuple[int, str]:
        """The exit status and what was said on stderr."""
        rest, said = self.child.communicate(timeout=60)
        self.told += [message["id"] for message in map(json.loads, rest.splitlines()) if message["type"] == "verdict"]
        return self.child.returncode, said


def in_step(home: Path, told: list[str]) -> None:
    """The log holds what was told and nothing else, and memory is what it replays to."""
    with closing(open_log(home / LOG)) as log:
        history = steps(log)
        assert sorted(step.question for step in history) == sorted(told)
        folded = replay(history, {step.question: step.key for step in history})
        assert {id_: met.memory for id_, met in memories.memories(log).items() if met.memory} == folded.memories
        assert memories.drift(log) == pytest.approx(folded.drift)


def test_two_sessions_that_answer_in_turn_are_both_kept(home: Path) -> None:
    one, other = Sitting(home), Sitting(home)
    chance = random.Random(4)
    for _ in range(2 * ANSWERS):
        chance.choice([one, other]).answer()
    assert [one.end(), other.end()] == [(0, ""), (0, "")]
    assert len(one.told) + len(other.told) == 2 * ANSWERS
    in_step(home, one.told + other.told)


def test_sessions_that_answer_at_the_same_time_are_all_kept(home: Path) -> None:
    """The same questions in each, so that every answer moves a memory that the others move too."""
    met = drill(home, 3)
    named = [word for id_ in met for word in ("--id", id_)]
    sittings = [Sitting(home, "quiz", *named) for _ in range(4)]

    def play(sitting: Sitting) -> None:
        while sitting.id:
            sitting.answer()

    threads = [threading.Thread(target=play, args=(sitting,)) for sitting in sittings]
    for thread in threads:
        thread.start()
    for _ in range(3):
        assert run(home, "due").returncode == 0
        assert run(home, "suspend", OPEN).returncode == 0
        assert run(home, "resume", OPEN).returncode == 0
    for thread in threads:
        thread.join()
    assert [sitting.end() for sitting in sittings] == [(0, "")] * 4
    assert all(len(sitting.told) == 12 for sitting in sittings)  # each is missed, and comes back three times
    in_step(home, met + [id_ for sitting in sittings for id_ in sitting.told])


@contextmanager
def held(home: Path) -> Iterator[sqlite3.Connection]:
    """The log while another program is writing it."""
    with closing(sqlite3.connect(home / LOG, isolation_level=None, check_same_thread=False)) as log:
        log.execute("begin immediate")
        yield log


def test_a_log_that_is_locked_for_a_moment_costs_nothing(home: Path) -> None:
    drill(home, 1)
    sitting = Sitting(home)
    with held(home) as log:
        release = threading.Timer(1.5, lambda: log.execute("rollback"))
        release.start()
        sitting.answer()
        release.join()
    assert len(sitting.told) == 1
    assert sitting.end() == (0, "")
    assert answers(home) == 2


def test_a_log_that_stays_locked_costs_the_answer_and_reading_goes_on(home: Path) -> None:
    drill(home, 1)
    plain = {"MLQUIZ_PLAIN": "1", "MLQUIZ_CONFIDENCE": "0"}
    sitting = Sitting(home)
    sitting.answer()
    typed = subprocess.Popen(
        [*PYTHON, "quiz", "--id", OPEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=clean(home, **plain), text=True,
    )  # fmt: skip
    assert typed.stdout is not None
    shown = ""
    while not shown.endswith("ends it:"):  # then the session is open, and waits for words
        character = typed.stdout.read(1)
        assert character, shown
        shown += character
    with held(home):
        sitting.send()
        _, said = typed.communicate("My own words.\n\n0\n", timeout=60)
        code, lost = sitting.end()
        assert answers(home) == 2
        done = run(home, "--bank", own_bank(home / "own"), "show", sitting.told[0])
        assert (done.returncode, "Answered today" in done.stdout) == (0, True)
    assert (typed.returncode, code) == (4, 4)
    for sentence, id_ in ((said, OPEN), (lost, sitting.id)):
        assert sentence == (
            "mlquiz: The log cannot be written: another program has kept it locked for 5 seconds. Nothing in it was"
            f" changed. Your answer to {id_} was not kept; those before it were.\n"
        )
    assert "Your draft:\nMy own words.\n" in run(home, "quiz", "--id", OPEN, **plain).stdout
    assert answers(home) == 2
