"""The gates of code and sql: the reference passes, the starter and every known wrong answer do not."""

from msgspec.structs import replace

from mlquiz.bank.items import Item
from mlquiz.bank.programs import NotRun
from mlquiz.bank.prose import Found
from mlquiz.core.grading import tests
from mlquiz.core.question import Code, Sql
from mlquiz.core.trial import Judge, Judged

FEWEST_TESTS = 8
FEWEST_WRONG = 3


def solutions(item: Item, body: Code | Sql, judge: Judge) -> Found:
    """Runs them all. Raises NotRun where a package is missing."""
    field = "tests" if isinstance(body, Code) else "cases"
    if len(tests(body)) < FEWEST_TESTS:
        yield field, f"has {len(tests(body))}; it should have at least {FEWEST_TESTS}"
    done = _judged(body, body.reference, judge, "reference")
    if not done.passed:
        yield "reference", f"fails: {_first(done)}"
        return
    if isinstance(body, Code) and _refuted(body, body.starter, judge, "starter").passed:
        yield "starter", "passes every test as it is"
    if len(item.proof.wrong) < FEWEST_WRONG:
        yield "proof.wrong", f"has {len(item.proof.wrong)}; it should have at least {FEWEST_WRONG} that fail"
    for place, wrong in enumerate(item.proof.wrong):
        where = f"proof.wrong[{place}]"
        if wrong.code is None:
            yield where, "lacks `code`"
            continue
        done = _refuted(body, wrong.code, judge, where)
        if done.passed:
            yield where, f"passes every test, though it should fail ({wrong.why})"
        elif not any(result.passed for result in done.results):
            yield where, f"passes no test at all, so nobody would hand it in: {_first(done)}"


def _refuted(body: Code | Sql, source: str, judge: Judge, field: str) -> Judged:
    """What the tests say of an answer that should fail some and pass some. Those with a time bound, which slow answers
    use up, come last: they are left out where the others settle both, and one that fails is enough after others passed.
    """
    quick = [test for test in body.tests if test.limit_seconds is None] if isinstance(body, Code) else []
    if isinstance(body, Sql) or not 0 < len(quick) < len(body.tests):
        return _judged(body, source, judge, field)
    done = _judged(replace(body, tests=quick), source, judge, field)
    if len({result.passed for result in done.results}) == 2:
        return done
    bounded = [test for test in body.tests if test.limit_seconds is not None]
    rest = _judged(replace(body, tests=bounded), source, judge, field, first=done.passed)
    return done._replace(results=[*done.results, *rest.results])


def _judged(body: Code | Sql, source: str, judge: Judge, field: str, first: bool = False) -> Judged:
    done = judge(body, source, first=first)
    if done.lacks:
        raise NotRun(field, done.lacks)
    return done


def _first(done: Judged) -> str:
    failed = next(result for result in done.results if not result.passed)
    return f"{failed.name}: {failed.failure}"
