"""One SELECT is judged by its rows, on fresh data for each case; whatever else a statement would do is refused."""

import os
import time
from typing import Any

import pytest

from mlquiz.sandbox.judge import Judged, judge_query

SCHEMA = "create table rides(id int, city text, fare real); create table cities(name text);"
CASES: list[dict[str, Any]] = [
    {
        "name": "two cities",
        "data": {"rides": [[1, "Oslo", 10], [2, "Bergen", 4.5], [3, "Oslo", 2]]},
        "expect": [["Bergen", 4.5], ["Oslo", 12]],
    },
    {"name": "none", "data": {"rides": []}, "expect": []},
    {"name": "no city", "data": {"rides": [[1, None, 1]]}, "expect": [[None, 1]]},
]
RIGHT = "select city, sum(fare) as total from rides group by city order by city"


def judged(source: str, cases: list[dict[str, Any]] = CASES, ordered: bool = True, **more: Any) -> Judged:
    return judge_query(source, SCHEMA, cases, ordered, **more)


def note(source: str, **more: Any) -> tuple[str, str]:
    """(outcome, note) of the first case."""
    first = judged(source, **more).results[0]
    return first.outcome, first.note


def test_a_right_query_passes_every_case() -> None:
    assert judged(RIGHT).passed
    assert judged(RIGHT + ";  -- by city\n").passed


def test_a_common_table_a_window_and_a_recursion_only_read() -> None:
    assert judged(f"with t as ({RIGHT}) select * from t").passed
    window = "select distinct city, sum(fare) over (partition by city) from rides order by city"
    assert judged(window).passed
    count = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 3) select i from n"
    assert judged(count, [{"name": "count", "data": {}, "expect": [[1], [2], [3]]}]).passed


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("select city, sum(fare) from rides group by city order by city desc",
         "has the right rows in another order: row 1 should be ('Bergen', 4.5)"),
        ("select city, count(*) from rides group by city order by city",
         "expected the row ('Bergen', 4.5), got ('Bergen', 1)"),
        ("select city from rides group by city order by city", "expected 2 columns, got 1: city"),
        ("select city, fare from rides order by city", "expected 2 rows, got 3: [('Bergen', 4.5), "),
        ("select city, sum(fare) from rides where 0 group by city", "expected 2 rows, got 0: []"),
    ],
)  # fmt: skip
def test_what_differs_is_told(source: str, told: str) -> None:
    outcome, text = note(source)
    assert outcome == "failed"
    assert text.startswith(told)


def test_where_no_order_is_asked_none_is_needed() -> None:
    assert judged("select city, sum(fare) from rides group by city order by city desc", ordered=False).passed
    doubled = "select 'Oslo', 12 from rides limit 2"
    assert note(doubled, ordered=False) == ("failed", "expected the row ('Bergen', 4.5), got ('Oslo', 12)")


def test_column_names_count_where_they_are_asked() -> None:
    cases = [{**CASES[0], "columns": ["city", "total"]}]
    assert judged(RIGHT, cases).passed
    assert note(RIGHT.replace("total", "s"), cases=cases) == ("failed", "expected the columns city, total, got city, s")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("insert into rides values (9, 'x', 1)", "may only read, and this would do: INSERT rides"),
        ("delete from rides", "may only read, and this would do: DELETE rides"),
        ("update rides set fare = 0", "may only read, and this would do: UPDATE rides"),
        ("create table t(a)", "may only read, and this would do: change the tables"),
        ("drop table rides", "may only read, and this would do: change the tables"),
        ("attach ':memory:' as other", "may only read, and this would do: ATTACH :memory:"),
        ("pragma table_info(rides)", "may only read, and this would do: PRAGMA table_info"),
        ("select load_extension('x')", "may only read, and this would do: FUNCTION load_extension"),
        ("with t as (select 1) delete from rides", "may only read, and this would do: DELETE rides"),
        ("select 1; select 2", "it is more than one statement"),
        ("select 1; drop table rides", "it is more than one statement"),
        ("", "holds no SELECT"),
        ("-- nothing", "holds no SELECT"),
    ],
)
def test_anything_but_one_reading_statement_is_refused_with_a_reason(source: str, told: str) -> None:
    assert note(source) == ("raised", f"is refused: {told}")


