"""From a bank file to questions: every mistake at its file:line and $.path, and no question spoils another."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from bank.samples import GONE, SOUND, SUBTOPIC, TOPIC, item, places, reading, sample, text, understood, valued
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.bank.reader import LONGEST
from mlquiz.bank.reader import read as read_file
from mlquiz.bank.schema import FIELDS, json_schema
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade, solution
from mlquiz.core.question import KINDS

SHIPPED = [
    path
    for path in sorted((Path(__file__).parents[2] / "question_bank").rglob("*.yaml"))
    if path.name != "syllabus.yaml" and "audit" not in path.parts
]
BESIDE = sample("short", id=f"{TOPIC}.beside")


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_item_of_each_kind_is_understood(kind: str) -> None:
    found = item(SOUND[kind])
    question = found.question
    assert (question.id, question.kind) == (f"{TOPIC}.{kind}", kind)
    assert (question.topic, question.subtopic) == (TOPIC, SUBTOPIC)
    assert (found.file, found.path, found.line) == ("f.yaml", ("questions", 0), 5)
    exercise = draw(question, 1)
    assert grade(exercise.body, solution(exercise.body)).right


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_be_left_out_may_be_left_out(kind: str) -> None:
    optional = {field.encode_name for field in FIELDS[kind] if not field.required}
    least = {name: value for name, value in SOUND[kind].items() if name not in optional}
    assert item(least).question.id == f"{TOPIC}.{kind}"


MISTAKES: list[tuple[str, dict[str, Any], str, str, str]] = [
    # kind, what is changed, $.path below the question, what its line holds, what is said
    ("single", {"level": GONE}, "", "- id: ml.trees.single", "lacks `level`"),
    ("single", {"options": GONE}, "", "- id: ml.trees.single", "lacks `options`"),
    ("single", {"options.2.why": GONE}, ".options[2]", "text: Statement 2", "lacks `why`"),
    ("single", {"explination": "x"}, ".explination", "explination: x", "did you mean explanation?"),
    ("single", {"rubric": []}, ".rubric", "rubric: []", "is no field here"),
    ("single", {"options.1.misconcept": "x"}, ".options[1]", "text: Statement 1", "unknown field `misconcept`"),
    ("single", {"proof.chek": "x"}, ".proof", "proof:", "unknown field `chek`"),
    ("single", {"kind": "singel"}, ".kind", "kind: singel", "should be one of single, multi"),
    ("single", {"kind": GONE}, ".kind", "- id: ml.trees.single", "should be one of"),
    ("single", {"kind": ["single"]}, ".kind", "kind:", "should be one of"),
    ("single", {"id": 7}, ".id", "- id: 7", "should be text, not a number"),
    ("single", {"id": "trees"}, ".id", "- id: trees", "expected `str` matching regex"),
    ("single", {"id": f"{TOPIC}.Big"}, ".id", "- id: ml.trees.Big", "matching regex"),
    ("single", {"id": f"{TOPIC}.x\n"}, ".id", "- id: 'ml.trees.x", "matching regex"),
    ("single", {"id": "ml.metrics.x"}, ".id", "- id: ml.metrics.x", "should begin with ml.trees."),
    ("single", {"skills": []}, ".skills", "skills: []", "length >= 1"),
    ("single", {"skills": "evaluation"}, ".skills", "skills: evaluation", "should be a list"),
    ("single", {"skills": ["evaluation", "statistic"]}, ".skills[1]", "- statistic", "did you mean statistics?"),
    ("single", {"level": "junior"}, ".level", "level: junior", "invalid enum value 'junior'"),
    ("single", {"difficulty": "3"}, ".difficulty", "difficulty: '3'", "should be a whole number, not text"),
    ("single", {"difficulty": 9}, ".difficulty", "difficulty: 9", "<= 5"),
    ("single", {"seconds": True}, ".seconds", "seconds: true", "should be a whole number"),
    ("single", {"prompt": ""}, ".prompt", "prompt: ''", "is empty"),
    ("single", {"prompt": " \n"}, ".prompt", 'prompt: " ', "is empty"),
    ("single", {"explanation": None}, ".explanation", "explanation: null", "is empty; it should be text"),
    ("single", {"prompt": "TODO ask\n"}, "", "- id: ml.trees.single", "still holds a TODO"),
    ("single", {"references": [1]}, ".references[0]", "- 1", "should be text, not a number"),
    ("single", {"was": "x"}, ".was", "was: x", "should be a list"),
    ("single", {"options": [1, 2, 3, 4]}, ".options[0]", "- 1", "should be a mapping"),
    ("single", {"options.3": GONE}, ".options", "options:", "of length >= 4"),
    ("single", {"options.1.correct": True}, ".options", "options:", "exactly one `correct: true`, not 2"),
    ("single", {"options.0.correct": GONE}, ".options", "options:", "exactly one `correct: true`, not 0"),
    ("single", {"options.1.text": "Statement 0"}, ".options", "options:", "the same text or id"),
    ("single", {"options.1.text": "Statement 0 ", "options.1.id": "a"}, ".options", "options:", "the same text or id"),
    ("single", {"options.1.id": "a", "options.2.id": "a"}, ".options", "options:", "the same text or id"),
    ("single", {"options.1.id": "A b"}, ".options[1].id", "id: A b", "matching regex"),
    ("single", {"options.1.correct": "yes"}, ".options[1].correct", "correct: 'yes'", "not text"),
    ("multi", {"options.1.correct": GONE, "options.2.correct": GONE}, ".options", "options:", "2 to 4"),
    ("multi", {"options.3.correct": True, "options.4.correct": True}, ".options", "options:", "2 to 4"),
    ("multi", {"options.4": GONE}, ".options", "options:", "of length >= 5"),
    ("numeric", {"params.k": {}}, ".params.k", "k: {}", "give either"),
    ("numeric", {"params.k": {"choice": []}}, ".params.k.choice", "choice: []", "length >= 1"),
    ("numeric", {"params.k": {"int": [5, 1]}}, ".params.k", "k:", "lo <= hi"),
    ("numeric", {"params.k": {"int": [2, 8], "step": 0}}, ".params.k.step", "step: 0", ">= 1"),
    ("numeric", {"derived": {"a": "n", "b": 3}}, ".derived.b", "b: 3", "should be text, not a number"),
    ("order", {"steps.beta": 3}, ".steps.beta", "beta: 3", "should be text, not a number"),
    ("single", {"proof.env": {"python": "3", "packages": {"torch": 2}}}, ".proof.env.packages", "packages", "text"),
    ("numeric", {"params": {}}, ".params", "params: {}", "length >= 1"),
    ("numeric", {"params.my n": {"choice": [1]}}, ".params", "params:", "cannot be used in a formula"),
    ("numeric", {"params.k": {"int": [1, 10**15]}}, ".params.k", "k:", "use a larger `step`"),
    ("numeric", {"derived": {"n": "k"}}, ".derived.n", "n: k", "the name of a number drawn, too"),
    ("numeric", {"answer": "n / (k - k)"}, "", "- id: ml.trees.numeric", "cannot be worked out"),
    ("numeric", {"answer": "n / z"}, "", "- id: ml.trees.numeric", "z"),
    ("numeric", {"answer": "(1e308 * 10) * n"}, "", "- id: ml.trees.numeric", "not a finite number"),
    ("numeric", {"answer": "(1e308 * 10) - (1e308 * 10)"}, "", "- id: ml.trees.numeric", "not a finite number"),
    ("numeric", {"answer": "10**400"}, "", "- id: ml.trees.numeric", "cannot be worked out"),
    ("numeric", {"answer": "n / k; 3"}, "", "- id: ml.trees.numeric", "formula"),
    ("numeric", {"answer": "n" + " + n" * 200}, "", "- id: ml.trees.numeric", "at most 500"),
    ("numeric", {"answer": "n > k"}, "", "- id: ml.trees.numeric", "not a finite number"),
    ("numeric", {"derived": {"d": "1 / 0"}}, "", "- id: ml.trees.numeric", "cannot be worked out"),
    ("numeric", {"prompt": "{n.real} {k}"}, "", "- id: ml.trees.numeric", "no dots, brackets"),
    ("numeric", {"prompt": "{n[0]} {k}"}, "", "- id: ml.trees.numeric", "no dots, brackets"),
    ("numeric", {"prompt": "{n!r} {k}"}, "", "- id: ml.trees.numeric", "no dots, brackets or `!`"),
    ("numeric", {"prompt": "{} {k}"}, "", "- id: ml.trees.numeric", "should be the name of a number"),
    ("numeric", {"prompt": "{m} {k}"}, "", "- id: ml.trees.numeric", "`{m}` is not among the numbers: n, k"),
    ("numeric", {"explanation": "a set {1, 2}"}, "", "- id: ml.trees.numeric", "should be the name of a number"),
    ("numeric", {"prompt": "open { brace"}, "", "- id: ml.trees.numeric", "write {{ for a brace"),
    ("numeric", {"prompt": "{n:999999999d}"}, "", "- id: ml.trees.numeric", "should have a format like"),
    ("numeric", {"prompt": "{n:c}"}, "", "- id: ml.trees.numeric", "should have a format like"),
    ("numeric", {"prompt": "{n:{k}}"}, "", "- id: ml.trees.numeric", "should have a format like"),
    ("numeric", {"tolerance": {}}, ".tolerance", "tolerance: {}", "give either `abs` or `rel`"),
    ("numeric", {"tolerance": {"abs": -1}}, ".tolerance.abs", "abs: -1", ">= 0"),
    ("order", {"before.0": ["zeta", "omega"]}, ".before[0]", "- - zeta", "names 'omega', which is no step"),
    ("order", {"before.0": ["zeta"]}, ".before[0]", "- - zeta", "length 2"),
    ("order", {"before.3": ["alpha", "beta"]}, ".before", "before:", "round in a circle"),
    ("order", {"before.3": ["zeta", "zeta"]}, ".before", "before:", "round in a circle"),
    ("order", {"before.3": ["zeta", "beta"]}, ".before[3]", "- - zeta", "a second time"),
    ("order", {"steps.beta": "Grow"}, ".steps", "steps:", "two steps with the same text"),
    ("order", {"steps.beta": " "}, ".steps.beta", "beta: ' '", "is empty"),
    ("order", {"steps.a b": "Wait"}, '.steps["a b"]', "a b: Wait", "no word"),
    ("order", {"steps": {"a": "A", "b": "B"}}, ".steps", "steps:", "length >= 3"),
    ("short", {"accept": []}, ".accept", "accept: []", "length >= 1"),
    ("short", {"reject.0": "entropy"}, ".reject[0]", "- entropy", "should be a mapping"),
    ("output", {"language": "sql"}, ".language", "language: sql", "invalid enum value"),
    ("output", {"output": 3}, ".output", "output: 3", "should be text, not a number; put it in quotes"),
    ("open", {"rubric.1.id": "grow"}, ".rubric", "rubric:", "the same id"),
    ("open", {"red_flags.0.id": "grow"}, ".rubric", "rubric:", "the same id"),
    ("open", {"rubric.0.points": 0}, ".rubric[0].points", "points: 0", "should be above 0"),
    ("open", {"red_flags.0.points": 2}, ".red_flags[0].points", "points: 2", "should be below 0"),
    ("open", {"rubric": []}, ".rubric", "rubric: []", "length >= 1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "changes", "path", "on", "message"), MISTAKES)
def test_a_mistake_is_told_where_it_stands_and_spoils_only_its_question(
    kind: str, changes: dict[str, Any], path: str, on: str, message: str
) -> None:
    spoiled = sample(kind, changes)
    written = text(BESIDE, spoiled, sample("open", id=f"{TOPIC}.after"))
    found = reading(BESIDE, spoiled, sample("open", id=f"{TOPIC}.after"))
    problem = found.problems[0]
    assert problem.path == f"$.questions[1]{path}"
    assert message in problem.message
    lines = written.splitlines()
    start = next(
        n for n, line in enumerate(lines) if line.startswith("- ") and n > lines.index(f"- id: {TOPIC}.beside")
    )
    end = lines.index(f"- id: {TOPIC}.after")
    assert start < problem.line <= end
    assert lines[problem.line - 1].strip().startswith(on) or f" {on}" in lines[problem.line - 1]
    assert [whole.question.id for whole in found.items] == [f"{TOPIC}.beside", f"{TOPIC}.after"]


@pytest.mark.parametrize(
    ("value", "line", "path", "message"),
    [
        ("- a\n", 1, "$", "should be a mapping with format, topic"),
        ("format: 1\ntopic: ml.trees\n", 1, "$", "lacks subtopic, questions"),
        ("format: 2\ntopic: ml.trees\nsubtopic: splits\nquestions: []\n", 1, "$.format", "a newer mlquiz"),
        ("format: true\ntopic: ml.trees\nsubtopic: splits\nquestions: []\n", 1, "$.format", "should be 1"),
        ("format: 1\ntopic: ml.tree\nsubtopic: splits\nquestions: []\n", 2, "$.topic", "did you mean ml.trees?"),
        ("format: 1\ntopic: [x]\nsubtopic: splits\nquestions: []\n", 2, "$.topic", "is no topic"),
        ("format: 1\ntopic: ml.trees\nsubtopic: ranking\nquestions: []\n", 3, "$.subtopic", "one of splits, pruning"),
        ("format: 1\ntopic: ml.trees\nsubtopic: {a: 1}\nquestions: []\n", 3, "$.subtopic", "should be one of"),
        ("format: 1\ntopic: ml.trees\nsubtopic: splits\nquestions:\n", 4, "$.questions", "should be a list"),
        ("format: 1\ntopic: ml.trees\nsubtopic: splits\nquestions: [3]\n", 4, "$.questions[0]", "should be a mapping"),
        ("format: 1\ntopics: x\ntopic: ml.trees\nsubtopic: splits\nquestions: []\n", 2, "$.topics", "mean topic?"),
    ],
)
def test_a_files_own_mistakes_are_told_where_they_stand(value: str, line: int, path: str, message: str) -> None:
    (problem,) = understood(value).problems
    assert problem[:3] == ("f.yaml", line, path)
    assert message in problem.message


def test_several_mistakes_of_a_question_are_told_together() -> None:
    spoiled = sample("single", {"level": "x", "difficulty": 0, "options.0.why": "", "extra": 1})
    paths = {problem.path.removeprefix("$.questions[0]") for problem in reading(spoiled).problems}
    assert paths == {".extra", ".level", ".difficulty", ".options[0].why"}


SEEN_AND_KEY: list[tuple[str, dict[str, Any]]] = [
    ("single", {"options.1.text": "Another"}), ("single", {"options.0.id": "named"}),
    ("single", {"options.0.correct": GONE, "options.0.misconception": "m", "options.1.correct": True}),
    ("multi", {"options.3.correct": True}), ("numeric", {"params.n.choice": [10, 20]}), ("numeric", {"answer": "n/k"}),
    ("numeric", {"tolerance": {"abs": 1}}), ("numeric", {"derived": {"d": "n"}}), ("numeric", {"unit": "items"}),
    ("order", {"before.3": ["beta", "delta"]}), ("order", {"before.3": GONE}), ("short", {"accept.0": "Gini"}),
    ("short", {"reject.0.text": "entropies"}), ("output", {"output": "3\n2\n"}), ("open", {"rubric.0.points": 3}),
    ("open", {"rubric.0.id": "plant"}), ("open", {"red_flags.0.points": -3}),
]  # fmt: skip
ONLY_SEEN: list[tuple[str, dict[str, Any]]] = [
    *((kind, {"prompt": "Another prompt with {{n}}.\n"}) for kind in KINDS), ("order", {"steps.beta": "Score it"}),
    ("output", {"program": "print('3\\n1')\n"}),
]  # fmt: skip
NEITHER: list[tuple[str, dict[str, Any]]] = [
    *((kind, {"explanation": "Another explanation."}) for kind in KINDS),
    *((kind, {"level": "senior"}) for kind in KINDS),
    *((kind, {"skills": ["statistics"], "difficulty": 2, "seconds": 45}) for kind in KINDS),
    *((kind, {"proof": {}, "references": ["A book"], "was": ["ml.trees.old"]}) for kind in KINDS),
    *((kind, {"id": f"{TOPIC}.renamed"}) for kind in KINDS), ("single", {"options.0.why": "Because."}),
    ("single", {"options.1.misconception": "Another belief."}), ("numeric", {"mistakes": []}),
    ("single", {"options": SOUND["single"]["options"][::-1]}), ("multi", {"options": SOUND["multi"]["options"][::-1]}),
    ("order", {"steps": dict(reversed(SOUND["order"]["steps"].items()))}),
    ("order", {"before": SOUND["order"]["before"][::-1]}), ("short", {"reject.0.why": "No."}),
    ("short", {"accept": SOUND["short"]["accept"][::-1]}), ("output", {"mistakes": []}),
    ("open", {"model_answer": "Another."}), ("open", {"rubric.0.text": "Says it well."}),
    ("open", {"rubric": SOUND["open"]["rubric"][::-1]}),
]  # fmt: skip


def moved(kind: str, changes: dict[str, Any]) -> tuple[bool, bool]:
    """Whether (revision, key) differ from those of the sound item."""
    before, after = item(SOUND[kind]).question, item(sample(kind, changes)).question
    return before.revision != after.revision, before.key != after.key


@pytest.mark.parametrize(("kind", "changes"), SEEN_AND_KEY)
def test_what_may_change_the_grade_moves_the_key_and_the_revision(kind: str, changes: dict[str, Any]) -> None:
    assert moved(kind, changes) == (True, True)


@pytest.mark.parametrize(("kind", "changes"), ONLY_SEEN)
def test_what_is_seen_before_answering_moves_the_revision_alone(kind: str, changes: dict[str, Any]) -> None:
    assert moved(kind, changes) == (True, False)


@pytest.mark.parametrize(("kind", "changes"), NEITHER)
def test_what_is_read_afterwards_moves_neither(kind: str, changes: dict[str, Any]) -> None:
    assert moved(kind, changes) == (False, False)


def test_the_keys_of_the_samples_are_for_ever() -> None:
    """A key that moves makes every learner's question due again: it may not move by a change of code."""
    keys = {kind: item(SOUND[kind]).question.key for kind in KINDS}
    assert keys == KEYS


