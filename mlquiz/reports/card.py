"""The score card of a mock interview: at a terminal, read aloud, as Markdown, JSON and CSV."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from mlquiz.core.card import Card, Line, Part
from mlquiz.core.words import clock, count, wrapped
from mlquiz.reports.plots import track
from mlquiz.world import day_name

BAR, WIDE = 10, 33


def headline(card: Card) -> str:
    """Points and band."""
    return f"{card.points:.0f} points of 100: {card.band}."


def facts(card: Card) -> Iterator[str]:
    """What the points stand beside, and how the time was spent, in sentences."""
    answered = sum(line.score is not None for line in card.lines)
    yield (
        f"{answered} of {count(len(card.lines), 'question')} answered in {clock(card.spent)} of {clock(card.seconds)}"
        f" minutes{_over(card)}."
    )
    strong, borderline = min(95, card.prepared + card.spread), max(0, card.prepared - card.spread)
    yield (
        f"A prepared candidate would have {card.prepared:.0f} points on these questions, give or take"
        f" {card.spread:.0f}: hire begins there, strong hire at {strong:.0f}, borderline at {borderline:.0f}."
    )
    where = "below" if card.points < card.low else "above" if card.points > card.high else "within"
    yield (
        f"Your readiness promised {card.expected:.0f} ({card.low:.0f}–{card.high:.0f}): you are {where} what it said."
    )
    if card.drill:
        yield f"Next: {card.drill}"


def _over(card: Card) -> str:
    over = f", {clock(card.spent - card.seconds)} over" if card.spent > card.seconds + 1 else ""
    pauses = f", with {count(card.pauses, 'pause')} that the clock did not count" if card.pauses else ""
    return over + pauses


def card_lines(card: Card, plain: bool) -> str:
    """The card in bare text of 80 columns; in `plain` mode in sentences."""
    lines = [f"Mock interview, {day_name(card.day)}", ""]
    parts = groups(card)
    if plain:
        lines += [_said(part) for part in parts]
    else:
        wide = min(WIDE, max(len(_title(part)) for part in parts))
        lines.append(f"{'Part, area and topic':<{wide}}  Points  {'0':<{BAR - 3}}100  Answered     Time  of")
        for part in parts:
            at = part.points / 100
            title = _title(part)
            title = title if len(title) <= wide else f"{title[: wide - 1]}…"
            lines.append(
                f"{title:<{wide}}  {part.points:>6.0f}  {track(at, at, at, BAR)}"
                f"  {f'{part.answered}/{part.n}':>8}  {clock(part.seconds):>7}  {clock(part.expected_seconds)}"
            )
    return "\n".join([*lines, "", headline(card), *map(wrapped, facts(card)), ""])


def groups(card: Card) -> list[Part]:
    """Stages, then each area before its topics."""
    rows = list(card.stages)
    for area in card.areas:
        rows += [area, *(topic for topic in card.topics if topic.id.startswith(f"{area.id}."))]
    return rows


def _title(part: Part) -> str:
    return f"  {part.title}" if "." in part.id else f"{part.title[:1].upper()}{part.title[1:]}"


def _said(part: Part) -> str:
    return (
        f"{_title(part).strip()}: {part.points:.0f} points, {part.answered} of {part.n} answered,"
        f" {clock(part.seconds)} of {clock(part.expected_seconds)} minutes."
    )


def outcome(line: Line) -> str:
    """What came of a question, in a word or two."""
    if line.score is None:
        return "not reached"
    return "right" if line.score >= 1 else f"{line.score:.0%}" if line.score > 0 else "wrong"


def card_markdown(card: Card) -> str:
    lines = [f"# Mock interview, {day_name(card.day)}", "", f"**{headline(card)}**", ""]
    lines += [f"{sentence}  " for sentence in facts(card)]
    lines += ["", "| Part, area and topic | Points | Answered | Time | Expected |", "|---|---:|---:|---:|---:|"]
    for part in groups(card):
        lines.append(
            f"| {_title(part).strip()} | {part.points:.0f} | {part.answered}/{part.n} | {clock(part.seconds)}"
            f" | {clock(part.expected_seconds)} |"
        )
    lines += ["", "| Question | Part | Came out | Time | Expected |", "|---|---|---|---:|---:|"]
    for line in card.lines:
        taken = clock(line.seconds) if line.seconds is not None else ""
        lines.append(
            f"| `{line.question}` | {line.stage} | {outcome(line)} | {taken} | {clock(line.expected_seconds)} |"
        )
    return "\n".join([*lines, ""])


def _fields(card: Card) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(card)
    return {**found, "day": day_name(card.day)}


def card_json(card: Card) -> str:
    """The whole card; points are 0..100, scores 0..1, times seconds."""
    return json.dumps({"version": 1, **_fields(card)}, ensure_ascii=False, indent=2) + "\n"


def card_message(card: Card) -> str:
    """The same as a line of the protocol."""
    return json.dumps({"type": "card", **_fields(card)}, ensure_ascii=False, separators=(",", ":"))


COLUMNS = ("question", "stage", "topic", "score", "known", "seconds", "expected_seconds")


def card_csv(card: Card) -> str:
    """A row a question."""
    rows: Sequence[Sequence[object]] = [
        [getattr(line, name) if getattr(line, name) is not None else "" for name in COLUMNS] for line in card.lines
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()
