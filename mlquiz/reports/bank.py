"""The bank in figures: what it holds beside its plan, and whether its keys can be guessed."""

from collections.abc import Iterator, Sequence

from mlquiz.core.figures import Cue, Held
from mlquiz.core.words import wrapped

KINDS = ("single", "multi", "numeric", "order", "short", "output", "code", "open")
LEVELS = ("screen", "onsite", "senior")
HEADS = {"single": "sgl", "code": "cod", "open": "opn", "screen": "scr"}


def stats_lines(held: Sequence[Held], figures: Sequence[Cue]) -> Iterator[str]:
    """A row a topic, `single` to `open` (code with SQL), then the levels; then every figure with what is wanted."""
    wide = max(len(row.topic) for row in held)
    names = (*KINDS, *LEVELS)
    yield f"{'Topic':<{wide}}      of  " + " ".join(f"{HEADS.get(name, name[:3]):>3}" for name in names)
    for row in held:
        counts = [*(row.kinds.get(name, 0) for name in KINDS), *(row.levels.get(name, 0) for name in LEVELS)]
        done = "✓" if row.complete else " "
        cells = " ".join(f"{n or '·':>3}" for n in counts)
        yield f"{row.topic:<{wide}} {row.items:>3}/{row.planned:<3g}{done} {cells}"
    yield ""
    for cue in figures:
        state = "✓ holds" if cue.holds else "○ owed " if cue.put_up_with else "✗ fails"
        yield wrapped(f"{state}  {cue.name}: {cue.figure} (should be {cue.wanted})", hanging=9)
        if not cue.holds:
            yield from (f"           {worst}" for worst in cue.worst)