KEYS = {
    "single": "13e3f200a9fe",
    "multi": "a3199d2b01c3",
    "numeric": "ba5157811c0f",
    "order": "67cb89da44c7",
    "short": "fccaaeadf677",
    "output": "a0b24db68b92",
    "code": "3f9405e5f008",
    "sql": "a8cebcc36515",
    "open": "fec68a65ca7c",
}


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(json.dumps(json_schema()))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_json_schema_accepts_every_shipped_file(path: Path, validator: Any) -> None:
    assert [error.message for error in validator.iter_errors(read_file(path, "f").value)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_schema_accepts_the_samples_and_refuses_them_spoiled(kind: str, validator: Any) -> None:
    def valid(*raws: Any, **head: Any) -> bool:
        return bool(validator.is_valid(yaml.safe_load(text(*raws, **head))))

    assert valid(SOUND[kind])
    for changes in (
        {"level": "junior"},
        {"level": GONE},
        {"extra": 1},
        {"difficulty": 6},
        {"kind": "quiz"},
        {"id": "x"},
    ):
        assert not valid(sample(kind, changes)), changes
    assert not valid(SOUND[kind], topic=3)
    assert not valid(7)


def test_the_json_schema_refuses_another_format(validator: Any) -> None:
    assert not validator.is_valid({"format": 2, "topic": TOPIC, "subtopic": SUBTOPIC, "questions": []})
    assert not validator.is_valid({"format": 1, "topic": TOPIC, "questions": []})


ANYWHERE = [(kind, place) for kind in KINDS for place in places(SOUND[kind])]
words = st.sampled_from(
    ["", "x", "n", "n / k", "{n}", "{n:}", "{", "}", "{n:,}", "TODO", "single", "1/0", "10**400", "lambda: 0", "\\",
     "ml.trees.x", "evaluation", "n.real", "n if n else", "[n]", "'n'*9", "(" * 120, "1;2", "zeta", "result", "0x1"]
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12) | words,
    lambda below: st.lists(below, max_size=5) | st.dictionaries(words | st.text(max_size=5), below, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from(ANYWHERE), anything)
@settings(deadline=None, max_examples=600)
def test_anything_in_place_of_any_field_is_a_question_or_a_problem(
    place: tuple[str, tuple[Any, ...]], value: Any
) -> None:
    kind, way = place
    found = valued(
        {"format": 1, "topic": TOPIC, "subtopic": SUBTOPIC,
         "questions": [sample(kind, {".".join(map(str, way)): value}), BESIDE]}
    )  # fmt: skip
    assert found.items[-1].question.id == f"{TOPIC}.beside"
    assert (len(found.items) == 2) != bool(found.problems)
    for problem in found.problems:
        assert re.match(r"\$\.questions\[0\]", problem.path)
        assert len(problem.message) <= LONGEST + 1


@given(anything)
@settings(deadline=None, max_examples=200)
def test_anything_at_all_is_a_problem_or_an_empty_file(value: Any) -> None:
    assert valued(value).problems
    head = {"format": 1, "topic": TOPIC, "subtopic": SUBTOPIC, "questions": [value]}
    assert valued(head).problems
    assert valued({**head, "questions": value}).problems or value == []
