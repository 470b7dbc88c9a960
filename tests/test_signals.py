"""Readers, terminals and processes go away: what was answered is in the log, and nothing hangs or complains."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from bank.samples import sample, text
from conftest import Run, clean
from prompt_toolkit.application import Application
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from screens import Start, ended, ended_alone, logged, saw

from mlquiz.players import loop

if sys.platform == "win32":
    pytest.skip("there are no such signals, and no pseudo-terminals", allow_module_level=True)

FIRST = "ml.bias_variance.defect-classifier-gap"
SECOND = "sys.deployment.exited-137"
OPEN = "sys.deployment.labels-arrive-late"
UNKNOWN = json.dumps({"type": "answer", "id": FIRST, "answer": {"dont_know": True}}) + "\n"
PRINTING = [
    "", "--help", "--version", "due", "due --help", "due --count", "report --format csv", "report --format html",
    "report --format markdown", "report --format json", "report -o -", "undo", f"suspend {FIRST}", "bank list",
    "bank --help", "quiz --jsonl", f"quiz --id {FIRST} --answers ANSWERS",
]  # fmt: skip


@pytest.mark.parametrize("args", PRINTING)
def test_a_reader_that_went_away_is_141_and_silence_in_every_command(
    mlquiz: Run, home: Path, tmp_path: Path, args: str
) -> None:
    mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=UNKNOWN)
    answers = tmp_path / "answers.jsonl"
    answers.write_text(UNKNOWN)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "mlquiz", *args.replace("ANSWERS", str(answers)).split()],
        stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, env=clean(home), timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_reader_of_both_streams_that_went_away_is_141_too(mlquiz: Run, home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    for args in (["bank", "list"], ["quiz", "--id", "no-such-question"]):
        done = subprocess.run(
            [sys.executable, "-m", "mlquiz", *args], stdin=subprocess.DEVNULL, stdout=writing, stderr=writing,
            env=clean(home), timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 141, args
    os.close(writing)


def choosing(child: Any) -> None:
    child.send("d")
    saw(child, "Rated again", "next")
    child.send("\r")
    saw(child, "2/2", "Your answer")


def deciding(child: Any) -> None:
    choosing(child)
    child.send("SIGKILL\r")
    saw(child, "How sure are you?")


def reading(child: Any) -> None:
    child.send("d")
    saw(child, "Rated again", "next")


PLACES = [choosing, deciding, reading]


def hang_up(child: Any) -> None:
    """The terminal's window is closed."""
    child.ptyproc.fileobj.close()


def told(number: signal.Signals) -> Callable[[Any], None]:
    def tell(child: Any) -> None:
        child.kill(number)

    return tell


@pytest.mark.parametrize("place", PLACES)
def test_a_terminal_that_goes_away_ends_the_session_and_what_was_answered_is_kept(
    start: Start, home: Path, tmp_path: Path, place: Callable[[Any], None]
) -> None:
    errors = tmp_path / "stderr"
    child = start("quiz", "--id", FIRST, "--id", SECOND, "--seed", "1", errors=errors)
    saw(child, "Which one?")
    place(child)
    hang_up(child)
    assert ended_alone(child) == 129
    assert errors.read_text() == ""
    assert logged(home, "select question from review") == [(FIRST,)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_as_ctrl_c_does_and_the_terminal_is_as_it_was(
    start: Start, home: Path, number: signal.Signals, status: int, place: Callable[[Any], None]
) -> None:
    child = start("quiz", "--id", FIRST, "--id", SECOND, "--seed", "1")
    saw(child, "Which one?")
    place(child)
    child.kill(number)
    code, last = ended(child)
    assert code == status
    assert "All" in last
    assert "Due tomorrow" in last
    assert "Traceback" not in last
    assert logged(home, "select question from review") == [(FIRST,)]


def test_a_program_that_ignores_hang_ups_ends_when_it_finds_its_terminal_gone(
    start: Start, home: Path, tmp_path: Path
) -> None:
    errors = tmp_path / "stderr"
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        child = start("quiz", "--id", FIRST, "--id", SECOND, errors=errors)
    finally:
        signal.signal(signal.SIGHUP, before)
    saw(child, "Which one?")
    reading(child)
    hang_up(child)
    assert ended_alone(child) == 1
    assert errors.read_text() == "mlquiz: The output cannot be written: Input/output error.\n"
    assert logged(home, "select question from review") == [(FIRST,)]


@pytest.mark.parametrize(("leave", "status"), [(hang_up, 129), (told(signal.SIGTERM), 143), (told(signal.SIGHUP), 129)])
def test_an_open_editor_may_save_before_it_is_ended(
    start: Start, home: Path, tmp_path: Path, leave: Callable[[Any], None], status: int
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import signal, sys, time\ndef save(*_):\n    open(sys.argv[1], 'a').write('Saved in time.')\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, save)\nsignal.signal(signal.SIGHUP, save)\n"
        "print('EDITING', flush=True)\ntime.sleep(60)\n"
    )
    errors = tmp_path / "stderr"
    child = start("quiz", "--id", OPEN, EDITOR=f"{sys.executable} {editor}", errors=errors)
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "EDITING")
    leave(child)
    assert ended_alone(child) == status
    assert "Traceback" not in errors.read_text()
    assert (home / f"data/default/drafts/{OPEN}.md").read_text().count("Saved in time.") == 1


