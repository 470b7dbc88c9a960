"""Hard places to run in: modes that bind even root, a folder mounted read-only, a disk that is nearly full."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from builders import Clock, world
from conftest import ROOT, clean

from mlquiz.world import Paths, World, real

LOG = "data/default/log.db"
PYTHON = [sys.executable, "-m", "mlquiz"]
QUIZ = ["quiz", "-n", "20", "--jsonl"]

Done = subprocess.CompletedProcess[str]


def run(home: Path, *args: str, within: tuple[str, ...] = (), stdin: str = "", **env: str) -> Done:
    """The real program, within another command."""
    return subprocess.run(
        [*within, *PYTHON, *args], input=stdin, env=clean(home, **env), capture_output=True, encoding="utf-8",
        timeout=60, check=False,
    )  # fmt: skip


def obeying_modes() -> tuple[str, ...]:
    """Modes bind everybody but root, who lays his privilege down."""
    if os.name != "posix":
        pytest.skip("modes are POSIX's")
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        pytest.skip("root obeys no modes, and there is no setpriv to lay that down")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--")


@cache
def _may_mount() -> bool:
    if not shutil.which("unshare"):
        return False
    tried = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /tmp"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def mounted(folder: Path, mount: str) -> tuple[str, ...]:
    """Runs a command after these lines of shell, in which $0 is the folder, in mounts of its own."""
    if not _may_mount():
        pytest.skip("this machine lets nobody mount in a namespace of his own")
    return ("unshare", "-rm", "sh", "-ec", f'{mount}\nexec "$@"', str(folder))


READ_ONLY = 'mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"'


def drill(home: Path, answers: int, kill: bool = False) -> list[str]:
    """The ids of so many questions answered with "I don't know"; killed, the process leaves its WAL behind."""
    child = subprocess.Popen(
        [*PYTHON, *QUIZ], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean(home), text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    told: list[str] = []
    for line in child.stdout:
        message = json.loads(line)
        if message["type"] == "verdict":
            told.append(message["id"])
            if len(told) == answers:
                break
        if message["type"] == "question":
            child.stdin.write(dont_know(message["id"]))
            child.stdin.flush()
    if kill:
        os.kill(child.pid, signal.SIGKILL)
    child.communicate(timeout=30)
    return told


def dont_know(id_: str) -> str:
    return json.dumps({"type": "answer", "id": id_, "answer": {"dont_know": True}}) + "\n"


def answers(home: Path, **more: str) -> int:
    """How many answers the report counts."""
    done = run(home, "report", "--format", "json", **more)
    assert (done.returncode, done.stderr) == (0, "")
    count: int = json.loads(done.stdout)["answers"]
    return count


def here(home: Path, clock: Clock | None = None, stdin: str = "") -> World:
    """A world in this process, with the shipped bank, ids that tell the time, and a clock that only the test moves."""
    paths = Paths(home / "config", (home / LOG).parent, home / "cache", ROOT / "question_bank")
    return world(clock or Clock(), home)._replace(paths=paths, new_id=real().new_id, stdin=io.StringIO(stdin))


def own_bank(folder: Path) -> str:
    """A bank of one question; together with the shipped one it is another bank, under which the log is folded anew."""
    source = ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml"
    (folder / "ml").mkdir(parents=True)
    (folder / "ml" / "mine.yaml").write_text(source.read_text().replace("defect-classifier-gap", "mine"))
    return str(folder)
