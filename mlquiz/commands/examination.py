"""The doctor's look at what is kept: the bank, the log, the leave that was given to programs. It changes nothing."""

import os
from pathlib import Path

from mlquiz.bank.catalogue import Catalogue
from mlquiz.commands.banks import own
from mlquiz.commands.consent import trusted
from mlquiz.core.checkup import Fact, Finding, Part, sourced
from mlquiz.core.words import count
from mlquiz.errors import BankError, Exit, JournalError, MlquizError
from mlquiz.settings import Found
from mlquiz.store import look
from mlquiz.store.copies import copies, newest
from mlquiz.store.database import Log, NewerLog
from mlquiz.world import World

FEW = 5


def bank(world: World, found: Found) -> tuple[Part, Catalogue | None]:
    """The bank as the files have it now, compiled in memory; none where it cannot be used."""
    from mlquiz.bank.glance import Apart

    flags, origin = world.paths.banks, found.origins["banks"]
    folders = own(world, found.settings)
    gone = [path for path in folders if not path.is_dir()]
    findings = [
        Finding(f"There is no bank at {path}.", "--bank names a folder of question files.", Exit.BANK)
        if path in flags
        else Finding(f"There is no bank at {path}.", f"Make the folder, or take it out of `banks` ({origin}).")
        for path in gone
    ]
    facts: dict[str, Fact] = {
        "banks": [
            sourced(str(world.paths.bank), "shipped"),
            *(sourced(str(path), "--bank" if path in flags else origin) for path in folders),
        ]
    }
    roots = (world.paths.bank, *(path for path in folders if path not in gone))
    try:
        catalogue = Catalogue(world.paths.compiled, roots, opened=Apart)
    except BankError as error:
        findings.append(Finding(str(error), "Mend that file; if it is mlquiz's own, install mlquiz again.", Exit.BANK))
        return Part("bank", facts, findings), None
    problems, compiled = catalogue.problems(), catalogue.db.path
    facts |= {
        "questions": len(catalogue),
        "problems": [str(problem) for problem in problems],
        "ids_that_stand_twice": list(catalogue.twice()),
        "catalogue": str(compiled),
        "catalogue_bytes": compiled.stat().st_size if compiled.exists() else None,
    }
    if problems:
        message = f"{count(len(problems), 'problem')} in the bank; those questions are left out."
        findings.append(Finding(message, "`mlquiz bank check` tells all of them, with file and line."))
    if not len(catalogue):
        findings.append(Finding("The bank holds no question that can be asked.", "Install mlquiz again.", Exit.BANK))
    return Part("bank", facts, findings), catalogue


def log(world: World, catalogue: Catalogue | None) -> Part:
    """The log, its copies and drafts; read under the catalogue's keys where there is one."""
    paths = world.paths
    kept = copies(paths.copies)
    facts: dict[str, Fact] = {
        "log": str(paths.log),
        "copies": len(kept),
        "newest_copy": str(kept[-1]) if kept else None,
        "drafts": [file.stem for file in sorted(paths.drafts.glob("*.md"))],
    }
    findings = _unwritable(paths.log)
    full = next((copy for copy in reversed(kept) if newest(copy)), None)
    if not paths.log.exists():
        facts |= {"log": f"{paths.log} (not there yet)", "answers": 0}
        return Part("log", facts, findings + _lost(paths.log, full))
    facts["bytes"] = paths.log.stat().st_size
    try:
        with look.looking(paths.log) as opened:
            damage = _damage(opened, paths.log, kept)
            wrong = _projection(opened, catalogue)
            counts = look.counts(opened)
            if not counts.answers + counts.taken_back:
                findings += _lost(paths.log, full)
            facts |= {**counts._asdict(), "whole": not damage, "memory_is_its_replay": not wrong}
            findings += damage + wrong
            if catalogue:
                known = catalogue.keys()
                strays = {id_: n for id_, n in look.answered(opened).items() if id_ not in known}
                facts["answers_of_no_bank"] = dict(strays)
                findings += _strays(strays, catalogue)
    except look.OlderLog as error:
        findings += _lost(paths.log, full) or [Finding(str(error), "Any session does that.")]
    except NewerLog as error:
        findings.append(Finding(str(error), "Upgrade mlquiz; --profile names another log meanwhile.", Exit.JOURNAL))
    except look.ShutLog as error:
        advice = "See that it is a file, that you may read it and its folder, and that its disk is there; look again."
        findings.append(Finding(str(error), advice, Exit.JOURNAL))
    except JournalError as error:
        findings.append(Finding(str(error), _instead(paths.log, kept), Exit.JOURNAL))
    return Part("log", facts, findings)


