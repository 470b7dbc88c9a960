"""The two fingerprints of a question: `revision` moves with all that is seen before answering, `key` with the grade.

Explanations, reasons, skills, level, seconds and proof are in neither, and nor is the order of options or steps:
mending a sentence must not cost a learner the memory of the question.
"""

from typing import assert_never

from mlquiz.core.question import Body, Code, Multi, Numeric, Open, Order, Output, Short, Single, Sql, fingerprint


def fingerprints(kind: str, prompt: str, body: Body) -> tuple[str, str]:
    """(revision, key), 12 hex digits each."""
    key = fingerprint(kind, *_decides(body))
    return fingerprint(key, prompt, *_shown(body)), key


def _decides(body: Body) -> tuple[object, ...]:
    """All of a body that decides the grade."""
    match body:
        case Single() | Multi():
            return (sorted((option.key, option.correct) for option in body.options),)
        case Numeric():
            return body.params, body.derived, body.answer, body.tolerance, body.unit
        case Order():
            return sorted(body.steps), sorted(body.before)
        case Short():
            return sorted(body.accept), sorted(wrong.text for wrong in body.reject)
        case Output():
            return (body.output,)
        case Code():
            return body.language, sorted(body.tests, key=lambda test: test.name)
        case Sql():
            return body.schema, sorted(body.cases, key=lambda case: case.name), body.ordered
        case Open():
            return (sorted((point.id, point.points) for point in [*body.rubric, *body.red_flags]),)
        case other:
            assert_never(other)


def _shown(body: Body) -> tuple[object, ...]:
    """All of a body that the learner sees before answering, but what the key holds already."""
    match body:
        case Single() | Multi():
            return (sorted(option.text for option in body.options),)
        case Order():
            return (body.steps,)
        case Output():
            return (body.program,)
        case Code():
            return body.starter, sorted(body.requires)
        case Numeric() | Short() | Sql() | Open():
            return ()
        case other:
            assert_never(other)
