"""A day's questions by the plan: what fades and what is new until the final phase, then what is worth most."""

from collections import Counter
from random import Random

import pytest

from mlquiz.core.ability import ability
from mlquiz.core.agenda import Item, Learner, Pool, agenda
from mlquiz.core.memory import Memory, recall
from mlquiz.core.plan import Plan
from mlquiz.core.selection import Bounds, Candidate
from mlquiz.core.worth import Pace, of_seen

TOPICS = {"ml.a": 0.5, "dl.b": 0.5}
DAY, INTERVIEW = 100, 130
EARLY, LATE = Plan(start=DAY, interview=INTERVIEW), Plan(start=DAY - 100, interview=INTERVIEW)
NO_DATE = Plan()


def item(name: str, topic: str = "ml.a", seconds: int = 60, kind: str = "single") -> Item:
    return Item(f"{topic}.{name}", topic, kind, 3, seconds)


def learner(drift: float = 0.0, paces: dict[str, Pace] | None = None, **shares: float) -> Learner:
    of_topic = {topic: shares.get(topic.replace(".", "_"), 0.01) for topic in TOPICS}
    return Learner(ability([], TOPICS), drift, paces or {}, TOPICS, of_topic)


def asked(
    pool: Pool, plan: Plan, who: Learner | None = None, new: int = 5, seconds: int | None = None
) -> list[Candidate]:
    return agenda(pool, who or learner(), plan, DAY, new, Bounds(None, seconds), Random(1).random)


FRESH, FADING, FADED = Memory(50.0, 5, DAY - 1), Memory(20.0, 5, DAY - 40), Memory(2.0, 5, DAY - 60)
POOL = Pool(
    [item("missed")], [(item("fresh"), FRESH), (item("fading", "dl.b"), FADING), (item("faded"), FADED)],
    [item("new", "dl.b")], [item("revised")], Counter(),
)  # fmt: skip


def reasons(rows: list[Candidate]) -> dict[str, str]:
    return {row.id.rpartition(".")[2]: row.reason for row in rows}


def test_without_a_date_what_was_missed_comes_first_then_revised_and_due_then_new_and_each_says_so() -> None:
    rows = asked(POOL, NO_DATE)
    assert list(reasons(rows).items()) == [
        ("missed", "missed"), ("revised", "revised"), ("fading", "due"), ("faded", "due"), ("new", "new"),
    ]  # fmt: skip
    assert {row.id: row.recall for row in rows if row.reason == "due"} == pytest.approx(
        {"dl.b.fading": recall(FADING, DAY), "ml.a.faded": recall(FADED, DAY)}, abs=1e-6
    )
    assert all(row.points is None for row in rows)


def test_before_the_final_phase_what_still_stands_above_75_percent_is_left_alone() -> None:
    assert recall(FADING, DAY) > 0.75 > recall(FADED, DAY)
    assert "fading" not in reasons(asked(POOL, EARLY))
    assert "faded" in reasons(asked(POOL, EARLY))


def test_in_the_final_phase_everything_is_ranked_by_points_for_its_time() -> None:
    rows = asked(POOL, LATE)[1:]
    assert {row.reason for row in rows} == {"worth most"}
    assert {row.id.rpartition(".")[2] for row in rows} == {"fresh", "fading", "faded", "new", "revised"}
    faded = next(row for row in rows if row.id.endswith("faded"))
    worth = of_seen(FADED, 0.0, DAY, INTERVIEW, 60, Pace())
    assert faded.points == pytest.approx(100 * 0.01 * worth.gain)
    assert faded.seconds == round(worth.seconds)
    few = asked(POOL, LATE, seconds=100)
    assert sum(row.seconds for row in few[:-1]) <= 100


def test_a_weightier_topic_moves_up_and_one_of_no_weight_is_not_asked() -> None:
    twice = asked(POOL, LATE, learner(dl_b=0.02))
    once = asked(POOL, LATE)
    place = [[row.id for row in rows].index("dl.b.fading") for rows in (twice, once)]
    assert place[0] <= place[1]
    assert not {row.topic for row in asked(POOL, LATE, learner(dl_b=0.0))} & {"dl.b"}


def test_time_is_what_this_learner_takes_for_this_kind() -> None:
    slow = learner(paces={"code": Pace(2.0, 2.0, 2.0, 2.0, 0.0)})
    pool = POOL._replace(missed=[], seen=[(item("faded", kind="code"), FADED)], unseen=[], revised=[])
    assert asked(pool, NO_DATE, slow)[0].seconds == 120
    assert asked(pool, NO_DATE)[0].seconds < 60


def test_a_learner_who_forgets_faster_than_the_curve_is_told_a_lower_chance() -> None:
    rows = {row.id: row for row in asked(POOL, NO_DATE, learner(drift=-1.0))}
    assert rows["ml.a.faded"].recall is not None
    assert rows["ml.a.faded"].recall < recall(FADED, DAY) - 0.1


def test_on_a_day_off_and_where_the_plan_says_how_many_the_final_phase_asks_no_more_new_ones() -> None:
    off = LATE._replace(days_off=tuple(range(7)))
    some = POOL._replace(unseen=[item(f"new{n}", "dl.b") for n in range(9)], revised=[])

    def new(plan: Plan, most: int) -> int:
        rows = agenda(some, learner(), plan, DAY, most, Bounds(), Random(1).random)
        return sum(row.recall is None and row.reason == "worth most" for row in rows)

    assert new(LATE, 0) == 9
    assert new(off, 0) == 0
    assert new(LATE._replace(new_per_day=2), 2) == 2
