"""Five renderers of one report: golden bytes, and what each promises to whoever looks at it, reads it or parses it."""

import csv
import io
import json
import re
from html.parser import HTMLParser
from itertools import groupby, pairwise

import msgspec
import pytest
from builders import review
from markdown_it import MarkdownIt
from reports.sample import GOLDEN, TODAY, TOPICS, rendered, report, reviews

from mlquiz.core.report import Group, Leech, Missed, Report, Unanswered, Weak
from mlquiz.core.standing import Scope
from mlquiz.reports.aloud import report_lines
from mlquiz.reports.data import report_csv
from mlquiz.reports.home import home_lines
from mlquiz.reports.html import html
from mlquiz.reports.markdown import markdown
from mlquiz.reports.terminal import terminal

HOSTILE = "<script>alert(1)</script> | `a|b` **bold** & \"quoted\" 'too' [link](http://x) \\"
RENDERED = rendered()
VOID = {"meta", "br", "img"}
"""Tags of HTML that are never closed; those of SVG close themselves."""


def hostile() -> Report:
    """The report with titles and notes that mean something to HTML, Markdown or CSV, and a leech."""
    whole = report()
    score = whole.topics[0].score
    return msgspec.structs.replace(
        whole,
        area=HOSTILE,
        topics=[Group("ml.x", HOSTILE, score, 1), *whole.topics[1:]],
        weak=[Weak("ml.x", HOSTILE, score, 1.5, [Missed("ml.x.q", 1, whole.day, HOSTILE)], "mlquiz quiz")],
        unmet=[Unanswered("ml.y", HOSTILE, 3)],
        leeches=[Leech("ml.x.q", 9)],
    )


@pytest.mark.parametrize("name", RENDERED)
def test_every_format_is_what_it_was_to_the_byte(name: str) -> None:
    """`python tests/reports/sample.py` writes them anew; read the difference before you commit it."""
    assert RENDERED[name] == (GOLDEN / name).read_bytes().decode()


# at a terminal


def sections(text: str) -> list[list[str]]:
    """Runs of lines without an empty one between them."""
    return [list(lines) for filled, lines in groupby(text.splitlines(), lambda line: bool(line.strip())) if filled]


def test_at_80_columns_no_line_is_longer_and_every_section_fits_a_page_of_24_rows() -> None:
    text = RENDERED["report-80.txt"]
    assert max(map(len, text.splitlines())) <= 80
    assert max(map(len, sections(text))) <= 23
    assert "\x1b" not in text


def test_where_there_is_room_it_is_set_in_two_columns() -> None:
    narrow, wide = RENDERED["report-80.txt"].splitlines(), RENDERED["report-120.txt"].splitlines()
    assert max(map(len, wide)) <= 120
    assert len(wide) < 0.75 * len(narrow)


@pytest.mark.parametrize("width", [40, 60, 80, 115, 116, 200])
def test_no_width_loses_a_score(width: int) -> None:
    text = terminal(report(), False, None, width)
    for topic in report().topics:
        assert re.search(rf"{topic.score.score:.0%} +{100 * topic.score.low:.0f}–{topic.score.high:.0%}", text), topic
    assert max(map(len, text.splitlines())) <= width


def test_plain_lines_have_no_plots_and_say_everything() -> None:
    text = RENDERED["report-plain.txt"]
    assert not set("·●─│█░▒▓┼") & set(text)
    for topic in report().topics:
        assert topic.title in text
    assert "When you guessed, " in text


def test_home_and_every_report_say_what_to_do_with_a_leech() -> None:
    from mlquiz.core.memory import Load

    shown = hostile()
    for text in (terminal(shown, False, None), report_lines(shown, False), markdown(shown, True), html(shown, True),
                 home_lines(Load({}, 0), shown, 0, 30)):  # fmt: skip
        assert "ml.x.q" in text
        assert "9 days" in text
        assert "mlquiz suspend ID" in text


# Markdown


def test_markdown_shows_titles_and_notes_as_they_are() -> None:
    parsed = MarkdownIt("commonmark").enable("table").render(markdown(hostile(), False))
    assert parsed.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert "<script" not in parsed
    assert "<a " not in parsed
    assert "**bold**" in parsed
    rows = re.findall(r"<tr>(.*?)</tr>", parsed, re.DOTALL)
    assert {row.count("<t") for row in rows} == {2, 4, 5, 6}


# HTML


