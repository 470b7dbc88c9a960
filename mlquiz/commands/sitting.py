"""A session held: the player that fits the streams, the questions chosen, the loop, the exit status."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from mlquiz.commands.desk import Desk
from mlquiz.commands.keeper import LogKeeper
from mlquiz.core.question import Question
from mlquiz.errors import Exit, MlquizError, UsageError
from mlquiz.players.lines import Lines
from mlquiz.players.script import Script, Voice, replies
from mlquiz.session import Mode, Player, Session
from mlquiz.world import World, day_name

if TYPE_CHECKING:
    from mlquiz.players.plain import Plain


class Manner(NamedTuple):
    """How a session is held: over JSON lines, from a file of answers, with a seed; by a player of one's own."""

    jsonl: bool = False
    answers: Path | None = None
    seed: int | None = None
    player: Player | None = None


def chance(world: World, manner: Manner) -> Callable[[], float]:
    """Chance for choosing and drawing, repeatable where a seed was given."""
    return Random(f"mlquiz:{world.seed() if manner.seed is None else manner.seed}").random


def sit(desk: Desk, mode: Mode, ids: list[str], manner: Manner, random: Callable[[], float]) -> Exit:
    """Holds the session and says how it ended. Raises UsageError when there is nobody to ask."""
    world = desk.world
    syllabus = desk.catalogue.syllabus()
    name = world.new_id()
    keeper = LogKeeper(world, desk.log, desk.plan, name, desk.bank())

    def titles(question: Question) -> tuple[str, str]:
        return syllabus.titles(question.topic)

    with _player(desk, manner) as player:
        session = Session(mode, player, keeper, titles, lambda: int(random() * 2**32))
        summary = session.run(name, desk.catalogue.get(ids))
    if isinstance(player, Script) and player.never_asked:
        raise MlquizError(f"Never asked, so not graded: {', '.join(sorted(player.never_asked))}.")
    return Exit.INTERRUPTED if summary.interrupted else Exit.OK


def can_ask(world: World, manner: Manner, plain: bool) -> None:
    """Raises UsageError where a person would be asked and there is none."""
    asked = manner.player or manner.jsonl or manner.answers or plain
    if not (asked or (world.stdin.isatty() and world.stdout.isatty())):
        raise UsageError(
            "Questions are asked at a terminal, and stdin or stdout is none. A script can use --jsonl, or"
            " --answers FILE; MLQUIZ_PLAIN=1 reads plain lines."
        )


@contextmanager
def _player(desk: Desk, manner: Manner) -> Iterator[Player]:
    world = desk.world
    if manner.player:
        yield manner.player
    elif manner.answers:
        try:
            text = manner.answers.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{manner.answers} cannot be read: {error}.") from None
        voice: Voice = _lines(world) if manner.jsonl else _plain(desk)
        yield Script(replies(text.split("\n"), str(manner.answers)), voice)
    elif manner.jsonl:
        yield _lines(world)
    elif desk.settings.plain or world.environ.get("TERM") == "dumb":
        yield _plain(desk)
    else:
        yield _terminal(desk)


def _lines(world: World) -> Lines:
    return Lines(world.stdin, world.stdout, day_name)


def _plain(desk: Desk) -> "Plain":
    from mlquiz.players.editor import Drafts
    from mlquiz.players.plain import Plain

    world = desk.world
    drafts = Drafts(world.paths.drafts, world.environ, world.say)
    return Plain(world.stdin, world.stdout, world.tick, drafts, desk.settings.confidence)


def _terminal(desk: Desk) -> Player:
    from mlquiz.players.editor import Drafts
    from mlquiz.players.markup import Screen
    from mlquiz.players.terminal import Terminal

    world = desk.world
    drafts = Drafts(world.paths.drafts, world.environ, world.say)

    def own(question: str) -> Path | None:
        place = desk.catalogue.stands(question)
        return place[0] if place and not place[0].is_relative_to(world.paths.bank.resolve()) else None

    return Terminal(Screen(world.stdout), world.tick, drafts, desk.settings.confidence, own)
