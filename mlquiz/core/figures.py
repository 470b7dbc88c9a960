"""A bank in figures: what each topic holds beside its plan, and what is true of the whole."""

from collections.abc import Mapping
from typing import NamedTuple


class Cue(NamedTuple):
    """A figure of the whole bank: what it is, how it stands, what is wanted, whether that holds; the worst offenders,
    in a word each. `value` is the figure as a number where it is a rate; one that fails may be `put_up_with`."""

    name: str
    figure: str
    wanted: str
    holds: bool
    worst: tuple[str, ...] = ()
    value: float = 0.0
    put_up_with: bool = False


class Held(NamedTuple):
    """What a topic holds, by subtopic, kind (SQL counts as code, as in plans) and level; how many are planned."""

    topic: str
    planned: float
    complete: bool
    items: int
    subtopics: Mapping[str, int]
    kinds: Mapping[str, int]
    levels: Mapping[str, int]
