"""All that is outside, in one value: paths, clock, chance, streams, environment. Tests hand in their own."""

import contextlib
import io
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, TextIO

from mlquiz.errors import SettingsError

DAY_STARTS_AT = timedelta(hours=4)
"""Whoever drills past midnight is still in yesterday."""
EPOCH = date(1970, 1, 1)
DEFAULT_PROFILE = "default"
FIRST_YEAR, LAST_YEAR = 1971, 2999


class Paths(NamedTuple):
    """Where things live. `bank` is the shipped bank, `banks` those that flags name; settings may name more."""

    config: Path
    data: Path
    cache: Path
    bank: Path
    banks: tuple[Path, ...] = ()

    @property
    def log(self) -> Path:
        return self.data / "log.db"

    def profiles(self) -> list[str]:
        """Profiles that have a log."""
        return sorted(log.parent.name for log in self.data.parent.glob(f"*/{self.log.name}"))

    @property
    def copies(self) -> Path:
        return self.data / "copies"

    @property
    def drafts(self) -> Path:
        return self.data / "drafts"

    @property
    def workspace(self) -> Path:
        """Where answers in code are written for practice."""
        return self.data / "practice"

    @property
    def trusted(self) -> Path:
        """Whose programs may run, for all profiles."""
        return self.data.parent / "trusted.json"

    @property
    def compiled(self) -> Path:
        """The catalogue; its name carries a digest of the banks in it."""
        return self.cache / "bank.db"

    @property
    def ran(self) -> Path:
        """What programs of banks did when they last ran."""
        return self.cache / "ran.json"

    @property
    def settings(self) -> Path:
        return self.config / "config.toml"


class World(NamedTuple):
    """`now` is UTC, `tick` a monotonic clock in seconds, `seed` fresh chance, `new_id` a fresh time-ordered id."""

    paths: Paths
    now: Callable[[], datetime]
    tick: Callable[[], float]
    seed: Callable[[], int]
    new_id: Callable[[], str]
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    program: str = "mlquiz"
    """How the program was called, as one types it: with the profile and the banks that were named."""

    def today(self) -> int:
        """Days since 1970-01-01 in the learner's own calendar, where a day starts at 04:00."""
        return (self.now().astimezone() - DAY_STARTS_AT).date().toordinal() - EPOCH.toordinal()

    def began(self) -> str:
        """When today began for the learner, as the log writes instants."""
        here = self.now().astimezone() - DAY_STARTS_AT
        return iso(here.replace(hour=0, minute=0, second=0, microsecond=0) + DAY_STARTS_AT)

    def say(self, line: str) -> None:
        """One line to stderr: stdout belongs to output."""
        print(line, file=self.stderr, flush=True)


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Writes the file whole, or what was there stays. Links are followed; its mode stays too unless one is given.

    Raises OSError.
    """
    path = Path(os.path.realpath(path))
    half = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        half.write_text(text, encoding="utf-8", newline="")
        if mode is None and path.exists():
            mode = path.stat().st_mode & 0o777
        if mode is not None:
            os.chmod(half, mode)
        half.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def iso(moment: datetime) -> str:
    """The instant as the log writes it: UTC, ISO 8601, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day_name(day: int) -> str:
    """The day as an ISO date."""
    return (EPOCH + timedelta(days=day)).isoformat()


