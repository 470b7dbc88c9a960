"""Runs a learner's SELECT in the child, on a database in memory for each case. mlquiz itself never imports it.

SQLite's own authorizer says what a statement would do before it does it, so nothing hangs on how it is written.
"""

from __future__ import annotations

import os
import sqlite3
import time

from mlquiz.sandbox.fences import fence, limits
from mlquiz.sandbox.harness import HUNGRY, opened
from mlquiz.sandbox.values import SHOWN, differs, shown

TYPE_CHECKING = False  # importing it from typing would cost the child a quarter of its start
if TYPE_CHECKING:
    from typing import Any

TOLERANCE = 1e-9
STEPS = 1_000
"""Instructions of SQLite between two looks at the clock."""
MORE = 1_000
"""Rows beyond those expected that are counted before saying "more than"."""
SCHEMA_TABLES = {"sqlite_master", "sqlite_temp_master", "sqlite_schema", "sqlite_temp_schema"}
READS = {"SQLITE_SELECT", "SQLITE_READ", "SQLITE_FUNCTION", "SQLITE_RECURSIVE"}
ACTIONS = {
    getattr(sqlite3, name): name
    for name in dir(sqlite3)
    if name.startswith("SQLITE_") and name.split("_")[1] in
    {"SELECT", "READ", "FUNCTION", "RECURSIVE", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "ATTACH",
     "DETACH", "PRAGMA", "TRANSACTION", "SAVEPOINT", "REINDEX", "ANALYZE"}
}  # fmt: skip
"""What SQLite may ask about, by its number; an action that is not here is refused as well."""


class Refused(Exception):
    """The statement is not one that reads; the message says why."""


def rows_of(db: sqlite3.Connection, statement: str, most: int, until: float) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(column names, at most `most` rows). Raises Refused, TimeoutError, sqlite3.Error."""
    asked: list[str] = []

    def allows(action: int, *about: str | None) -> int:
        name = ACTIONS.get(action, f"action {action}")
        if name in READS and not (name == "SQLITE_FUNCTION" and about[1] == "load_extension"):
            return sqlite3.SQLITE_OK
        what = about[0] or about[1] or ""
        does = f"{name.removeprefix('SQLITE_').replace('_', ' ')} {what}".strip()
        asked.append("change the tables" if what in SCHEMA_TABLES else does)
        return sqlite3.SQLITE_DENY

    db.set_authorizer(allows)
    db.set_progress_handler(lambda: int(time.monotonic() > until), STEPS)
    try:
        cursor = db.execute(statement)
        if cursor.description is None:
            raise Refused("holds no SELECT")
        return [column[0] for column in cursor.description], cursor.fetchmany(most)
    except (sqlite3.ProgrammingError, sqlite3.Warning, ValueError) as error:
        if "binding" in str(error):
            raise Refused("it holds a placeholder, and nothing stands for it") from None
        if "one statement" in str(error):
            raise Refused("it is more than one statement") from None
        raise Refused(str(error)) from None
    except sqlite3.DatabaseError as error:
        if asked:
            raise Refused(f"may only read, and this would do: {asked[0]}") from None
        if "interrupted" in str(error):
            raise TimeoutError from None
        raise
    finally:
        db.set_authorizer(None)
        db.set_progress_handler(None, 0)


def database(schema: str, data: dict[str, list[list[Any]]]) -> sqlite3.Connection:
    """A new one in memory, with the case's rows."""
    db = sqlite3.connect(":memory:")
    db.executescript(schema)
    for table, rows in data.items():
        for row in rows:
            db.execute(f'insert into "{table}" values ({", ".join("?" * len(row))})', row)
    db.commit()
    return db


def order(row: list[Any]) -> list[tuple[int, Any]]:
    """A key that sorts rows of mixed types, numbers as numbers and nulls first."""
    return [(0, 0) if v is None else (1, v) if isinstance(v, (int, float)) else (2, str(v)) for v in row]


def same(want: list[Any], got: list[Any]) -> bool:
    """Whether the rows are equal but for rounding."""
    return len(want) == len(got) and not any(
        differs(a, b, TOLERANCE * max(1.0, abs(a)) if isinstance(a, (int, float)) else 0.0)
        for a, b in zip(want, got, strict=True)
    )


def matched(want: list[list[Any]], got: list[list[Any]]) -> tuple[list[list[Any]], list[list[Any]]]:
    """What is left of both when each row wanted has taken one that is the same, in any order."""
    left, missing = sorted(got, key=order), []
    for row in sorted(want, key=order):
        place = next((n for n, other in enumerate(left) if same(row, other)), None)
        if place is None:
            missing.append(row)
        else:
            left.pop(place)
    return missing, left


def compared(case: dict[str, Any], columns: list[str], got: list[tuple[Any, ...]], ordered: bool) -> str:
    """How the rows differ from those expected, in words; empty where they do not."""
    want = [list(row) for row in case["expect"]]
    names = case.get("columns")
    if names and [name.lower() for name in names] != [name.lower() for name in columns]:
        return f"expected the columns {', '.join(names)}, got {', '.join(columns)}"
    if want and len(want[0]) != len(columns):
        return f"expected {len(want[0])} columns, got {len(columns)}: {', '.join(columns)}"[:SHOWN]
    if len(got) != len(want):
        many = f"more than {len(got) - 1}" if len(got) > len(want) + MORE else str(len(got))
        return f"expected {len(want)} rows, got {many}: {shown(got)}"
    have = [list(row) for row in got]
    missing, strange = matched(want, have)
    if missing:
        return f"expected the row {shown(tuple(missing[0]))}, got {shown(tuple(strange[0]))}"
    for n, (a, b) in enumerate(zip(want, have, strict=True), 1):
        if ordered and not same(a, b):
            return f"has the right rows in another order: row {n} should be {shown(tuple(a))}"
    return ""


def judged(task: dict[str, Any], case: dict[str, Any]) -> tuple[str, str]:
    """(outcome, note) of one case."""
    try:
        db = database(task["schema"], case["data"])
    except (sqlite3.Error, OverflowError, ValueError) as error:
        return "raised", f"the tables of this case cannot be made: {error}"[:SHOWN]
    allowed = float(case.get("limit_seconds") or task["seconds"])
    try:
        columns, got = rows_of(db, task["source"], len(case["expect"]) + MORE + 1, time.monotonic() + allowed)
    except Refused as refusal:
        return "raised", f"is refused: {refusal}"
    except TimeoutError:
        return "timed out", f"ran longer than {allowed:g} s"
    except MemoryError:
        return "out of memory", HUNGRY
    except sqlite3.Error as error:
        return "raised", f"{type(error).__name__}: {error}"[:SHOWN]
    finally:
        db.close()
    note = compared(case, columns, got, task["ordered"])
    return ("failed", note) if note else ("passed", "")


def begin(job: str, results: str) -> None:
    """All there is to do in the child, which ends here."""
    task, say = opened(job, results)
    limits(task["most"], task["megabytes"])
    fence(os.getcwd())
    for case in task["tests"]:
        say(begins=case["name"])
        start = time.perf_counter()
        outcome, note = judged(task, case)
        say(name=case["name"], outcome=outcome, note=note, line=None, seconds=round(time.perf_counter() - start, 4))
        if (outcome != "passed" and task["first"]) or (outcome == "timed out" and not case.get("limit_seconds")):
            break
    say(done=True)
    os._exit(0)
