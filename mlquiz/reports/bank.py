"""The bank in figures: what it holds beside its plan, and whether its keys can be guessed."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

WIDTH = 79
KINDS = ("single", "multi", "numeric", "order", "short", "output", "code", "open")
LEVELS = ("screen", "onsite", "senior")
HEADS = {"single": "sgl", "code": "cod", "open": "opn", "screen": "scr"}


class Holding(Protocol):
    """What a topic holds."""

    @property
    def items(self) -> int: ...
    @property
    def kinds(self) -> Mapping[str, int]: ...
    @property
    def levels(self) -> Mapping[str, int]: ...


class Planned(Protocol):
    """A topic of the syllabus."""

    @property
    def weight(self) -> float: ...
    @property
    def complete(self) -> bool: ...


class Plan(Protocol):
    def topics(self) -> Mapping[str, Planned]: ...


class Figure(Protocol):
    """A figure of the bank as a whole."""

    @property
    def name(self) -> str: ...
    @property
    def figure(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def holds(self) -> bool: ...
    @property
    def put_up_with(self) -> bool: ...
    @property
    def worst(self) -> Sequence[str]: ...


def stats_lines(held: Mapping[str, Holding], syllabus: Plan, figures: Sequence[Figure]) -> Iterator[str]:
    """A row a topic, `single` to `open` (code with SQL), then the levels; then every figure with what is wanted."""
    topics = syllabus.topics()
    wide = max(map(len, topics))
    names = (*KINDS, *LEVELS)
    yield f"{'Topic':<{wide}}      of  " + " ".join(f"{HEADS.get(name, name[:3]):>3}" for name in names)
    for id_, topic in topics.items():
        has = held.get(id_)
        counts = [(has.kinds if name in KINDS else has.levels).get(name, 0) if has else 0 for name in names]
        done = "✓" if topic.complete else " "
        n = has.items if has else 0
        yield f"{id_:<{wide}} {n:>3}/{topic.weight:<3g}{done} " + " ".join(f"{n or '·':>3}" for n in counts)
    yield ""
    for cue in figures:
        state = "✓ holds" if cue.holds else "○ owed " if cue.put_up_with else "✗ fails"
        line = f"{state}  {cue.name}: {cue.figure} (should be {cue.wanted})"
        yield textwrap.fill(line, WIDTH, subsequent_indent=" " * 9)
        if not cue.holds:
            yield from (f"           {worst}" for worst in cue.worst)
