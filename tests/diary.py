"""When a made-up learner studies: days, hours, whims; a clock that only studying moves; and the world around it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from mlquiz.world import EPOCH, Paths, World

WEEKDAY, WEEKEND = 0.9, 0.45
"""Chances of studying on such a day."""
ILL = 6
"""Days in a row without study, once in a month or more."""


class Clock:
    """An instant that rises as the learner spends time, in the local time of this machine."""

    def __init__(self) -> None:
        self.instant = datetime(1971, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def set(self, day: int, hour: float) -> None:
        """To an hour of a day since 1970-01-01, 24 and more being past midnight; never back."""
        self.instant = max(self.instant, _instant(day, hour))

    def pass_(self, seconds: float) -> None:
        self.instant += timedelta(milliseconds=round(1000 * seconds))

    def before(self, day: int, hour: float) -> bool:
        return self.instant < _instant(day, hour)


def _instant(day: int, hour: float) -> datetime:
    here = datetime.combine(EPOCH + timedelta(days=day), time()) + timedelta(hours=hour)
    return here.astimezone(UTC)


class Diary:
    """One learner's habits; the first day and the last one are never missed."""

    def __init__(self, seed: int, start: int, days: int) -> None:
        self.chance = Random(f"habits:{seed}").random
        self.studied = self._days(start, days)

    def happens(self, share: float) -> bool:
        return self.chance() < share

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.chance()

    def hour(self) -> float:
        """Before work, in the evening, or past midnight."""
        which = self.chance()
        if which < 0.35:
            return self.between(6.5, 8.5)
        return self.between(18, 22.5) if which < 0.9 else self.between(23.6, 25.5)

    def _days(self, start: int, days: int) -> list[int]:
        ill = range(0)
        if days >= 30:
            first = start + int(self.between(days / 4, days / 2))
            ill = range(first, first + ILL)
        out = [start]
        for day in range(start + 1, start + days - 1):
            weekend = (EPOCH + timedelta(days=day)).weekday() >= 5
            if self.happens(WEEKEND if weekend else WEEKDAY) and day not in ill:
                out.append(day)
        return [*out, start + days - 1] if days > 1 else out


def world_of(home: Path, clock: Clock, seed: int, profile: str, bank: Path, banks: tuple[Path, ...]) -> World:
    """The paths of a real home; time, chance and ids from the clock and the seed."""
    chance = Random(f"world:{seed}").random
    return World(
        paths=Paths(home / "config", home / "data" / profile, home / "cache", bank, banks),
        now=clock,
        tick=lambda: clock().timestamp(),
        seed=lambda: int(chance() * 2**32),
        new_id=ids(clock, chance),
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        environ={},
    )


def ids(clock: Clock, chance: Callable[[], float]) -> Callable[[], str]:
    """UUIDs of version 7 by this clock, each above the one before."""
    last = 0

    def new_id() -> str:
        nonlocal last
        last = max(round(clock().timestamp() * 1000) << 12, last + 1)
        bits = (last >> 12) << 80 | 0x7 << 76 | (last & 0xFFF) << 64 | 0b10 << 62 | int(chance() * 2**52) << 10
        return str(UUID(int=bits))

    return new_id
