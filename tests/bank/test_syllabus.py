"""The syllabus: how people name its entries, how its weights sum, and that the shipped one holds what was planned."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from bank.samples import SYLLABUS, SYLLABUS_RAW, Plain
from hypothesis import given
from hypothesis import strategies as st

from mlquiz.bank.syllabus import Syllabus, load
from mlquiz.errors import BankError, MlquizError

ROOT = Path(__file__).parents[2] / "question_bank"
SHIPPED = load(ROOT)


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("ml.trees", "ml.trees"), ("trees", "ml.trees"), ("TREES", "ml.trees"), ("Decision trees", "ml.trees"),
        ("decision-trees", "ml.trees"), ("decision_tr", "ml.trees"), ("forests", "ml.trees"), ("for", "ml.trees"),
        (" serving ", "sys.serving"), ("ml.m", "ml.metrics"), ("sys", "sys.serving"),
    ],
)  # fmt: skip
def test_a_topic_goes_by_id_title_alias_or_unique_beginning(said: str, topic: str) -> None:
    assert SYLLABUS.topic(said).id == topic


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("m", "'m' could be ml.trees, ml.metrics; name one topic."), ("tress", "did you mean ml.trees?"),
        ("xyzzy", "There is no topic 'xyzzy'; there are ml.trees, ml.metrics, sys.serving."),
        ("", "There is no topic ''; there are"), ("  ", "there are"),
    ],
)  # fmt: skip
def test_what_names_no_topic_or_several_is_refused_with_what_there_is(said: str, message: str) -> None:
    with pytest.raises(MlquizError) as raised:
        SYLLABUS.topic(said)
    assert message in str(raised.value)


def test_areas_and_skills_go_by_name_too() -> None:
    assert SYLLABUS.area("fundamentals").id == "ml"
    assert SYLLABUS.area("Sys").id == "sys"
    assert SYLLABUS.skill("stat").id == "statistics"
    assert SYLLABUS.skill("Model evaluation").id == "evaluation"
    with pytest.raises(MlquizError, match="no skill 'stta'"):
        SYLLABUS.skill("stta")


def test_a_whole_name_wins_over_a_beginning() -> None:
    raw = changed(lambda raw: raw["areas"][0]["topics"][1].update(id="ml.trees_and_more", title="Trees and more"))
    assert made(raw).topic("trees").id == "ml.trees"


@given(st.text(max_size=12))
def test_any_name_is_an_entry_or_a_message(said: str) -> None:
    for find in (SYLLABUS.topic, SYLLABUS.area, SYLLABUS.skill):
        try:
            answer = find(said).id
        except MlquizError as error:
            answer = str(error)
        assert answer.isalpha() or "." in answer or answer.endswith("?")


def test_weights_are_shares_within_shares() -> None:
    assert SYLLABUS.weights() == pytest.approx({"ml.trees": 0.5, "ml.metrics": 0.25, "sys.serving": 0.25})
    assert SYLLABUS.titles("ml.metrics") == ("Machine Learning", "Metrics")


def made(raw: Any) -> Syllabus:
    return msgspec.convert(raw, Syllabus)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    raw = copy.deepcopy(SYLLABUS_RAW)
    change(raw)
    return raw


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (lambda raw: raw.update(format=2), "$.format", "invalid enum value 2"),
        (lambda raw: raw.pop("skills"), "$", "lacks `skills`"),
        (lambda raw: raw.update(areas=[]), "$.areas", "length >= 1"),
        (lambda raw: raw["areas"][1].update(topics=[]), "$.areas[1].topics", "length >= 1"),
        (lambda raw: raw["areas"][1]["topics"][0].update(subtopics=[]), "$.areas[1].topics[0].subtopics", ">= 1"),
        (lambda raw: raw["areas"][0].update(weight=0), "$.areas[0].weight", "> 0"),
        (lambda raw: raw["areas"][0].update(wait=1), "$.areas[0]", "unknown field `wait`"),
        (lambda raw: raw["skills"][1].update(id="Big Skill"), "$.skills[1].id", "matching regex"),
        (lambda raw: raw["skills"][1].update(id="evaluation"), "$.skills[1]", "a second time"),
        (lambda raw: raw["areas"].append(raw["areas"][1]), "$.areas[2]", "area sys stands here a second time"),
        (lambda raw: raw["areas"][0]["topics"][1].update(id="ml.trees"), "$.areas[0].topics[1]", "a second time"),
        (lambda raw: raw["areas"][0]["topics"][1].update(id="dl.x"), "$.areas[0].topics[1].id", "begin with ml."),
        (lambda raw: raw["areas"][0]["topics"][0]["subtopics"][1].update(id="splits"),
         "$.areas[0].topics[0].subtopics[1]", "a second time"),
    ],
)  # fmt: skip
def test_a_broken_syllabus_is_told_at_its_line(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], path: str, message: str
) -> None:
    (tmp_path / "syllabus.yaml").write_text(yaml.dump(changed(change), Dumper=Plain, sort_keys=False))
    with pytest.raises(BankError) as raised:
        load(tmp_path)
    problem = raised.value.problems[0]
    assert problem.file == str(tmp_path / "syllabus.yaml")
    assert problem.path == path
    assert message in problem.message
    assert problem.line > 0
    assert message in str(raised.value)


def test_no_syllabus_and_no_yaml_are_bank_errors(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "syllabus.yaml").write_text("areas: [\n")
    with pytest.raises(BankError, match="is not YAML"):
        load(tmp_path)
    (tmp_path / "syllabus.yaml").write_text("just text\n")
    with pytest.raises(BankError, match="should be a mapping"):
        load(tmp_path)


def test_the_shipped_syllabus_holds_what_was_planned() -> None:
    topics = SHIPPED.topics().values()
    assert len(SHIPPED.areas) == 5
    assert len(topics) == 16
    assert sum(len(topic.subtopics) for topic in topics) == 81
    assert len(SHIPPED.skills) == 132
    assert sum(SHIPPED.weights().values()) == pytest.approx(1)


def test_every_entry_of_the_shipped_syllabus_comes_from_a_line_of_the_role() -> None:
    entries = [*SHIPPED.areas, *SHIPPED.topics().values(), *SHIPPED.skills]
    for entry in entries:
        parts = entry.seed_path.split(" > ")
        assert len(parts) >= 2, entry.id
        assert all(part and part == part.strip() for part in parts), entry.id
    leaves = [entry.seed_path for entry in [*SHIPPED.topics().values(), *SHIPPED.skills]]
    assert len(set(leaves)) == len(leaves)
    for area in SHIPPED.areas:
        for topic in area.topics:
            assert topic.seed_path.startswith(area.seed_path + " > "), topic.id


def test_every_shipped_entry_is_found_by_its_id_and_its_title() -> None:
    for entries, find in (
        (SHIPPED.areas, SHIPPED.area), (SHIPPED.topics().values(), SHIPPED.topic), (SHIPPED.skills, SHIPPED.skill),
    ):  # fmt: skip
        for entry in entries:
            assert find(entry.id) is entry  # type: ignore[operator]
            assert find(entry.title) is entry  # type: ignore[operator]
            for alias in getattr(entry, "aliases", []):
                assert find(alias) is entry  # type: ignore[operator]
