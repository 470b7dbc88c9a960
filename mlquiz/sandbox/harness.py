"""Runs a learner's answer and its tests inside the child that the judge starts. mlquiz itself never imports it.

The job is a JSON file that is removed once read; results go to an inherited descriptor, by its number, or to a file
where descriptors cannot be inherited. Each test is one line of JSON there, and a last line says that the end was
reached: whatever an answer prints, and wherever it ends the process, cannot pass for that.
"""

import builtins
import json
import os
import signal
import sys
import time

from mlquiz.sandbox.fences import fence, limits
from mlquiz.sandbox.values import SHOWN, differs, shown

TYPE_CHECKING = False  # importing it from typing would cost the child a quarter of its start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ANSWER = "<answer>"
NAME = "answer"
"""The module that an answer is."""
HUNGRY = "needs more memory than it may use"


class TimeUp(BaseException):
    """A test's own time is over. No `except Exception` of an answer catches it."""


def own_line(error: BaseException) -> int | None:
    """The last line of the answer that the error went through."""
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == ANSWER:
            line = step.tb_lineno
        step = step.tb_next
    return line


def told(error: BaseException) -> str:
    """The error in one line, as Python ends a traceback."""
    try:
        words = str(error.msg if isinstance(error, SyntaxError) else error).splitlines()
    except Exception:
        words = []
    return f"{type(error).__name__}: {words[0][:SHOWN]}" if words and words[0] else type(error).__name__


def judged(test: dict[str, object], names: dict[str, object]) -> tuple[str, str, int | None]:
    """(outcome, note, the answer's own line) of one test."""
    try:
        if "code" in test:
            exec(compile(str(test["code"]), "<test>", "exec"), {**names})
            return "passed", "", None
        got = eval(compile(str(test["call"]), "<test>", "eval"), {**names})
        note = "" if "raises" in test else differs(test["expect"], got, float(test.get("tol") or 0.0))  # type: ignore[arg-type]
    except BaseException as error:
        if isinstance(error, TimeUp):
            raise
        if isinstance(error, MemoryError):
            return "out of memory", HUNGRY, own_line(error)
        wanted = test.get("raises")
        if wanted and any(kind.__name__ == wanted for kind in type(error).__mro__):
            return "passed", "", None
        if isinstance(error, AssertionError) and own_line(error) is None:
            return "failed", str(error)[:SHOWN] or "does not hold", None
        return "raised", (f"expected {wanted}, got " if wanted else "") + told(error), own_line(error)
    if "raises" in test:
        return "failed", f"expected {test['raises']}, got {shown(got)}", None
    return ("failed", note, None) if note else ("passed", "", None)


def broken(error: BaseException) -> dict[str, object]:
    """What an answer that does not even run to its end has done."""
    if isinstance(error, TimeUp):
        return {"broken": "timed out", "note": "runs on and on before any test", "line": own_line(error)}
    if isinstance(error, MemoryError):
        return {"broken": "out of memory", "note": HUNGRY, "line": own_line(error)}
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == ANSWER else own_line(error)
    return {"broken": "raised", "note": told(error), "line": line}


def main(job: str, results: str) -> None:
    """Runs the answer, then its tests in order."""
    task, say = opened(job, results)
    clock = time.perf_counter

    def ring(*_: object) -> None:
        raise TimeUp

    def alarm(seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, ring)
            signal.setitimer(signal.ITIMER_REAL, seconds)

    sys.path.extend(task["paths"])
    for name in task["imports"]:  # before the limits, and at no cost to the answer's time
        try:
            __import__(name)
        except ImportError:
            say(broken="not attempted", note=f"needs {name}, which is not installed", line=None, lacks=name)
            return
    limits(task["most"], task["megabytes"])
    fence(os.getcwd(), task["imports"])
    pristine = {name: value for name, value in vars(builtins).items() if name[:2] != "__"}
    for name in task["own"]:
        pristine.pop(name, None)
    given = {"np": sys.modules["numpy"]} if "numpy" in task["imports"] else {}  # however the answer calls it
    module = sys.modules[NAME] = type(sys)(NAME)
    names = vars(module)
    try:
        alarm(task["seconds"])
        exec(compile(task["source"], ANSWER, "exec"), names)
        alarm(0)
    except BaseException as error:
        alarm(0)
        say(**broken(error))
        return
    for test in task["tests"]:
        allowed = float(test.get("limit_seconds") or task["seconds"])
        say(begins=test["name"])
        start = clock()
        try:
            alarm(allowed)
            outcome, note, line = judged(test, given | names | pristine)
            alarm(0)
        except TimeUp as error:
            outcome, note, line = "timed out", f"ran longer than {allowed:g} s", own_line(error)
        took = clock() - start
        if outcome == "passed" and took > allowed:  # where no timer could interrupt it
            outcome, note = "timed out", f"took {took:.1f} s, longer than {allowed:g} s"
        say(name=test["name"], outcome=outcome, note=note, line=line, seconds=round(took, 4))
        if (outcome != "passed" and task["first"]) or (outcome == "timed out" and not test.get("limit_seconds")):
            break  # an endless loop would use up the time of every other test as well
    say(done=True)


def opened(job: str, results: str) -> "tuple[dict[str, Any], Callable[..., None]]":
    """The job, which is removed, and what says a line of results."""
    with open(job, encoding="utf-8") as file:
        task = json.load(file)
    os.remove(job)
    out = open(int(results) if results.isdigit() else results, "w", encoding="utf-8")  # noqa: SIM115  # until the end
    encode, tell = json.dumps, print  # an answer may put others in their places

    def say(**line: object) -> None:
        tell(encode(line), file=out, flush=True)

    return task, say


def begin(job: str, results: str) -> None:
    """All there is to do in the child, which ends here."""
    main(job, results)
    sys.stdout.flush()
    os._exit(0)  # threads that an answer left behind are not waited for
