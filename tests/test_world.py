"""The world: when a day begins, and how an instant is written."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from builders import Clock, world

from mlquiz.world import iso


@pytest.fixture(params=["UTC", "Asia/Kolkata", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """Another place to live."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be changed here")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


def test_a_day_begins_at_four_where_the_learner_is(zone: ZoneInfo) -> None:
    for hour, day in [(3, 4), (4, 5), (12, 5), (23, 5)]:
        here = datetime(2026, 3, 5, hour, 59 if hour == 3 else 0, tzinfo=zone)
        outside = world(Clock())._replace(now=lambda here=here: here.astimezone(UTC))
        assert outside.began() == iso(datetime(2026, 3, day, 4, tzinfo=zone))
