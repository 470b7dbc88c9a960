"""A mock interview is drawn as an interviewer would mix it, and measured against a prepared candidate."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.agenda import Item
from mlquiz.core.card import Given, Mock, Slot, card
from mlquiz.core.mock import LONG_SHARE, PREPARED, STAGES, Drawn, drawn, yardstick

TOPICS = ["dl.a", "ml.b", "ml.c", "prog.d", "sys.e"]
WEIGHTS = dict.fromkeys(TOPICS, 0.2)
LENGTHS = {"single": 90, "multi": 140, "short": 50, "numeric": 150, "code": 900, "sql": 700, "open": 900, "order": 150}
BANK = [
    Item(f"{TOPICS[n % 5]}.q{n:03d}", TOPICS[n % 5], kind, 1 + n % 5, LENGTHS[kind])
    for n, kind in enumerate(list(LENGTHS) * 15)
]


def interview(minutes: int, seed: int, bank: list[Item] = BANK, weights: dict[str, float] = WEIGHTS) -> list[Drawn]:
    return drawn(bank, weights, 60 * minutes, Random(seed).random)


@given(st.integers(5, 240), st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_it_fits_its_time_asks_nothing_twice_and_keeps_the_order_of_its_parts(minutes: int, seed: int) -> None:
    rows = interview(minutes, seed)
    assert sum(row.item.seconds for row in rows) <= 60 * minutes
    assert len({row.item.id for row in rows}) == len(rows)
    places = [STAGES.index(row.stage) for row in rows]
    assert places == sorted(places)
    assert all(row.item.seconds <= LONG_SHARE * 60 * minutes for row in rows if row.stage in ("code", "design"))


def test_three_quarters_of_an_hour_have_a_warm_up_depth_numbers_code_and_a_design() -> None:
    for seed in range(20):
        stages = Counter(row.stage for row in interview(45, seed))
        assert stages["warm-up"] == 2
        assert stages["number"] == 3
        assert stages["code"] == stages["design"] == 1
        assert all(row.item.difficulty <= 2 for row in interview(45, seed) if row.stage == "warm-up")


def test_a_short_one_has_no_code_and_no_design_and_uses_its_time() -> None:
    rows = interview(15, 3)
    assert not {"code", "design"} & {row.stage for row in rows}
    assert sum(row.item.seconds for row in rows) > 0.9 * 900


def test_topics_come_by_weight_and_those_of_none_only_where_nothing_else_is_left() -> None:
    weights = {"dl.a": 0.6, "ml.b": 0.2, "ml.c": 0.2, "prog.d": 0.0, "sys.e": 0.0}
    met = Counter(row.item.topic for seed in range(60) for row in interview(20, seed, weights=weights))
    assert met["dl.a"] > 1.5 * max(met["ml.b"], met["ml.c"])
    assert met["prog.d"] + met["sys.e"] == 0
    assert interview(20, 1, [item for item in BANK if item.topic == "sys.e"], weights)


def test_only_hard_questions_warm_up_with_the_easiest_of_them() -> None:
    hard = [item for item in BANK if item.difficulty >= 4]
    warm = [row.item for row in interview(45, 1, hard) if row.stage == "warm-up"]
    assert {item.difficulty for item in warm} == {4}


def test_where_nothing_is_short_enough_nothing_is_drawn() -> None:
    assert interview(5, 1, [item for item in BANK if item.kind == "code"]) == []


def test_the_bands_begin_where_prepared_candidates_stand() -> None:
    yard = yardstick([(1, 60, "order"), (3, 120, "code"), (5, 60, "open")])
    assert yard.points == pytest.approx(100 * (0.9 * 60 + 0.6 * 120 + 0.25 * 60) / 240)
    steps = [yard.points - yard.spread - 0.1, yard.points - 0.1, yard.points, yard.points + yard.spread]
    assert [yard.band(points) for points in steps] == ["below", "borderline", "hire", "strong hire"]
    assert yardstick([(1, 60, "short")] * 40).band(95.0) == "strong hire"  # 95 are always enough
    assert yardstick([]) == (0.0, 0.0)
    assert yardstick([(3, 60, "single")]).points == pytest.approx(70)  # what is not known is guessed at times


def test_half_of_prepared_candidates_are_hired() -> None:
    """By simulation: what the bands promise of those who know each question with the chance its difficulty means."""
    random = Random(3)
    found: Counter[str] = Counter()
    for seed in range(40):
        rows = [row.item for row in interview(45, seed)]
        yard = yardstick([(item.difficulty, item.seconds, item.kind) for item in rows])
        whole = sum(item.seconds for item in rows)
        for _ in range(50):
            knows = sum(
                item.seconds
                for item in rows
                if random.random() < PREPARED[item.difficulty] or (item.kind == "single" and random.random() < 0.25)
            )
            found[yard.band(100 * knows / whole)] += 1
    share = {band: n / 2000 for band, n in found.items()}
    assert 0.4 < share["hire"] + share["strong hire"] < 0.62
    assert 0.08 < share["below"] < 0.25


SLOTS = [
    Slot("ml.b.one", 1, "warm-up", "ml.b", 2, 60, 0.7), Slot("ml.c.two", 2, "depth", "ml.c", 3, 120, 0.5),
    Slot("sys.e.three", 3, "design", "sys.e", 3, 420, 0.4),
]  # fmt: skip


def test_a_card_weighs_scores_by_seconds_and_counts_what_was_not_reached_as_nothing() -> None:
    mock = Mock(600, SLOTS, (50.0, 30.0, 70.0))
    came = {"ml.b.one": Given(1.0, True, 40.0), "ml.c.two": Given(0.5, False, None)}
    found = card("m", 9, mock, 650.0, 1, came, lambda id_: id_.upper(), "mlquiz")
    assert found.points == pytest.approx(100 * (60 + 0.5 * 120) / 600)
    assert [line.score for line in found.lines] == [1.0, 0.5, None]
    assert [(part.id, part.n, part.answered) for part in found.stages] == [
        ("warm-up", 1, 1), ("depth", 1, 1), ("design", 1, 0),
    ]  # fmt: skip
    assert {part.id: round(part.points) for part in found.areas} == {"ml": 67, "sys": 0}
    assert [part.title for part in found.topics] == ["ML.B", "ML.C", "SYS.E"]
    assert found.drill == "mlquiz quiz --topic sys.e"
    assert (found.expected, found.low, found.high, found.pauses) == (50.0, 30.0, 70.0, 1)
    perfect = card("m", 9, mock, 1.0, 0, {slot.id: Given(1.0, True, 1.0) for slot in SLOTS}, str, "mlquiz")
    assert (perfect.points, perfect.drill) == (100.0, "")
