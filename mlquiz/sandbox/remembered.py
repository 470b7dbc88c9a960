"""What programs did when they last ran here: a bank checked again runs those that changed.

The same program does the same in the same surroundings, so what it did is kept by a digest of it, and all of it is
forgotten when the interpreter, a package or the sandbox changes. Only the running is saved: what a gate makes of an
outcome is worked out anew each time. Nothing is kept that may come out otherwise: a program that failed or did two
things in one check, a reference that failed, and an answer that ran out of time before it passed any test. A wrong
answer that fails some tests, by time or not, does what is expected of it.
"""

import hashlib
import sys
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from mlquiz.core.question import Code, Sql, fingerprint
from mlquiz.core.trial import Judged
from mlquiz.sandbox.judge import SECONDS
from mlquiz.sandbox.programs import Ran
from mlquiz.sandbox.running import Running
from mlquiz.world import write_whole

T = TypeVar("T")


class Kept(msgspec.Struct, frozen=True):
    """As it stands in the file."""

    surroundings: str
    ran: dict[str, Ran]
    judged: dict[str, Judged]


class Remembered:
    """Runs and judges as `Running` does, but for what the file says; `save` keeps what was asked for since."""

    def __init__(self, path: Path, children: Running, fresh: bool = False) -> None:
        self.path, self.children, self.surroundings = path, children, surroundings()
        kept = _read(path)
        here = kept.surroundings == self.surroundings
        self.runs = _Memo(kept.ran if here else {}, fresh)
        self.trials = _Memo(kept.judged if here else {}, fresh)

    def run(self, source: str) -> Ran:
        return self.runs.done(fingerprint(source), lambda: self.children.run(source), lambda ran: ran.code == 0)

    def judged(self, body: Code | Sql, source: str, seconds: float = SECONDS, first: bool = False) -> Judged:
        def lasts(judged: Judged) -> bool:
            if judged.lacks or (source == body.reference and not judged.passed):
                return False
            outcomes = {result.outcome for result in judged.results}
            return "passed" in outcomes or "timed out" not in outcomes

        key = fingerprint(body, source, seconds, first)
        return self.trials.done(key, lambda: self.children.judged(body, source, seconds, first), lasts)

    def save(self, whole: bool) -> None:
        """Writes the file. `whole`: nothing else will be asked for, so what was not is forgotten. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = Kept(self.surroundings, self.runs.kept(whole), self.trials.kept(whole))
        write_whole(self.path, msgspec.json.encode(kept).decode())


class _Memo(Generic[T]):
    """Outcomes by key: those known before, and those of this check."""

    def __init__(self, known: dict[str, T], fresh: bool) -> None:
        self.known, self.fresh = known, fresh
        self.asked: dict[str, T | None] = {}
        """What was asked for in this check; null for what shall not be kept."""

    def done(self, key: str, do: Callable[[], T], lasting: Callable[[T], bool]) -> T:
        if key in self.known and not self.fresh:
            self.asked[key] = self.known[key]
            return self.known[key]
        outcome = do()
        lasts = lasting(outcome) and self.asked.get(key, outcome) == outcome
        self.asked[key] = outcome if lasts else None
        return outcome

    def kept(self, whole: bool) -> dict[str, T]:
        asked = {key: outcome for key, outcome in self.asked.items() if outcome is not None}
        return asked if whole else self.known | asked


def _read(path: Path) -> Kept:
    """What the file keeps; nothing where there is none, or another's."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Kept("", {}, {})


def surroundings() -> str:
    """12 hex digits over what a program's outcome depends on beside itself."""
    packages = sorted((found.name, found.version) for found in distributions())
    sources = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(Path(__file__).parent.glob("*.py"))]
    return fingerprint(sys.version, sys.platform, sys.executable, packages, sources)
