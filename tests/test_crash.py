"""kill -9 at any moment loses nothing but the answer being typed."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, clean

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

KILLS = 20


def answer(question: dict[str, Any]) -> str:
    return json.dumps({"type": "answer", "id": question["id"], "answer": {"dont_know": True}}) + "\n"


def play_until_killed(home: Path, chance: random.Random) -> list[str]:
    """Answers over JSON lines until the process is killed at a random moment; ids in the order of their verdicts."""
    child = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", "quiz", "-n", "20", "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean(home), text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    told: list[str] = []
    left = chance.randint(0, 25)
    for line in child.stdout:
        message = json.loads(line)
        if message["type"] == "verdict":
            told.append(message["id"])
        if message["type"] == "question" and left >= 0:
            child.stdin.write(answer(message))
            child.stdin.flush()
            if left == 0:
                time.sleep(chance.uniform(0, 0.003))  # anywhere between reading, writing the log and telling
                os.kill(child.pid, signal.SIGKILL)
            left -= 1
    child.stdin.close()
    child.stdout.close()
    assert child.wait(timeout=30) in (0, -signal.SIGKILL)
    return told


def test_every_verdict_that_was_told_is_in_the_log_after_kill_9(home: Path, mlquiz: Run) -> None:
    """The answer on its way when the process dies may be in the log or not; no other is missing or doubled."""
    chance = random.Random(2026)
    told: list[str] = []
    for _ in range(KILLS):
        before = len(told)
        told += play_until_killed(home, chance)
        log = sqlite3.connect(home / "data/default/log.db")
        logged = [question for (question,) in log.execute("select question from review order by id")]
        assert log.execute("pragma integrity_check").fetchone() == ("ok",)
        log.close()
        assert len(told) <= len(logged) <= len(told) + 1
        extra = logged[before : len(logged)]
        assert extra[: len(told) - before] == told[before:]
        told = logged
    done = mlquiz("report", "--format", "json")
    assert json.loads(done.stdout)["answers"] == len(told) > KILLS


def test_memory_after_the_kills_is_what_the_log_replays_to(home: Path) -> None:
    from mlquiz.core.scheduler import replay
    from mlquiz.store import memories
    from mlquiz.store.database import open_log
    from mlquiz.store.journal import steps

    chance = random.Random(7)
    for _ in range(4):
        play_until_killed(home, chance)
    log = open_log(home / "data/default/log.db")
    history = steps(log)
    folded = replay(history, {step.question: step.key for step in history})
    assert {id_: met.memory for id_, met in memories.memories(log).items() if met.memory} == folded.memories
    assert memories.drift(log) == pytest.approx(folded.drift)
    log.close()
