"""A learner's answer judged by its tests, in a child: by value, never by what is printed."""

import json
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from mlquiz.sandbox.child import Child, Drain, ended, folders, start

Outcome: TypeAlias = Literal["passed", "failed", "raised", "timed out", "out of memory", "not attempted"]
SECONDS = 5.0
"""What an answer may take to load, and each of its tests where it states no limit of its own."""
MEGABYTES = 1024
START = 10.0
"""Seconds beyond the tests' own for an interpreter, and what a test imports, to start on a busy machine."""
PRINTED = 2_000
"""Characters kept of what an answer prints."""
PACKAGE = str(Path(__file__).parents[2])
BEGIN = """
import sys
sys.path.insert(0, sys.argv[1])
__import__(sys.argv[2])
del sys.path[0]
sys.modules[sys.argv[2]].begin(*sys.argv[3:])
"""
"""Imported, because a script is compiled anew each time, which takes longer than everything else here."""


class Result(NamedTuple):
    """One test: how it ended, why in words, the answer's own line behind it, and its seconds (0 where it never ran)."""

    name: str
    outcome: Outcome
    note: str = ""
    line: int | None = None
    seconds: float = 0.0


class Judged(NamedTuple):
    """Every test's result, in the order given, and what the answer printed meanwhile."""

    results: list[Result]
    printed: str

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return all(result.outcome == "passed" for result in self.results)


def judge(
    source: str,
    tests: Sequence[dict[str, Any]],
    imports: Sequence[str] = (),
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    started: Callable[[Child], None] = lambda _: None,
) -> Judged:
    """Runs the source once, then each test on what it defined.

    A test is `{name, call, expect, tol?}`, `{name, call, raises}` or `{name, code}`, each with an optional
    `limit_seconds`. `imports` are loaded before the limits are set. Raises SandboxError when no child can be started.
    """
    job = {"source": source, "imports": list(imports), "seconds": seconds, "megabytes": megabytes}
    return _judged("mlquiz.sandbox.harness", job, tests, started)


def judge_query(
    source: str,
    schema: str,
    cases: Sequence[dict[str, Any]],
    ordered: bool,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    started: Callable[[Child], None] = lambda _: None,
) -> Judged:
    """Runs one SELECT (SQLite) on the data of each case, `{name, data, expect, columns?, limit_seconds?}`.

    `ordered` says that the order of rows counts. What would do anything but read is refused, with what it would do.
    Raises SandboxError when no child can be started.
    """
    job = {"source": source, "schema": schema, "ordered": ordered, "seconds": seconds, "megabytes": megabytes}
    return _judged("mlquiz.sandbox.query", job, cases, started)


def _judged(
    module: str, job: dict[str, Any], tests: Sequence[dict[str, Any]], started: Callable[[Child], None]
) -> Judged:
    own = job["seconds"] + sum(float(test.get("limit_seconds") or job["seconds"]) for test in tests)
    with folders("An answer") as (place, folder):
        told = os.path.join(place, "job.json")
        with open(told, "w", encoding="utf-8") as file:
            json.dump(job | {"tests": list(tests), "most": own}, file)
        code, lines, printed = _run([module, told], folder, os.path.join(place, "results.jsonl"), START + own, started)
    return Judged(_results([str(test["name"]) for test in tests], lines, code), printed[:PRINTED])


def _run(
    job: list[str], folder: str, file: str, most: float, started: Callable[[Child], None]
) -> tuple[int | None, list[dict[str, Any]], str]:
    """(exit status, lines of results, what was printed). Results come by a pipe, or by a file on Windows."""
    pipe = os.pipe() if os.name == "posix" else None
    try:
        where, passed = (str(pipe[1]), (pipe[1],)) if pipe else (file, ())
        child = start(["-c", BEGIN, PACKAGE, *job, where], folder, passed)
    except OSError:
        if pipe:
            os.close(pipe[0])
        raise
    finally:
        if pipe:
            os.close(pipe[1])
    results = Drain(os.fdopen(pipe[0], "rb")) if pipe else None
    started(child)
    assert child.stdout is not None
    assert child.stderr is not None
    out, err = Drain(child.stdout), Drain(child.stderr)
    code = ended(child, most)
    said = results.text() if results else Path(file).read_text(encoding="utf-8") if os.path.exists(file) else ""
    return code, list(_lines(said)), out.text() + err.text()


def _lines(said: str) -> Any:
    """The lines that are whole: the last one is cut where a child was killed."""
    for line in said.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _results(names: list[str], lines: list[dict[str, Any]], code: int | None) -> list[Result]:
    """The lines as results; what never got a line ended with the child."""
    for line in lines:
        if "broken" in line:
            return [Result(name, line["broken"], line["note"], line["line"]) for name in names]
    told = {line["name"]: Result(**line) for line in lines if "name" in line}
    if any("done" in line for line in lines):
        return [told.get(name) or Result(name, "not attempted") for name in names]
    begun = next((line["begins"] for line in reversed(lines) if "begins" in line), None)
    end = _end(code)
    return [
        told.get(name) or (end._replace(name=name) if name == begun or begun is None else Result(name, "not attempted"))
        for name in names
    ]


def _end(code: int | None) -> Result:
    """What it means that the child ended before its tests did."""
    if code is None or -code == getattr(signal, "SIGXCPU", None):  # stopped by us, or by the limit on CPU time
        return Result("", "timed out", "ran too long and had to be stopped")
    if -code == getattr(signal, "SIGKILL", None):
        return Result("", "out of memory", "was stopped by the system, most likely for its memory")
    if code < 0:
        return Result("", "raised", f"ended the interpreter by signal {-code}")
    return Result("", "raised", f"ended the interpreter (exit status {code}) before the tests were done")
