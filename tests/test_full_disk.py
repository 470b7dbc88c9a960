"""A full disk costs the answer that did not fit, says so, and loses nothing else."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from conftest import clean
from hardship import LOG, PYTHON, QUIZ, answers, dont_know, drill, mounted, run

SMALL = 'mkdir -p "$0"; mount -t tmpfs -o size=300k none "$0"'
"""A disk for the log that holds a few answers."""
MORE = [
    "ml.bias_variance.defect-classifier-gap",
    "ml.bias_variance.churn-rows-shared-by-folds",
    "ml.evaluation_metrics.share-of-flags-that-is-fraud",
    "sys.architecture.ndcg-up-new-listings-gone",
    "opt.model_performance.invoice-reader-four-weeks",
]
OPEN = "sys.deployment.labels-arrive-late"

if sys.platform == "win32":
    pytest.skip("limits of files and mounts are POSIX's", allow_module_level=True)


def fill(home: Path) -> tuple[int, subprocess.CompletedProcess[str]]:
    """Answers until the log takes no more: how many verdicts were told, and how it ended."""
    child = subprocess.Popen(
        [*PYTHON, "quiz", "-n", "26", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    told = 0
    for line in child.stdout:
        message = json.loads(line)
        told += message["type"] == "verdict"
        if message["type"] == "question":
            child.stdin.write(dont_know(message["id"]))
            child.stdin.flush()
    stdout, stderr = child.communicate(timeout=30)
    return told, subprocess.CompletedProcess(QUIZ, child.returncode, stdout, stderr)


def on_a_small_disk(home: Path) -> None:
    """What the test below does where the log has a disk of its own: fill it, read it, make room, go on."""
    folder = (home / LOG).parent
    told, ended = fill(home)
    assert told > 0
    assert ended.returncode == 4
    assert ended.stderr.startswith("mlquiz: The log cannot be written: the disk is full. Nothing in it was changed. ")
    assert ended.stderr.endswith(" was not kept; those before it were.\n")
    assert answers(home) == told
    for args in [("due",), ()]:
        done = run(home, *args)
        assert (done.returncode, done.stderr) == (0, ""), args
    subprocess.run(["mount", "-o", "remount,size=4m", str(folder)], check=True)
    done = run(home, *QUIZ)
    assert (done.returncode, done.stderr) == (0, "")
    assert answers(home) == told
    (path,) = (folder / "copies").iterdir()
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("select count(*) from review").fetchone() == (told,)
    more, ended = fill(home)
    assert (more > 0, ended.returncode) == (True, 0)
    assert answers(home) == told + more


def test_a_full_disk_costs_one_answer_and_with_room_the_same_command_goes_on(home: Path) -> None:
    within = mounted((home / LOG).parent, SMALL)
    program = (
        "import sys\nfrom pathlib import Path\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import test_full_disk\ntest_full_disk.on_a_small_disk(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [*within, sys.executable, "-c", program, str(home)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


LIMITED = (
    "import resource, runpy, sys\n"
    "size = int(sys.argv.pop(1))\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
    "runpy.run_module('mlquiz', run_name='__main__', alter_sys=True)"
)
"""The program in a process none of whose files may grow beyond so many bytes."""


def limited(home: Path, size: int, *args: str, stdin: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *args], input=stdin, env=clean(home, **env), capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "fits"), [(0, 0), (10_000, 0), (50_000, 1), (1_000_000, 5)])
def test_a_file_that_may_not_grow_loses_nothing_either(home: Path, size: int, fits: int) -> None:
    """Below 32 kB SQLite cannot even open the log; then it is as it was."""
    drill(home, 3)
    named = [word for id_ in MORE for word in ("--id", id_)]
    done = limited(home, size, "quiz", *named, "--jsonl", stdin="".join(map(dont_know, MORE)))
    told = done.stdout.count('"type":"verdict"')
    assert told >= fits
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if told == len(MORE) else 4), done.stderr
    assert answers(home) == 3 + told


def test_an_open_answer_on_a_full_disk_leaves_the_draft_before_it(home: Path) -> None:
    """The draft is written whole or not at all; that it cannot be is said while the answer is still on the screen."""
    drill(home, 1)
    plain = {"MLQUIZ_PLAIN": "1", "MLQUIZ_CONFIDENCE": "0"}
    assert run(home, "quiz", "--id", OPEN, stdin="My first words.\n", **plain).returncode == 130
    typed = "More of it.\n" + "x" * 80_000 + "\n\n0\n"
    done = limited(home, 60_000, "quiz", "--id", OPEN, stdin=typed, **plain)
    assert "Traceback" not in done.stderr
    assert done.returncode == 4
    assert "What you write cannot be kept as a draft: File too large." in done.stderr
    assert f"Your answer to {OPEN} was not kept" in done.stderr
    (draft,) = (home / "data/default/drafts").iterdir()
    assert draft.read_text().endswith("\nMy first words.\nMore of it.\n")
    assert answers(home) == 1
    again = run(home, "quiz", "--id", OPEN, stdin="\n0\n\n:q\n", **plain)
    assert again.returncode == 0
    assert "Your draft:\nMy first words.\nMore of it.\n" in again.stdout
    assert answers(home) == 2
