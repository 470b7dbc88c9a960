"""What other programs read: one JSON object, documented, with a version."""

import json
from typing import TYPE_CHECKING, Any

from mlquiz.core.memory import Load
from mlquiz.world import day_name

if TYPE_CHECKING:
    from mlquiz.core.report import Report

VERSION = 1


def due_json(load: Load) -> str:
    topics = [{"topic": topic, "due": count} for topic, count in load.topics.items()]
    return _json({"version": VERSION, "due": load.due, "new": load.new, "topics": topics})


def report_json(report: "Report") -> str:
    """The whole report; days are ISO dates, scores and chances 0..1."""
    import msgspec

    return _json({"version": VERSION, **_dated(msgspec.to_builtins(report))})


def _dated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: day_name(inner) if name == "day" else _dated(inner) for name, inner in value.items()}
    return [_dated(inner) for inner in value] if isinstance(value, list) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
