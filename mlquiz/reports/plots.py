"""Plots in characters: an interval on its scale, columns of numbers, a calendar of days. Never colour alone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from mlquiz.core.report import Day
from mlquiz.world import EPOCH

EIGHTHS = " ▁▂▃▄▅▆▇█"
SHADES = "·░▒▓█"
"""A day without answers, then four steps up to the busiest day."""
WEEK = 7
ROOM = 2
"""Weeks that the name of a month takes."""
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")


def track(low: float, at: float, high: float, width: int, beside: float | None = None) -> str:
    """The interval as a line and its value as a point, `···──●──···`; `beside` marks another value on the scale."""
    places = [min(width - 1, int(value * width)) for value in (low, at, high)]
    mark = None if beside is None else min(width - 1, int(beside * width))
    return "".join(
        "●" if n == places[1] else "┼" if n == mark and places[0] <= n <= places[2]
        else "─" if places[0] <= n <= places[2] else "│" if n == mark else "·"
        for n in range(width)
    )  # fmt: skip


def columns(values: Sequence[int], height: int, wide: int) -> list[str]:
    """Columns of `height` rows from the top, each `wide` characters; what is not nothing shows at least a trace."""
    most = max([1, *values])
    eighths = [max(value > 0, round(8 * height * value / most)) for value in values]
    return [
        "".join(
            EIGHTHS[min(8, max(0, value - 8 * below))] * (wide - 1) + " " for value in eighths
        ).rstrip()
        for below in range(height - 1, -1, -1)
    ]  # fmt: skip


def bands(rows: Sequence[tuple[float, float, float]], least: float, most: float, height: int) -> list[list[str]]:
    """A column for each (low, value, high), of `height` cells from the top: `●` the value, `│` its interval."""

    def place(value: float) -> int:
        return min(height - 1, max(0, int(height * (value - least) / (most - least))))

    columns = []
    for row in rows:
        low, at, high = map(place, row)
        cells = ["●" if n == at else "│" if low <= n <= high else " " for n in range(height)]
        columns.append(cells[::-1])
    return columns


def weekday(day: int) -> str:
    """Its first two letters."""
    return f"{EPOCH + timedelta(days=day):%a}"[:2]


class Cell(NamedTuple):
    """A day of the calendar: `level` 0 (no answers) to 4 (the busiest); null for days to come."""

    day: int
    answers: int
    level: int | None


def calendar(history: Sequence[Day], today: int, weeks: int) -> list[list[Cell]]:
    """The last weeks up to today's, each from Monday to Sunday; a day's level is its share of the busiest one shown."""
    monday = today - (EPOCH + timedelta(days=today)).weekday()
    first = monday - WEEK * (weeks - 1)
    answers = {row.day: row.answers for row in history if first <= row.day <= today}
    most = max([1, *answers.values()])

    def cell(day: int) -> Cell:
        n = answers.get(day, 0)
        return Cell(day, n, None if day > today else -(-4 * n // most))

    return [[cell(start + n) for n in range(WEEK)] for start in range(first, monday + 1, WEEK)]


def weeks_shown(history: Sequence[Day], today: int, most: int) -> int:
    """As many weeks as the history is long, at least eight, at most so many."""
    first = min((row.day for row in history if row.day <= today), default=today)
    return min(most, max(8, (today - first) // WEEK + 2))


def heatmap(history: Sequence[Day], today: int, most: int) -> list[str]:
    """The calendar as rows of shades, a row a weekday, a column a week, under the names of the months."""
    weeks = calendar(history, today, weeks_shown(history, today, most))
    rows = ["     " + _months(weeks)]
    for n, name in enumerate(WEEKDAYS):
        shades = (" " if week[n].level is None else SHADES[week[n].level or 0] for week in weeks)
        rows.append(f"{name:<3}  " + "".join(f"{shade}{shade}" if shade != "·" else "· " for shade in shades).rstrip())
    return rows


def _months(weeks: list[list[Cell]]) -> str:
    line = ""
    for n, month in month_starts(weeks):
        line = f"{line:<{2 * n}}{month}"
    return line.rstrip()


def month_starts(weeks: list[list[Cell]]) -> list[tuple[int, str]]:
    """(week, name) wherever a month begins, and for the first week; a name without room for it is left out."""
    out: list[tuple[int, str]] = []
    before = 0
    for n, week in enumerate(weeks):
        monday: date = EPOCH + timedelta(days=week[0].day)
        if monday.month != before:
            if out and n - out[-1][0] < ROOM:
                out.pop()
            out.append((n, f"{monday:%b}"))
            before = monday.month
    return out
