"""A home of its own for every test, and the real program to run in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from atexit import register
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ROOT = Path(__file__).parent.parent


def clean(home: Path, **more: str) -> dict[str, str]:
    """The environment of a learner whose home is `home`. One that is not there yet is made, with the shipped bank
    compiled: that takes a second, and nearly every test would begin with it."""
    if not home.exists():
        home.mkdir(mode=0o700, parents=True)
        shutil.copytree(compiled(), home / "cache")
    return environment(home, **more)


@cache
def compiled() -> Path:
    """A folder with the catalogue of the shipped bank, compiled once for all tests of this process."""
    room = Path(tempfile.mkdtemp())
    register(shutil.rmtree, room, ignore_errors=True)
    command = [sys.executable, "-m", "mlquiz", "due"]
    subprocess.run(command, env=environment(room / "home"), capture_output=True, check=True)
    return room / "home" / "cache"


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLQUIZ_", "COV_"))}
    for name in ("NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "COLUMNS", "LINES"):
        kept.pop(name, None)
    return {**kept, "MLQUIZ_HOME": str(home), "PYTHONUTF8": "1", **more}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def mlquiz(home: Path) -> Run:
    """Runs the real program; `env` adds to its environment, `stdin` is its input."""

    def run(*args: str, stdin: str = "", env: Mapping[str, str] | None = None, **more: Any) -> Any:
        return subprocess.run(
            [sys.executable, "-m", "mlquiz", *args],
            input=stdin,
            env=clean(home, **(env or {})),
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            **more,
        )

    return run


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Any]]:
    """Starts the program at a pseudo-terminal, as `screens.spawned` says; it ends with the test."""
    pytest.importorskip("pexpect")
    from screens import spawned

    children: list[Any] = []

    def run(*args: str, **more: Any) -> Any:
        children.append(spawned(home, args, **more))
        return children[-1]

    yield run
    for child in children:
        child.close(force=True)
