"""What other programs read has a schema each in `schemas/`; what is printed fits it, and so do README's examples."""

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run
from jsonschema import Draft202012Validator
from reports import sample

from mlquiz.core.question import KINDS
from mlquiz.reports.data import report_json

README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMAS = {
    path.stem: Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
    for path in (Path(__file__).parent / "schemas").glob("*.json")
}
FLAGS = {
    "due": ["due", "--json"],
    "ready": ["ready", "--json"],
    "plan": ["plan", "--json"],
    "mock": ["mock", "--card", "--format", "json"],
    "report": ["report", "--format", "json"],
    "doctor": ["doctor", "--json"],
}
"""The commands that print one object."""


def fits(name: str, value: Any) -> None:
    SCHEMAS[name].validate(value)


def objects(validator: Draft202012Validator) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes."""
    waiting = [validator.schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_lets_no_field_pass_that_it_does_not_name(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name].schema)
    for part in objects(SCHEMAS[name]):
        assert part["additionalProperties"] is not True
        assert (part["additionalProperties"] is False) == ({"properties", "required"} <= set(part))


def lines(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    for message in found:
        fits("lines", message)
    return found


def test_a_session_of_every_kind_speaks_by_the_schema(mlquiz: Run) -> None:
    types: set[str] = set()
    for kind in KINDS:
        question = lines(mlquiz("quiz", "--kind", kind, "-n", "1", "--jsonl", "--seed", "3").stdout)[1]
        said = [{"dont_know": True}, {"text": "x"} if kind == "open" else {"nothing": 1}]
        stdin = "".join(json.dumps({"type": "answer", "id": question["id"], "answer": one}) + "\n" for one in said)
        done = mlquiz("quiz", "--id", question["id"], "--jsonl", stdin=stdin)
        types |= {message["type"] for message in lines(done.stdout)}
    assert types == {"hello", "question", "verdict", "rubric", "error", "summary"}


def test_a_message_is_one_line_to_whoever_ends_lines_at_more_than_a_newline(mlquiz: Run) -> None:
    """As Python's `splitlines` does, at U+2028 among others; an error quotes what it was sent."""
    ends = "a\u2028b\u2029c\u0085d\x0ce"
    sent = f'{{"type": "{ends}"}}\n' + json.dumps({"type": ends, "id": ends}, ensure_ascii=False) + "\n"
    done = mlquiz("quiz", "--kind", "single", "-n", "1", "--jsonl", stdin=sent)
    assert [message["type"] for message in lines(done.stdout)] == ["hello", "question", "error", "error", "summary"]


def test_what_is_printed_fits_its_schema_before_and_after_answers(mlquiz: Run) -> None:
    for id_ in (None, "defect-classifier-gap", "exited-137"):
        if id_:
            question = lines(mlquiz("quiz", "--id", id_, "--jsonl").stdout)[1]
            answer = {"type": "answer", "id": question["id"], "answer": {"dont_know": True}, "confidence": "unsure"}
            mlquiz("quiz", "--id", id_, "--jsonl", stdin=json.dumps(answer) + "\n")
        for name, args in FLAGS.items():
            if name != "mock":  # tests/test_mock.py holds one
                fits(name, json.loads(mlquiz(*args).stdout))


def test_a_full_report_fits_its_schema_and_fills_every_list() -> None:
    found = json.loads(report_json(sample.report()))
    fits("report", found)
    assert [name for name, value in found.items() if value == []] == ["silent", "leeches"]
    assert len(found["load"]) == 14


# README


def examples() -> Iterator[tuple[str, Any]]:
    """(command, object) of every `$ mlquiz … json` with its output."""
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for command, output in re.findall(
            r"^\$ (?:[A-Z_]+=\S+ )?mlquiz (.*?)\n(\{\n.*?^\})", block, re.MULTILINE | re.DOTALL
        ):
            yield command, json.loads(output)


def test_readme_shows_every_json_object_and_each_fits_its_schema() -> None:
    found = dict(examples())
    shown = {command.split()[0] for command in found}
    assert shown == set(FLAGS)
    for command, value in found.items():
        assert set(FLAGS[command.split()[0]]) <= set(command.split())
        fits(command.split()[0], value)


def test_readme_shows_every_message_of_the_protocol_with_all_its_fields() -> None:
    """An example may cut texts and lists short; its fields are those of the schema."""
    sent = [json.loads(line) for line in re.findall(r"^<- (\{.*\})$", README, re.MULTILINE)]
    wanted = {part["properties"]["type"]["const"]: part for part in SCHEMAS["lines"].schema["oneOf"]}
    assert {message["type"] for message in sent} == set(wanted)
    for message in sent:
        schema = wanted[message["type"]]
        assert set(schema["required"]) <= set(message) <= set(schema["properties"]), message["type"]


def test_the_schemas_cover_every_command_that_prints_json(mlquiz: Run) -> None:
    commands = re.findall(r"^│? *([a-z]+) ", mlquiz("--help").stdout.split("Commands:")[1], re.MULTILINE)
    speaking = {name for name in commands if re.search(r"--json\b|\bjson\|", mlquiz(name, "--help").stdout)}
    assert speaking == set(FLAGS)
    assert set(SCHEMAS) == set(chain(FLAGS, ["lines"]))
