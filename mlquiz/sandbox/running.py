"""The children that run now, in whatever threads, so that leaving stops them all."""

from mlquiz.core.question import Code, Sql
from mlquiz.core.trial import Judged
from mlquiz.sandbox.child import Child, stop
from mlquiz.sandbox.judge import SECONDS, judged
from mlquiz.sandbox.programs import Ran, run


class Running:
    """Runs programs and judges answers. Leaving it stops what runs, and what starts after."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.left = False

    def run(self, source: str) -> Ran:
        return run(source, started=self._started)

    def judged(self, body: Code | Sql, source: str, seconds: float = SECONDS, first: bool = False) -> Judged:
        return judged(body, source, seconds, first, self._started)

    def _started(self, child: Child) -> None:
        self.children.append(child)
        if self.left:
            stop(child)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self.left = True
        for child in self.children:
            if child.poll() is None:
                stop(child)
