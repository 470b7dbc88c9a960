"""A learner's answer judged by its tests, in a child: by value, never by what is printed."""

import ast
import json
import os
import signal
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from mlquiz.core.question import Code, Sql
from mlquiz.core.text import tidy
from mlquiz.core.trial import Judged, Result
from mlquiz.sandbox.child import Child, Drain, ended, folders, start

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


def judged(
    body: Code | Sql,
    source: str,
    seconds: float = SECONDS,
    first: bool = False,
    started: Callable[[Child], None] = lambda _: None,
) -> Judged:
    """What the tests of a question say of an answer to it. Raises SandboxError when no child can be started.

    `seconds` bounds loading, and each test that states no limit; `first` stops at the first that does not pass.
    """
    if isinstance(body, Code):
        tests, own = to_builtins(body.tests), defined(body.starter)
        return judge(source, tests, body.requires, seconds, first=first, own=own, started=started)
    cases = to_builtins(body.cases)
    return judge_query(source, body.schema, cases, body.ordered, seconds, first=first, started=started)


def judge(
    source: str,
    tests: Sequence[dict[str, Any]],
    imports: Sequence[str] = (),
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    first: bool = False,
    own: Sequence[str] = (),
    started: Callable[[Child], None] = lambda _: None,
) -> Judged:
    """Runs the source once, then each test on what it defined.

    A test is `{name, call, expect, tol?}`, `{name, call, raises}` or `{name, code}`, each with an optional
    `limit_seconds`. `imports` are loaded before the limits are set. Tests see Python's built-in functions, whatever
    the answer calls so, but for its `own` that were asked for. Raises SandboxError when no child can be started.
    """
    job = {"source": source, "imports": list(imports), "seconds": seconds, "megabytes": megabytes}
    return _judged(
        "mlquiz.sandbox.harness", job | {"first": first, "own": list(own), "paths": found(imports)}, tests, started
    )


def judge_query(
    source: str,
    schema: str,
    cases: Sequence[dict[str, Any]],
    ordered: bool,
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    first: bool = False,
    started: Callable[[Child], None] = lambda _: None,
) -> Judged:
    """Runs one SELECT (SQLite) on the data of each case, `{name, data, expect, columns?, limit_seconds?}`.

    `ordered` says that the order of rows counts. What would do anything but read is refused, with what it would do.
    Raises SandboxError when no child can be started.
    """
    job = {"source": source, "schema": schema, "ordered": ordered, "seconds": seconds, "megabytes": megabytes}
    return _judged("mlquiz.sandbox.query", job | {"first": first}, cases, started)


def defined(starter: str) -> list[str]:
    """The names that a starter defines."""
    try:
        statements = ast.parse(starter).body
    except SyntaxError:
        return []
    return [node.name for node in statements if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def found(packages: Sequence[str]) -> list[str]:
    """The folders that these packages are imported from here: an isolated child may not know them."""
    specs = (find_spec(package) for package in packages)
    places = (place for spec in specs if spec for place in spec.submodule_search_locations or ())
    return sorted({os.path.dirname(place) for place in places})


def _judged(
    module: str, job: dict[str, Any], tests: Sequence[dict[str, Any]], started: Callable[[Child], None]
) -> Judged:
    own = job["seconds"] + sum(float(test.get("limit_seconds") or job["seconds"]) for test in tests)
    with folders("An answer") as (place, folder):
        told = os.path.join(place, "job.json")
        with open(told, "w", encoding="utf-8") as file:
            json.dump(job | {"tests": list(tests), "most": own}, file)
        code, lines, printed = _run([module, told], folder, os.path.join(place, "results.jsonl"), START + own, started)
    lacks = next((line["lacks"] for line in lines if "lacks" in line), "")
    results = _results([str(test["name"]) for test in tests], lines, code)
    return Judged([replace(result, note=tidy(result.note)) for result in results], tidy(printed[:PRINTED]), lacks)


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
        told.get(name) or (replace(end, name=name) if name == begun or begun is None else Result(name, "not attempted"))
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
