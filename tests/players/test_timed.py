"""A prompt within an interview ends with its clock, and what was given by then is not lost."""

import io
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders import question
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from mlquiz.core.answer import Given, Picked, Ran
from mlquiz.core.draw import draw
from mlquiz.core.trial import Judged, Result
from mlquiz.core.words import clock
from mlquiz.players import prompts
from mlquiz.players.bench import Bench
from mlquiz.players.drafts import Drafts
from mlquiz.players.editor import Editor
from mlquiz.players.essay import Essay
from mlquiz.players.loop import timed
from mlquiz.players.markup import Screen
from mlquiz.players.terminal import Terminal
from mlquiz.players.workbench import Workbench
from mlquiz.session import Place, TimeUp

if sys.platform == "win32":
    pytest.skip("its console takes no piped keys", allow_module_level=True)

SOON = 1.2
"""Seconds: enough for a busy machine to show the prompt and read what was typed ahead."""


@pytest.fixture
def typed() -> Iterator[Callable[[str], None]]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe.send_text


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    editor = Editor({})

    def judge(body: Any, source: str, **how: Any) -> Judged:
        return Judged([Result("it doubles", "failed")])

    screen = Screen(io.StringIO())
    bench = Bench(tmp_path / "work", editor, judge, keeps=False)
    essay = Essay(screen, Drafts(tmp_path / "drafts", editor, print))
    return Terminal(screen, time.monotonic, essay, Workbench(screen, bench, str), editor, False, lambda _: None)


def soon() -> Callable[[], float]:
    end = time.monotonic() + SOON
    return lambda: end - time.monotonic()


def given(terminal: Terminal, kind: Any) -> Any:
    """What the question was answered with when its time ran out."""
    exercise = draw(question(kind), 3)
    begun = time.monotonic()
    with pytest.raises(TimeUp) as caught:
        terminal.ask(exercise, Place(1, 1, 1, False, False, ("Area", "Topic"), 60, clock=soon()))
    assert time.monotonic() - begun < SOON + 3
    return caught.value.answer


def test_a_line_half_typed_is_the_answer(typed: Callable[[str], None], terminal: Terminal) -> None:
    typed("clus")
    assert given(terminal, "short") == Given("clus")


def test_what_cannot_be_read_is_none(typed: Callable[[str], None], terminal: Terminal) -> None:
    typed("about two")
    assert given(terminal, "numeric") is None


def test_lines_are_the_answer_without_the_empty_one_that_ends_them(
    typed: Callable[[str], None], terminal: Terminal
) -> None:
    typed("[1, 1]\r2")
    assert given(terminal, "output") == Given("[1, 1]\n2")


def test_an_option_pointed_at_and_not_picked_is_none(typed: Callable[[str], None], terminal: Terminal) -> None:
    typed("2")
    assert given(terminal, "single") is None


def test_what_is_ticked_is_the_answer(typed: Callable[[str], None], terminal: Terminal) -> None:
    typed("13")
    answer = given(terminal, "multi")
    assert isinstance(answer, Picked)
    assert len(answer.keys) == 2


def test_a_line_of_an_essay_is_the_answer(typed: Callable[[str], None], terminal: Terminal) -> None:
    typed("Split by time")
    assert given(terminal, "open") == Given("Split by time")


def test_code_is_tested_as_it_stands_in_its_file(typed: Callable[[str], None], terminal: Terminal) -> None:
    assert given(terminal, "code") is None  # nothing was written
    exercise = draw(question("code"), 3)
    terminal.workbench.bench.path(exercise).write_text("def double(x):\n    return x\n")
    answer = given(terminal, "code")
    assert isinstance(answer, Ran)
    assert answer.source == "def double(x):\n    return x\n"
    assert [result.name for result in answer.results] == ["it doubles"]


def test_a_prompt_of_no_interview_has_no_clock(typed: Callable[[str], None]) -> None:
    typed("yes\r")
    assert prompts.line("?", str) == "yes"
    with timed(lambda: 9.0):
        typed("still\r")
        assert prompts.line("?", str) == "still"
    with pytest.raises(TimeUp), timed(lambda: 0.0):
        prompts.key({"Enter": "next"})


def test_a_clock_shows_minutes_and_seconds_and_nothing_below_zero() -> None:
    assert [clock(seconds) for seconds in (3599.9, 61, 5, -3)] == ["59:59", "1:01", "0:05", "0:00"]
