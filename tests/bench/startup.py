"""How long mlquiz takes, and how much memory: `python tests/bench/startup.py [--runs 21] [--big]`. It asserts nothing.

Milliseconds say little on a shared machine, so all commands run in turn, round after round, and what counts is the
ratio between two of one run. `--big` does it all again with ten thousand questions and a hundred thousand answers.
"""

import argparse
import compileall
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

import pexpect
from large import fill_log, write_bank

import mlquiz
from mlquiz import world
from mlquiz.bank.catalogue import Catalogue
from mlquiz.bank.syllabus import load
from mlquiz.store.database import open_log
from mlquiz.store.journal import Journal

QUESTIONS, MET, ANSWERS = 10_000, 8_000, 100_000
A_SESSION = 20
"""Answers in a session; all of them "I don't know", so that ten questions come back often enough."""
PASS, TYPER, FSYNC = "python -c pass", 'python -c "import typer"', "4 KB appended and fsynced there, bare"
NAIVE = """
import sys
from pathlib import Path
import questionary, rich.console, rich.markdown, rich.table, typer, yaml
files = [file for root in sys.argv[1:] for file in Path(root).rglob("*.yaml")]
files = [file for file in files if file.name != "syllabus.yaml" and "audit" not in file.parts]
print(sum(len(yaml.safe_load(file.read_text())["questions"]) for file in files))
"""
METER = """
import os, sys
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""Small on purpose: a child starts with its parent's peak, which would be ours."""
GAP = r"(?:\x1b\[[0-9;?]*[A-Za-z]|[\s\r])+"

Sample = Mapping[str, list[float]]
"""What one measurement brought, by the name of the figure."""


class Stage(NamedTuple):
    """A bank with a log in two homes: `still` is only read, `busy` takes answers. `roots` are the bank's folders."""

    name: str
    roots: tuple[Path, ...]
    still: Path
    busy: Path

    def command(self, *args: str) -> list[str]:
        script = Path(sys.executable).with_name("mlquiz")
        program = [str(script)] if script.exists() else [sys.executable, "-m", "mlquiz"]
        return [*program, *(word for root in self.roots[1:] for word in ("--bank", str(root))), *args]

    def figure(self, what: str) -> str:
        return f"{what} ({self.name})"


class Measure(NamedTuple):
    """Something to do once a round, in at most so many rounds."""

    take: Callable[[], Sample]
    most: int = sys.maxsize


class Line(NamedTuple):
    """A line of the table: the figure, its unit, the figure it is divided by, what is aimed at."""

    figure: str
    unit: str = "ms"
    beside: str = ""
    target: str = ""


def main() -> None:
    """Sets the stages, measures in rounds, prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=21, help="rounds (21)")
    options.add_argument("--big", action="store_true", help="also with 10,000 questions and 100,000 answers")
    options.add_argument("--folder", type=Path, help="where homes and logs go: name a real disk (the temporary folder)")
    chosen = options.parse_args()
    compile_all()
    with tempfile.TemporaryDirectory(prefix="mlquiz-bench-", dir=chosen.folder) as name:
        folder = Path(name).resolve()
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; homes in {folder} ({disk(folder)})")
        stages = [shipped(folder / "shipped"), *([large(folder / "large")] if chosen.big else [])]
        found = rounds(measures(stages, folder), chosen.runs)
    print(table(lines(stages), found))


def compile_all() -> None:
    """Byte code for everything that is measured, whatever PYTHONDONTWRITEBYTECODE says."""
    for folder in (sysconfig.get_paths()["purelib"], str(Path(mlquiz.__file__).parent)):
        compileall.compile_dir(folder, quiet=2, workers=0)


def disk(folder: Path) -> str:
    """The kind of file system that holds the folder, where /proc tells it."""
    with contextlib.suppress(OSError):
        mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines()]
        return max((mount for mount in mounts if folder.is_relative_to(mount[0])), key=lambda mount: len(mount[0]))[1]
    return "unknown file system"


# What is measured on


def environment(home: Path) -> dict[str, str]:
    """A learner's environment whose home is `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLQUIZ_", "COV_"))}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "NO_COLOR", "EDITOR", "VISUAL"):
        kept.pop(name, None)
    return {**kept, "MLQUIZ_HOME": str(home), "PYTHONUTF8": "1", "TERM": "xterm-256color"}


def log_of(home: Path) -> Path:
    return home / "data" / world.DEFAULT_PROFILE / "log.db"


def shipped(folder: Path) -> Stage:
    """The shipped bank and an empty log."""
    stage = Stage("shipped bank", (world.real().paths.bank,), folder / "still", folder / "busy")
    open_log(log_of(stage.still)).close()
    return _warmed(stage)


