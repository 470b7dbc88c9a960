"""Numbers as people say them."""


def count(n: int, noun: str) -> str:
    """`1 question`, `2,000 questions`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def clock(seconds: float) -> str:
    """`31:05`; nothing less than `0:00`."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
