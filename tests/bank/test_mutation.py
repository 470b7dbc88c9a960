"""The sharpness of tests is measured by running mutants, and kept by what it depends on; a waiver has to waive."""

from pathlib import Path
from typing import Any

import pytest
from bank.samples import SOUND, item, sample

from mlquiz.bank.items import Item
from mlquiz.bank.mutants import mutants
from mlquiz.bank.mutation import Score, coded, digest, kept, ledger, mutate
from mlquiz.core.trial import Judged
from mlquiz.errors import BankError
from mlquiz.sandbox.judge import judged


def quiet(_done: int, _whole: int) -> None:
    """No progress shown."""


def scored(**changes: Any) -> Score:
    found = mutate([item(sample("code", changes))], judged, quiet)
    assert found.idle == []
    return found.scores[0]


def test_sharp_tests_notice_every_mutant() -> None:
    score = scored()
    assert (score.id, score.survivors, score.blunt) == ("ml.trees.code", (), False)
    assert score.killed == score.mutants == 4


def test_a_mutant_that_no_test_notices_is_named_by_its_line() -> None:
    blunt = [{"name": f"nothing {n}", "call": "halved([0, 0])", "expect": [0, 0]} for n in range(8)]
    score = scored(tests=blunt)
    assert score.survivors == ("line 2: / becomes *", "line 2: 2 becomes 3", "line 2: 2 becomes 1")
    assert score.killed == 1
    assert score.blunt


def test_a_waived_mutant_does_not_count_and_one_that_is_noticed_cannot_be_waived() -> None:
    ones = [{"name": f"ones {n}", "call": "halved([2])", "expect": [1]} for n in range(8)]
    reference = "def halved(values):\n    return [value / 2 for value in values if value > 1]\n"
    waived = [{"mutant": "line 2: > becomes >=", "why": "no value is 1"}]
    plain = item(sample("code", {"tests": ones, "reference": reference}))
    found = mutate([plain], judged, quiet).scores[0]
    assert "line 2: > becomes >=" in found.survivors
    spared = item(sample("code", {"tests": ones, "reference": reference, "proof.waived": waived}))
    score = mutate([spared], judged, quiet).scores[0]
    assert score.mutants == found.mutants - 1
    assert set(found.survivors) - set(score.survivors) == {"line 2: > becomes >="}
    idle = item(sample("code", {"proof.waived": [{"mutant": "line 2: / becomes *", "why": "x"}]}))
    assert mutate([idle], judged, quiet) == ([], [(idle, "line 2: / becomes *")], [])


def test_what_cannot_be_run_here_has_no_score() -> None:
    def lacking(*_: object, **__: object) -> Judged:
        return Judged([], "", "numpy")

    items = [item(SOUND["code"]), item(SOUND["sql"])]
    assert mutate(items, lacking, quiet) == ([], [], items)


def test_an_endless_mutant_is_noticed_and_ends() -> None:
    reference = (
        "def halved(values):\n    out, n = [], 0\n    while n < len(values):\n"
        "        out.append(values[n] / 2)\n        n += 1\n    return out\n"
    )
    assert scored(reference=reference).survivors == ()


def test_a_mutant_that_only_loses_a_name_proves_nothing() -> None:
    reference = "def halved(values):\n    by = 2\n    return [value / by for value in values]\n"
    score = scored(reference=reference)
    names = [mutant.name for mutant in mutants("code", reference)]
    assert "line 2: `by = 2` dropped" in names
    assert score.mutants == len(names) - 1


def test_a_digest_moves_with_tests_and_reference_and_with_nothing_else() -> None:
    def of(changes: dict[str, Any]) -> str:
        return digest(item(sample("code", changes)))

    same: Item = item(SOUND["code"])
    for changes in ({"explanation": "word " * 30}, {"level": "senior"}, {"prompt": "Other words.\n"}, {"hints": []}):
        assert of(changes) == digest(same)
    moved = [
        {"reference": "def halved(values):\n    return [v / 2 for v in values]\n"},
        {"tests.0.name": "no numbers"},
        {"proof.waived": [{"mutant": "line 2: x", "why": "y"}]},
    ]
    assert len({digest(same), *map(of, moved)}) == 4


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    scores = {
        name: Score(name, "0123456789ab", 12, survivors)
        for name, survivors in (("ml.b", ()), ("ml.a", ("line 1: a, b", 'line 2: "; " becomes "; _"')))
    }
    file = tmp_path / "mutants.csv"
    assert kept(file) == {}
    file.write_text(ledger(scores), encoding="utf-8")
    assert kept(file) == scores
    assert file.read_text().splitlines()[1].startswith("ml.a,0123456789ab,12,10,")


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "id,digest,mutants,killed,survivors\nx,y\n",
        "id,digest,mutants,killed,survivors\nx,y,z,1,\n",
        "id\nx\n",
    ],
)
def test_what_is_no_ledger_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mutants.csv"
    file.write_text(text)
    with pytest.raises(BankError, match="is no ledger of mutants"):
        kept(file)


def test_a_mutant_that_is_no_sql_does_not_count() -> None:
    joined = "SELECT a.a FROM t a LEFT OUTER JOIN t b ON a.a = b.a WHERE a.a > 1 ORDER BY a.a"
    (score,) = mutate([item(sample("sql", {"reference": joined}))], judged, quiet).scores
    made = [mutant.name for mutant in mutants("sql", joined)]
    assert "line 1: LEFT dropped" in made
    assert score.mutants == len(made) - 1


@pytest.mark.parametrize("kind", ["single", "code", "sql", "output"])
def test_only_code_has_mutants(kind: str) -> None:
    assert bool(coded([item(SOUND[kind])])) == (kind in ("code", "sql"))
