"""Is each question right: every key recomputed, every program run, every order counted, every wrong answer tried.

The reader has made sure of the shape; what stands in `prose`, `gates` and `numeric` is what an author can still get
wrong. Programs are run and prompts rendered by functions that are handed in.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import NamedTuple

from mlquiz.bank.gates import gates, verified
from mlquiz.bank.items import Item
from mlquiz.bank.programs import Hands, NotRun
from mlquiz.bank.prose import prose
from mlquiz.bank.reader import dotted, told
from mlquiz.errors import Problem

EXPECTED = {"numpy", "scipy", "sklearn"}
"""Packages that a program of the bank may need and a machine may lack."""


class Checked(NamedTuple):
    """What is wrong, and what could not be run here (a package is missing)."""

    problems: list[Problem]
    not_run: list[Problem]


def check(
    items: list[Item], hands: Hands, render: Callable[[str], str], progress: Callable[[int, int], None]
) -> Checked:
    """All items, on all cores; problems in the order of the items."""
    problems: list[Problem] = []
    not_run: list[Problem] = []
    pool = ThreadPoolExecutor(cpu_count() or 1)
    try:
        results = pool.map(lambda item: _one(item, hands, render), items)
        for done, (wrong, skipped) in enumerate(results, start=1):
            problems += wrong
            not_run += skipped
            progress(done, len(items))
    finally:  # Ctrl-C waits neither for the rest of the bank nor for what runs just now
        pool.shutdown(wait=False, cancel_futures=True)
    return Checked(problems, not_run)


def located(item: Item, field: str, message: str) -> Problem:
    """A problem of a question, at its place."""
    where = f"{dotted(item.path)}{'.' + field if field else ''}"
    return Problem(item.file, item.line, where, told(f"{item.question.id}: {message}"))


def _one(item: Item, hands: Hands, render: Callable[[str], str]) -> tuple[list[Problem], list[Problem]]:
    wrong: list[Problem] = []
    skipped: list[Problem] = []
    for gate in (prose(item, render), gates(item, hands), verified(item, hands.run)):
        try:
            for field, message in gate:
                wrong.append(located(item, field, message))  # what a gate found before NotRun counts
        except NotRun as missing:
            expected = missing.package in EXPECTED or (item.proof.env and missing.package in item.proof.env.packages)
            if expected:
                skipped.append(located(item, missing.field, str(missing)))
            else:
                advice = f"imports {missing.package}, which is not installed; `proof.env.packages` names what is needed"
                wrong.append(located(item, missing.field, advice))
    return wrong, skipped
