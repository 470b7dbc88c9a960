"""What may be set, where it was said, and sentences for what makes no sense."""

import os
from pathlib import Path

import pytest

from mlquiz.errors import SettingsError
from mlquiz.settings import Settings, load, look, strangers


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_file_or_variable_all_is_as_it_comes(config: Path) -> None:
    assert look(config, {}) == (Settings(), dict.fromkeys(Settings._fields, "default"), [])


def test_a_variable_beats_the_file_and_each_setting_knows_where_it_was_said(config: Path) -> None:
    config.write_text(
        '# mine\n\nconfidence = false\nbanks = [\n  "~/questions",\n  "near",\n]\nplain = false\nworkspace = "code"\n'
    )
    found = look(config, {"MLQUIZ_PLAIN": "yes"})
    banks = (Path.home() / "questions", config.parent / "near")
    assert found.settings == Settings(False, True, banks, config.parent / "code")
    assert found.origins == {
        "confidence": f"{config}:3", "plain": "MLQUIZ_PLAIN", "banks": f"{config}:4", "workspace": f"{config}:9",
    }  # fmt: skip
    assert load(config, {"MLQUIZ_CONFIDENCE": "on"}).confidence


def test_the_variable_for_banks_is_a_path_list_and_an_empty_one_means_none(config: Path) -> None:
    config.write_text('banks = ["/file"]')
    assert load(config, {}).banks == (Path("/file"),)
    assert load(config, {"MLQUIZ_BANK": os.pathsep.join(["~/a", "", "b"])}).banks == (Path.home() / "a", Path("b"))
    assert load(config, {"MLQUIZ_BANK": ""}).banks == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("colour = 1", 1, "there is no setting 'colour'; there are confidence, plain, banks, workspace."),
        ("\nplain = 3", 2, "plain should be true or false, not 3."),
        ('\n\nbanks = "~/q"', 3, "banks should be a list of folders, like [\"~/questions\"], not '~/q'."),
        ("workspace = []", 1, 'workspace should be a folder, like "~/mlquiz", not [].'),
        ("banks = [1]", 1, "banks should be a list of folders"),
        ('banks = ["~nobodyatall/q"]', 1, "should name folders, and '~nobodyatall/q' is none."),
        ('banks = ["a\\u0000b"]', 1, "should name folders"),
        ("[confidence]\nx = 1", None, "confidence should be true or false"),
        ("plain = ", None, "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_told_with_file_and_line(config: Path, text: str, line: int | None, said: str) -> None:
    config.write_text(text)
    with pytest.raises(SettingsError) as error:
        load(config, {})
    assert str(error.value).startswith(f"{config}:{line}: " if line else f"{config}")
    assert said in str(error.value)


def test_everything_wrong_is_told_at_once_and_the_rest_holds(config: Path) -> None:
    config.write_text("plain = true\nconfidence = 3\nfont = 1\n")
    found = look(config, {"MLQUIZ_PLAIN": "perhaps", "MLQUIZ_BANK": "~nobodyatall"})
    assert found.settings == Settings(plain=True)
    assert len(found.wrong) == 4
    with pytest.raises(SettingsError, match=r"(?s)confidence.*font.*MLQUIZ_PLAIN should be 1 or 0.*MLQUIZ_BANK"):
        load(config, {"MLQUIZ_PLAIN": "perhaps", "MLQUIZ_BANK": "~nobodyatall"})


def test_variables_that_are_none_of_ours_are_found() -> None:
    names = ["MLQUIZ_CONFIDENCE", "MLQUIZ_BANK", "MLQUIZ_HOME", "MLQUIZ_TODAY", "PATH", "_MLQUIZ_COMPLETE"]
    assert strangers(dict.fromkeys(names, "")) == []
    assert strangers({"MLQUIZ_CONFIDENSE": "", "MLQUIZ_BANKS": ""}) == ["MLQUIZ_BANKS", "MLQUIZ_CONFIDENSE"]
