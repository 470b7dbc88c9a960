"""Programs in a child: what they print and how they end comes back, and nothing of them stays."""

import os
import sys
import time
from pathlib import Path

import pytest

from mlquiz.errors import SandboxError
from mlquiz.sandbox.child import LARGEST
from mlquiz.sandbox.programs import run


def test_output_and_status_come_back() -> None:
    ran = run("import sys\nprint('naïve ≤')\nprint('oh', file=sys.stderr)\n")
    assert ran == ("naïve ≤\n", "oh\n", 0)
    assert ran.lacks is None
    assert run("raise SystemExit(3)").code == 3


def test_an_exception_is_told_in_its_last_line() -> None:
    ran = run("def f():\n    return 1 / 0\nf()\n")
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_program_that_is_no_python_or_kills_itself_has_failed() -> None:
    assert "SyntaxError" in run("def f(:").err
    if os.name == "posix":
        assert run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)").code == -9


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("import surely_not_there", "surely_not_there"), ("from surely_not_there.deep import x", "surely_not_there"),
        ("import json", None), ("raise ModuleNotFoundError('else')", None),
        ("try:\n    import surely_not_there\nexcept ImportError:\n    pass", None),
        ("print('x')\nimport sys\nsys.exit(\"ModuleNotFoundError: No module named 'x'\")", "x"),
    ],
)  # fmt: skip
def test_a_missing_package_is_named(source: str, package: str | None) -> None:
    assert run(source).lacks == package


def test_the_time_limit_stops_a_program_and_keeps_what_it_printed() -> None:
    start = time.monotonic()
    ran = run("print('so far', flush=True)\nwhile True:\n    pass\n", seconds=0.5)
    assert (ran.out, ran.code, ran.lacks) == ("so far\n", None, None)
    assert time.monotonic() - start < 5


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


GRANDCHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]{more})
print(child.pid, flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("ending", ["while True:\n    time.sleep(1)\n", ""])
def test_a_grandchild_goes_with_its_parent(ending: str) -> None:
    ran = run(GRANDCHILD.format(more="") + ending, seconds=1)
    assert ran.code == (None if ending else 0)
    assert gone(int(ran.out))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_a_grandchild_that_left_the_group_does_not_hold_us() -> None:
    start = time.monotonic()
    ran = run(GRANDCHILD.format(more=", start_new_session=True, stderr=subprocess.DEVNULL"), seconds=5)
    assert ran.code == 0
    assert time.monotonic() - start < 10
    os.kill(int(ran.out), 9)


def test_much_output_is_cut_and_does_not_hurt() -> None:
    ran = run("import sys\nsys.stdout.write('x' * 10_000_000)\nsys.stderr.write('y' * 10_000_000)\n")
    assert ran.code == 0
    assert (ran.out, ran.err) == ("x" * LARGEST, "y" * LARGEST)


def test_endless_output_ends_with_the_time() -> None:
    ran = run("while True:\n    print('x' * 100_000)\n", seconds=0.5)
    assert ran.code is None
    assert len(ran.out) == LARGEST


def test_output_cut_within_a_character_is_still_text() -> None:
    ran = run("print('x' + '≤' * 1_000_000)")
    assert ran.out.startswith("x≤≤")
    assert run("import sys\nsys.stdout.buffer.write(b'\\xff\\r\\nx')").out == "\ufffd\nx"


def test_the_folder_is_empty_and_goes_away() -> None:
    ran = run("import os\nopen('made', 'w').close()\nos.mkdir('deep')\nprint(os.getcwd(), sorted(os.listdir()))\n")
    folder, _, names = ran.out.strip().partition(" ")
    assert names == "['deep', 'made']"
    assert not Path(folder).exists()
    assert Path.cwd() != Path(folder)
    here = run("print(__file__)").out.strip()
    assert not Path(here).parent.exists()


def test_the_environment_does_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLQUIZ_SECRET", "hush")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setenv("HOME", "/somewhere")
    ran = run("import os, sys\nprint(sorted(os.environ))\nprint(sys.path, sys.flags.isolated)\n")
    assert ran.code == 0
    assert "MLQUIZ_SECRET" not in ran.out
    assert "HOME" not in ran.out
    assert str(Path(__file__).parent) not in ran.out
    assert ran.out.strip().endswith("1")


def test_numeric_libraries_are_told_to_use_one_thread() -> None:
    """Programs of `bank check` run side by side; each with a thread a core, they wait for each other."""
    ran = run("import os\nprint(os.environ['OMP_NUM_THREADS'], os.environ['OPENBLAS_NUM_THREADS'])\n")
    assert ran.out == "1 1\n"


def test_there_is_nothing_to_read() -> None:
    ours, theirs = os.pipe()
    kept = os.dup(0)
    os.dup2(ours, 0)
    try:
        os.write(theirs, b"an answer meant for the quiz\n")
        assert run("import sys\nprint(repr(sys.stdin.read()))", seconds=5).out == "''\n"
        assert os.read(0, 100) == b"an answer meant for the quiz\n"
    finally:
        os.dup2(kept, 0)
        for descriptor in (ours, theirs, kept):
            os.close(descriptor)
    assert run("input()").err.splitlines()[-1].startswith("EOFError")


def test_the_order_of_a_set_differs_from_run_to_run() -> None:
    """So that a program whose output hangs on it is found out."""
    source = "print(list({str(n) for n in range(20)}))"
    assert len({run(source).out for _ in range(4)}) > 1


def test_where_no_child_can_be_started_it_is_a_sandbox_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(SandboxError, match="could not be run"):
        run("print(1)")


def test_no_descriptor_is_left_open() -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("looks into /proc")
    run("print(1)")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        run("print(1)")
        run("while True:\n    pass", seconds=0.1)
    assert len(os.listdir("/proc/self/fd")) == before
