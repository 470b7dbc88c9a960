"""How long an answer is judged: `python tests/bench/judge.py [--runs 31]`. It asserts nothing.

Milliseconds say little on a shared machine: the judge and a bare interpreter run in turn, and their ratio counts.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from mlquiz.sandbox.judge import judge

ANSWER = "def auc(labels, scores):\n    return 1.0 if scores == sorted(scores) else 0.5\n"
TESTS = [{"name": f"case {n}", "call": f"auc([0, 1], [{n}, {n + 1}])", "expect": 1.0, "tol": 1e-9} for n in range(10)]


def judged() -> None:
    """Start to verdict for an answer that passes ten tests."""
    assert judge(ANSWER, TESTS).passed


def bare() -> None:
    """An interpreter that starts and does nothing."""
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def main() -> None:
    """Prints both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=31)
    runs = parser.parse_args().runs
    took: dict[Callable[[], None], list[float]] = {bare: [], judged: []}
    for _ in range(runs):
        for what, times in took.items():
            start = time.perf_counter()
            what()
            times.append(time.perf_counter() - start)
    middle = {what: statistics.median(times) * 1000 for what, times in took.items()}
    print(f"python -c pass       {middle[bare]:6.1f} ms")
    print(f"start to verdict     {middle[judged]:6.1f} ms  {middle[judged] / middle[bare]:.2f} x, {runs} runs each")


if __name__ == "__main__":
    main()
