"""What keeps a learner's answer to its own folder, time and memory. Set up in the child, before the answer runs.

The fences are there against mistakes, not against somebody who wants out: Python has no prison inside a process.
"""

import math
import os
import sys

TYPE_CHECKING = False  # importing it from typing would cost the child a quarter of its start
if TYPE_CHECKING:
    from collections.abc import Iterable

try:
    import resource
except ImportError:  # Windows has no limits of this kind
    resource = None  # type: ignore[assignment]

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
REFUSAL = "not allowed here: it"


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


def fence(folder: str, packages: "Iterable[str]" = ()) -> None:
    """Refuses what an answer has no business doing. An audit hook cannot be taken off again.

    Of packages it may import these, the standard library's, and what is loaded already: what else happens to be
    installed here is not there for everybody.
    """
    inside = os.path.realpath(folder) + os.sep
    given = {*sys.stdlib_module_names, *packages, *(name.partition(".")[0] for name in sys.modules)}
    lent = " and ".join(["Python's own library", *packages])

    def outside(path: object) -> bool:
        if isinstance(path, int):
            return path > 2
        name = os.fsdecode(path)  # type: ignore[arg-type]  # the arguments of an audit event
        return name != os.devnull and not (os.path.realpath(name) + os.sep).startswith(inside)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "import":
            name = str(arguments[0]).partition(".")[0]
            if name not in given and name[:1] != "_":
                raise ModuleNotFoundError(f"{name} is not given here; there is {lent}", name=name)
        elif event == "open":
            path, mode, flags = arguments
            writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(flags & WRITES)  # type: ignore[operator]
            if writes and outside(path):
                raise PermissionError(f"{REFUSAL} writes outside its folder: {path}")
        elif event in PATHS:
            if any(outside(path) for path in arguments if isinstance(path, (str, bytes, os.PathLike))):
                raise PermissionError(f"{REFUSAL} changes files outside its folder ({event})")
        elif what := REFUSED.get(event) or REFUSED.get(event.partition(".")[0]):
            raise PermissionError(f"{REFUSAL} {what} ({event})")

    sys.addaudithook(hook)
