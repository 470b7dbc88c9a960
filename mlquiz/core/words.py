"""Numbers as people say them, and sentences on lines."""

import textwrap


def count(n: int, noun: str) -> str:
    """`1 question`, `2,000 questions`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def clock(seconds: float) -> str:
    """`31:05`; nothing less than `0:00`."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


WIDTH = 79
"""Columns of bare text."""


def wrapped(sentence: str, hanging: int = 0) -> str:
    """The sentence on lines of bare text; all but the first stand `hanging` columns in."""
    return textwrap.fill(sentence, WIDTH, subsequent_indent=" " * hanging)
