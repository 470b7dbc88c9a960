"""The house stands: imports point down, siblings do not see each other, heavy packages have one door."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, clean

PACKAGE = ROOT / "mlquiz"
FLOORS = {
    "errors": 0, "core": 1, "world": 2, "settings": 2, "session": 2,
    "interview": 3, "bank": 3, "store": 3, "sandbox": 3, "players": 3, "reports": 3, "commands": 4,
    "funnel": 5, "options": 5, "cli_ahead": 6, "cli_bank": 6, "cli": 7, "__main__": 8,
}  # fmt: skip
DOORS = {
    "yaml": {"bank/reader.py"},
    "simpleeval": {"core/formula.py"},
    "fsrs_rs_python": {"core/scheduler.py"},
    "questionary": {"players/prompts.py"},
    "prompt_toolkit": {"players/prompts.py", "players/loop.py"},
    "rich": {
        "players/essay.py",
        "players/markup.py",
        "players/page.py",
        "players/progress.py",
        "players/sheet.py",
        "players/terminal.py",
        "players/workbench.py",
        "reports/terminal.py",
    },
    "markdown_it": {"players/markup.py"},
    "jinja2": {"reports/html.py"},
    "platformdirs": {"world.py"},
    "tomllib": {"settings.py"},
    "typer": {"cli.py", "cli_ahead.py", "cli_bank.py", "funnel.py", "options.py"},
    "subprocess": {"sandbox/child.py", "players/editor.py", "reports/pager.py"},
    "sqlite3": {
        "bank/compiler.py",
        "bank/glance.py",
        "sandbox/query.py",
        "store/copies.py",
        "store/database.py",
        "store/journal.py",
        "store/look.py",
        "store/memories.py",
        "store/mocks.py",
        "store/snapshot.py",
    },
}
HEAVY = {"rich", "yaml", "questionary", "prompt_toolkit", "jinja2", "pydantic", "asyncio", "markdown_it", "pygments"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Every module that the file imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down_and_siblings_do_not_see_each_other(path: Path) -> None:
    here = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if here == "__init__":
        assert not imported(path)
        return
    for name in imported(path):
        there = room(name) if name.startswith("mlquiz.") else ""
        if there in FLOORS and there != here:
            assert FLOORS[there] < FLOORS[here], f"{here} imports {name}"


@pytest.mark.parametrize("package", DOORS)
def test_each_heavy_package_has_its_doors(package: str) -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        if any(name.split(".")[0] == package for name in imported(path))
    }
    assert users == DOORS[package]


def test_core_has_no_clock_disk_print_or_environment() -> None:
    for path in (PACKAGE / "core").glob("*.py"):
        used = {name.split(".")[0] for name in imported(path)}
        assert not used & {"os", "sys", "time", "datetime", "pathlib", "io", "subprocess", "sqlite3", "logging"}, path
        calls = {node.func.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
                 and isinstance(node.func, ast.Name)}  # fmt: skip
        assert not calls & {"print", "open", "input"}, path


@pytest.mark.parametrize(
    "args", [["due"], ["due", "--json"], ["--help"], ["--version"], ["report", "--format", "json"], []]
)
def test_quick_commands_load_nothing_heavy(args: list[str], home: Path) -> None:
    program = (
        "import sys\nfrom mlquiz.cli import main\n"
        f"sys.argv = ['mlquiz', *{args!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    code = end.code\n"
        f"print('LOADED', sorted({HEAVY!r} & set(sys.modules)), code)"
    )
    subprocess.run([sys.executable, "-m", "mlquiz", "due"], env=clean(home), capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", program], env=clean(home), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED [] 0", done.stdout


def test_due_does_without_the_packages_of_a_session(home: Path) -> None:
    program = (
        "import sys\nsys.argv = ['mlquiz', 'due']\nfrom mlquiz.cli import main\n"
        "try:\n    main()\nfinally:\n    print(sorted(sys.modules))"
    )
    subprocess.run([sys.executable, "-m", "mlquiz", "due"], env=clean(home), capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", program], env=clean(home), capture_output=True, text=True, check=False)
    loaded = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert not loaded & {"msgspec", "fsrs_rs_python", "simpleeval", "mlquiz.session", "mlquiz.core.question", "hashlib"}


def test_files_have_one_subject_and_no_junk_rooms() -> None:
    for path in modules():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 250, path
        assert path.stem not in {"utils", "helpers", "base", "manager", "common", "types"}
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        assert doc, f"{path} does not open with a sentence on what it is"
