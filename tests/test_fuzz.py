"""Ten thousand spoiled bank files and as many spoiled lines of the protocol: each is told or graded, none is a crash.

MLQUIZ_FUZZ=10000 runs that many of each; without it, as many as fit in some seconds.
"""

import contextlib
import io
import json
import os
from collections import deque
from datetime import timedelta
from pathlib import Path

import pytest
from builders import Clock, judge, question, world
from conftest import ROOT
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from spoiled import FILES, spoiled_bytes, spoiled_lines, spoiled_trees

from mlquiz.bank.catalogue import Catalogue
from mlquiz.bank.check import check
from mlquiz.bank.items import understand
from mlquiz.bank.programs import Hands
from mlquiz.bank.reader import parse
from mlquiz.bank.syllabus import load
from mlquiz.commands.keeper import LogKeeper
from mlquiz.core.answer import DontKnow, Reply
from mlquiz.core.draw import draw as drawn
from mlquiz.core.grading import grade, solution
from mlquiz.core.plan import Plan
from mlquiz.core.question import KINDS, Exercise
from mlquiz.core.text import forbidden
from mlquiz.errors import Problem, UsageError
from mlquiz.players.bench import Bench
from mlquiz.players.drafts import Drafts
from mlquiz.players.editor import Editor
from mlquiz.players.lines import Lines
from mlquiz.players.markup import plain
from mlquiz.players.plain import Plain
from mlquiz.players.script import Script, replies
from mlquiz.sandbox.programs import Ran
from mlquiz.session import QUIZ, Move, Outcome, Place, Session
from mlquiz.store import memories
from mlquiz.store.database import open_memory

MANY = int(os.environ.get("MLQUIZ_FUZZ", "0"))
SYLLABUS = load(ROOT / "question_bank")
PRINTED = [
    "", "1\n" * 300, "nan\n" * 300, "[" * 5000, "9" * 5000, "\x1b[2J\ufffd", "\n" * 500, '["a"]', "[null]", "[1, 2]",
    "{}", f"[{', '.join(['1'] * 200)}]", f"[{', '.join(['NaN'] * 200)}]",
]  # fmt: skip
RAN = [
    *(Ran(out, "", 0) for out in PRINTED),
    *(Ran("", f"ModuleNotFoundError: No module named '{name}'", 1) for name in ("numpy", "torch", "no such thing")),
    Ran("", "Traceback\nboom \x1b[2J", 1),
    Ran("", "", -9),
    Ran("", "", None),
]
"""How a program of the bank may end; none is run here."""


def fuzz(few: int) -> settings:
    """So many examples, or as many as MLQUIZ_FUZZ says; none may take ten seconds."""
    return settings(
        max_examples=MANY or few, deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck), database=None
    )


def tellable(problem: Problem) -> None:
    """A problem is one line that can be printed anywhere."""
    line = str(problem)
    assert line.encode("utf-8")
    assert not any(forbidden(character) or character in "\r\n" for character in line), repr(line)


