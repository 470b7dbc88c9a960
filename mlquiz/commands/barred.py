"""Questions in code that cannot be asked here: a package is missing, or their tests may not be run."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from mlquiz.bank.catalogue import Catalogue
from mlquiz.commands.desk import typed
from mlquiz.core.words import count
from mlquiz.errors import MlquizError
from mlquiz.world import World


class Barred(NamedTuple):
    """By question: the package that is missing; the file whose programs were not allowed."""

    lacking: dict[str, str]
    foreign: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.lacking or self.foreign)

    @property
    def ids(self) -> set[str]:
        return {*self.lacking, *self.foreign}

    def told(self, ids: Iterable[str], program: str) -> list[str]:
        """What stands in the way of these questions, and what to do about it, in sentences."""
        wanted = set(ids)
        packages = {package for id_, package in self.lacking.items() if id_ in wanted}
        files = {file for id_, file in self.foreign.items() if id_ in wanted}
        out = []
        for package in sorted(packages):
            number = sum(self.lacking.get(id_) == package for id_ in wanted)
            out.append(
                f"{count(number, 'question')} passed over for want of {package}, which is not installed:"
                f" pip install {package}"
            )
        for file in sorted(files):
            number = sum(self.foreign.get(id_) == file for id_ in wanted)
            out.append(
                f"{count(number, 'question')} passed over: the tests in {typed(Path(file))} are programs, and"
                f" `{program} bank check {typed(Path(file))}` asks for leave to run them (--allow gives it)."
            )
        return out


def barred(world: World, catalogue: Catalogue) -> Barred:
    """What of the bank cannot be asked here. A file's programs are allowed as it stands, not as it was."""
    shipped = world.paths.bank.resolve()
    lacking: dict[str, str] = {}
    foreign: dict[str, str] = {}
    allowed: dict[str, str] | None = None
    for row in catalogue.coded():
        if missing := next((package for package in row.requires if find_spec(package) is None), None):
            lacking[row.id] = missing
        elif not Path(row.file).is_relative_to(shipped):
            allowed = _allowed(world) if allowed is None else allowed
            if allowed.get(row.file) != row.digest:
                foreign[row.id] = row.file
    return Barred(lacking, foreign)


def _allowed(world: World) -> dict[str, str]:
    from mlquiz.commands.consent import trusted

    try:
        return trusted(world.paths.trusted)
    except MlquizError:  # it allows nothing, and `doctor` says so
        return {}
