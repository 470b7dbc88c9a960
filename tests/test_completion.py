"""What Tab offers, asked as bash and zsh ask, and by a Tab in a real bash."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, clean
from test_floors import HEAVY

FIRST = "ml.bias_variance.defect-classifier-gap"
PROGRAM = Path(sys.executable).with_name("mlquiz")
Tab = Callable[..., list[str]]


@pytest.fixture
def tab(home: Path, mlquiz: Run) -> Tab:
    """What is offered for the last word of a line, in a home where the program has run once."""
    mlquiz("due")

    def press(*words: str, env: dict[str, str] | None = None) -> list[str]:
        line = ["mlquiz", *words]
        asked = {"_MLQUIZ_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(line), "COMP_CWORD": str(len(words))}
        done = subprocess.run(
            [PROGRAM], env=clean(home, **asked, **(env or {})), capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split()

    return press


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["qu"], ["quiz"]),
        (["show", "ml.bias_variance.defect-cl"], [FIRST]),
        (["show", "defect-cl"], ["defect-classifier-gap"]),
        (["suspend", "ml.bias_variance.defect-cl"], [FIRST]),
        (["quiz", "--new", "--id", "defect-cl"], ["defect-classifier-gap"]),
        (["quiz", "--topic", "ml.b"], ["ml.bias_variance"]),
        (["quiz", "-t", "bias"], ["bias_variance"]),
        (["quiz", "--area", ""], ["ml", "dl", "prog", "sys", "opt"]),
        (["bank", "list", "--skill", "roc"], ["roc-auc"]),
        (["quiz", "--kind", "s"], ["single", "short", "sql"]),
        (["bank", "new", "o"], ["order", "output", "open"]),
        (["bank", "new", "single", "ml.bias_variance.my-gap", "--subtopic", "reg"], ["regularization"]),
        (["quiz", "--level", "s"], ["screen", "senior"]),
        (["practice", "auc"], ["auc-in-n-log-n"]),
        (["practice", "defect-cl"], []),
        (["report", "--format", "j"], ["json"]),
        (["show", "nothing-like-it"], []),
        (["resume", ""], []),
    ],
    ids=" ".join,
)
def test_names_that_begin_so_are_offered(tab: Tab, words: list[str], offered: list[str]) -> None:
    assert tab(*words) == offered


def test_resume_offers_what_is_suspended_in_the_profile_typed(tab: Tab, mlquiz: Run, home: Path) -> None:
    mlquiz("--profile", "demo", "suspend", FIRST)
    before = sorted(home.rglob("*"))
    assert tab("--profile", "demo", "resume", "") == [FIRST]
    assert tab("resume", "") == []
    assert tab("resume", "", env={"MLQUIZ_PROFILE": "demo"}) == [FIRST]
    assert tab("--profile", "") == ["demo"]
    assert sorted(home.rglob("*")) == before


def test_a_bank_typed_on_the_line_or_named_in_the_settings_is_completed(tab: Tab, mlquiz: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    source = ROOT / "question_bank/ml/bias_variance/decomposition-and-curves.yaml"
    (own / "mine.yaml").write_text(source.read_text().replace("defect-classifier-gap", "mine"))
    mlquiz("--bank", str(own), "due")
    assert tab("--bank", str(own), "show", "mine") == ["mine"]
    assert tab("show", "mine") == []
    assert tab("show", "mine", env={"MLQUIZ_BANK": str(own)}) == ["mine"]


@pytest.mark.parametrize(
    ("spoil", "offered"),
    [
        (lambda home: (home / "data/default/log.db").write_text("no log"), ["defect-classifier-gap"]),
        (lambda home: (home / "config/config.toml").write_text("plain = "), []),
        (lambda home: [cache.write_text("no catalogue") for cache in home.glob("cache/*.db")], []),
        (lambda home: [cache.unlink() for cache in home.glob("cache/*.db")], []),
    ],
    ids=["no log", "settings that make no sense", "a broken catalogue", "no catalogue"],
)
def test_where_anything_is_amiss_tab_says_nothing(
    tab: Tab, home: Path, spoil: Callable[[Path], object], offered: list[str]
) -> None:
    for room in ("config", "data/default"):
        (home / room).mkdir(parents=True)
    spoil(home)
    before = sorted(home.rglob("*"))
    assert tab("show", "defect-cl") == offered
    assert tab("resume", "") == []
    assert tab("--bank", "~nobodyatall", "show", "") == []
    assert tab("show", "", env={"MLQUIZ_TODAY": "soon"}) == []
    assert tab("show", "", env={"MLQUIZ_HOME": "~nobodyatall"}) == []
    assert sorted(home.rglob("*")) == before


def test_zsh_is_told_in_its_own_way(tab: Tab, home: Path) -> None:
    asked = {"_MLQUIZ_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "mlquiz quiz --kind s"}
    done = subprocess.run([PROGRAM], env=clean(home, **asked), capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ('_arguments \'*: :(("single"\n"short"\n"sql"))\'\n', "")


def test_completing_loads_nothing_heavy(tab: Tab, home: Path) -> None:
    program = (
        "import sys\nfrom mlquiz.cli import main\nsys.argv = ['mlquiz']\n"
        f"try:\n    main()\nfinally:\n    print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    for line in ("mlquiz show defect-cl", "mlquiz quiz -t ml.b", "mlquiz resume "):
        asked = {"_MLQUIZ_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        done = subprocess.run(
            [sys.executable, "-c", program], env=clean(home, **asked), capture_output=True, text=True, timeout=60
        )
        assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a bash in a pseudo-terminal")
def test_switched_on_with_one_line_a_tab_in_bash_completes(tab: Tab, home: Path, tmp_path: Path) -> None:
    pexpect: Any = pytest.importorskip("pexpect")
    path = os.pathsep.join([str(PROGRAM.parent), os.environ["PATH"]])
    env = clean(home, HOME=str(tmp_path), PATH=path, TERM="dumb", PS1="ready> ")

    def bash(*flags: str) -> Any:
        shell = pexpect.spawn("bash", ["--noprofile", *flags, "-i"], env=env, encoding="utf-8", timeout=20,
                              dimensions=(24, 160))  # fmt: skip
        shell.expect_exact("ready> ")
        return shell

    first = bash("--norc")
    first.sendline("mlquiz --install-completion")
    first.expect_exact("bash completion installed")
    first.close(force=True)
    rc = tmp_path / ".bashrc"
    rc.write_text(rc.read_text() + "PS1='ready> '\n")
    shell = bash()
    for typed, shown in [("mlquiz sho\t", "w "), ("mlquiz show defect-cl\t", "defect-classifier-gap "),
                         ("mlquiz --profile demo quiz --topic ml.b\t", "bias_variance ")]:  # fmt: skip
        shell.send(typed)
        shell.expect_exact(shown)
        shell.sendcontrol("u")  # an empty line again
    shell.close(force=True)
