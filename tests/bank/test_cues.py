"""Every figure of the bank as a whole catches the bank that it is for, and lets a fair one pass."""

from collections.abc import Sequence
from math import comb
from pathlib import Path
from random import Random

import msgspec
import pytest
from builders import question

from mlquiz.bank import classifier
from mlquiz.bank.coverage import coverage, held
from mlquiz.bank.cues import Asked, cues, improbable, marks
from mlquiz.bank.debts import with_debts
from mlquiz.bank.items import Item
from mlquiz.bank.likeness import ALIKE, alike, likenesses
from mlquiz.bank.schema import Proof
from mlquiz.bank.syllabus import Area as Field
from mlquiz.bank.syllabus import Skill, Subtopic, Syllabus, Topic
from mlquiz.core.figures import Cue
from mlquiz.core.parts import Option
from mlquiz.core.question import Multi, Question, Single
from mlquiz.reports.bank import stats_lines

WORDS = [
    "loss",
    "gradient",
    "batch",
    "layer",
    "weight",
    "bias",
    "split",
    "fold",
    "label",
    "metric",
    "recall",
    "margin",
    "kernel",
    "vector",
    "token",
    "cache",
    "shard",
    "queue",
    "model",
    "sample",
    "score",
    "curve",
    "noise",
    "ridge",
    "lasso",
    "depth",
    "leaf",
    "node",
    "prior",
    "mean",
]  # a list of words reads best as words


def item(question_: Question, verify: str | None = "assert True") -> Item:
    return Item(question_, Proof(verify=verify), [], f"{question_.topic}.yaml", (), 1)


def sentence(random: Random, size: int) -> str:
    return " ".join(WORDS[int(random.random() * len(WORDS))] for _ in range(size))


def single(n: int, options: Sequence[str], key: int, prompt: str = "", topic: str = "ml.trees") -> Item:
    """A single with these options; every reason is its own."""
    body = Single([
        Option(text, f"reason {n} of {place} {WORDS[(n + place) % 30]}", correct=place == key, misconception=str(place))
        for place, text in enumerate(options)
    ])  # fmt: skip
    made = question(name=f"q{n:03d}", topic=topic)
    return item(msgspec.structs.replace(made, body=body, prompt=prompt or sentence(Random(n), 25)))


def fair(n: int, size: int = 6) -> Item:
    random = Random(1000 + n)
    return single(n, [sentence(random, size + int(3 * random.random())) for _ in range(4)], int(4 * random.random()))


def multi(n: int, true: int) -> Item:
    random = Random(2000 + n)
    texts = [sentence(random, 5 + int(4 * random.random())) for _ in range(5)]
    places = sorted(range(5), key=lambda _: random.random())[:true]
    body = Multi([Option(text, "w", correct=place in places) for place, text in enumerate(texts)])
    return item(msgspec.structs.replace(question("multi", f"m{n}"), body=body, prompt=sentence(random, 30)))


def found(items: Sequence[Item]) -> dict[str, Cue]:
    return {cue.name: cue for cue in cues(items, classifier.found)}


FAIR = [fair(n) for n in range(120)] + [multi(n, 2 + n % 3) for n in range(40)]


def test_a_fair_bank_passes_every_figure() -> None:
    assert {name: cue.figure for name, cue in found(FAIR).items() if not cue.holds} == {}


def gamed(change: object) -> list[Item]:
    return [change(n) for n in range(60)]  # type: ignore[operator]


def longest(n: int) -> Item:
    random = Random(n)
    return single(n, [sentence(random, 9), *(sentence(random, 5) for _ in range(3))], 0)


def shortest(n: int) -> Item:
    random = Random(n)
    return single(n, [sentence(random, 4), *(sentence(random, 8) for _ in range(3))], 0)


def overlapping(n: int) -> Item:
    random = Random(n)
    prompt = sentence(random, 25)
    key = " ".join(prompt.split()[:6])
    return single(n, [key, *("zinc opal ruby jade onyx pearl",) * 2, "amber coral topaz agate beryl ivory"], 0, prompt)


def surfaced(n: int) -> Item:
    """Keys of a style of their own: digits and a comma."""
    random = Random(n)
    key = f"{sentence(random, 5)}, 9 of 12"
    return single(n, [key, *(sentence(random, 7) for _ in range(3))], 0)


def absolute(n: int) -> Item:
    random = Random(n)
    wrong = [f"always {sentence(random, 5)}" for _ in range(3)]
    return single(n, [sentence(random, 6), *wrong], 0)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (longest, "longest option"), (longest, "longest option, ml.trees"), (shortest, "shortest option"),
        (longest, "key over 1.25 × the longest distractor"), (overlapping, "stem overlap"), (surfaced, "surface cues"),
        (absolute, "absolute words, keys less distractors"),
    ],
)  # fmt: skip
def test_a_gamed_bank_is_caught(change: object, name: str) -> None:
    cue = found(gamed(change))[name]
    assert not cue.holds, cue.figure
    assert cue.worst or "absolute" in name


