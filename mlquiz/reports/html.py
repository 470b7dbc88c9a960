"""The report as one HTML page: nothing fetched, no script; light, dark and on paper, narrow and wide, read aloud."""

import re
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mlquiz.core.card import Card
from mlquiz.core.report import Recall, Report
from mlquiz.core.words import clock
from mlquiz.reports import card as cards
from mlquiz.reports import plots, wording
from mlquiz.world import day_name

WEEKS = 26


class Axis(NamedTuple):
    """A curve of chances in a field of 100 × 100: its points, and the chance (0..1) at its foot."""

    points: str
    foot: float


def html(report: Report, weak: bool) -> str:
    """The whole report, or with `weak` the weak topics alone."""
    page = _pages()
    page.filters.update(coded=coded, weekday=plots.weekday, percent=lambda value: f"{value:.0%}")
    weeks = plots.calendar(report.history, report.day, plots.weeks_shown(report.history, report.day, WEEKS))
    return page.get_template("report.html.jinja").render(
        report=report,
        whole=bool(report.overall) and not weak,
        wording=wording,
        low=sorted(report.skills, key=lambda group: group.score.high),
        most=max([1, *(row.due for row in report.load)]),
        weeks=weeks,
        months=plots.month_starts(weeks),
        curve=curve(report.recall),
    )


def card_html(card: Card) -> str:
    """The score card of a mock interview."""
    page = _pages()
    page.filters.update(clock=clock, outcome=cards.outcome)
    template = page.get_template("card.html.jinja")
    return template.render(card=card, facts=list(cards.facts(card)), groups=cards.groups(card))


def _pages() -> Environment:
    pages = Environment(
        loader=PackageLoader("mlquiz", "reports"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    pages.filters["date"] = day_name
    return pages


def coded(text: str) -> Markup:
    """Text with its `code` set as code, and nothing else read into it."""
    pieces = re.split(r"`([^`\n]+)`", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if n % 2 else escape(piece) for n, piece in enumerate(pieces)
    )


def curve(recall: list[Recall]) -> Axis:
    """The forecast as a line; its foot is the tenth below the lowest chance."""
    if not recall:
        return Axis("", 0)
    foot = min(int(10 * row.recall) for row in recall) / 10
    first, last = recall[0].day, recall[-1].day
    points = [
        f"{100 * (row.day - first) / (last - first):.1f},{100 * (1 - row.recall) / (1 - min(foot, 0.9)):.1f}"
        for row in recall
    ]
    return Axis(" ".join(points), min(foot, 0.9))
