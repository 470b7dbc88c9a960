"""The doctor's findings in bare text, fit to paste, and as one JSON object."""

import json
from collections.abc import Iterator

from mlquiz.core.checkup import Fact, Part, worst
from mlquiz.core.words import count
from mlquiz.errors import Exit

VERSION = 1
FEW = 15
"""So many lines of one fact; the JSON has them all."""


def doctor_json(parts: list[Part]) -> str:
    findings = [
        {"part": part.title, **finding._asdict(), "exit": int(finding.exit)}
        for part in parts
        for finding in part.findings
    ]
    whole = {
        "version": VERSION,
        "exit": int(worst(parts)),
        "parts": {part.title: part.facts for part in parts},
        "findings": findings,
    }
    return json.dumps(whole, indent=2) + "\n"


def doctor_lines(parts: list[Part]) -> str:
    """Every part with its facts, what is wrong where it belongs, and a last line that says how many things are."""
    lines: list[str] = []
    for part in parts:
        lines += [part.title, *_facts(part.facts), *_findings(part), ""]
    found = [finding for part in parts for finding in part.findings]
    wrong = sum(finding.exit is not Exit.OK for finding in found)
    said = [f"{count(wrong, 'thing')} wrong"] if wrong else []
    said += [count(len(found) - wrong, "warning")] if len(found) > wrong else []
    lines.append(f"{', '.join(said)}: see above." if said else "All is well.")
    return "\n".join(lines) + "\n"


def _facts(facts: dict[str, Fact]) -> Iterator[str]:
    wide = max(map(len, facts), default=0)
    for name, fact in facts.items():
        rows = list(_rows(fact))
        shown = rows if len(rows) <= FEW else [*rows[:FEW], f"and {len(rows) - FEW:,} more; --json has them all"]
        for place, row in enumerate(shown):
            yield f"  {'' if place else name.replace('_', ' '):<{wide}}  {row}".rstrip()


def _rows(fact: Fact) -> Iterator[str]:
    match fact:
        case {"value": list(values), "origin": origin}:
            yield from (f"{value}  ({origin})" for value in values or ["none"])
        case {"value": bool(value), "origin": origin}:
            yield f"{str(value).lower()}  ({origin})"  # as it is written in config.toml
        case {"value": value, "origin": origin}:
            yield f"{_word(value)}  ({origin})"
        case dict():
            yield from (f"{name}: {_word(value)}" for name, value in fact.items()) if fact else ("none",)
        case list():
            yield from (row for value in fact for row in _rows(value)) if fact else ("none",)
        case _:
            yield _word(fact)


def _word(fact: Fact) -> str:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return f"{fact:,}" if isinstance(fact, int) else "none" if fact is None else str(fact).replace("\n", " ")


def _findings(part: Part) -> Iterator[str]:
    for finding in part.findings:
        first, *rest = finding.message.split("\n")
        yield f"  {'warning' if finding.exit is Exit.OK else 'WRONG'}: {first}"
        yield from (f"    {line}" for line in rest)
        yield from (f"    -> {line}" for line in finding.advice.split("\n"))