def real(profile: str | None = None, banks: tuple[Path, ...] = (), environ: Mapping[str, str] = os.environ) -> World:
    """The world as it is. Raises SettingsError for a profile, home or clock that cannot be used."""
    flags = [("--profile", profile)] if profile else []
    called = " ".join(["mlquiz", *(f"{name} {_quoted(said)}" for name, said in [*flags, *_named(banks)])])
    profile = profile or environ.get("MLQUIZ_PROFILE") or DEFAULT_PROFILE
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", profile):
        raise SettingsError(f"A profile's name is made of small letters, digits, - and _; {profile!r} is not.")
    try:
        paths = _paths(environ, profile, banks)
    except (OSError, RuntimeError, KeyError) as error:
        raise SettingsError(f"There is no home folder ({error}). MLQUIZ_HOME can name a place for mlquiz.") from None
    return World(
        paths=paths,
        now=_clock(environ, profile),
        tick=time.monotonic,
        seed=_seed,
        new_id=_new_id,
        stdin=_stream(sys.stdin, "r"),
        stdout=_stream(sys.stdout, "w"),
        stderr=_stream(sys.stderr, "w"),
        environ=environ,
        program=called,
    )


def _named(banks: tuple[Path, ...]) -> list[tuple[str, str]]:
    return [("--bank", str(path)) for path in banks]


def _quoted(said: str) -> str:
    """The word as a shell takes it."""
    return said if re.fullmatch(r"[\w@%+=:,./~\\-]+", said) else f'"{said}"'


def _stream(stream: TextIO | None, mode: str) -> TextIO:
    """A stream that never raises over a character: UTF-8 unless a person sits there, with a mark for what is none.

    A closed stream is nothing to read from or write to.
    """
    if stream is None:
        return io.TextIOWrapper(open(os.devnull, f"{mode}b"), "utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    return stream


def _paths(environ: Mapping[str, str], profile: str, banks: tuple[Path, ...]) -> Paths:
    shipped = Path(__file__).parent / "question_bank"
    if not shipped.is_dir():
        shipped = Path(__file__).parent.parent / "question_bank"
    if home := environ.get("MLQUIZ_HOME"):
        config, data, cache = (Path(home).expanduser() / part for part in ("config", "data", "cache"))
    else:
        import platformdirs

        config, data, cache = (
            Path(place("mlquiz", appauthor=False))
            for place in (platformdirs.user_config_dir, platformdirs.user_data_dir, platformdirs.user_cache_dir)
        )
    return Paths(config, data / profile, cache, shipped, banks)


def _clock(environ: Mapping[str, str], profile: str) -> Callable[[], datetime]:
    """The clock; MLQUIZ_TODAY moves its day, for tests and demonstrations, never over the learner's real log."""
    moved = environ.get("MLQUIZ_TODAY")
    if not moved:
        return lambda: datetime.now(UTC)
    if profile == DEFAULT_PROFILE:
        raise SettingsError(
            "MLQUIZ_TODAY would write days that never were into your log. Use it with another profile: --profile demo."
        )
    try:
        today = date.fromisoformat(moved)
        if not FIRST_YEAR <= today.year <= LAST_YEAR:
            raise ValueError
    except ValueError:
        raise SettingsError(f"MLQUIZ_TODAY should be a date like 2026-12-18, not {moved!r}.") from None
    here = datetime.now(UTC).astimezone()
    noon = here.replace(year=today.year, month=today.month, day=today.day, hour=12, minute=0, second=0, microsecond=0)
    start = time.monotonic()
    return lambda: (noon + timedelta(seconds=time.monotonic() - start)).astimezone(UTC)


def _seed() -> int:
    return int.from_bytes(os.urandom(4))


_OURS = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_last_id = 0


def _new_id() -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds and a counter within this process, then chance."""
    global _last_id  # noqa: PLW0603  # ids of one process have to rise, whatever the clock does
    stamp = max(time.time_ns() // 1_000_000 << 12, _last_id + 1)
    _last_id = stamp
    return _uuid(stamp)


def _uuid(stamp: int) -> str:
    bits = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | int.from_bytes(os.urandom(8)) >> 2
    digits = f"{bits:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def later(id_: str, newest: str) -> str:
    """The id, or one made right after `newest` where the clock has gone back since that was made."""
    if id_ > newest or not re.fullmatch(_OURS, newest):
        return id_
    return _uuid(int(newest[:8] + newest[9:13] + newest[15:18], 16) + 1)
