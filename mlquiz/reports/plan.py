"""The plan in sentences, and the days to come as a table and a plot."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor

from mlquiz.core.course import Course, Studied
from mlquiz.core.plan import Plan
from mlquiz.core.readiness import Line, Points, Ready
from mlquiz.core.report import Outlook
from mlquiz.core.words import count
from mlquiz.reports.plots import bands, weekday
from mlquiz.world import day_name

ROWS, EACH = 7, 3
"""Rows of the table at most; so many single days where there are more days than rows."""
MISSED = 2
"""Days of the plan without an answer that are worth a word."""
HEIGHT, COLUMNS = 5, 60
"""Cells of the plot."""


def plan_lines(
    plan: Plan, today: int, titles: Mapping[str, str], weekdays: Sequence[str], ready: Ready
) -> Iterator[str]:
    """What is planned, what holds today, and where the learner stands on the way."""
    yield dated(plan, today) or (
        f"No interview date: questions come back when their recall falls to {plan.retention:.0%}."
    )
    begins = plan.final_from()
    if plan.final(today):
        yield "The final phase: what is worth most on that day for the time it takes comes first."
    elif plan.left(today) is not None and begins is not None:
        yield (
            f"Until {day_name(begins)} new questions, and seen ones before they are forgotten (recall below 75%);"
            " then what is worth most on that day."
        )
    off = f", not on {' and '.join(weekdays[day] for day in plan.days_off)}" if plan.days_off else ""
    levels = f"; only {', '.join(plan.levels)}" if plan.levels else ""
    yield f"{count(plan.minutes, 'minute')} a day{off}, {_new(plan, today)}{levels}."
    if plan.weights:
        factors = ", ".join(f"{titles.get(id_, id_)} × {factor:g}" for id_, factor in sorted(plan.weights.items()))
        yield f"Weights: {factors}."
    if ready.overall:
        yield from _stands(ready.overall, ready.day, plan)


def moved(before: Plan, now: Plan, today: int) -> Iterator[str]:
    """What it means that the interview was moved, if it was."""
    if before.left(today) is None or now.left(today) is None or before.interview == now.interview:
        return
    assert before.interview is not None
    assert now.interview is not None
    by = now.interview - before.interview
    yield (
        f"Moved from {day_name(before.interview)}: {count(abs(by), 'day')} {'later' if by > 0 else 'earlier'}. The days"
        " are planned anew from today; nothing that you learnt is lost."
    )


def dated(plan: Plan, today: int) -> str:
    """What the interview's day means today; empty without one."""
    if plan.interview is None:
        return ""
    if left := plan.left(today):
        return f"Interview on {day_name(plan.interview)}, in {count(left, 'day')}."
    if plan.interview == today:
        return "Your interview is today. Good luck! From today on the plan is one without a date."
    gone = count(today - plan.interview, "day")
    return f"The interview was on {day_name(plan.interview)}, {gone} ago; the plan goes on without a date."


def away(last: int | None, plan: Plan, today: int) -> str:
    """What it means that days of the plan were missed since the `last` one with an answer; empty if none or one was."""
    if last is None or sum(not plan.rests(day) for day in range(last + 1, today)) < MISSED:
        return ""
    return (
        f"Nothing answered for {count(today - last - 1, 'day')}. What was missed is not piled on: each day to come"
        f" holds {count(plan.minutes, 'minute')}, for what is worth most in them."
    )


def since_then(outlook: Outlook | None, kept: Points | None, plan: Plan) -> str:
    """How what is expected on the day of the interview has moved since the last session; empty where it has not."""
    if outlook is None or kept is None or outlook.on_day != plan.interview or not outlook.kept:
        return ""
    if round(outlook.points) == round(kept.points):
        return ""
    return f"On {day_name(outlook.day)} you were on the way to {outlook.points:.0f} points, now to {kept.points:.0f}."


def promised(outlook: Outlook | None, plan: Plan) -> str:
    """What was expected on the day of the interview when it was last looked into."""
    if outlook is None or outlook.on_day != plan.interview or not outlook.kept:
        return ""
    return (
        f"Keeping to the plan you would have {outlook.points:.0f} points ({outlook.low:.0f}–{outlook.high:.0f}) of 100"
        f" then, as of {day_name(outlook.day)}."
    )