def test_a_mistake_in_the_statement_is_told_in_sqlites_words() -> None:
    assert note("select town from rides") == ("raised", "OperationalError: no such column: town")
    assert note("selec 1")[1].startswith('OperationalError: near "selec": syntax error')


def test_an_endless_query_is_stopped_and_the_rest_is_not_attempted() -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i), 1 from n"
    start = time.monotonic()
    results = judged(endless, seconds=0.3).results
    assert [result.outcome for result in results] == ["timed out", "not attempted", "not attempted"]
    assert results[0].note == "ran longer than 0.3 s"
    assert time.monotonic() - start < 5


def test_a_flood_of_rows_is_counted_no_further_than_needed() -> None:
    flood = "with recursive n(i) as (select 1 union all select i + 1 from n) select i, i from n"
    outcome, text = note(flood)
    assert (outcome, text[:33]) == ("failed", "expected 2 rows, got more than 10")


@pytest.mark.skipif(os.name != "posix", reason="a limit that Windows has not")
def test_a_huge_value_is_out_of_memory_or_too_big() -> None:
    outcome, text = note("select city, zeroblob(900000000) from rides", megabytes=300)
    assert outcome in {"out of memory", "raised"}
    assert text


def test_each_case_meets_its_own_data() -> None:
    cases = [{"name": str(n), "data": {"cities": [[str(n)]]}, "expect": [[str(n)]]} for n in range(3)]
    assert judged("select name from cities", cases).passed


def test_a_case_that_does_not_fit_its_tables_is_told() -> None:
    for data in ({"nothing": [[1]]}, {"rides": [[1]]}, {"rides": [[1, [2], 3]]}):
        (result,) = judge_query("select 1", SCHEMA, [{"name": "it", "data": data, "expect": [[1]]}], True).results
        assert result.outcome == "raised"
        assert result.note.startswith("the tables of this case cannot be made: ")


def test_rows_in_any_order_are_told_apart_by_what_is_more_than_rounding() -> None:
    source = "select 0.1 + 0.2 as x, 'a' as y union all select 0.3, 'b' union all select 35802467.6 + 1e-8, 'c'"
    right = {"name": "it", "data": {}, "expect": [[35802467.6, "c"], [0.3, "a"], [0.3, "b"]]}
    assert judge_query(source, SCHEMA, [right], False).passed
    wrong = {"name": "it", "data": {}, "expect": [[35802467.6, "c"], [0.3, "a"], [0.3, "a"]]}
    (result,) = judge_query(source, SCHEMA, [wrong], False).results
    assert (result.outcome, result.note) == ("failed", "expected the row (0.3, 'a'), got (0.3, 'b')")


@pytest.mark.parametrize("source", ["select 1 where 1 = ?", "select 1 where 1 = :x"])
def test_a_placeholder_is_no_second_statement(source: str) -> None:
    (result,) = judge_query(source, SCHEMA, [{"name": "it", "data": {}, "expect": [[1]]}], True).results
    assert (result.outcome, result.note) == ("raised", "is refused: it holds a placeholder, and nothing stands for it")


def test_a_character_that_sqlite_cannot_read_and_a_number_too_large_end_nothing() -> None:
    cases = [
        {"name": "nul", "data": {}, "expect": [[1]]},
        {"name": "huge", "data": {"cities": [[2**63]]}, "expect": []},
    ]
    results = judge_query("select 1\0", SCHEMA, cases, True).results
    assert [result.outcome for result in results] == ["raised", "raised"]
    assert results[1].note.startswith("the tables of this case cannot be made: ")