def test_an_editor_that_does_not_end_is_killed(start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('EDITING', flush=True)\n"
        "time.sleep(60)\n"
    )
    child = start("quiz", "--id", OPEN, EDITOR=f"{sys.executable} {editor}")
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "EDITING")
    child.kill(signal.SIGTERM)
    assert ended_alone(child) == 143


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_scripted_session_ends_with_its_summary(home: Path, number: signal.Signals, status: int) -> None:
    session = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", "quiz", "--id", FIRST, "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    assert session.stdin is not None
    assert session.stdout is not None
    session.stdin.write(UNKNOWN)
    session.stdin.flush()
    types = []
    while "verdict" not in types:
        types.append(json.loads(session.stdout.readline())["type"])
    time.sleep(0.2)  # until it waits for the answer to the question that came back
    session.send_signal(number)
    out, err = session.communicate(timeout=30)
    assert (session.returncode, err) == (status, "")
    assert json.loads(out.splitlines()[-1])["type"] == "summary"
    assert logged(home, "select question from review") == [(FIRST,)]


def test_a_terminal_that_changes_its_size_is_drawn_anew_and_the_session_goes_on(start: Start, home: Path) -> None:
    child = start("quiz", "--id", FIRST, "--seed", "1")
    shown = saw(child, "Which one?", "4)", "don't know")
    right = next(n for n in (1, 2, 3, 4) if f"{n}) Use a bigger network" in shown)
    child.setwinsize(10, 40)
    saw(child, "Which one?", "1)", "don't know")
    child.send(str(right))
    saw(child, f"› {right})")
    child.setwinsize(40, 120)
    assert f"› {right}) Use a bigger network or train this one longer" in saw(child, "4)", "don't know")
    child.send("\r")
    saw(child, "How sure are you?")
    for rows, columns in ((10, 40), (1, 1), (40, 120)):
        child.setwinsize(rows, columns)
    saw(child, "How sure are you?", "guessed")
    child.send("s")
    saw(child, "Right.", "next")
    child.setwinsize(10, 40)
    saw(child, "next", "quit")
    child.send("\r")
    status, last = ended(child)
    assert status == 0
    assert "Traceback" not in last
    assert logged(home, "select question, right from review") == [(FIRST, 1)]


def test_what_is_being_typed_outlives_a_change_of_size(start: Start, home: Path) -> None:
    child = start("quiz", "--id", SECOND)
    saw(child, "Your answer")
    child.send("SIG")
    saw(child, "SIG")
    child.setwinsize(10, 40)
    saw(child, "Your answer", "SIG")
    child.send("KILL")
    child.setwinsize(40, 120)
    saw(child, "Your answer", "SIGKILL")
    child.send("\r")
    saw(child, "How sure are you?")
    child.send("s")
    saw(child, "Right.", "next")
    child.send("q")
    assert ended(child)[0] == 0
    assert logged(home, "select question, right from review") == [(SECOND, 1)]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_check_that_is_left_stops_the_programs_it_runs(
    home: Path, tmp_path: Path, number: signal.Signals, status: int
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    started = tmp_path / "started"
    program = f"open({str(started)!r}, 'w').close()\nwhile True:\n    pass\n"
    raw = sample("output", {"id": "ml.bias_variance.endless", "skills": ["bias-variance"], "program": program})
    (own / "endless.yaml").write_text(text(raw, topic="ml.bias_variance", subtopic="regularization"))
    checking = subprocess.Popen(
        [sys.executable, "-m", "mlquiz", "--bank", str(own), "bank", "check", str(own), "--run-programs"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean(home), text=True,
    )  # fmt: skip
    give_up = time.monotonic() + 30
    while not started.exists():
        assert time.monotonic() < give_up
        time.sleep(0.02)
    checking.send_signal(number)
    left = time.monotonic()
    _, err = checking.communicate(timeout=30)
    assert (checking.returncode, err) == (status, "")
    assert time.monotonic() - left < 10, "a program may run for 20 seconds"


def test_a_signal_ends_the_pager_too(home: Path, start: Start, tmp_path: Path) -> None:
    """The pager here notes its process and waits, as less does."""
    mark = tmp_path / "pager"
    pager = tmp_path / "pager.sh"
    pager.write_text(f"#!/bin/sh\ncat >/dev/null\necho $$ >{mark}.half\nmv {mark}.half {mark}\nexec sleep 60\n")
    pager.chmod(0o700)
    first = start("quiz", "--id", FIRST, "--seed", "1")
    saw(first, "Which one?")
    first.send("d")
    saw(first, "Rated again")
    first.send("q")
    ended(first)
    child = start("report", MLQUIZ_PAGER=str(pager))
    deadline = time.monotonic() + 20
    while not mark.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child.kill(signal.SIGTERM)
    code, _ = ended(child)
    assert code == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_comes_where_exceptions_get_lost_ends_the_prompt_all_the_same(number: signal.Signals) -> None:
    """A prompt's loop runs much code that is not ours, and some of it swallows whatever is raised."""

    def handler(*_: object) -> None:
        raise KeyboardInterrupt

    def lost(_: object) -> None:
        app.after_render -= lost
        try:
            os.kill(os.getpid(), number)
            time.sleep(0.05)
        except KeyboardInterrupt:
            pass

    before = signal.signal(number, handler)
    try:
        with create_pipe_input() as keys:
            app: Application[str] = Application(input=keys, output=DummyOutput(), after_render=lost)
            Timer(5, lambda: app.loop and app.loop.call_soon_threadsafe(lambda: app.exit(result="went on"))).start()
            with pytest.raises(KeyboardInterrupt):
                loop.run(app)
        assert signal.getsignal(number) is handler
    finally:
        signal.signal(number, before)
