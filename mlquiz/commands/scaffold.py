"""`mlquiz bank new`: a question's scaffold in its file. `bank check` refuses it until every TODO is gone."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from mlquiz.bank.catalogue import Row
from mlquiz.bank.syllabus import Syllabus, Topic
from mlquiz.commands.banks import own
from mlquiz.commands.desk import open_catalogue, typed
from mlquiz.core.question import KINDS
from mlquiz.errors import Exit, MlquizError, UsageError
from mlquiz.world import World

SCHEMA = "schema.json"
HEAD = """\
format: 1
topic: {topic}
subtopic: {subtopic}
questions:
"""
COMMON = """\
  - id: {id}
    kind: {kind}
    skills: [{skill}]          # the first counts most; `mlquiz bank list` shows more
    level: onsite              # screen, onsite or senior
    difficulty: 3              # 1..5: about 90, 75, 60, 40, 25 % know it
    seconds: 90
    prompt: |
      TODO A situation, a number or a piece of code, and what is asked.
{body}    explanation: |
      TODO In 25 to 120 words, what decides the question and what to remember.
"""
_OPTION = """\
      - text: TODO {n}
        {mark}
        why: TODO at least twelve words on the fact that decides this option
"""


def _options(right: int, count: int) -> str:
    marks = [
        "correct: true" if n < right else "misconception: TODO the belief that makes it tempting" for n in range(count)
    ]
    return "    options:\n" + "".join(_OPTION.format(n=n + 1, mark=mark) for n, mark in enumerate(marks))


BODIES = {
    "single": _options(1, 4),
    "multi": _options(3, 5),
    "numeric": """\
    params:
      n: {choice: [10, 20, 40, 80]}
      k: {int: [2, 8], step: 2}
    answer: "n / k"
    unit: TODO
    tolerance: {rel: 0.01}
    mistakes:
      - {expr: "n * k", why: TODO}
      - {expr: "k / n", why: TODO twice}
      - {expr: "n - k", why: TODO three times}
    proof:
      check: |
        result = n / k         # TODO by another route than the formula
""",
    "order": """\
    steps:
      zeta: TODO first
      beta: TODO second
      gamma: TODO third
      alpha: TODO fourth
      delta: TODO fifth
    before:
      - [zeta, beta]
      - [beta, gamma]
      - [gamma, alpha]
      - [alpha, delta]
    proof:
      wrong:
        - {order: [beta, zeta, gamma, alpha, delta], why: TODO}
""",
    "short": """\
    accept: [TODO]
    reject:
      - {text: TODO one, why: TODO}
      - {text: TODO two, why: TODO}
      - {text: TODO three, why: TODO}
      - {text: TODO four, why: TODO}
""",
    "output": """\
    language: python
    program: |
      print("TODO")
    output: TODO
    mistakes:
      - {value: "TODO 1", why: TODO}
      - {value: "TODO 2", why: TODO}
""",
    "code": """\
    language: python
    starter: |
      def answer(values):
          ...
    reference: |
      def answer(values):
          return sum(values)         # TODO
    hints:
      - TODO a nudge
    tests:
      - {name: TODO one, call: "answer([1, 2])", expect: 3}
      - {name: TODO two, call: "answer([0.1, 0.2])", expect: 0.3, tol: 1.0e-9}
      - {name: TODO three, call: "answer(None)", raises: TypeError}
      - {name: TODO four, code: "values = [1]; answer(values); assert values == [1]"}
    proof:
      wrong:
        - why: TODO what people hand in
          code: |
            def answer(values):
                return len(values)
""",
    "sql": """\
    schema: |
      CREATE TABLE event(user_id INT, at INT);
    ordered: true
    reference: |
      SELECT user_id, count(*) FROM event GROUP BY user_id ORDER BY user_id
    hints:
      - TODO a nudge
    cases:
      - {name: TODO one, data: {event: [[1, 5], [1, 7]]}, expect: [[1, 2]]}
      - {name: TODO two, data: {event: []}, expect: []}
    proof:
      wrong:
        - why: TODO what people hand in
          code: SELECT user_id, 1 FROM event
""",
    "open": """\
    rubric:
      - {id: first, points: 2, text: TODO an atomic yes/no criterion}
      - {id: second, points: 2, text: TODO}
      - {id: third, points: 2, text: TODO}
      - {id: fourth, points: 2, text: TODO}
      - {id: fifth, points: 2, text: TODO}
    red_flags:
      - {id: flag, points: -2, text: TODO}
    model_answer: |
      TODO
    proof:
      weak: TODO an answer that has to score low
      weak_meets: [first, flag]
