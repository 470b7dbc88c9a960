"""Numbers as people say them."""


def count(n: int, noun: str) -> str:
    """`1 question`, `2,000 questions`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