def _lost(path: Path, copy: Path | None) -> list[Finding]:
    """A log without answers beside a copy with some."""
    if copy is None:
        return []
    return [Finding(f"The log holds no answers, but a copy of it does: {copy}.", f"Copy it to {path}.", Exit.JOURNAL)]


def _unwritable(path: Path) -> list[Finding]:
    """What stands in the way of writing the log, or of making it and its folder."""
    folder = next(place for place in path.parents if place.exists())
    if not folder.is_dir():
        advice = "Move it away: the log's folder should stand there."
        return [Finding(f"{folder} is no folder, so no answer can be kept.", advice, Exit.JOURNAL)]
    for place in (folder, path):
        if place.exists() and not os.access(place, os.W_OK):
            advice = f"Give yourself the right to (chmod u+w {place}), or name another place with MLQUIZ_HOME."
            return [Finding(f"{place} cannot be written, so no answer can be kept.", advice, Exit.JOURNAL)]
    return []


def _damage(opened: Log, path: Path, kept: list[Path]) -> list[Finding]:
    if not (found := look.amiss(opened)):
        return []
    return [Finding("\n".join(["The log is damaged:", *found]), _instead(path, kept), Exit.JOURNAL)]


def _instead(path: Path, kept: list[Path]) -> str:
    """What to do about a log that cannot be used."""
    away = f"Move {path} away, and {path.name}-wal and {path.name}-shm with it if they are there."
    return f"{away}\nThen copy {kept[-1]} to {path}." if kept else f"{away} There is no copy; mlquiz begins a new log."


def _projection(opened: Log, catalogue: Catalogue | None) -> list[Finding]:
    """Whether memory is the replay of the log, under the bank's keys or else under those it was last folded under."""
    from mlquiz.store.memories import synced

    current = catalogue is not None and synced(opened, catalogue.digest)
    wrong = look.unfaithful(opened, catalogue.keys() if catalogue and current else look.folded_keys(opened))
    if not wrong:
        return []
    some = ", ".join(wrong[:FEW]) + (f" and {len(wrong) - FEW:,} more" if len(wrong) > FEW else "")
    advice = f'Have it folded anew, which changes no answer; LOG is the file above: sqlite3 LOG "{look.REFOLD}"'
    return [Finding(f"What is remembered is not what the log says: {some}.", advice, Exit.JOURNAL)]


def _strays(strays: dict[str, int], catalogue: Catalogue) -> list[Finding]:
    if not strays:
        return []
    from mlquiz.bank.files import survey

    now = {old: item.question.id for item in survey(catalogue.db.roots, ()).items for old in item.was}
    renamed = [f"{old} is now {now[old]}." for old in strays if old in now]
    message = f"{count(sum(strays.values()), 'answer')} to {count(len(strays), 'question')} that no bank in use holds."
    advice = "They are kept. If the questions are in a bank of yours, name it in `banks` or with --bank."
    return [Finding(message, "\n".join([advice, *renamed]))]


def programs(world: World) -> Part:
    """Files whose programs may run unasked, by their folder."""
    path = world.paths.trusted
    try:
        allowed = trusted(path)
    except MlquizError as error:
        return Part("programs", {"allowed_in": {}}, [Finding(str(error), f"Delete {path}; mlquiz asks again then.")])
    folders: dict[str, list[bool]] = {}
    for file, digest in allowed.items():
        folders.setdefault(os.path.dirname(file), []).append(_digest(file) == digest)
    facts: dict[str, Fact] = {
        "allowed_in": {
            folder: count(len(same), "file") + (f", {same.count(False)} changed or gone since" if False in same else "")
            for folder, same in folders.items()
        }
    }
    if allowed:
        facts["to_be_asked_again"] = f"delete {path}"
    return Part("programs", facts, [])


def _digest(file: str) -> str:
    from hashlib import sha256

    try:
        return sha256(Path(file).read_bytes()).hexdigest()
    except OSError:
        return ""