def test_always_the_shortest_is_as_bad_as_never() -> None:
    never = [
        single(n, [sentence(Random(n), 9), *(sentence(Random(n + k), 5) for k in (1, 2, 3))], 0) for n in range(60)
    ]
    assert not found(never)["shortest option"].holds


def test_stems_that_ask_for_what_is_not_so_are_few_and_shout() -> None:
    asked = "Which of these does not lower the variance of the estimate?"
    quiet = [fair(n) for n in range(119)] + [single(400, ["a b", "c d", "e f", "g h"], 1, asked)]
    assert not found(quiet)["negative stems"].holds
    loud = [fair(n) for n in range(119)] + [single(400, ["a b", "c d", "e f", "g h"], 1, asked.replace("not", "NOT"))]
    assert found(loud)["negative stems"].holds
    many = [single(n, ["a b", "c d", "e f", "g h"], n % 4, asked.replace("not", "NOT")) for n in range(20)]
    assert not found(many)["negative stems"].holds


def test_a_multi_in_which_four_are_true_is_half_won_by_ticking_all() -> None:
    assert not found([multi(n, 4) for n in range(30)])["multi, ticked without reading"].holds


@pytest.mark.parametrize("true", [2, 3, 4])
@pytest.mark.parametrize("ticked", [1, 2, 3, 4, 5])
def test_marks_of_ticking_at_random_counted_over_all_ways(true: int, ticked: int) -> None:
    from itertools import combinations

    scores = []
    for chosen in combinations(range(5), ticked):
        wrong = sum((place in chosen) != (place < true) for place in range(5))
        scores.append(1.0 if wrong == 0 else 0.5 if wrong == 1 else 0.0)
    assert marks(true, 5, ticked) == pytest.approx(sum(scores) / len(scores))


def test_what_is_improbable_is_counted_exactly() -> None:
    assert improbable(60, 120, 0.25)
    assert not improbable(33, 120, 0.25)
    both = 0.75**20 + sum(comb(20, k) * 0.25**k * 0.75 ** (20 - k) for k in range(10, 21))
    assert improbable(0, 20, 0.25) == (both < 0.01)
    tail = sum(comb(10, k) * 0.02**k * 0.98 ** (10 - k) for k in range(2, 11))
    assert improbable(2, 10, 0.02, upper=True) == (tail < 0.01)
    assert not improbable(0, 0, 0.25)


def test_claims_that_are_not_run_are_counted() -> None:
    bare = [item(fair(n).question, verify=None) for n in range(10)]
    assert not found(bare)["claims shown by running them"].holds
    assert found([*bare[:6], *FAIR[:2]])["claims shown by running them"].holds


def test_what_stands_twice_is_found_and_what_is_about_the_same_thing_is_not() -> None:
    text = "A model of churn is trained on ninety days of clicks and scored once a week on every customer of the shop."
    again = text.replace("ninety", "sixty").replace("once a week", "twice a week")
    other = "A model of churn is scored every night; its labels arrive after ninety days, and clicks are sampled."
    pairs = alike({"a": text, "b": again, "c": other})
    assert [(one, two) for one, two, _ in pairs] == [("a", "b")]
    assert pairs[0][2] >= ALIKE
    twice = [
        single(n, ["aa bb", "cc dd", "ee ff", "gg hh"], 0, prompt) for n, prompt in enumerate([text, again, other])
    ]
    figures = {cue.name: cue for cue in likenesses(twice)}
    assert figures["near-duplicates"].figure == "1"
    assert "ml.trees.q000 ~ ml.trees.q001" in figures["near-duplicates"].worst[0]


def test_a_reason_used_for_two_questions_is_found() -> None:
    why = "Shuffling puts months of one customer on both sides of the split, so the score stays inflated."

    def with_reason(n: int) -> Item:
        row = fair(n)
        assert isinstance(row.question.body, Single)
        options = [msgspec.structs.replace(row.question.body.options[0], why=why), *row.question.body.options[1:]]
        return item(msgspec.structs.replace(row.question, body=Single(options)))

    figures = {cue.name: cue for cue in likenesses([with_reason(1), with_reason(2), fair(3)])}
    assert figures["reasons that repeat each other"].figure == "1"


# coverage


def syllabus(complete: bool, kinds: dict[str, int]) -> Syllabus:
    topic = Topic("ml.trees", "Trees", [Subtopic("sub", "Sub", 10)], 10, complete=complete, kinds=kinds)
    return Syllabus(1, [Field("ml", "ML", [topic])], [Skill("evaluation", "Evaluation")])


