"""Whole sessions of the real program in a pseudo-terminal: keys typed, screens read."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from screens import ESCAPES, Start, ended, logged, saw

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are POSIX", allow_module_level=True)

FIRST = "ml.bias_variance.defect-classifier-gap"
OPEN = "sys.deployment.labels-arrive-late"


def test_a_whole_session_from_question_to_score_report(start: Start, home: Path) -> None:
    child = start("quiz", "--id", FIRST, "--id", "sys.deployment.exited-137", "--seed", "1")
    shown = saw(child, "1/2", "Which next step", "Which one?", "don't know")
    assert "Bias-variance tradeoff · screen" in shown
    right = next(n for n in "1234" if re.search(rf"{n}\) Use a bigger network", shown))
    child.send(right)
    child.send("\r")
    saw(child, "How sure are you?")
    child.send("s")
    saw(child, "Right.", "Rated good; it comes back in 30 days.", "undo")
    assert logged(home, "select question, right, confidence, rating, rated_by from review") == [
        (FIRST, 1, "sure", 3, "rule")
    ]
    child.send("e")
    saw(child, "Rated easy by you")
    child.send("\r")
    saw(child, "2/2", "Your answer")
    child.send("SIGKIL\r")
    saw(child, "check the spelling")
    child.send("L\r")
    saw(child, "How sure are you?")
    child.send("g")
    saw(child, "by a guess")
    child.send("\r")
    saw(child, "again", "Your answer")
    child.send(":q\r")
    status, last = ended(child)
    assert status == 0
    assert "ml.bias_variance" in last
    assert "Confidence: sure 1 of 1 right, guessed 1 of 1 right." in last
    assert "Due tomorrow: 1 question." in last
    assert logged(home, "select count(*) from review where replaces is not null") == [(1,)]


def test_ctrl_c_and_ctrl_d_leave_with_130_at_every_prompt_and_keep_what_was_answered(start: Start, home: Path) -> None:
    for key in ("\x03", "\x04"):
        child = start("quiz", "--id", FIRST, "--seed", "1")
        saw(child, "Which one?")
        child.send(key)
        assert ended(child)[0] == 130
        child = start("quiz", "--id", FIRST, "--seed", "1")
        saw(child, "Which one?")
        child.send("\r")
        saw(child, "How sure are you?")
        child.send(key)
        assert ended(child)[0] == 130
        child = start("quiz", "--id", "sys.deployment.exited-137")
        saw(child, "Your answer")
        child.send("half an ans" + ("" if key == "\x03" else "\x15"))
        child.send(key)
        assert ended(child)[0] == 130
        assert not (home / "data/default/log.db").exists() or logged(home, "select count(*) from review")[0][0] in (
            0,
            1,
        )
        child = start("quiz", "--id", FIRST, "--seed", "1")
        saw(child, "Which one?")
        child.send("d")
        saw(child, "Rated again")
        child.send(key)
        status, last = ended(child)
        assert status == 130
        assert "All" in last
        assert "Traceback" not in last
    assert logged(home, "select count(*) from review") == [(2,)]


def test_undo_asks_the_question_again_and_not_now_logs_nothing(start: Start, home: Path) -> None:
    child = start("quiz", "--id", FIRST, "--seed", "1")
    saw(child, "Which one?")
    child.send("d")
    saw(child, "Not known", "undo")
    child.send("u")
    saw(child, "Which one?")
    child.send("s")
    status, last = ended(child)
    assert status == 0
    assert "1 question passed over" in last
    assert logged(home, "select count(*) from standing_review") == [(0,)]


def test_help_shows_the_keys_and_comes_back_to_the_question(start: Start) -> None:
    child = start("quiz", "--id", FIRST)
    saw(child, "Which one?")
    child.send("?")
    saw(child, "nothing is logged", "back to the question")
    child.send("\r")
    saw(child, "Which one?")
    child.send("q")
    assert ended(child)[0] == 0


def test_an_open_answer_written_in_the_editor_is_kept_until_it_is_in_the_log(
    start: Start, home: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "my editor"
    editor.write_text("#!/bin/sh\necho 'Watch the share blocked.' >> \"$1\"\n")
    editor.chmod(0o755)
    child = start("quiz", "--id", OPEN, EDITOR=f"'{editor}'")
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "Watch the share blocked.", "How sure are you?")
    draft = home / f"data/default/drafts/{OPEN}.md"
    assert "Watch the share blocked." in draft.read_text()
    child.send("\x03")
    assert ended(child)[0] == 130
    assert draft.exists()

    child = start("quiz", "--id", OPEN, EDITOR=f"'{editor}'")
    saw(child, "A draft of 4 words is kept")
    child.send("\r")
    saw(child, "How sure are you?")
    child.send("u")
    saw(child, "A model answer", "1/10")
    child.send("n")
    saw(child, "2/10")
    child.send("b")
    saw(child, "1/10")
    for n in range(8):
        child.send("y")
        saw(child, f"{n + 2}/10")
    child.send("n")
    saw(child, "10/10", "A red flag")
    child.send("n")
    saw(child, "Right.", "Rated hard")
    child.send("q")
    assert ended(child)[0] == 0
    assert not draft.exists()
    ((answer, score),) = logged(home, "select answer, score from review")
    assert score == 1.0
    assert answer.count("Watch the share blocked.") == 2


def test_ctrl_c_in_the_editor_is_the_editors(start: Start, home: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, time\ntry:\n    print('EDITING', flush=True)\n    time.sleep(30)\n"
        "except KeyboardInterrupt:\n    open(sys.argv[1], 'a').write('Saved after Ctrl-C.')\n"
    )
    child = start("quiz", "--id", OPEN, EDITOR=f"{sys.executable} {editor}")
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "EDITING")
    child.send("\x03")
    saw(child, "Saved after Ctrl-C.", "How sure are you?")
    child.send("\x03")
    assert ended(child)[0] == 130
    child = start("quiz", "--id", OPEN)
    saw(child, "A draft of 3 words is kept")
    child.send("And a line.\r")
    saw(child, "How sure are you?")
    child.send("\x03")
    ended(child)
    draft = (home / f"data/default/drafts/{OPEN}.md").read_text()
    assert draft.endswith("Saved after Ctrl-C.\n\nAnd a line.\n")


def test_without_colour_there_is_no_colour_and_words_say_all(start: Start) -> None:
    child = start("quiz", "--id", FIRST, NO_COLOR="1", FORCE_COLOR="1")
    saw(child, "Which one?")
    child.send("d")
    child.expect("Rated again")
    colours = re.findall(r"\x1b\[([0-9;]*)m", child.before)
    codes = {int(code) for row in colours for code in row.split(";") if code}
    assert not codes & {*range(30, 38), *range(40, 48), *range(90, 108), 38, 48}, codes
    assert "right" in child.before
    child.send("q")
    ended(child)


def test_a_dumb_terminal_gets_plain_lines(start: Start) -> None:
    child = start("quiz", "--id", FIRST, TERM="dumb")
    saw(child, "Question 1/1", "Its number:")
    child.sendline("d")
    saw(child, "Not known.", "Enter next")
    child.sendline("q")
    status, last = ended(child)
    assert status == 0
    assert "\x1b" not in child.before + last


def test_no_line_is_wider_than_the_terminal(start: Start) -> None:
    for id_ in (FIRST, "dl.architectures.eight-kv-heads-memo", "dl.optimization.two-halves-one-clipped-step"):
        child = start("quiz", "--id", id_, "--seed", "2")
        saw(child, "1/1", "don't know")
        child.send("d" if "optimization" not in id_ else ":d\r")
        child.expect("Rated again")
        lines = ESCAPES.sub("", child.before).split("\n")
        assert max(len(line) for line in lines) <= 80
        child.send("q")
        ended(child)


@pytest.mark.parametrize("key", ["\x1b\r", "\x0f", "\x12", "\x13", "\x1b", "\x07", "\x18\x05", "\x1b[15~", "\x1bx"])
def test_no_key_of_line_editing_ends_a_choice(start: Start, key: str) -> None:
    child = start("quiz", "--id", FIRST)
    saw(child, "Which one?")
    child.send(key)
    child.send("2")
    child.send("\r")
    saw(child, "How sure are you?")
    child.send("\x03")
    status, last = ended(child)
    assert status == 130
    assert "Traceback" not in last


def test_an_editor_that_fails_says_so_and_what_it_saved_is_kept(start: Start, tmp_path: Path) -> None:
    editor = tmp_path / "failing"
    editor.write_text("#!/bin/sh\necho 'Half of it.' >> \"$1\"\nexit 3\n")
    editor.chmod(0o755)
    child = start("quiz", "--id", OPEN, EDITOR=str(editor))
    saw(child, "an empty line opens your editor")
    child.send("\r")
    saw(child, "ended with 3; what it saved is kept", "A line here is added to it")
    child.send("And the rest.\r")
    saw(child, "Half of it.", "And the rest.", "How sure are you?")
    child.send("\x03")
    assert ended(child)[0] == 130
    child = start("quiz", "--id", OPEN)
    saw(child, "A draft of 6 words is kept")
    child.send("\x03")
    assert ended(child)[0] == 130


def test_t_puts_a_missed_question_off_until_tomorrow(start: Start, home: Path) -> None:
    child = start("quiz", "--id", FIRST)
    saw(child, "Which one?")
    child.send("d")
    saw(child, "comes back in this session", "not today")
    child.send("t")
    status, last = ended(child)
    assert status == 0
    assert "Due tomorrow: 1 question." in last
    assert logged(home, "select question, what from mark") == [(FIRST, "not today")]


def test_what_is_written_above_the_mark_in_the_editor_is_the_answer_too(
    start: Start, home: Path, tmp_path: Path
) -> None:
    """Editors open at the first line; lines that begin with # are the prompt's."""
    editor = tmp_path / "editor.sh"
    editor.write_text(
        '#!/bin/sh\n{ echo "Watch the scores."; cat "$1"; echo "And the proxies."; } >"$1.n"\nmv "$1.n" "$1"\n'
    )
    editor.chmod(0o700)
    child = start("quiz", "--id", OPEN, EDITOR=str(editor))
    saw(child, "Your answer")
    child.send("\r")
    saw(child, "How sure are you?")
    child.send("s")
    saw(child, "Your answer", "Watch the scores.", "And the proxies.", "A model answer")
    child.send("q")
    ended(child)


def test_q_leaves_where_confidence_and_rubric_are_asked_too(start: Start, home: Path) -> None:
    child = start("quiz", "--id", FIRST)
    saw(child, "Which one?")
    child.send("1")
    child.send("\r")
    saw(child, "How sure are you?", "quit")
    child.send("q")
    status, last = ended(child)
    assert status == 0
    assert "1 question left for another time." in last
    assert logged(home, "select * from review") == []


@pytest.mark.parametrize("columns", [30, 40, 80, 120])
def test_no_key_that_is_offered_is_broken_over_two_lines(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Each line of keys fits the terminal, so that none is cut in the middle of a word."""
    from mlquiz.players import prompts

    monkeypatch.setenv("COLUMNS", str(columns))
    offers = {"Enter": "next", "u": "undo", "h": "hard", "g": "good", "e": "easy", "t": "not today", "x": "suspend",
              "r": "report", "q": "quit"}  # fmt: skip
    control: Any = prompts._offers("", offers).content
    shown = "".join(text for _, text in control.text)
    assert [part for line in shown.splitlines() for part in line.strip().split("   ")] == [
        f"{key} {does}" for key, does in offers.items()
    ]
    assert max(len(line.rstrip()) for line in shown.splitlines()) <= columns
