"""Agreement against published tables, and by the rules that it must keep."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.agreement import MIN_UNITS, NO_AGREEMENT, Agreement, compute_agreement
from bot.quality.votes import MeasurementLevel, VoteValue

DATA = Path(__file__).parents[3] / "shared" / "data" / "agreement"

KRIPPENDORFF = """\
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers and twelve units: Krippendorff (2011), section C. A dot is a missing value."""

PUBLISHED: dict[MeasurementLevel, float] = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
"""The alphas that the same paper finds."""

FLEISS = """\
0 0 0 0 14
0 2 6 4 2
0 0 3 5 6
0 3 9 2 0
2 2 8 1 1
7 7 0 0 0
3 2 6 3 0
2 5 3 2 2
6 5 2 1 0
0 2 2 3 7
"""
"""How many of 14 raters put each of ten subjects into each of five categories: the worked example
of Fleiss' kappa in Wikipedia, where the observed agreement is 0.378 and kappa 0.210."""

LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval")

Units = list[list[int]]

EVERY_LEVEL = pytest.mark.parametrize("level", LEVELS)
UNITS = st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=12)
QUICK = settings(max_examples=30)


def units_of(table: str) -> Units:
    """Return the units of a table with a row for each observer and a dot for what is missing."""
    columns = zip(*(line.split() for line in table.splitlines()), strict=True)
    return [[int(cell) for cell in column if cell != "."] for column in columns]


def counted(rows: Sequence[Sequence[int]]) -> Units:
    """Return the units of a table of counts, a row for each unit."""
    return [[value for value, n in enumerate(row) for _ in range(n)] for row in rows]


def only(units: Sequence[Sequence[VoteValue]], level: MeasurementLevel = "nominal") -> float | None:
    """Return alpha alone."""
    return compute_agreement(units, level).alpha


@EVERY_LEVEL
def test_alpha_is_what_krippendorff_publishes(level: MeasurementLevel) -> None:
    found = compute_agreement(units_of(KRIPPENDORFF), level)
    assert found.alpha == pytest.approx(PUBLISHED[level], abs=0.0005)
    assert (found.units, found.answers) == (11, 40), "a unit with one value says nothing"


def test_alpha_follows_from_the_kappa_of_fleiss() -> None:
    found = compute_agreement(
        counted([[int(n) for n in row.split()] for row in FLEISS.splitlines()]), "nominal"
    )
    assert found.pairwise_agreement == pytest.approx(0.378, abs=0.0005)
    kappa = 0.20993
    assert found.alpha == pytest.approx(kappa + (1 - kappa) / found.answers, abs=0.0005)


@pytest.mark.skipif(not DATA.is_dir(), reason="the data does not lie beside the project")
def test_the_tables_beside_the_project_say_the_same() -> None:
    with (DATA / "krippendorff_2011_12units.csv").open() as file:
        lines = [" ".join(cell or "." for cell in row) for row in csv.reader(file)]
    assert units_of("\n".join(lines)) == units_of(KRIPPENDORFF)
    with (DATA / "fleiss_wikipedia_counts_10x5.csv").open() as file:
        assert [" ".join(row) for row in csv.reader(file)] == FLEISS.splitlines()


@EVERY_LEVEL
@QUICK
@given(units=UNITS, chance=st.randoms())
def test_neither_the_order_of_experts_nor_that_of_items_matters(
    units: Units, chance: Random, level: MeasurementLevel
) -> None:
    shuffled = [chance.sample(unit, len(unit)) for unit in units]
    chance.shuffle(shuffled)
    one, other = compute_agreement(units, level), compute_agreement(shuffled, level)
    assert (one.units, one.answers) == (other.units, other.answers)
    assert one.alpha == pytest.approx(other.alpha)
    assert one.pairwise_agreement == pytest.approx(other.pairwise_agreement)


@EVERY_LEVEL
@QUICK
@given(units=UNITS, lonely=st.lists(st.integers(1, 5), max_size=1))
def test_an_item_that_one_expert_answered_changes_nothing(
    units: Units, lonely: list[int], level: MeasurementLevel
) -> None:
    assert compute_agreement([*units, lonely], level) == compute_agreement(units, level)


