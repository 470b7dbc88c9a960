"""Why a question is asked now, in words and for programs."""

from typing import Any

from mlquiz.core.selection import Candidate


def told(why: Candidate, repeat: bool) -> str:
    """One sentence."""
    if repeat or why.reason == "missed":
        return "Missed today, so it comes back."
    known = "" if why.recall is None else f"; you would know it now with {why.recall:.0%}"
    match why.reason:
        case "revised":
            return "Revised since you met it, so it counts as new."
        case "due":
            return f"Due{known}."
        case "new":
            return "New: its topic is behind its share."
        case "worth most":
            met = known or "; not met yet"
            return f"Worth {why.points or 0:.2f} points on the day for about {why.seconds} s{met}."
        case _:
            return "You asked for it."


def fields(why: Candidate, repeat: bool) -> dict[str, Any]:
    """What JSON lines carry: the reason, and the numbers behind it."""
    if repeat:
        return {"reason": "missed", "seconds": why.seconds}
    numbers = {
        "recall": None if why.recall is None else round(why.recall, 4),
        "points": None if why.points is None else round(why.points, 4),
    }
    return {"reason": why.reason, **{name: n for name, n in numbers.items() if n is not None}, "seconds": why.seconds}
