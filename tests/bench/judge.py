"""How long an answer is judged, how long the bank is checked, how sharp its tests are. It asserts nothing.

    python tests/bench/judge.py [--runs 31] [--bank]

Milliseconds say little on a shared machine: the judge and a bare interpreter run in turn, and their ratio counts.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from mlquiz.bank.check import check
from mlquiz.bank.files import survey
from mlquiz.bank.items import Item
from mlquiz.bank.mutation import LEDGER, kept
from mlquiz.bank.programs import Hands
from mlquiz.players.markup import plain
from mlquiz.sandbox.judge import judge
from mlquiz.sandbox.running import Running

BANK = Path(__file__).parents[2] / "question_bank"
ANSWER = "def auc(labels, scores):\n    return 1.0 if scores == sorted(scores) else 0.5\n"
TESTS = [{"name": f"case {n}", "call": f"auc([0, 1], [{n}, {n + 1}])", "expect": 1.0, "tol": 1e-9} for n in range(10)]


def judged() -> None:
    """Start to verdict for an answer that passes ten tests."""
    assert judge(ANSWER, TESTS).passed


def bare() -> None:
    """An interpreter that starts and does nothing."""
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def checked() -> None:
    """Prints the seconds that checking takes, in all and by kind, and the share of mutants that tests notice."""
    items = survey((BANK,), ()).items
    kinds: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        kinds[item.question.kind].append(item)
    with Running() as children:
        hands = Hands(children.run, children.judged)
        for kind, some in [*sorted(kinds.items()), ("all", items)]:
            start = time.perf_counter()
            check(some, hands, lambda text: plain(text, 10_000), lambda _done, _whole: None)
            took = time.perf_counter() - start
            print(
                f"check {kind:<10} {took:6.1f} s  {1000 * took / len(some):6.0f} ms a question, {len(some)} questions"
            )
    scores = kept(BANK / LEDGER).values()
    noticed, whole = sum(score.killed for score in scores), sum(score.mutants for score in scores)
    least = min(scores, key=lambda score: score.killed / score.mutants)
    print(f"mutants noticed      {noticed} of {whole} ({noticed / whole:.1%})")
    print(f"fewest               {least.killed} of {least.mutants}, {least.id}")


def main() -> None:
    """Prints both medians and their ratio; with --bank, what the whole bank takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=31)
    parser.add_argument("--bank", action="store_true")
    options = parser.parse_args()
    runs = options.runs
    took: dict[Callable[[], None], list[float]] = {bare: [], judged: []}
    for _ in range(runs):
        for what, times in took.items():
            start = time.perf_counter()
            what()
            times.append(time.perf_counter() - start)
    middle = {what: statistics.median(times) * 1000 for what, times in took.items()}
    print(f"python -c pass       {middle[bare]:6.1f} ms")
    print(f"start to verdict     {middle[judged]:6.1f} ms  {middle[judged] / middle[bare]:.2f} x, {runs} runs each")
    if options.bank:
        checked()


if __name__ == "__main__":
    main()
