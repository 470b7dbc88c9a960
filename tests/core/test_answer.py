"""Answers: read as people type them, refused with a reason, kept in the log without loss."""

import math
import unicodedata
from typing import Any

import msgspec
import pytest
from builders import BODIES, answers, kinds, question, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.answer import (
    Answer,
    Arranged,
    Computed,
    DontKnow,
    Explained,
    Given,
    Picked,
    Ran,
    Unclear,
    checked,
    decode,
    evidence,
)
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade
from mlquiz.core.parts import WrongText
from mlquiz.core.question import Kind, Number, Short
from mlquiz.core.text import forbidden, near_miss, normalised, number, tidy

FINITE = st.floats(-1e12, 1e12, allow_subnormal=False)
WORDS = st.lists(st.sampled_from(["gradient", "clipping", "F1", "batch", "a", "the", "x2"]), min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(kinds, seeds, st.data())
def test_answers_survive_the_json_of_the_log(kind: Kind, seed: int, data: st.DataObject) -> None:
    body = draw(question(kind), seed).body
    answer = checked(body, data.draw(answers(body)))
    assert evidence(msgspec.json.encode(answer).decode()) == answer


@settings(max_examples=60, deadline=None)
@given(kinds, seeds, st.data())
def test_answers_survive_the_line_protocol(kind: Kind, seed: int, data: st.DataObject) -> None:
    answer = data.draw(answers(draw(question(kind), seed).body))
    sent = msgspec.structs.replace(answer, results=[], hints=0) if isinstance(answer, Ran) else answer
    assert (
        decode(kind, msgspec.json.decode(msgspec.json.encode(answer))) == sent
    )  # results are not the sender's to tell


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("single", {"value": 1}), ("single", {"keys": "gini"}), ("numeric", {"value": "1"}), ("order", None),
        ("short", {"text": 3}), ("open", {"text": "no points"}), ("multi", []), ("short", {"dont_know": False}),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_unclear(kind: Kind, raw: Any) -> None:
    with pytest.raises(Unclear, match="this question wants"):
        decode(kind, raw)


@pytest.mark.parametrize(
    ("kind", "answer", "wanted"),
    [
        ("single", Picked([]), "exactly one"),
        ("single", Picked(["gini", "entropy"]), "exactly one"),
        ("single", Picked(["nonsense"]), "no option"),
        ("multi", Picked([]), "at least one"),
        ("multi", Picked(["lasso", "lasso"]), "twice"),
        ("order", Arranged(["split", "fit"]), "all 4 steps"),
        ("order", Arranged(["split", "split", "fit", "tune"]), "twice"),
        ("short", Given("  "), "type an answer"),
        ("open", Explained(["nonsense"]), "no criterion"),
        ("numeric", Computed(math.nan), "finite"),
        ("numeric", Computed(math.inf), "finite"),
    ],
)
def test_an_answer_that_does_not_belong_is_unclear(kind: Kind, answer: Answer, wanted: str) -> None:
    with pytest.raises(Unclear, match=wanted):
        checked(draw(question(kind), 1).body, answer)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("0.42", "", 0.42), (".42", "", 0.42), ("42.", "", 42), ("1e-3", "", 0.001), ("1E3", "", 1000),
        ("1/3", "", 1 / 3),
        ("1,234.5", "", 1234.5), ("1,234,567", "", 1234567), ("12 %", "", 0.12), ("12%", "", 0.12), ("-2", "", -2),
        ("−2", "", -2), ("+2", "", 2), (" 7 ", "", 7), ("1 / 4", "", 0.25), ("1e2/2e1", "", 5),
        ("３", "", 3), ("12 GiB", "GiB", 12), ("12gib", "GiB", 12), ("12", "GiB", 12),
        ("12 %", "%", 12), ("12", "%", 12),
        ("1/2 ms", "ms", 0.5), ("1,000 ms", "ms", 1000), ("5 µs", "µs", 5), ("50%/2", "", None), ("12 %", "GiB", None),
        ("0,42", "", None), ("1,23,456", "", None), ("1/0", "", None), ("1/2/3", "", None), ("", "", None),
        (".", "", None), ("e5", "", None), ("nan", "", None), ("inf", "", None), ("1e999", "", None),
        ("1_000", "", None),
        ("0x10", "", None), ("1 000", "", None), ("%", "", None), ("GiB", "GiB", None), ("2**3", "", None),
        ("1/1e-320", "", None), ("12 ms", "", None), ("½", "", None), ("1½", "", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(text: str, unit: str, value: float | None) -> None:
    """None: it is unclear and asked again."""
    if value is None:
        with pytest.raises(Unclear):
            number(text, unit)
    else:
        assert number(text, unit).value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["10²", "2³", "1₀"])
def test_a_raised_digit_is_unclear(text: str) -> None:
    with pytest.raises(Unclear):
        number(text)


@pytest.mark.parametrize("unit", ["°C", "images/s", "m²", "µs", "€"])
def test_the_unit_may_be_typed_as_it_is_shown(unit: str) -> None:
    assert number(f"5 {unit}", unit).value == 5


@settings(max_examples=150, deadline=None)
@given(FINITE, st.sampled_from(["", "ms", "%"]))
def test_one_value_in_several_notations_is_one_value(value: float, unit: str) -> None:
    tail = f" {unit}" if unit else ""
    for text in (repr(value), f"{value:.17e}", f" {value!r} ", repr(value).replace("-", "−"), f"{value!r}{tail}"):
        assert number(text, unit).value == value
    if not unit:
        assert number(f"{value!r} %").value == value / 100


@settings(max_examples=80, deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_thousands_and_fractions_are_read(above: int, below: int) -> None:
    assert number(f"{above:,}").value == number(str(above)).value == above
    assert number(f"{above:,}/{below:,}").value == above / below


TYPED = st.text(max_size=20) | st.text("0123456789+-−.,/eE% GiB½²①٣", max_size=12)


@settings(max_examples=400, deadline=None)
@given(TYPED, st.sampled_from(["", "%", "GiB", "ß", "e"]))
def test_whatever_is_typed_is_a_finite_number_or_unclear(text: str, unit: str) -> None:
    try:
        computed = number(text, unit)
    except Unclear:
        return
    assert math.isfinite(computed.value)
    assert computed.text == text.strip()
    assert checked(Number(0, 0, unit, []), computed) is computed


def test_a_decimal_comma_is_hinted_at() -> None:
    with pytest.raises(Unclear, match="decimal point as a point"):
        number("0,5")


@settings(max_examples=100, deadline=None)
@given(WORDS, st.data())
def test_case_spaces_hyphens_and_an_article_do_not_matter(words: list[str], data: st.DataObject) -> None:
    accepted = " ".join(words)
    glue = [data.draw(st.sampled_from([" ", "  ", "-", "–", "_", "\t", " - "])) for _ in words]
    typed = "".join(data.draw(st.sampled_from([word, word.upper(), word.title()])) + join
                    for word, join in zip(words, [*glue[:-1], ""], strict=True))  # fmt: skip
    typed = data.draw(st.sampled_from(["", " "])) + typed + data.draw(st.sampled_from(["", ".", "!", " "]))
    if words[0] not in ("a", "the"):
        typed = data.draw(st.sampled_from(["", "a ", "An ", "THE "])) + typed.lstrip()
    assert normalised(typed) == normalised(accepted)
    assert grade(Short([accepted], []), Given(typed)).right


@pytest.mark.parametrize(
    ("one", "other"), [("“clipping”", "clipping"), ("`Clipping`.", "clipping"), ("ﬁt", "fit"), ("Ｆ１", "f1")]
)
def test_quotes_and_other_forms_of_letters_do_not_matter(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("typed", ['the "clipping"', '"clipping."', "“the clipping”!"])
def test_quotes_within_other_trimmings_do_not_matter_either(typed: str) -> None:
    assert normalised(typed) == "clipping"


@pytest.mark.parametrize(
    ("typed", "right", "note"),
    [
        ("Feature hashing (the hashing trick)", True, ""),
        ("hashing trick / feature hashing", True, ""),
        ("hashing trick, or feature-hashing.", True, ""),
        ("hashing,", True, ""),
        ("hash or miss", True, ""),
        ("hashing, embedding", False, "Those vectors are learned."),
        ("hashing (sketching)", False, ""),
        ("hashing or feature hashing", False, "One of the two."),
        ("()", False, ""),
    ],
)
def test_several_names_for_one_thing_are_right_if_each_is(typed: str, right: bool, note: str) -> None:
    wrong = [
        WrongText("embedding", "Those vectors are learned."),
        WrongText("hashing or feature hashing", "One of the two."),
    ]
    body = Short(["hashing", "feature hashing", "hashing trick", "hash or miss"], wrong)
    verdict = grade(body, Given(typed))
    assert (verdict.right, verdict.note) == (right, note)
    assert not (right and near_miss(body, typed))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12) | st.text("aAnthe .!?\"'`-_x", max_size=12))
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=12) | st.sampled_from(["gradient clipping", "gradientclipping", "weight decay", "weight decai"])
)
def test_a_near_miss_is_never_what_is_known(text: str) -> None:
    body = Short(["gradient clipping", "weight decai"], [WrongText("weight decay", "no"), WrongText(text or "x", "no")])
    for known in [*body.accept, *(wrong.text for wrong in body.reject)]:
        assert not near_miss(body, known)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("gradient cliping", True), ("gradeint clipping", True), ("gradient clippings", True),
        ("gradient clapping", True), ("gradient clipping", False), ("gradient cloaking", False), ("clip", False),
        ("weight decay", False),
    ],
)  # fmt: skip
def test_one_slip_of_the_fingers_is_a_near_miss(typed: str, near: bool) -> None:
    body = BODIES["short"]
    assert isinstance(body, Short)
    assert near_miss(body, typed) is near


@pytest.mark.parametrize("typed", ["layer 2", "layers", "L2"])
def test_a_digit_or_a_short_word_is_no_slip(typed: str) -> None:
    body = Short(["layer 1", "L1", "map"], [])
    assert near_miss(body, typed) is False
    assert near_miss(body, "mal") is False


BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
MARKS = "\u061c\u200e\u200f"


def test_tidy_text_has_no_control_or_direction_characters() -> None:
    tidied = tidy("".join(map(chr, [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFF00, 0x10100)])))
    for character in tidied:
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(character) not in BIDI
        assert character not in MARKS
    tidied.encode()


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=20))
def test_tidy_text_is_tidy(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert not any(forbidden(character) for character in tidy(text))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20))
def test_tidy_leaves_writing_alone(text: str) -> None:
    assert tidy(f"{text}\n\t") == f"{text}\n\t"


def test_not_knowing_is_understood_for_every_kind() -> None:
    for kind in BODIES:
        assert decode(kind, {"dont_know": True}) == DontKnow()
