"""The shipped bank reads well, reaches every topic in every kind, and keeps its ids; `mlquiz bank check` runs it."""

import ast
import csv
import io
import sys
from collections import Counter
from pathlib import Path

import pytest

from mlquiz.bank.files import Surveyed, survey
from mlquiz.bank.mutation import LEDGER, OVERALL, coded, digest, kept
from mlquiz.bank.prose import prose
from mlquiz.bank.syllabus import load
from mlquiz.core.draw import draw
from mlquiz.core.question import KINDS
from mlquiz.players.markup import plain
from mlquiz.players.sheet import sheet

ROOT = Path(__file__).parent.parent / "question_bank"
GOLDEN = Path(__file__).parent / "golden" / "ids.txt"
WANTED = {"screen": 0.30, "onsite": 0.47, "senior": 0.23}
EXTRA = {"numpy", "sklearn", "joblib", "scipy"}  # the last two come with scikit-learn


@pytest.fixture(scope="module")
def surveyed() -> Surveyed:
    return survey((ROOT,), ())


def test_every_file_is_understood_and_stands_in_its_place(surveyed: Surveyed) -> None:
    assert [str(problem) for problem in surveyed.problems] == []
    assert surveyed.files
    assert {item.file for item in surveyed.items} == set(surveyed.files)


def test_every_text_passes_its_gates_and_every_question_is_shown_with_its_answer(surveyed: Surveyed) -> None:
    for item in surveyed.items:
        assert list(prose(item, lambda text: plain(text, 10_000))) == [], item.question.id
        out = io.StringIO()
        sheet(draw(item.question, 1), [], "Not met yet.", "", out)
        assert out.getvalue().startswith(item.question.id)


def test_every_program_imports_what_is_there_or_what_its_proof_names(surveyed: Surveyed) -> None:
    """`mlquiz bank check` runs them. What the `dev` extra does not bring is named in its `env`."""
    for item in surveyed.items:
        named = set(item.proof.env.packages) if item.proof.env else set()
        programs = [text for text in (item.proof.verify, item.proof.check) if text]
        imported = {name for program in programs for name in imports(program)}
        assert imported - sys.stdlib_module_names - EXTRA - named == set(), item.question.id


def imports(program: str) -> set[str]:
    """Top-level names of the modules that a program imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(program)):
        match node:
            case ast.Import(names):
                found |= {name.name.partition(".")[0] for name in names}
            case ast.ImportFrom(module=str(module)):
                found.add(module.partition(".")[0])
    return found


def test_every_topic_and_every_kind_is_asked(surveyed: Surveyed) -> None:
    topics = Counter(item.question.topic for item in surveyed.items)
    assert {topic: count for topic in load(ROOT).topics() if (count := topics[topic]) < 6} == {}
    kinds = Counter(item.question.kind for item in surveyed.items)
    assert {kind: count for kind in KINDS if (count := kinds[kind]) < 8} == {}


def test_the_levels_stay_near_30_47_and_23_percent(surveyed: Surveyed) -> None:
    levels = Counter(item.question.level for item in surveyed.items)
    shares = {level: levels[level] / len(surveyed.items) for level in WANTED}
    assert {level: share for level, share in shares.items() if abs(share - WANTED[level]) > 0.05} == {}


def test_a_quarter_of_what_offers_options_shows_its_claim_by_running_it(surveyed: Surveyed) -> None:
    offered = [item for item in surveyed.items if item.question.kind in {"single", "multi"}]
    assert sum(bool(item.proof.verify) for item in offered) >= len(offered) / 4


def test_the_tests_of_every_question_in_code_are_sharp(surveyed: Surveyed) -> None:
    """`mlquiz bank check --mutants` has been run since tests or reference changed, and found little alive."""
    scores = kept(ROOT / LEDGER)
    items = {item.question.id: item for item in coded(surveyed.items)}
    assert {id_ for id_, item in items.items() if id_ not in scores or scores[id_].digest != digest(item)} == set()
    assert sorted(scores.keys() - items.keys()) == []
    assert [id_ for id_, score in scores.items() if score.blunt] == []
    assert sum(s.killed for s in scores.values()) >= OVERALL * sum(s.mutants for s in scores.values())


def test_an_id_is_for_ever(surveyed: Surveyed) -> None:
    """A renamed question names its old id in `was`; new ids go into tests/golden/ids.txt, and none comes out."""
    known = GOLDEN.read_text(encoding="utf-8").split()
    assert known == sorted(set(known))
    here = {item.question.id for item in surveyed.items}
    once = {old for item in surveyed.items for old in item.was}
    assert sorted(set(known) - here - once) == []
    assert sorted(here - set(known)) == []
    assert sorted(once & here) == []


def test_the_ledger_of_blind_answers_speaks_of_questions_that_are_here(surveyed: Surveyed) -> None:
    """One row for a question and reader. A row of an earlier revision stays, and says nothing of the present one."""
    with (ROOT / "audit" / "blind.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    here = {item.question.id for item in surveyed.items}
    assert {row["id"] for row in rows} <= here
    assert [row for row in rows if row["agreed"] not in {"yes", "no"} or not row["reader"]] == []
    assert max(Counter((row["id"], row["reader"]) for row in rows).values()) == 1


def test_no_question_stands_as_readers_answered_it_otherwise(surveyed: Surveyed) -> None:
    """What a reader of the present words did not agree with is repaired, thrown away, or settled by a third reader."""
    present = {(item.question.id, item.question.revision) for item in surveyed.items}
    with (ROOT / "audit" / "blind.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["id"], row["revision"]) in present]
    assert rows
    agreed = Counter(row["id"] for row in rows if row["agreed"] == "yes")
    against = Counter(row["id"] for row in rows if row["agreed"] == "no")
    assert {id_: count for id_, count in against.items() if agreed[id_] <= count} == {}