def large(folder: Path) -> Stage:
    """Ten thousand more questions and a log of a hundred thousand answers."""
    bank = folder / "bank"
    roots = (world.real().paths.bank, bank)
    stage = Stage("10,000 questions", roots, folder / "still", folder / "busy")
    start = time.perf_counter()
    write_bank(bank, load(roots[0]), QUESTIONS)
    _age(bank)
    written = time.perf_counter()
    catalogue = Catalogue(stage.still / "cache" / "bank.db", roots)
    compiled = time.perf_counter()
    made_up = sorted(id_ for id_ in catalogue.keys() if ".made-up-" in id_)  # noqa: SIM118  # it is no mapping
    log = open_log(log_of(stage.still))
    fill_log(log, catalogue.get(made_up[:MET]), ANSWERS, world.real().today())
    filled = time.perf_counter()
    Journal(log, world.real().new_id).rebuild(catalogue.keys(), catalogue.digest)
    rebuilt = time.perf_counter()
    log.close()
    catalogue.close()
    print(
        f"{len(made_up):,} questions in {sum(1 for _ in bank.rglob('*.yaml'))} files written in {written - start:.1f} s"
        f" and compiled in {compiled - written:.1f} s; {ANSWERS:,} answers inserted in {filled - compiled:.1f} s"
        f" and folded in {rebuilt - filled:.1f} s"
    )
    return _warmed(stage)


def _age(bank: Path) -> None:
    """Makes the files an hour old: one that was changed just before it was read is read once more."""
    past = time.time() - 3600
    for file in bank.rglob("*.yaml"):
        os.utime(file, (past, past))


def _warmed(stage: Stage) -> Stage:
    """Runs it once, so that the bank is compiled; what is wrong with it is said here."""
    done = subprocess.run(stage.command("due"), env=environment(stage.still), check=True, stdout=subprocess.PIPE)
    print(f"{stage.name}: {done.stdout.decode().splitlines()[0]}")
    shutil.copytree(stage.still, stage.busy)
    os.sync()
    return stage


# What is measured


def rounds(what: list[Measure], runs: int) -> dict[str, list[float]]:
    """All measurements in turn, `runs` times; every figure's values."""
    found: dict[str, list[float]] = {}
    for n in range(runs):
        for measure in what:
            if n < measure.most:
                for figure, values in measure.take().items():
                    found.setdefault(figure, []).extend(values)
    return found


def measures(stages: list[Stage], folder: Path) -> list[Measure]:
    """Everything that is done in a round."""
    naive = folder / "naive.py"
    naive.write_text(NAIVE)

    def command(figure: str, *args: str) -> Measure:
        return Measure(lambda: {figure: [timed([sys.executable, *args], folder)]})

    every = [command(PASS, "-c", "pass"), command(TYPER, "-c", "import typer"), Measure(lambda: fsynced(folder))]
    for number, stage in enumerate(stages):
        parsing = command(stage.figure("a naive program"), str(naive), *map(str, stage.roots))
        every += [
            parsing._replace(most=1 if number else 7),
            Measure(partial(due, stage)),
            Measure(partial(session, stage)),
            Measure(partial(refresh, stage)),
            Measure(partial(memory, stage), most=3),
        ]
    return every


def since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)


def timed(command: list[str], home: Path) -> float:
    """Milliseconds from start to exit."""
    env = environment(home)
    start = time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    return since(start)


def due(stage: Stage) -> Sample:
    """The command that shell prompts run."""
    return {stage.figure("mlquiz due"): [timed(stage.command("due"), stage.still)]}


def fsynced(folder: Path) -> Sample:
    """What the disk alone takes to make a page durable."""
    with (folder / "page").open("ab", buffering=0) as file:
        start = time.perf_counter()
        file.write(bytes(4096))
        os.fsync(file.fileno())
        return {FSYNC: [since(start)]}


def session(stage: Stage) -> Sample:
    """A session over JSON lines: to its first question, and from each answer to its verdict."""
    start = time.perf_counter()
    with talking(stage.command("quiz", "--jsonl"), stage.busy) as (say, hear):
        question = hear("question")
        first, waits = since(start), []
        for _ in range(A_SESSION):
            line = {"type": "answer", "id": question["id"], "answer": {"dont_know": True}}
            sent = time.perf_counter()
            say(line)
            hear("verdict")
            waits.append(since(sent))
            question = hear("question")
    return {stage.figure("first question over JSONL"): [first], stage.figure("answer to verdict"): waits}


Talk = tuple[Callable[[Mapping[str, Any]], None], Callable[[str], dict[str, Any]]]


