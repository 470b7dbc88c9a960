"""A log of which only a part is whole: what is there is read, and the rest is told."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, world
from conftest import ROOT, Run, clean

from mlquiz.commands.desk import Desk
from mlquiz.commands.report import standing
from mlquiz.core.scheduler import replay
from mlquiz.errors import JournalError
from mlquiz.store import memories
from mlquiz.store.database import open_log
from mlquiz.store.journal import steps

if sys.platform == "win32":
    pytest.skip("needs POSIX permissions and signals", allow_module_level=True)

IDS = [
    "ml.bias_variance.defect-classifier-gap",
    "ml.bias_variance.churn-rows-shared-by-folds",
    "sys.deployment.exited-137",
    "sys.deployment.labels-arrive-late",
]
FIRST = IDS[0]
READING = ([], ["due"], ["report"], ["report", "--format", "json"], ["show", FIRST])


def unknown(*ids: str) -> str:
    """Lines that answer these questions with don't know."""
    return "".join(json.dumps({"type": "answer", "id": id_, "answer": {"dont_know": True}}) + "\n" for id_ in ids)


def asked_for(*ids: str) -> list[str]:
    return ["quiz", "--jsonl", *(part for id_ in ids for part in ("--id", id_))]


def played(mlquiz: Run, *ids: str, **more: Any) -> Any:
    """A session that answers these questions once each, and leaves."""
    return mlquiz(*asked_for(*ids), stdin=unknown(*ids), **more)


def answers(mlquiz: Run, **more: Any) -> int:
    """How many answers the report finds in the log; it has nothing to complain of."""
    done = mlquiz("report", "--format", "json", **more)
    assert (done.returncode, done.stderr) == (0, "")
    return int(json.loads(done.stdout)["answers"])


def log_of(home: Path) -> Path:
    return home / "data/default/log.db"


def killed(home: Path, *ids: str) -> None:
    """Answers these questions and is killed before it leaves: their transactions stay in the -wal."""
    child = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", *asked_for(*ids)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=clean(home), text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(unknown(*ids))
    child.stdin.flush()
    left = len(ids)
    while left:
        left -= json.loads(child.stdout.readline())["type"] == "verdict"
    child.send_signal(signal.SIGKILL)
    child.communicate()


def test_a_session_whose_log_was_moved_away_ends_and_tells_no_verdict_that_is_nowhere_kept(home: Path) -> None:
    session = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", *asked_for(*IDS)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    assert session.stdin is not None
    assert session.stdout is not None
    session.stdin.write(unknown(FIRST))
    session.stdin.flush()
    while json.loads(session.stdout.readline())["type"] != "verdict":
        pass
    log_of(home).rename(home / "log.db")
    out, err = session.communicate(unknown(IDS[1]), timeout=30)
    assert session.returncode == 4
    assert '"verdict"' not in out
    assert "was moved or replaced while it was open" in err
    assert IDS[1] in err
    assert "Traceback" not in err


# damaged


def same_as_replayed(path: Path) -> int:
    """Opens the log, holds its memory against a replay of its answers, and says how many there are."""
    with closing(open_log(path)) as log:
        history = steps(log)
        folded = replay(history, {step.question: step.key for step in history})
        assert {id_: met.memory for id_, met in memories.memories(log).items() if met.memory} == folded.memories
        assert memories.drift(log) == pytest.approx(folded.drift)
        assert log.execute("pragma integrity_check").fetchone() == ("ok",)
        return len(history)


def test_a_wal_that_is_torn_or_damaged_anywhere_gives_the_answers_up_to_there(
    mlquiz: Run, home: Path, tmp_path: Path
) -> None:
    played(mlquiz, FIRST)
    killed(home, *IDS[1:])
    log, kept = log_of(home), tmp_path / "kept"
    shutil.copytree(log.parent, kept)
    whole = (kept / "log.db-wal").read_bytes()
    chance = random.Random(2026)
    found = []
    for place in sorted([0, 10, 31, 32, 40, len(whole), *(chance.randrange(len(whole)) for _ in range(40))]):
        for torn in (whole[:place], whole[:place] + b"\x5a" * 64 + whole[place + 64 :]):
            shutil.copy(kept / "log.db", log)
            log.with_name("log.db-wal").write_bytes(torn)
            log.with_name("log.db-shm").unlink(missing_ok=True)
            found.append(same_as_replayed(log))
    assert found == sorted(found)  # the further it is whole, the more is there
    assert {1, 4} <= set(found) <= {1, 2, 3, 4}
    log.with_name("log.db-wal").write_bytes(whole[: len(whole) // 2])
    shutil.copy(kept / "log.db", log)
    assert 1 <= answers(mlquiz) < 4


def damaged(path: Path, chance: random.Random) -> None:
    """Damages a page of the file, some bytes of it, or cuts it off."""
    data = bytearray(path.read_bytes())
    page = chance.randrange(len(data) // 4096) * 4096
    match chance.randrange(4):
        case 0:
            data[page : page + 4096] = chance.randbytes(4096)
        case 1:
            for _ in range(20):
                data[page + chance.randrange(4096)] = chance.randrange(256)
        case 2:
            data[chance.randrange(100)] = chance.randrange(256)
        case 3:
            del data[page + chance.randrange(4096) :]
    path.write_bytes(data)


def test_a_log_damaged_anywhere_is_read_or_told_in_a_sentence_and_never_a_traceback(
    mlquiz: Run, home: Path, tmp_path: Path
) -> None:
    rows = [row.split()[0] for row in mlquiz("bank", "list").stdout.splitlines()]
    played(mlquiz, *rows)
    whole = log_of(home)
    chance = random.Random(2026)
    whole_ones = 0
    here = world(Clock(), tmp_path / "here")
    here = here._replace(paths=here.paths._replace(bank=ROOT / "question_bank", cache=home / "cache"))
    here.paths.data.mkdir(parents=True)
    for _ in range(int(os.environ.get("MLQUIZ_FUZZ", "150"))):
        for file in here.paths.data.glob("log.db*"):
            file.unlink()
        shutil.copy(whole, here.paths.log)
        damaged(here.paths.log, chance)
        for writing in (False, True):
            with suppress(JournalError), Desk(here, writing=writing) as desk:
                desk.load()
                standing(desk)
                memories.missed_today(desk.log, here.today())
                for review in memories.latest(desk.log, 3):
                    memories.met(desk.log, review.question)
                if writing:
                    desk.journal().mark(FIRST, "suspended", "now")
                whole_ones += 1
    assert whole_ones