""",
}


def new(world: World, kind: str, question: str, subtopic: str | None) -> Exit:
    """Adds a scaffold to the file of its subtopic, in the first bank of one's own, else in the shipped one.

    Raises MlquizError or UsageError for an id that is taken or names no topic.
    """
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind; there are {', '.join(KINDS)}.")
    topic_id, _, slug = question.rpartition(".")
    if not topic_id or not slug.replace("-", "").isalnum() or not slug.isascii() or slug != slug.lower():
        raise UsageError(
            f"An id is <topic>.<slug> (small letters, digits and -), like ml.bias_variance.my-gap; {question!r} is not."
        )
    root = _root(world)
    with closing(open_catalogue(world)) as catalogue:
        syllabus, rows = catalogue.syllabus(), catalogue.rows()
    topic = syllabus.topics().get(topic_id) or syllabus.topic(topic_id)
    question = f"{topic.id}.{slug}"
    if any(row.id == question for row in rows):
        raise MlquizError(f"{question} exists already.")
    place = _subtopic(topic, subtopic)
    file = root / topic.id.replace(".", "/") / f"{place}.yaml"
    if file.exists() and f"id: {question}\n" in file.read_text(encoding="utf-8", errors="replace"):
        raise MlquizError(f"{question} stands already in {typed(file.resolve())}, though it is not finished.")
    head = _hint(root, file) + HEAD.format(topic=topic.id, subtopic=place)
    skill = _skill(rows, topic, syllabus)
    _write(file, head, COMMON.format(id=question, kind=kind, skill=skill, body=BODIES[kind]))
    print(_next(world, file.resolve(), slug), file=world.stdout)
    return Exit.OK


def _next(world: World, file: Path, slug: str) -> str:
    """Where the scaffold is, and the commands that take it from there to being asked."""
    bank = f" --bank {_shell(world.paths.banks[0].resolve())}" if world.paths.banks else ""
    return (
        f"Written to {typed(file)}. Mend its TODOs, then:\n"
        f"  mlquiz{bank} bank check {_shell(file)}\n"
        f"  mlquiz{bank} quiz --id {slug}"
    )


def _root(world: World) -> Path:
    """The bank to write into, made if it is one's own. Raises UsageError where only an installed one is named."""
    banks = own(world)
    if not banks:
        if not (world.paths.bank.parent / "pyproject.toml").exists():
            raise UsageError("--bank DIR names a folder for your own questions: mlquiz --bank ~/questions bank new …")
        return world.paths.bank
    try:
        banks[0].mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MlquizError(f"{banks[0]} cannot be made: {error}.") from None
    return banks[0]


def _skill(rows: Sequence[Row], topic: Topic, syllabus: Syllabus) -> str:
    """A skill to begin with: the one that most questions of the topic are about."""
    skills = Counter(row.skills[0] for row in rows if row.topic == topic.id)
    return skills.most_common(1)[0][0] if skills else syllabus.skills[0].id


def _subtopic(topic: Topic, said: str | None) -> str:
    ids = [subtopic.id for subtopic in topic.subtopics]
    if said is None:
        raise UsageError(f"--subtopic says which file it goes into; {topic.id} has {', '.join(ids)}.")
    found = [id_ for id_ in ids if id_ == said] or [id_ for id_ in ids if id_.startswith(said)]
    if len(found) != 1:
        raise UsageError(f"{topic.id} has no subtopic {said!r}; it has {', '.join(ids)}.")
    return found[0]


def _shell(path: Path) -> str:
    """The path as a shell takes it: a `~` in quotes would be none."""
    return f'"{path}"' if " " in str(path) else typed(path)


def _hint(root: Path, file: Path) -> str:
    """The line by which editors find the schema, where `bank schema` was kept in the bank."""
    up = "../" * len(file.parent.relative_to(root).parts)
    return f"# yaml-language-server: $schema={up}{SCHEMA}\n" if (root / SCHEMA).exists() else ""


def _write(file: Path, head: str, scaffold: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        start = "\n" if file.exists() else head
        with file.open("a", encoding="utf-8") as out:
            out.write(start + scaffold)
    except OSError as error:
        raise MlquizError(f"{file} cannot be written: {error}. --bank names a folder of your own.") from None
