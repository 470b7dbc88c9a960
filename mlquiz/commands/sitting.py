"""A session held: the player that fits the streams, the questions chosen, the loop, the exit status."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from mlquiz.commands.desk import Desk, typed
from mlquiz.commands.keeper import LogKeeper
from mlquiz.core.question import Code, Question, Sql
from mlquiz.core.selection import Candidate
from mlquiz.core.trial import Judged
from mlquiz.errors import Exit, MlquizError, UsageError
from mlquiz.interview import Examiner
from mlquiz.players.lines import Lines
from mlquiz.players.script import Script, Voice, replies
from mlquiz.session import Mode, Session
from mlquiz.world import World, day_name

if TYPE_CHECKING:
    from mlquiz.players.bench import Bench
    from mlquiz.players.drafts import Drafts
    from mlquiz.players.editor import Editor
    from mlquiz.players.plain import Plain
    from mlquiz.players.terminal import Terminal


class Manner(NamedTuple):
    """How a session is held: over JSON lines, from a file of answers, with a seed; by a player of one's own.

    Files of answers in code are kept in `workspace`, if there is one; `why` tells why each question was chosen.
    """

    jsonl: bool = False
    answers: Path | None = None
    seed: int | None = None
    player: Examiner | None = None
    workspace: Path | None = None
    why: bool = False


def chance(world: World, manner: Manner) -> Callable[[], float]:
    """Chance for choosing and drawing, repeatable where a seed was given."""
    return Random(f"mlquiz:{world.seed() if manner.seed is None else manner.seed}").random


def sit(
    desk: Desk,
    mode: Mode,
    chosen: Sequence[Candidate],
    manner: Manner,
    random: Callable[[], float],
    beside: Iterable[str] = (),
) -> Exit:
    """Holds the session and says how it ended, and which of those chosen and `beside` cannot be asked here.

    Raises UsageError when there is nobody to ask, MlquizError when nothing can be asked.
    """
    world = desk.world
    syllabus = desk.catalogue.syllabus()
    name = world.new_id()
    keeper = LogKeeper(world, desk.log, desk.plan, name, desk.bank(), desk.outside)

    def titles(question: Question) -> tuple[str, str]:
        return syllabus.titles(question.topic)

    here = {row.id: row for row in chosen if row.id not in desk.barred.ids}
    passed_over = desk.barred.told([*(row.id for row in chosen), *beside], world.program)
    if chosen and not here:
        raise MlquizError("\n".join(passed_over))
    with seated(desk, manner) as player:
        why = manner.why or manner.jsonl
        session = Session(mode, player, keeper, titles, lambda: int(random() * 2**32), here, why)
        summary = session.run(name, desk.catalogue.get(here))
    for sentence in passed_over:
        world.say(f"mlquiz: {sentence}")
    if summary.lines:
        from mlquiz.commands.forecast import note

        note(desk)
    if isinstance(player, Script) and player.never_asked:
        raise MlquizError(f"Never asked, so not graded: {', '.join(sorted(player.never_asked))}.")
    return Exit.INTERRUPTED if summary.interrupted else Exit.OK


FOR_SCRIPTS = "A script can use --jsonl, or --answers FILE; MLQUIZ_PLAIN=1 reads plain lines."


def can_ask(world: World, manner: Manner, plain: bool, instead: str = FOR_SCRIPTS) -> None:
    """Raises UsageError where a person would be asked and there is none; `instead` says what a script can do."""
    asked = manner.player or manner.jsonl or manner.answers or plain
    if not (asked or (world.stdin.isatty() and world.stdout.isatty())):
        raise UsageError(f"Questions are asked at a terminal, and stdin or stdout is none. {instead}")


@contextmanager
def seated(desk: Desk, manner: Manner) -> Iterator[Examiner]:
    """Whoever answers in that manner."""
    world = desk.world
    if manner.player:
        yield manner.player
    elif manner.answers:
        try:
            text = manner.answers.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{manner.answers} cannot be read: {error}.") from None
        voice: Voice = _lines(world) if manner.jsonl else _plain(desk, manner)
        yield Script(replies(text.split("\n"), str(manner.answers)), voice, judge)
    elif manner.jsonl:
        yield _lines(world)
    elif desk.settings.plain or world.environ.get("TERM") == "dumb":
        yield _plain(desk, manner)
    else:
        yield _terminal(desk, manner)


def judge(body: Code | Sql, source: str, **how: Any) -> Judged:
    """What the tests of a question say of an answer, run in the sandbox. Raises SandboxError."""
    from mlquiz.sandbox.judge import judged

    return judged(body, source, **how)


def _lines(world: World) -> Lines:
    return Lines(world.stdin, world.stdout, judge, day_name)


def _tools(desk: Desk, manner: Manner) -> "tuple[Editor, Drafts, Bench]":
    from mlquiz.players.bench import Bench
    from mlquiz.players.drafts import Drafts
    from mlquiz.players.editor import Editor

    world = desk.world
    editor = Editor(world.environ)
    bench = Bench(manner.workspace or world.paths.drafts, editor, judge, keeps=manner.workspace is not None)
    return editor, Drafts(world.paths.drafts, editor, world.say), bench


def _plain(desk: Desk, manner: Manner) -> "Plain":
    from mlquiz.players.plain import Plain

    world = desk.world
    _, drafts, bench = _tools(desk, manner)
    return Plain(world.stdin, world.stdout, world.tick, drafts, bench, typed, desk.settings.confidence)


def _terminal(desk: Desk, manner: Manner) -> "Terminal":
    from mlquiz.players.essay import Essay
    from mlquiz.players.markup import Screen
    from mlquiz.players.terminal import Terminal
    from mlquiz.players.workbench import Workbench

    world = desk.world
    editor, drafts, bench = _tools(desk, manner)

    def own(question: str) -> Path | None:
        place = desk.catalogue.stands(question)
        return place[0] if place and not place[0].is_relative_to(world.paths.bank.resolve()) else None

    screen = Screen(world.stdout)
    essay, workbench = Essay(screen, drafts), Workbench(screen, bench, typed)
    return Terminal(screen, world.tick, essay, workbench, editor, desk.settings.confidence, own)