def bank(**kinds: int) -> list[Item]:
    rows = []
    for kind, n in kinds.items():
        for place in range(n):
            made = question(kind, f"{kind}{place}")  # type: ignore[arg-type]
            level = ("screen", "onsite", "senior")[place % 3]
            rows.append(item(msgspec.structs.replace(made, subtopic="sub", level=level)))
    return rows


def figures(items: list[Item], syllabus_: Syllabus, blind: Path) -> dict[str, Cue]:
    return {cue.name: cue for cue in coverage(items, syllabus_, blind)}


def test_a_complete_topic_is_held_to_its_plan_and_another_is_not(tmp_path: Path) -> None:
    kinds = {"single": 6, "numeric": 2, "code": 2}
    short = bank(single=9)
    ledger = tmp_path / "blind.csv"
    assert "plan of ml.trees" not in figures(short, syllabus(False, kinds), ledger)
    plan = figures(short, syllabus(True, kinds), ledger)["plan of ml.trees"]
    assert not plan.holds
    assert plan.worst == (
        "9 questions of 10", "single: 100% of the questions, 60% planned", "numeric: 0% of the questions, 20% planned",
        "code: 0% of the questions, 20% planned",
    )  # fmt: skip
    whole = bank(single=6, numeric=2, code=1, sql=1)
    assert figures(whole, syllabus(True, kinds), ledger)["plan of ml.trees"].holds
    assert not figures(whole, syllabus(True, kinds), ledger)["answered blind"].holds


def test_skills_are_wanted_in_kinds_and_levels_once_all_is_complete(tmp_path: Path) -> None:
    one_kind = bank(single=8)
    assert figures(one_kind, syllabus(False, {}), tmp_path)["skills covered"].holds
    assert figures(one_kind, syllabus(True, {}), tmp_path)["skills covered"].worst == ("evaluation",)
    assert figures(bank(single=6, numeric=2), syllabus(True, {}), tmp_path)["skills covered"].holds


def test_two_blind_answers_count_and_those_of_earlier_words_do_not(tmp_path: Path) -> None:
    ledger = tmp_path / "blind.csv"
    rows = bank(single=2)
    one, two = (row.question.id for row in rows)
    ledger.write_text(
        "id,revision,reader,answer,agreed,flaw\n"
        f"{one},r1,a,x,yes,\n{one},r1,b,x,yes,\n{two},r1,a,x,yes,\n{two},r0,b,x,yes,\n{two},r1,c,x,no,\n"
    )
    read = figures(rows, syllabus(True, {}), ledger)["answered blind"]
    assert (read.holds, read.figure, read.worst) == (False, "1 of 2 by 2 readers", (two,))
    assert figures(rows[:1], syllabus(True, {}), ledger)["answered blind"].holds


def test_the_table_has_a_row_a_topic_and_every_figure() -> None:
    lines = list(stats_lines(held(bank(single=3, sql=1), syllabus(False, {})), [Cue("a", "1", "2", False, ("x",))]))
    assert lines[1].split()[:2] == ["ml.trees", "4/10"]
    assert lines[1].split()[2:] == ["3", "·", "·", "·", "·", "·", "1", "·", "2", "1", "1"]
    assert lines[-2:] == ["✗ fails  a: 1 (should be 2)", "           x"]


def test_without_the_model_its_figure_is_said_not_to_have_run_and_fails_nothing() -> None:
    figure = {cue.name: cue for cue in cues(gamed(surfaced), lambda _: None)}["surface cues"]
    assert figure.holds
    assert "not run here" in figure.figure


def test_the_model_says_how_often_it_finds_each_key_and_of_no_questions_nothing() -> None:
    rows = [Asked(f"q{n}", "t", "p", [Option(f"o{k}", "w", correct=k == n % 4) for k in range(4)]) for n in range(12)]
    hits = classifier.found(rows)
    assert hits is not None
    assert len(hits) == 12
    assert all(0 <= hit <= 1 for hit in hits)
    assert classifier.found([]) == []


def test_a_figure_that_is_owed_is_put_up_with_until_it_gets_worse(tmp_path: Path) -> None:
    debts = tmp_path / "debts.csv"
    debts.write_text("name,at_most\nlongest option,0.9\nsurface cues,0.5\n")
    rows = [Cue("longest option", "95%", "30%", False, (), 0.95), Cue("surface cues", "45%", "30%", False, (), 0.45),
            Cue("near-duplicates", "1", "none", False)]  # fmt: skip
    assert [cue.put_up_with for cue in with_debts(rows, debts)] == [False, True, False]
    assert [cue.put_up_with for cue in with_debts(rows, tmp_path / "none.csv")] == [False, False, False]
    assert list(stats_lines(held([], syllabus(False, {})), list(with_debts(rows, debts))))[-2].startswith(
        "○ owed   surface"
    )