@contextlib.contextmanager
def talking(command: list[str], home: Path) -> Iterator[Talk]:
    """A program over JSON lines: how to say a line, and how to hear the next one of a type; it is told to quit."""
    process = subprocess.Popen(command, env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    stdin, stdout = _pipes(process)

    def say(line: Mapping[str, Any]) -> None:
        stdin.write(json.dumps(line).encode() + b"\n")
        stdin.flush()

    def hear(wanted: str) -> dict[str, Any]:
        for text in stdout:
            line: dict[str, Any] = json.loads(text)
            if line["type"] == wanted:
                return line
        raise SystemExit(f"{' '.join(command)} ended without a line of type {wanted}.")

    with process:
        try:
            yield say, hear
            say({"type": "quit"})
        finally:
            stdin.close()
            stdout.read()  # the summary: a pipe closed before it would end the program otherwise than it does
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}.")


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def refresh(stage: Stage) -> Sample:
    """Opening the catalogue when no file has changed."""
    start = time.perf_counter()
    catalogue = Catalogue(stage.still / "cache" / "bank.db", stage.roots)
    took = since(start)
    catalogue.close()
    return {stage.figure("catalogue, nothing changed"): [took]}


def memory(stage: Stage) -> Sample:
    """Peak memory in MB, of a session over JSON lines and of one at a terminal."""
    return {
        stage.figure("peak memory, JSONL session"): [_metered(stage, _by_lines)],
        stage.figure("peak memory, session at a terminal"): [_metered(stage, _at_a_terminal)],
    }


def _metered(stage: Stage, hold: Callable[[list[str], Stage], None]) -> float:
    file = stage.busy / "peak"
    hold([sys.executable, "-I", "-S", "-c", METER, str(file)], stage)
    return int(file.read_text()) / (1_000_000 if sys.platform == "darwin" else 1000 / 1.024)


def _by_lines(meter: list[str], stage: Stage) -> None:
    with talking([*meter, *stage.command("quiz", "--jsonl")], stage.busy) as (say, hear):
        for _ in range(A_SESSION):
            say({"type": "answer", "id": hear("question")["id"], "answer": {"dont_know": True}})


def _at_a_terminal(meter: list[str], stage: Stage) -> None:
    """One question, not known, its verdict read, then quit."""
    command = [*meter, *stage.command("quiz", "--kind", "single")]
    child = pexpect.spawn(
        command[0], command[1:], env=environment(stage.busy), dimensions=(24, 80), encoding="utf-8", timeout=30
    )
    child.expect(f"Which{GAP}one")
    child.send("d")
    child.expect(f"Rated{GAP}again")
    child.expect("undo")
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()


# What is shown


def lines(stages: list[Stage]) -> list[Line]:
    """The table's lines, in order."""
    out = [Line(PASS), Line(TYPER), Line(FSYNC)]
    for number, stage in enumerate(stages):
        waits = stage.figure("mlquiz due")
        out += [
            Line(stage.figure("a naive program"), beside=TYPER),
            Line(waits, beside=TYPER, target="" if number else "<= 1.3 x import typer"),
        ]
        if number:
            out.append(Line(waits, beside=stages[0].figure("mlquiz due"), target="<= 1.2 x due"))
        out += [
            Line(stage.figure("first question over JSONL"), beside=TYPER),
            Line(stage.figure("answer to verdict"), beside=FSYNC, target="median < 5 ms"),
            Line(stage.figure("catalogue, nothing changed"), target="median < 5 ms"),
            Line(stage.figure("peak memory, JSONL session"), "MB", target="< 80 MB"),
            Line(stage.figure("peak memory, session at a terminal"), "MB", target="< 80 MB"),
        ]
    return out


def table(shown: list[Line], found: Mapping[str, list[float]]) -> str:
    """A line each: how often, median, minimum, 95th percentile, ratio of the medians (of the minimums), target."""
    rows: list[tuple[str, ...]] = [("", "runs", "median", "min", "p95", "", "ratio (of minimums)", "target")]
    rows += [_cells(line, found) for line in shown]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_row(cells, widths) for cells in rows)


def _cells(line: Line, found: Mapping[str, list[float]]) -> tuple[str, ...]:
    values = found[line.figure]
    middle, least = statistics.median(values), min(values)
    ratio = ""
    if line.beside:
        other = found[line.beside]
        ratio = f"{middle / statistics.median(other):.2f} ({least / min(other):.2f}) x {line.beside}"
    high = sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]
    return line.figure, str(len(values)), f"{middle:.1f}", f"{least:.1f}", f"{high:.1f}", line.unit, ratio, line.target


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    right = range(1, 5)
    padded = (
        f"{cell:>{width}}" if place in right else f"{cell:<{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()


if __name__ == "__main__":
    main()