@EVERY_LEVEL
@QUICK
@given(values=st.lists(st.integers(1, 5), min_size=MIN_UNITS), experts=st.integers(2, 5))
def test_perfect_agreement_is_one(values: list[int], experts: int, level: MeasurementLevel) -> None:
    found = compute_agreement([[value] * experts for value in values], level)
    assert found.pairwise_agreement == 1
    if len(set(values)) > 1:
        assert (found.alpha, found.low, found.high) == (1, 1, 1)
    else:
        assert found.alpha is None, "where all always say the same, chance would have it, too"


@EVERY_LEVEL
def test_answers_by_chance_agree_as_chance_would_have_it(level: MeasurementLevel) -> None:
    dice = Random(7)  # noqa: S311 - a die that falls the same each time
    found = compute_agreement([[dice.randint(1, 4) for _ in range(3)] for _ in range(2_000)], level)
    assert found.alpha == pytest.approx(0, abs=0.04)
    assert found.pairwise_agreement == pytest.approx(0.25, abs=0.03)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


@QUICK
@given(units=UNITS)
def test_names_of_categories_do_not_matter(units: Units) -> None:
    named = [[f"option {6 - value}" for value in unit] for unit in units]
    assert only(named) == pytest.approx(only(units))


@QUICK
@given(units=UNITS)
def test_an_ordinal_alpha_knows_the_order_alone(units: Units) -> None:
    stretched = [[value**3 for value in unit] for unit in units]
    assert only(stretched, "ordinal") == pytest.approx(only(units, "ordinal"))


@QUICK
@given(units=UNITS, step=st.integers(1, 9), start=st.integers(-9, 9))
def test_an_interval_alpha_knows_distances_alone(units: Units, step: int, start: int) -> None:
    moved = [[start + step * value for value in unit] for unit in units]
    assert only(moved, "interval") == pytest.approx(only(units, "interval"))


@EVERY_LEVEL
@QUICK
@given(units=UNITS)
def test_alpha_is_at_most_one_and_lies_in_its_interval(
    units: Units, level: MeasurementLevel
) -> None:
    found = compute_agreement(units, level)
    if found.alpha is not None:
        assert found.alpha <= 1
    if found.low is not None and found.high is not None:
        assert found.low <= found.high <= 1
    assert found.pairwise_agreement is None or 0 <= found.pairwise_agreement <= 1


def test_a_near_miss_weighs_less_than_a_wide_one_where_values_have_an_order() -> None:
    near = [[1, 2], [2, 3], [4, 5], [5, 4], [3, 3], [1, 1]]
    wide = [[1, 5], [2, 5], [4, 1], [5, 1], [3, 3], [2, 2]]
    for level in ("ordinal", "interval"):
        assert (only(near, level) or 0) > 0.5 > (only(wide, level) or 0)


def test_without_pairs_there_is_nothing_to_say() -> None:
    assert (
        compute_agreement([], "nominal")
        == compute_agreement([[1], [], [2]], "nominal")
        == NO_AGREEMENT
    )


def test_few_units_give_no_interval() -> None:
    few = compute_agreement([["a", "b"], ["a", "a"]], "nominal")
    assert (few.low, few.high) == (None, None)
    assert few.alpha is not None


def test_the_interval_is_the_same_each_time_and_another_with_another_seed() -> None:
    units = units_of(KRIPPENDORFF)
    assert compute_agreement(units, "ordinal") == compute_agreement(units, "ordinal")
    assert (
        compute_agreement(units, "ordinal").low != compute_agreement(units, "ordinal", seed=1).low
    )


def drawn(chance: Random, units: int) -> Agreement:
    """Return the agreement of three experts who see the truth in two cases of three."""
    truths = [chance.choice("abc") for _ in range(units)]
    seen = [
        [truth if chance.random() < 2 / 3 else chance.choice("abc") for _ in range(3)]
        for truth in truths
    ]
    return compute_agreement(seen, "nominal")


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = (2 / 3) ** 2
    chance = Random(11)  # noqa: S311 - a die that falls the same each time
    found = [drawn(chance, 60) for _ in range(60)]
    held = sum((one.low or 0) <= truth <= (one.high or 0) for one in found)
    assert held >= 52, "95 of 100, and 60 tries"


def test_more_items_make_the_interval_narrower() -> None:
    chance = Random(5)  # noqa: S311 - a die that falls the same each time
    few, many = drawn(chance, 50), drawn(chance, 1_000)
    width = [(one.high or 0) - (one.low or 0) for one in (few, many)]
    assert width[1] < width[0] / 3
