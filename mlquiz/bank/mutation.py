"""How sharp the tests of a question are: the share of its reference's mutants that they notice, and which live on.

Verdicts are kept beside the bank by a digest of all they depend on, so that only what changed is run again.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import NamedTuple

from mlquiz.bank.items import Item
from mlquiz.bank.mutants import Mutant, mutants
from mlquiz.core.question import Code, Sql, fingerprint
from mlquiz.core.trial import Judge, Judged
from mlquiz.errors import BankError

OPERATORS = 3
"""Rises with every change of the operators in `mutants`: verdicts of others say nothing."""
LEDGER = "audit/mutants.csv"
SECONDS = 2.0
"""What loading a mutant and each of its tests may take; an endless one is noticed."""
EACH, OVERALL = 0.85, 0.95
LOST = ("NameError", "UnboundLocalError")


class Score(NamedTuple):
    """A question's verdict: how many mutants there are, waived ones aside, and the names of those that live."""

    id: str
    digest: str
    mutants: int
    survivors: tuple[str, ...]

    @property
    def killed(self) -> int:
        return self.mutants - len(self.survivors)

    @property
    def blunt(self) -> bool:
        """Whether too many live."""
        return self.killed < EACH * self.mutants


def digest(item: Item) -> str:
    """12 hex digits over all that a verdict depends on."""
    body = _body(item)
    tests = (body.tests, body.requires) if isinstance(body, Code) else (body.schema, body.cases, body.ordered)
    return fingerprint(OPERATORS, body.reference, tests, sorted(waiver.mutant for waiver in item.proof.waived))


def coded(items: Iterable[Item]) -> list[Item]:
    """Those of the items that are answered in code."""
    return [item for item in items if isinstance(item.question.body, Code | Sql)]


class Mutated(NamedTuple):
    """Scores, waivers of mutants that need none (item, the mutant's name), and items whose package is missing here.

    Neither of the latter has a score.
    """

    scores: list[Score]
    idle: list[tuple[Item, str]]
    lacking: list[Item]


def mutate(items: list[Item], judge: Judge, progress: Callable[[int, int], None]) -> Mutated:
    """Runs every mutant of every item, on all cores; items whose reference cannot be run here are left out."""
    made = [(item, mutant) for item in items for mutant in _mutants(item)]
    lives: dict[str, list[Mutant]] = {item.question.id: [] for item in items}
    lacking: set[str] = set()
    void: Counter[str] = Counter()
    pool = ThreadPoolExecutor(cpu_count() or 1)
    try:
        judged = pool.map(lambda pair: judge(_body(pair[0]), pair[1].source, seconds=SECONDS, first=True), made)
        for done, ((item, mutant), verdict) in enumerate(zip(made, judged, strict=True), start=1):
            if verdict.lacks:
                lacking.add(item.question.id)
            elif _void(item, verdict):
                void[item.question.id] += 1
            if verdict.passed:
                lives[item.question.id].append(mutant)
            progress(done, len(made))
    finally:  # Ctrl-C waits neither for the rest nor for what runs just now
        pool.shutdown(wait=False, cancel_futures=True)
    mutated = Mutated([], [], [item for item in items if item.question.id in lacking])
    for item in items:
        waived = {waiver.mutant for waiver in item.proof.waived}
        names = [mutant.name for mutant in lives[item.question.id]]
        idle = sorted(waived - set(names))
        mutated.idle.extend((item, name) for name in idle)
        if not idle and item.question.id not in lacking:
            survivors = tuple(name for name in names if name not in waived)
            mutants = len(_mutants(item)) - len(waived) - void[item.question.id]
            mutated.scores.append(Score(item.question.id, digest(item), mutants, survivors))
    return mutated


def _void(item: Item, verdict: Judged) -> bool:
    """Whether a mutant proves nothing: SQL that is no statement, Python that lost a name with a dropped line."""
    failed = [result for result in verdict.results if result.outcome == "raised"]
    if isinstance(_body(item), Sql):
        return bool(failed) and failed[0] is verdict.results[0]
    return any(result.note.partition(":")[0].rpartition(" ")[2] in LOST for result in failed)


def _body(item: Item) -> Code | Sql:
    assert isinstance(item.question.body, Code | Sql)
    return item.question.body


def _mutants(item: Item) -> list[Mutant]:
    return mutants(item.question.kind, _body(item).reference)


def kept(file: Path) -> dict[str, Score]:
    """The verdicts of a ledger, by id; none where there is no ledger. Raises BankError for what is none."""
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
        return _scores(rows)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise BankError(f"{file} is no ledger of mutants ({error}); delete it, and they are run again.") from None


def _scores(rows: list[dict[str, str]]) -> dict[str, Score]:
    return {
        row["id"]: Score(row["id"], row["digest"], int(row["mutants"]), tuple(map(str, json.loads(row["survivors"]))))
        for row in rows
    }


def ledger(scores: Mapping[str, Score]) -> str:
    """The text of a ledger, in the order of the ids."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "digest", "mutants", "killed", "survivors"])
    for score in sorted(scores.values()):
        writer.writerow(
            [score.id, score.digest, score.mutants, score.killed, json.dumps(score.survivors, ensure_ascii=False)]
        )
    return out.getvalue()
