"""Short answers in bare text, for commands that have to be quick."""

from typing import TYPE_CHECKING

from mlquiz.core.memory import Load

if TYPE_CHECKING:
    from mlquiz.core.review import Review


def due_lines(load: Load) -> str:
    """What is due by topic, and what is new."""
    lines = [f"{load.due} due, {load.new} new today."]
    wide = max(map(len, load.topics), default=0)
    lines += [f"  {topic:<{wide}}  {count}" for topic, count in load.topics.items()]
    return "\n".join(lines)


def review_line(review: "Review") -> str:
    """One answer in a line."""
    verdict = "right" if review.right else "wrong"
    return f"{review.at[:16].replace('T', ' ')}  {review.question}  {verdict}, rated {review.rating.name.lower()}"
