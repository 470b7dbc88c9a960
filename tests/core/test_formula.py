"""Formulas and templates: a finite number or FormulaError, whatever is typed."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlquiz.core.formula import FormulaError, evaluate, fill, plain

NUMBERS = {"x": 3, "y": 2.5}


def works_or_says_why(expression: str) -> None:
    try:
        value = evaluate(expression, NUMBERS)
    except FormulaError:
        return
    assert not isinstance(value, bool)
    assert isinstance(value, int | float)
    assert math.isfinite(value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x + y * 2", 8), ("x / 2", 1.5), ("-x ** 2", -9), ("sqrt(16)", 4), ("log2(8)", 3), ("log(exp(2))", 2),
        ("comb(5, 2)", 10), ("ceil(2.1) + floor(2.9)", 5), ("round(2.567, 1)", 2.6), ("max(x, y) - min(x, y)", 0.5),
        ("erf(0)", 0), ("1 if x > y else 2", 1), ("7 // 2 + 7 % 4", 6), ("log(8, 2)", 3), ("1e3", 1000),
    ],
)  # fmt: skip
def test_a_formula_is_worked_out(expression: str, value: float) -> None:
    assert evaluate(expression, NUMBERS) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()", "().__class__", "x.__class__", "x.real", "9**9**9", "'a'", "'a' * 9", "[1, 2]",
        "{1: 2}", "(1, 2)", "lambda: 1", "[n for n in (1, 2)]", "max(n for n in (1, 2))", "f'{x}'", "x[0]", "x := 1",
        "x = 1", "import os", "open('f')", "eval('1')", "print(1)", "rand()", "factorial(5)", "unknown", "sqrt", "None",
        "True", "x > y", "...", "1j", "(-8) ** 0.5", "1 / 0", "log(0)", "sqrt(-1)", "exp(1e9)", "1e999", "-1e999",
        "1e999 - 1e999", "1 << 10 ** 9", "", "  ", "1 +", "\x00", "\ud800", "max()", "min(*[1])", "max(1, key=2)",
        "await x", "yield", "1 is 1", "comb(2.5, 1)", "comb(-1, 1)", "round(1e400)", "\\", "(" * 300 + "1" + ")" * 300,
        "10 ** 400", "comb(2000, 1000)", "0x" + "f" * 400, "+".join(["1"] * 3000), "1; 2", "1\n2", "min(b'ab')",
        "1 if '%1000000d' % 1 else 2", "'%s' % 1", "x(1)", "(1)(2)", "1 @ 2", "1 in 2", "sqrt(x=1)",
    ],
    ids=lambda text: ascii(text[:40]),
)  # fmt: skip
def test_what_is_no_finite_number_is_an_error_of_the_formula(expression: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(expression, NUMBERS)


WORDS = st.sampled_from(
    ["0", "1", "7", "2.5", "1e3", "x", "y", "z", "+", "-", "*", "/", "//", "%", "(", ")", ",", ".", "__class__", "'a'",
     "[", "]", "{", "}", ":", "lambda", "for", "in", "if", "else", "not", "and", "==", "<", "~", "sqrt(", "log(",
     "max(", "round(", "exp(", "comb(", "@", "None", "=", "import",
     "is", "!=", ";", "'%9d'"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_any_row_of_words_is_a_finite_number_or_an_error_of_the_formula(expression: str) -> None:
    works_or_says_why(expression)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_an_error_of_the_formula(expression: str) -> None:
    works_or_says_why(expression)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["1", "7", "x", "y", "**", "*", "-", "<<"]), max_size=7).map(" ".join))
@example("7 ** 7 ** 7")
def test_any_row_of_powers_is_a_finite_number_or_an_error_of_the_formula(expression: str) -> None:
    works_or_says_why(expression)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{x} and {y}", "3 and 2.5"), ("{y:.2f}", "2.50"), ("{{x}}", "{x}"), ("none", "none"), ("{big:,}", "1,234,567"),
        ("{sum}", "0.3"), ("{whole}", "4"), ("{x:.1%}", "300.0%"),
    ],
)  # fmt: skip
def test_a_template_is_filled(template: str, text: str) -> None:
    assert fill(template, NUMBERS | {"big": 1234567, "sum": 0.1 + 0.2, "whole": 4.0}) == text


@pytest.mark.parametrize(
    "template",
    ["{", "}", "{}", "{0}", "{z}", "{x!r}", "{x.real}", "{x[0]}", "{x:{y}}", "{y:d}", "{x:s}", "{x:.99999999999f}",
     "{x:99999999999}", "{x:>9}"],
)  # fmt: skip
def test_a_template_that_cannot_be_filled_is_an_error(template: str) -> None:
    with pytest.raises(FormulaError):
        fill(template, NUMBERS)


@pytest.mark.parametrize(
    ("template", "number"), [("{x:c}", -1), ("{x:.2f}", 10**400), ("{x:d}", 0.5)], ids=["c", ".2f", "d"]
)
def test_a_number_that_does_not_fit_its_format_is_an_error(template: str, number: float) -> None:
    with pytest.raises(FormulaError):
        fill(template, {"x": number})


TEMPLATES = st.text("{}xyz:!.[]09,+%dfegs ", max_size=14) | st.text(max_size=14)


@settings(max_examples=300, deadline=None)
@given(TEMPLATES | TEMPLATES.map(lambda spec: "{x:" + spec + "}"))
def test_any_template_is_filled_or_an_error_of_the_formula(template: str) -> None:
    try:
        text = fill(template, NUMBERS)
    except FormulaError:
        return
    assert isinstance(text, str)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_a_template_with_its_braces_doubled_is_its_text(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}) == text


def test_plain_numbers_have_no_binary_noise() -> None:
    assert [plain(value) for value in (3, 3.0, 0.1 + 0.2, 1e-7)] == ["3", "3", "0.3", "1e-07"]
