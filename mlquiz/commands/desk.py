"""A learner's desk: settings, bank and log, opened together and in step. What every command starts from."""

import contextlib
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mlquiz import settings
from mlquiz.bank.catalogue import Catalogue
from mlquiz.commands.banks import roots
from mlquiz.core.memory import Load
from mlquiz.core.words import count
from mlquiz.errors import BankError, JournalError, Problem
from mlquiz.store import database, memories, place
from mlquiz.world import World, day_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlquiz.commands.barred import Barred
    from mlquiz.core.worth import Pace
    from mlquiz.settings import Settings
    from mlquiz.store.journal import Bank, Journal


LEAST = 30
"""Seconds left of the day's minutes that are still worth a question."""


class Desk:
    """The catalogue and the log; the projection is folded under the bank's current keys when this returns.

    `writing` makes the log if there is none; reading finds an empty one then, and writes nothing.
    """

    def __init__(self, world: World, writing: bool = False) -> None:
        self.world = world
        self.settings = settings.load(world.paths.settings, world.environ)
        self.catalogue = open_catalogue(world, self.settings)
        kept = writing or place.there(world.paths.log)
        opened = database.open_log if writing else database.read_log
        try:
            self.log = opened(world.paths.log) if kept else database.open_memory()
        except BaseException:
            self.catalogue.close()
            raise
        try:
            self._prepare(kept, writing)
            with database.reading(world.paths.log, lambda: self.log):
                self.plan = memories.plan(self.log).on(world.today())
        except BaseException:
            self.close()
            raise

    def _prepare(self, kept: bool, writing: bool) -> None:
        """Says what is amiss, keeps the day's copy, brings the projection in step."""
        world = self.world
        with database.reading(world.paths.log, lambda: self.log):
            if world.paths.copies.exists() and (copy := self._lost()):
                world.say(
                    f"mlquiz: The log holds no answers, but a copy of it does: {typed(copy)}. To go back to it, put it"
                    f" in the place of {typed(world.paths.log)}."
                )
            if writing:
                from mlquiz.store.copies import keep_copy

                try:
                    keep_copy(self.log, world.paths.copies, day_name(world.today()))
                except OSError as error:  # no reason not to drill
                    world.say(f"mlquiz: {error}.")
            if kept and not memories.synced(self.log, self.catalogue.digest):
                self._fold(writing)
        if problems := self.catalogue.problems():
            files = len({problem.file for problem in problems})
            world.say(
                f"mlquiz: {count(len(problems), 'problem')} in {count(files, 'bank file')}; those questions are"
                f" left out. `{self.world.program} bank check` tells all."
            )
        if not len(self.catalogue):
            raise BankError("The bank holds no question that can be asked.", problems)

    def _lost(self) -> Path | None:
        from mlquiz.store.copies import lost

        return lost(self.log, self.world.paths.copies)

    def _fold(self, writing: bool) -> None:
        """Brings the projection in step; for reading in a copy, where the log cannot be written just now."""
        try:
            self.journal().in_step()
        except JournalError:
            if writing:
                raise
            from mlquiz.store.snapshot import snapshot

            self.log.close()
            self.log = snapshot(self.world.paths.log)
            self.journal().in_step()

    def bank(self) -> "Bank":
        from mlquiz.store.journal import Bank

        return Bank(self.catalogue.digest, self.catalogue.keys)

    def journal(self) -> "Journal":
        """The log's writing side, in step with this bank."""
        from mlquiz.store.journal import Journal

        return Journal(self.log, self.world.new_id, self.bank())

    @cached_property
    def barred(self) -> "Barred":
        """Questions that cannot be asked here."""
        from mlquiz.commands.barred import barred

        return barred(self.world, self.catalogue)

    @cached_property
    def outside(self) -> set[str]:
        """Questions that are not asked: those that cannot be asked here, and those beside the levels of the plan."""
        levels = self.plan.levels
        beside = {row.id for row in self.catalogue.rows() if row.level not in levels} if levels else set[str]()
        return self.barred.ids | beside

    def weights(self) -> dict[str, float]:
        """Each topic's share by the syllabus and the plan; they sum to 1."""
        return self.plan.weighted(self.catalogue.syllabus().weights())

    def load(self) -> Load:
        """What waits today."""
        never, today = memories.idle(self.log), self.world.today()
        if self.outside:
            met = {id_ for id_, known in memories.memories(self.log).items() if known.memory or known.first is None}
            never |= self.outside - met
        askable = len(self.catalogue) - self.catalogue.holds(never)
        return memories.load(self.log, self.plan, today, askable, self.put_off() | self.outside)

    def paces(self) -> "Mapping[str, Pace]":
        """The learner's pace by kind, by first answers of a day whose seconds are known."""
        from mlquiz.core.worth import Timed, paces

        rows = {row.id: row for row in self.catalogue.rows()}
        timed = (
            Timed(rows[id_].kind, first, known, seconds / rows[id_].seconds)
            for id_, first, known, seconds in memories.timed(self.log)
            if id_ in rows
        )
        return paces(timed)

    def seconds_left(self) -> float:
        """What today's reviews leave of its minutes; where nobody told their time, it is that of the usual pace."""
        whole, gone = 60.0 * self.plan.minutes, 0.0
        sat = list(memories.sat(self.log, self.world.today(), "review"))
        if sat:
            from mlquiz.core.worth import CAP, Pace

            usual, expected = Pace(), {row.id: row.seconds for row in self.catalogue.rows()}
            for id_, known, seconds in sat:
                own = expected.get(id_, 0)
                told = own * (usual.known if known else usual.unknown) if seconds is None else seconds
                gone += min(told, CAP * own)
        return whole - gone

    def over(self) -> bool:
        """Whether too little of today's minutes is left for a question."""
        return self.seconds_left() < LEAST

    def put_off(self) -> set[str]:
        """Questions that the learner does not want to be asked again today."""
        return memories.put_off(self.log, self.world.began())

    def close(self) -> None:
        """Both files closed: a closing log folds its WAL in."""
        self.catalogue.close()
        self.log.close()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            with database.reading(self.world.paths.log, lambda: self.log):
                if error is not None:
                    raise error
        finally:
            self.close()


def open_catalogue(world: World, known: "Settings | None" = None) -> Catalogue:
    """The compiled bank, with progress on stderr while a big one is compiled at a terminal."""
    bar = _Bar(world) if world.stderr.isatty() else None
    return Catalogue(world.paths.compiled, roots(world, known), bar or (lambda _done, _whole: None))


class _Bar:
    """Progress in one line of stderr: rich would cost more than most compilations take."""

    FEW = 200

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, done: int, whole: int) -> None:
        if whole < self.FEW:
            return
        end = "\r" if done < whole else "\r\x1b[K"
        print(f"Compiling the bank: {done:,} of {whole:,} files", end=end, file=self.world.stderr, flush=True)


def shown(problem: Problem) -> str:
    """The problem with its file as one would type it here."""
    return str(problem._replace(file=typed(Path(problem.file))))


def typed(path: Path) -> str:
    """The path from here if it is below here, from home if below home."""
    for start, mark in ((Path.cwd, ""), (Path.home, f"~{os.sep}")):
        with contextlib.suppress(OSError, RuntimeError):  # a folder that was deleted, a user without a home
            if path.is_relative_to(start()):
                return mark + str(path.relative_to(start()))
    return str(path)
