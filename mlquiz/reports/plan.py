"""The plan in sentences."""

from collections.abc import Iterator, Mapping, Sequence

from mlquiz.core.plan import Plan
from mlquiz.core.readiness import Ready
from mlquiz.core.words import count
from mlquiz.world import day_name


def plan_lines(
    plan: Plan, today: int, titles: Mapping[str, str], weekdays: Sequence[str], ready: Ready
) -> Iterator[str]:
    """What is planned, what holds today, and where the learner stands on the way."""
    left = plan.left(today)
    if left is not None and plan.interview is not None:
        yield f"Interview on {day_name(plan.interview)}, in {count(left, 'day')}."
        begins = plan.final_from()
        if plan.final(today):
            yield "The final phase: what is worth most on that day for the time it takes comes first."
        elif begins is not None:
            yield (
                f"Until {day_name(begins)} new questions, and seen ones before they are forgotten (recall below 75%);"
                " then what is worth most on that day."
            )
    elif plan.interview is not None:
        yield f"The interview was on {day_name(plan.interview)}; the plan goes on without a date."
    else:
        yield f"No interview date: questions come back when their recall falls to {plan.retention:.0%}."
    off = f", not on {' and '.join(weekdays[day] for day in plan.days_off)}" if plan.days_off else ""
    levels = ", ".join(plan.levels) or "all"
    yield f"{count(plan.minutes, 'minute')} a day, {plan.new_per_day} new{off}; levels: {levels}."
    if plan.weights:
        factors = ", ".join(f"{titles.get(id_, id_)} × {factor:g}" for id_, factor in sorted(plan.weights.items()))
        yield f"Weights: {factors}."
    if ready.overall:
        then, now = ready.overall.then, ready.overall.now
        yield f"Ready today: {now.points:.0f} points of 100 ({now.low:.0f}–{now.high:.0f})."
        if ready.day != ready.today:
            yield f"On the day, if you stop now: {then.points:.0f} ({then.low:.0f}–{then.high:.0f})."
