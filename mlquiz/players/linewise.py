"""An answer in code in plain mode: the file is written elsewhere, an empty line runs its tests."""

import textwrap
from collections.abc import Callable
from pathlib import Path

from mlquiz.core.answer import Ran
from mlquiz.core.question import Code, Exercise, Sql
from mlquiz.core.trial import Judged
from mlquiz.players import trials
from mlquiz.players.bench import Bench

Say = Callable[[str], None]
Read = Callable[[str], str]


def solve(exercise: Exercise, bench: Bench, typed: Callable[[Path], str], say: Say, read: Read) -> Ran:
    """The answer, once it passes or is left so. `read` asks for a line and takes the commands that leave."""
    body = exercise.body
    assert isinstance(body, Code | Sql)
    try:
        file = bench.begin(exercise)
    except OSError as error:
        say(f"The file for your answer cannot be written: {error}.")
        while True:
            read("Go on with :s or :d.")
    edits = bench.editor.command
    say(f"Write your answer in {typed(file)}. Then Enter runs its tests." + (" :e opens your editor." if edits else ""))
    judged, source, hints = Judged([]), "", 0
    while not judged.results or not judged.passed:
        match read(_keys(judged, len(body.hints) > hints)).strip():
            case ":e" if edits:
                try:
                    bench.editor.edit(file)
                except OSError as error:
                    say(f"{error}.")
            case ":h" if hints < len(body.hints):
                say(textwrap.fill(f"Hint: {body.hints[hints]}", 78))
                hints += 1
            case ":a" if judged.results:
                break
            case "":
                try:
                    source = bench.source(exercise)
                except OSError as error:
                    say(f"{typed(file)} cannot be read: {error.strerror}.")
                    continue
                judged = bench.run(exercise, source)
                told(body, source, judged, say)
                if not trials.attempted(judged):
                    judged = Judged([])
    return Ran(source, judged.results, hints)


def _keys(judged: Judged, hint: bool) -> str:
    others = [":h hint"] if hint else []
    others += [":a leave it so"] if judged.results else []
    return f"Enter runs the tests{''.join(f', {other}' for other in others)}:"


def told(body: Code | Sql, source: str, judged: Judged, say: Say) -> None:
    """Says what the tests said."""
    say(trials.verdict(judged))
    full, others = trials.failures(body, source, judged)
    for failed in full:
        if failed.name:
            say(f"Failed: {failed.name}")
        for code in filter(None, (failed.ran, failed.line)):
            say(textwrap.indent(code, "    "))
        say(textwrap.fill(failed.told, 78, initial_indent="  ", subsequent_indent="  "))
    if others:
        say(textwrap.fill(f"Failed too: {', '.join(others)}", 78))
    if left := trials.unrun(judged):
        say(left)
    if judged.printed.strip():
        say(f"It printed:\n{textwrap.indent(trials.printed(judged), '    ')}")