def _new(plan: Plan, today: int) -> str:
    if plan.new_per_day is None and plan.left(today) is not None:
        return "one new question a minute at most"
    usual = plan._replace(days_off=()).share(today)
    return f"{usual} new"


def _stands(overall: Line, day: int, plan: Plan) -> Iterator[str]:
    yield f"Ready today: {_points(overall.now)} of 100."
    if overall.kept:
        when = "On the day" if day == plan.interview else f"On {day_name(day)}"
        stop = _points(overall.then).replace(" points", "")
        yield f"{when} {_points(overall.kept)} if you keep to this, {stop} if you stop now."


def _points(points: Points) -> str:
    return f"{points.points:.0f} points ({points.low:.0f}–{points.high:.0f})"


def ahead_lines(course: Course, plan: Plan, plain: bool) -> Iterator[str]:
    """The days to come: a table, and a plot of readiness; sentences in `plain` mode."""
    if plain:
        for days in _grouped(course.days):
            yield f"{_days(days)}: {_minutes(days):.0f} minutes, {_sums(days)}; then {_points(days[-1].points)}."
        return
    wide = max(len(_days(days)) for days in _grouped(course.days))
    yield f"{'Days to come':<{wide}}  Minutes  New  Reviews  Ready   80 %"
    for days in _grouped(course.days):
        points = days[-1].points
        new, reviews = (sum(getattr(day, name) for day in days) for name in ("new", "reviews"))
        span = f"{points.low:.0f}–{points.high:.0f}"
        yield (
            f"{_days(days):<{wide}}  {_minutes(days):>7.0f}  {new:>3.0f}  {reviews:>7.0f}  {points.points:>5.0f}"
            f"  {span:>5}"
        )
    yield ""
    yield from _plot(course, plan)


def _grouped(days: Sequence[Studied]) -> list[Sequence[Studied]]:
    """The rows of the table: single days, then stretches of equal length."""
    if len(days) <= ROWS:
        return [[day] for day in days]
    size = ceil((len(days) - EACH) / (ROWS - EACH))
    return [
        *([day] for day in days[:EACH]),
        *(days[start : start + size] for start in range(EACH, len(days), size)),
    ]


def _days(days: Sequence[Studied]) -> str:
    name = f"{weekday(days[0].day)} {day_name(days[0].day)}"
    return name if len(days) == 1 else f"{name} to {day_name(days[-1].day)[5:]}"


def _minutes(days: Sequence[Studied]) -> float:
    return sum(day.minutes for day in days)


def _sums(days: Sequence[Studied]) -> str:
    return f"{sum(day.new for day in days):.0f} new, {sum(day.reviews for day in days):.0f} reviews"


def _plot(course: Course, plan: Plan) -> Iterator[str]:
    """Readiness on the morning after each day; a mark where the final phase begins."""
    step = ceil(len(course.days) / COLUMNS)
    shown = course.days[step - 1 :: step]
    if shown[-1] is not course.days[-1]:
        shown = [*shown, course.days[-1]]
    points = [day.points for day in shown]
    least = 10 * floor(min(each.low for each in points) / 10)
    most = 10 * ceil(max(each.high for each in points) / 10)
    if most == least:
        most += 10
    wide = max(1, min(4, COLUMNS // len(shown)))
    columns = bands([(each.low, each.points, each.high) for each in points], least, most, HEIGHT)
    for n in range(HEIGHT):
        label = most if n == 0 else least if n == HEIGHT - 1 else ""
        cells = "".join(f"{column[n]:<{wide}}" for column in columns)
        yield f"{label:>4} ┤ {cells}".rstrip()
    first, last = day_name(shown[0].day + 1), day_name(shown[-1].day + 1)
    begins = plan.final_from()
    mark = next((n for n, day in enumerate(shown) if begins is not None and day.day >= begins), 0)
    line = f"{first:<{max(len(first) + 2, wide * (len(shown) - 1) + 1 - len(last) + 1)}}{last}"
    if mark and plan.left(shown[0].day) is not None:
        yield f"       {'':<{wide * mark}}▲ final phase"
    yield f"       {line}"
