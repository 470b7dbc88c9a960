"""Runs a learner's answer and its tests inside the child that the judge starts. mlquiz itself never imports it.

The job is a JSON file that is removed once read; results go to an inherited descriptor, by its number, or to a file
where descriptors cannot be inherited. Each test is one line of JSON there, and a last line says that the end was
reached: whatever an answer prints, and wherever it ends the process, cannot pass for that.

The fences are there against mistakes, not against somebody who wants out: Python has no prison inside a process.
"""

import json
import math
import os
import signal
import sys
import time

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

ANSWER = "<answer>"
HUNGRY = "needs more memory than it may use"
SHOWN = 200  # characters of a value
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PATHS = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.link", "os.symlink", "os.truncate",
    "os.utime", "os.chdir", "os.chflags", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move",
}  # fmt: skip
"""Audit events whose text arguments are paths that are changed."""
REFUSED = {
    "os.fork": "starts a process", "os.forkpty": "starts a process", "os.exec": "starts a program",
    "os.posix_spawn": "starts a program", "os.spawn": "starts a program", "os.system": "starts a program",
    "os.startfile": "starts a program", "subprocess.Popen": "starts a program", "pty.spawn": "starts a program",
    "os.kill": "sends a signal", "os.killpg": "sends a signal", "signal.pthread_kill": "sends a signal",
    "socket": "opens a connection", "ctypes": "goes around Python", "winreg": "changes the registry",
}  # fmt: skip
"""Audit events, or whole families of them, and what they are in words."""


class TimeUp(BaseException):
    """A test's own time is over. No `except Exception` of an answer catches it."""


def limits(seconds: float, megabytes: int) -> None:
    """Ends a run that no timer reaches. Not RLIMIT_NPROC, which counts all of the user's processes, and threads."""
    wanted = {
        "RLIMIT_CPU": math.ceil(seconds) + 1, "RLIMIT_AS": megabytes << 20, "RLIMIT_FSIZE": 16 << 20,
        "RLIMIT_NOFILE": 64, "RLIMIT_CORE": 0,
    }  # fmt: skip
    for name, most in wanted.items():
        if (which := getattr(resource, name, None)) is None:
            continue
        hard = resource.getrlimit(which)[1]
        top = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(which, (top, hard if name == "RLIMIT_CPU" else top))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
            continue


def fence(folder: str) -> None:
    """Refuses what an answer has no business doing. An audit hook cannot be taken off again."""
    inside = os.path.realpath(folder) + os.sep

    def outside(path: object) -> bool:
        if isinstance(path, int):
            return path > 2
        full = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]  # the arguments of an audit event
        return full != os.devnull and not (full + os.sep).startswith(inside)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(flags & WRITES)  # type: ignore[operator]
            if writes and outside(path):
                raise PermissionError(f"writes outside its folder: {path}")
        elif event in PATHS:
            if any(outside(path) for path in arguments if isinstance(path, (str, bytes, os.PathLike))):
                raise PermissionError(f"changes files outside its folder ({event})")
        elif what := REFUSED.get(event) or REFUSED.get(event.partition(".")[0]):
            raise PermissionError(f"{what} ({event})")

    sys.addaudithook(hook)


def plain(value: object) -> object:
    """An array or a number of NumPy as the Python value it stands for."""
    kind = type(value)
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def shape(value: object) -> str:
    """A value's kind, in words."""
    kind = type(value)
    return "None" if value is None else f"{'an' if kind.__name__[0] in 'aeiou' else 'a'} {kind.__name__}"


def shown(value: object) -> str:
    """The value as Python writes it, cut where it is long."""
    try:
        text = repr(value)
    except Exception as error:
        return f"a value whose repr fails ({type(error).__name__})"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def differs(want: object, got: object, tol: float, where: str = "") -> str:
    """How `got` differs from `want`, in words; empty where it does not.

    Numbers are equal within `tol` (absolute), NaN equals NaN, True is not 1; lists, tuples and arrays are alike.
    """
    got = plain(got)
    at = f" at {where}" if where else ""
    if isinstance(want, bool) or want is None or isinstance(want, str):
        return "" if type(got) is type(want) and got == want else f"expected {shown(want)}{at}, got {shown(got)}"
    if isinstance(want, (int, float)):
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return f"expected the number {shown(want)}{at}, got {shape(got)}: {shown(got)}"
        if want == got or (math.isnan(want) and math.isnan(got)) or abs(got - want) <= tol:
            return ""
        return f"expected {shown(want)}{at}, got {shown(got)}"
    if isinstance(want, list):
        if not isinstance(got, (list, tuple)):
            return f"expected a list{at}, got {shape(got)}: {shown(got)}"
        if len(got) != len(want):
            return f"expected {len(want)} values{at}, got {len(got)}: {shown(got)}"
        pairs = enumerate(zip(want, got, strict=True))
        return next((d for n, (a, b) in pairs if (d := differs(a, b, tol, f"{where}[{n}]"))), "")
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return f"expected a dict{at}, got {shape(got)}: {shown(got)}"
        if got.keys() != want.keys():
            return f"expected the keys {shown(sorted(map(str, want)))}{at}, got {shown(sorted(map(str, got)))}"
        return next((d for key in want if (d := differs(want[key], got[key], tol, f"{where}[{key!r}]"))), "")
    raise TypeError(f"a test cannot expect {shape(want)}")


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
    note = differs(test["expect"], got, float(test.get("tol") or 0.0))  # type: ignore[arg-type]
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
    with open(job, encoding="utf-8") as file:
        task = json.load(file)
    os.remove(job)
    out = open(int(results) if results.isdigit() else results, "w", encoding="utf-8")  # noqa: SIM115  # until the end
    encode, clock, tell = json.dumps, time.perf_counter, print  # an answer may put others in their places

    def say(**line: object) -> None:
        tell(encode(line), file=out, flush=True)

    def ring(*_: object) -> None:
        raise TimeUp

    def alarm(seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, ring)
            signal.setitimer(signal.ITIMER_REAL, seconds)

    for name in task["imports"]:
        __import__(name)  # before the limits, and at no cost to the answer's time
    limits(task["most"], task["megabytes"])
    fence(os.getcwd())
    names: dict[str, object] = {"__name__": "answer", "__builtins__": __builtins__}
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
            outcome, note, line = judged(test, names)
            alarm(0)
        except TimeUp as error:
            outcome, note, line = "timed out", f"ran longer than {allowed:g} s", own_line(error)
        took = clock() - start
        if outcome == "passed" and took > allowed:  # where no timer could interrupt it
            outcome, note = "timed out", f"took {took:.1f} s, longer than {allowed:g} s"
        say(name=test["name"], outcome=outcome, note=note, line=line, seconds=round(took, 4))
        if outcome == "timed out" and not test.get("limit_seconds"):
            break  # an endless loop would use up the time of every other test as well
    say(done=True)


def begin(job: str, results: str) -> None:
    """All there is to do in the child, which ends here."""
    main(job, results)
    sys.stdout.flush()
    os._exit(0)  # threads that an answer left behind are not waited for
