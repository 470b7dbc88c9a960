"""What the learner plans: until when, how much a day, of what. A shell prompt reads it, so it loads nothing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

EARLY = 0.75
"""Until the final phase a question is due when its recall falls to this: there is time to meet it again."""
USUAL_NEW = 10
"""New questions a day without a date; with one there are as many as the minutes hold."""
FINAL_SHARE, FINAL_DAYS = 0.3, 2
"""The final phase: the last days before the interview, so many at least, or that share of all days from the start."""


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday; day 0, 1970-01-01, was a Thursday."""
    return (day + 3) % 7


class Plan(NamedTuple):
    """Retention wanted (0..1), minutes and new questions a day; the day planned on, the interview's (null: none).

    `new_per_day` is null where nothing was said of it, see `share`. `days_off` are weekdays, 0 for Monday; `levels`
    those asked (none: all); `weights` factors by area or topic id.
    """

    retention: float = 0.9
    minutes: int = 20
    new_per_day: int | None = None
    start: int | None = None
    interview: int | None = None
    days_off: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    weights: Mapping[str, float] = MappingProxyType({})

    def left(self, today: int) -> int | None:
        """Days until the interview; null without one, and from that day on."""
        return self.interview - today if self.interview is not None and today < self.interview else None

    def final_from(self) -> int | None:
        """The first day of the final phase."""
        if self.interview is None or self.start is None:
            return None
        return self.interview - max(FINAL_DAYS, round(FINAL_SHARE * (self.interview - self.start)))

    def final(self, today: int) -> bool:
        """Whether the final phase has begun: what is worth most on the day comes first then."""
        begins = self.final_from()
        return begins is not None and self.left(today) is not None and today >= begins

    def rests(self, day: int) -> bool:
        """Whether it is a day off."""
        return weekday(day) in self.days_off

    def share(self, day: int) -> int:
        """New questions of a day at most: those said, or the usual ones; before an interview one a minute."""
        if self.rests(day):
            return 0
        if self.new_per_day is not None:
            return self.new_per_day
        return USUAL_NEW if self.left(day) is None else self.minutes

    def on(self, today: int) -> "Plan":
        """The same with the retention that holds today."""
        early = self.left(today) is not None and not self.final(today)
        return self._replace(retention=min(self.retention, EARLY)) if early else self

    def weighted(self, shares: Mapping[str, float]) -> dict[str, float]:
        """Topics' shares moved by the plan's factors, of topic and area; they sum to 1 again."""
        moved = {
            topic: share * self.weights.get(topic, 1.0) * self.weights.get(topic.partition(".")[0], 1.0)
            for topic, share in shares.items()
        }
        whole = sum(moved.values())
        return {topic: share / whole for topic, share in moved.items()} if whole > 0 else dict(shares)