class Knowing(Plain):
    """Does not know an answer the first time, and then does; shows and tells all as a plain session would."""

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        self.show(exercise, place)
        return Reply(solution(exercise.body), "sure") if place.repeat else Reply(DontKnow())

    def tell(self, outcome: Outcome) -> Move:
        self.told(outcome)
        assert outcome.verdict.right == (not isinstance(outcome.reply.answer, DontKnow)), outcome
        return "next"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank that holds nothing but the syllabus."""
    root = tmp_path_factory.mktemp("bank")
    (root / "syllabus.yaml").write_bytes((ROOT / "question_bank/syllabus.yaml").read_bytes())
    return root


@fuzz(300)
@given(data=spoiled_trees() | spoiled_trees() | spoiled_bytes(), ran=st.sampled_from(RAN))
def test_a_spoiled_bank_file_is_told_and_what_still_loads_can_be_answered(bank: Path, data: bytes, ran: Ran) -> None:
    read = understand(parse(data, "f.yaml"), "f.yaml", SYLLABUS)
    for problem in read.problems:
        tellable(problem)
    hands = Hands(lambda source: ran, judge)
    checked = check(read.items, hands, lambda text: plain(text, 10_000), lambda done, whole: None)
    for problem in [*checked.problems, *checked.not_run]:
        tellable(problem)

    (bank / "f.yaml").write_bytes(data)
    catalogue = Catalogue(bank / "f.yaml" / "no folder", (bank,))  # so it is compiled in memory
    assert len(catalogue.problems()) >= len(read.problems)
    rows = catalogue.rows()
    event("a question loads" if rows else "none loads")
    assert {row.id for row in rows} == {item.question.id for item in read.items}
    here = world(Clock())
    log = open_memory()
    editor = Editor({})
    drafts, bench = Drafts(bank / "drafts", editor, here.say), Bench(bank / "drafts", editor, judge)
    player = Knowing(here.stdin, here.stdout, here.tick, drafts, bench, str, True)
    syllabus = catalogue.syllabus()
    session = Session(
        QUIZ, player, LogKeeper(here, log, Plan(), "s"), lambda question: syllabus.titles(question.topic), here.seed
    )
    summary = session.run("s", catalogue.get([row.id for row in rows]))
    assert len(summary.lines) + summary.skipped >= len(rows)
    log.close()
    catalogue.close()


QUESTIONS = [
    *(question(kind) for kind in KINDS),
    *(item.question for file in FILES for item in understand(parse(file, "f.yaml"), "f.yaml", SYLLABUS).items),
]
questions = st.sampled_from(KINDS).flatmap(
    lambda kind: st.sampled_from([question for question in QUESTIONS if question.kind == kind])
)


class Heard:
    """An input that notes what had been sent when each of its lines was read."""

    def __init__(self, lines: list[str], out: io.StringIO) -> None:
        self.lines, self.out = deque(lines), out
        self.sent: list[list[str]] = []

    def readline(self, limit: int = -1) -> str:
        """The next line, below the limit."""
        self.note()
        return f"{self.lines.popleft()}\n" if self.lines else ""

    def note(self) -> None:
        """What was sent since the last line, by type."""
        text = self.out.getvalue()
        assert not any(forbidden(character) for character in text), text
        self.sent.append([json.loads(line.encode())["type"] for line in text.split("\n")[:-1]])
        self.out.seek(0)
        self.out.truncate()


@fuzz(1000)
@given(data=st.data())
def test_a_spoiled_line_gets_one_reply_and_ends_no_session(data: st.DataObject) -> None:
    asked = data.draw(questions)
    lines = data.draw(st.lists(spoiled_lines(drawn(asked, 1)), min_size=1, max_size=6))
    here, log, out = world(Clock()), open_memory(), io.StringIO()
    heard = Heard(lines, out)
    player = Lines(heard, out, judge, str)  # type: ignore[arg-type]  # it reads lines
    session = Session(QUIZ, player, LogKeeper(here, log, Plan(), "s"), lambda _: ("", ""), lambda: 1)
    summary = session.run("s", [asked])
    heard.note()
    assert heard.sent[0] == ["hello", "question"]
    assert heard.sent[-1][-1] == "summary"
    for line, sent in zip(lines, heard.sent[1:], strict=False):
        if sent in (["question"], ["summary"]):
            assert json.loads(line)["type"] in ("skip", "quit"), line
        else:
            assert sent in (["error"], ["rubric"], ["verdict", "question"], ["verdict", "summary"]), (line, sent)
    for sent in heard.sent[1:]:
        event(sent[0])
    verdicts = [sent for sent in heard.sent if sent[0] == "verdict"]
    logged = list(memories.reviews(log))
    assert len(logged) == len(verdicts) == len(summary.lines)
    for review in logged:
        assert 0 <= review.score <= 1
        assert grade(drawn(asked, review.seed).body, review.answer).score == review.score
    log.close()


@fuzz(500)
@given(data=st.data())
def test_a_spoiled_file_of_answers_is_told_or_graded(data: st.DataObject) -> None:
    asked = data.draw(questions)
    lines = data.draw(st.lists(spoiled_lines(drawn(asked, 1)), min_size=1, max_size=3))
    here, log = world(Clock()), open_memory()
    with contextlib.suppress(UsageError):
        text = "\n".join(lines).encode("utf-8", "replace").decode()  # a file holds no halves of characters
        script = Script(replies(text.split("\n"), "answers.jsonl"), Lines(here.stdin, here.stdout, judge, str), judge)
        Session(QUIZ, script, LogKeeper(here, log, Plan(), "s"), lambda _: ("", ""), lambda: 1).run("s", [asked])
    log.close()
