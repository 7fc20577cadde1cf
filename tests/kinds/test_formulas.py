"""Finding formulas in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kinds.formulas import MAX_FORMULA_CHARACTERS, formulas_in


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (
            r"Solve $x^2$, $$\frac{a}{b}$$, \(y\) or \[z = 1\].",
            ("x^2", r"\frac{a}{b}", "y", "z = 1"),
        ),
        ("$$\na +\nb\n$$ and $$a + b$$", ("a + b",)),
        ("איך פותרים את $x^2 = 8$?", ("x^2 = 8",)),
        ("It costs $5 and not $10, or $5-$10.", ()),
        (r"Escaped: \$5$ and \\$x.", ()),
        ("`$x$` and ```\n$y$\n``` and ``a ` $z$``", ()),
        ("```\n$x$ without an end", ()),
        ("no formula", ()),
        (f"${'x' * (MAX_FORMULA_CHARACTERS + 1)}$", ()),
        ("$ x $ and $$", ()),
    ],
)
def test_formulas_are_found_in_text_and_not_in_code_or_prices(
    text: str, formulas: tuple[str, ...]
) -> None:
    assert formulas_in(text) == formulas


@given(st.text(st.sampled_from("$\\[]()`x \n"), max_size=60))
def test_any_text_has_short_formulas_that_are_part_of_it(text: str) -> None:
    for formula in formulas_in(text):
        assert 0 < len(formula) <= MAX_FORMULA_CHARACTERS
        assert formula in " ".join(text.split())


@pytest.mark.parametrize("unit", ["\\[", "$$", "$a ", "`", "` ", "` `` ", "\\(x"])
def test_long_text_without_an_end_is_searched_quickly(unit: str) -> None:
    assert isinstance(formulas_in(unit * 50_000), tuple)