class Page(HTMLParser):
    """What there is on a page: tags opened and closed in step, attributes, ids, headings, the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


@pytest.mark.parametrize("name", ["report.html", "report-weak.html"])
def test_the_page_is_whole_and_fetches_nothing(name: str) -> None:
    page = Page(RENDERED[name])
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.found}
    assert "url(" not in RENDERED[name]
    assert "@import" not in RENDERED[name]
    assert not [attrs for _, attrs in page.found if {"src", "href"} & set(attrs)]


def test_the_page_can_be_read_aloud() -> None:
    page = Page(RENDERED["report.html"])
    ids = [attrs["id"] for _, attrs in page.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert ("html", {"lang": "en"}) in page.found
    for tag, attrs in page.found:
        if tag == "section":
            assert attrs["aria-labelledby"] in ids
        if tag == "svg":
            assert attrs.get("aria-hidden") == "true" or attrs["aria-label"]
        if tag == "th":
            assert attrs.get("scope") in ("row", "col")
    levels = [int(tag[1]) for tag, _ in page.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_shows_titles_and_notes_as_they_are() -> None:
    page = Page(html(hostile(), False))
    assert "script" not in {tag for tag, _ in page.found}
    assert page.text.count("<script>alert(1)</script>") >= 4


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag_aa_in_light_dark_and_print() -> None:
    """4.5 for text, 3 for what a plot is read by; steps of the calendar can be told from each other."""
    palettes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", RENDERED["report.html"], re.DOTALL)
    ]
    assert len(palettes) == 3
    for colours in palettes:
        for text in ("ink", "quiet", "weak", "mark"):
            assert contrast(colours[text], colours["paper"]) >= 4.5, text
        assert contrast(colours["ink"], colours["code"]) >= 4.5
        assert contrast(colours["day4"], colours["paper"]) >= 3
        days = [colours[f"day{n}"] for n in range(5)]
        assert all(contrast(one, other) >= 1.3 for one, other in pairwise(days))


# CSV and JSON


def test_csv_is_a_row_a_topic() -> None:
    rows = list(csv.DictReader(io.StringIO(RENDERED["report.csv"])))
    shown = report()
    assert [row["topic"] for row in rows] == [t.id for t in shown.topics] + [t.id for t in shown.unmet]
    for row, topic in zip(rows, shown.topics, strict=False):
        assert float(row["score"]) == pytest.approx(topic.score.score, abs=5e-5)
        assert int(row["answers"]) == topic.score.n
    assert (rows[-1]["answers"], rows[-1]["score"]) == ("0", "")
    weak = list(csv.DictReader(io.StringIO(RENDERED["report-weak.csv"])))
    assert [row["topic"] for row in weak] == [topic.id for topic in shown.weak]
    assert [row["weak"] for row in weak] == ["1", "2", "3"]


def test_csv_quotes_what_has_to_be_quoted() -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv(hostile(), False))))
    assert {row["title"] for row in rows} >= {HOSTILE}


def test_json_days_are_dates_and_nothing_is_lost() -> None:
    found = json.loads(RENDERED["report.json"])
    assert found["day"] == "2026-11-20"
    assert found["since"] is None
    assert {name for name in found if name != "version"} == set(Report.__struct_fields__)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["day"]) for row in found["history"] + found["load"])
    assert sum(row["answers"] for row in found["history"]) == found["answers"]


def test_a_report_of_one_answer_is_shown_by_all() -> None:
    one = report(answers=[review(1, "ml.bias_variance.leaky-fold", day=20_777)])
    for text in (terminal(one, False, None), report_lines(one, False), markdown(one, False), html(one, False)):
        assert "100%" in text
        assert "No topic is weak" in text
        assert "1 answers" not in text


def test_after_a_pause_the_weak_topics_are_still_told() -> None:
    """The weekly report of a week without answers: which topics are weak follows from all answers."""
    paused = report(Scope(since=20_778))
    assert paused.overall is None
    assert len(paused.weak) == 3
    texts = [
        text
        for weak in (True, False)
        for text in (terminal(paused, weak, None), *(show(paused, weak) for show in (report_lines, markdown, html)))
    ]
    for text in texts:
        assert "No answers since 2026-11-21." in text
        for topic in paused.weak:
            assert topic.title in text
            assert topic.command in text


def test_csv_of_a_week_has_every_topic_and_the_weak_ones_by_all_answers() -> None:
    quiet = [one for one in reviews() if one.day < TODAY or one.question.startswith("ml.")]
    week = report(Scope(since=TODAY), quiet)
    assert len(week.silent) == 4
    rows = list(csv.DictReader(io.StringIO(report_csv(week, False))))
    assert {row["topic"] for row in rows} == set(TOPICS)
    weak = list(csv.DictReader(io.StringIO(report_csv(week, True))))
    assert [(row["topic"], row["weak"]) for row in weak] == [(topic.id, str(n)) for n, topic in enumerate(week.weak, 1)]
    assert [float(row["score"]) for row in weak] == pytest.approx([topic.score.score for topic in week.weak], abs=5e-5)


def test_a_report_of_an_area_says_what_its_weak_topics_are_held_against() -> None:
    area = report(Scope(area="sys"))
    assert area.overall != report().overall
    for text in (terminal(area, False, None), report_lines(area, False), markdown(area, False), html(area, False)):
        assert "(61% over all answers)" in " ".join(text.split())
    assert "The upright mark is the score of all of them." in html(area, False)
