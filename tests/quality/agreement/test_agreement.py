"""Agreement: published tables, and properties that the statistics must have."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.agreement.agreement import Agreement
from bot.quality.votes import MeasurementLevel, VoteValue
from tests.quality.agreement.examples import compute_agreement

DATA = Path(__file__).parents[4] / "shared" / "data" / "agreement"

KRIPPENDORFF = """\
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers and twelve units: Krippendorff (2011), section C. A dot is a missing value."""

PUBLISHED: dict[MeasurementLevel, float] = {
    "nominal": 0.743,
    "ordinal": 0.815,
    "interval": 0.849,
    "ratio": 0.797,
}
"""The alphas that the same paper reports."""

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
"""How many of 14 raters put each of ten subjects into each of five categories: Wikipedia's example
of Fleiss' kappa, with an observed agreement of 0.378 and a kappa of 0.210."""

LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval", "ratio")

Units = list[list[int]]

EVERY_LEVEL = pytest.mark.parametrize("level", LEVELS)
UNITS = st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=12)
QUICK = settings(max_examples=30)


def units_of(table: str) -> Units:
    """Return the units of a table with one row per observer and dots for missing values."""
    columns = zip(*(line.split() for line in table.splitlines()), strict=True)
    return [[int(cell) for cell in column if cell != "."] for column in columns]


def units_from_counts(rows: Sequence[Sequence[int]]) -> Units:
    """Return the units of a table with one row of value counts per unit."""
    return [[value for value, n in enumerate(row) for _ in range(n)] for row in rows]


def alpha_of(
    units: Sequence[Sequence[VoteValue]], level: MeasurementLevel = "nominal"
) -> float | None:
    """Return alpha only."""
    return compute_agreement(units, level).alpha.value


@EVERY_LEVEL
def test_alpha_matches_krippendorff_2011(level: MeasurementLevel) -> None:
    agreement = compute_agreement(units_of(KRIPPENDORFF), level)
    assert agreement.alpha.value == pytest.approx(PUBLISHED[level], abs=0.0005)
    assert (agreement.items, agreement.answers) == (11, 40), "a unit with one value does not count"


def test_fleiss_kappa_matches_published_table() -> None:
    agreement = compute_agreement(
        units_from_counts([[int(n) for n in row.split()] for row in FLEISS.splitlines()]), "nominal"
    )
    assert agreement.percent.value == pytest.approx(0.378, abs=0.0005)
    assert agreement.kappa.value == pytest.approx(0.210, abs=0.0005)
    kappa = 0.20993
    assert agreement.alpha.value == pytest.approx(
        kappa + (1 - kappa) / agreement.answers, abs=0.0005
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data directory next to the project")
def test_tables_match_published_data_files() -> None:
    with (DATA / "krippendorff_2011_12units.csv").open() as file:
        lines = [" ".join(cell or "." for cell in row) for row in csv.reader(file)]
    assert units_of("\n".join(lines)) == units_of(KRIPPENDORFF)
    with (DATA / "fleiss_wikipedia_counts_10x5.csv").open() as file:
        assert [" ".join(row) for row in csv.reader(file)] == FLEISS.splitlines()


@EVERY_LEVEL
@QUICK
@given(units=UNITS, rng=st.randoms())
def test_order_of_experts_and_items_does_not_matter(
    units: Units, rng: Random, level: MeasurementLevel
) -> None:
    shuffled = [rng.sample(unit, len(unit)) for unit in units]
    rng.shuffle(shuffled)
    agreement = compute_agreement(units, level)
    reordered = compute_agreement(shuffled, level)
    assert (agreement.items, agreement.answers) == (reordered.items, reordered.answers)
    assert agreement.alpha.value == pytest.approx(reordered.alpha.value)
    assert agreement.percent.value == pytest.approx(reordered.percent.value)


@EVERY_LEVEL
@QUICK
@given(units=UNITS, single=st.lists(st.integers(1, 5), max_size=1))
def test_alpha_ignores_items_with_one_answer(
    units: Units, single: list[int], level: MeasurementLevel
) -> None:
    assert alpha_of([*units, single], level) == pytest.approx(alpha_of(units, level))


@EVERY_LEVEL
@QUICK
@given(values=st.lists(st.integers(1, 5), min_size=1), experts=st.integers(2, 5))
def test_alpha_of_perfect_agreement_is_one(
    values: list[int], experts: int, level: MeasurementLevel
) -> None:
    agreement = compute_agreement([[value] * experts for value in values], level)
    assert agreement.percent.value == 1
    if len(set(values)) > 1:
        assert agreement.alpha.value == 1
    else:
        assert agreement.alpha.value is None, "equal answers everywhere could be chance"


@pytest.mark.parametrize(("items", "low"), [(6, None), (40, 0.82), (200, 0.96), (1_000, 0.99)])
def test_perfect_agreement_is_not_certain(items: int, low: float | None) -> None:
    """Six agreeing items once had an interval from 1.00 to 1.00."""
    alpha = compute_agreement([["left", "left"], ["tie", "tie"]] * (items // 2), "nominal").alpha
    assert alpha.low == (None if low is None else pytest.approx(low, abs=0.005))
    assert alpha.high == (None if low is None else 1)


@EVERY_LEVEL
def test_alpha_of_random_answers_is_zero(level: MeasurementLevel) -> None:
    rng = Random(7)  # noqa: S311 - seeded, not for cryptography
    agreement = compute_agreement(
        [[rng.randint(1, 4) for _ in range(3)] for _ in range(2_000)], level
    )
    assert agreement.alpha.value == pytest.approx(0, abs=0.04)
    assert agreement.percent.value == pytest.approx(0.25, abs=0.03)
    assert (agreement.alpha.low or 1) < 0 < (agreement.alpha.high or 0)


@QUICK
@given(units=UNITS)
def test_category_names_do_not_matter(units: Units) -> None:
    named = [[f"option {6 - value}" for value in unit] for unit in units]
    assert alpha_of(named) == pytest.approx(alpha_of(units))


@QUICK
@given(units=UNITS)
def test_ordinal_alpha_depends_only_on_order(units: Units) -> None:
    stretched = [[value**3 for value in unit] for unit in units]
    assert alpha_of(stretched, "ordinal") == pytest.approx(alpha_of(units, "ordinal"))


@QUICK
@given(units=UNITS, step=st.integers(1, 9), start=st.integers(-9, 9))
def test_interval_alpha_depends_only_on_distances(units: Units, step: int, start: int) -> None:
    moved = [[start + step * value for value in unit] for unit in units]
    assert alpha_of(moved, "interval") == pytest.approx(alpha_of(units, "interval"))


@EVERY_LEVEL
@QUICK
@given(units=st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=40))
def test_coefficients_and_intervals_are_in_range(units: Units, level: MeasurementLevel) -> None:
    agreement = compute_agreement(units, level)
    for found in (agreement.percent, agreement.alpha, agreement.kappa, agreement.gwet):
        assert found.value is None or found.value <= 1
        assert (found.low is None) == (found.high is None)
        if found.low is not None and found.high is not None:
            assert found.low <= found.high <= 1
    assert agreement.percent.value is None or 0 <= agreement.percent.value <= 1


def test_small_differences_weigh_less_than_large_ones() -> None:
    near = [[1, 2], [2, 3], [4, 5], [5, 4], [3, 3], [1, 1]]
    wide = [[1, 5], [2, 5], [4, 1], [5, 1], [3, 3], [2, 2]]
    for level in ("ordinal", "interval"):
        assert (alpha_of(near, level) or 0) > 0.5 > (alpha_of(wide, level) or 0)


def test_without_pairs_there_is_no_agreement() -> None:
    nothing = Agreement("nominal")
    assert compute_agreement([], "nominal") == nothing
    assert compute_agreement([[1], [], [2]], "nominal") == nothing


def test_few_items_have_no_interval() -> None:
    few = compute_agreement([["a", "b"], ["a", "a"]] * 9, "nominal").alpha
    assert (few.low, few.high) == (None, None)
    assert few.value is not None


SIDES = st.lists(
    st.lists(st.sampled_from(["left", "right", "tie", "both_bad"]), max_size=4), max_size=30
)
OPPOSITE = {"left": "right", "right": "left"}


@QUICK
@given(units=SIDES, rng=st.randoms())
def test_exchanging_columns_of_any_item_changes_nothing(
    units: list[list[str]], rng: Random
) -> None:
    """The same votes once had an alpha of .864 and, with columns exchanged, of .658."""
    exchanged = [
        [OPPOSITE.get(value, value) for value in unit] if rng.random() < 0.5 else unit
        for unit in units
    ]
    agreement = compute_agreement(units, "nominal", is_sided=True)
    assert compute_agreement(exchanged, "nominal", is_sided=True) == agreement


def test_pairs_listed_as_chosen_and_rejected_raise_no_false_alarm() -> None:
    """98% agreement once had an alpha of -0.01, because one side nearly always won."""
    units = [["left", "left"]] * 98 + [["left", "right"]] * 2
    alpha = compute_agreement(units, "nominal", is_sided=True).alpha
    assert alpha.value == pytest.approx(0.96, abs=0.005)


def test_gwet_is_meaningful_if_nearly_all_answers_are_in_one_category() -> None:
    agreement = compute_agreement([["good", "good"]] * 98 + [["good", "bad"]] * 2, "nominal")
    assert agreement.alpha.value == pytest.approx(-0.005, abs=0.001)
    assert agreement.gwet.value == pytest.approx(0.98, abs=0.001)


def simulate_agreement(rng: Random, items: int) -> Agreement:
    """Return the agreement of three experts who see the truth two times in three."""
    truths = [rng.choice("abc") for _ in range(items)]
    answers = [
        [truth if rng.random() < 2 / 3 else rng.choice("abc") for _ in range(3)] for truth in truths
    ]
    return compute_agreement(answers, "nominal")


def test_interval_covers_what_it_claims() -> None:
    """`make check-statistics` does this for many more cases."""
    truth = (2 / 3) ** 2
    rng = Random(11)  # noqa: S311 - seeded, not for cryptography
    simulated = [simulate_agreement(rng, 30).alpha for _ in range(100)]
    assert sum((a.low or 0) <= truth <= (a.high or 0) for a in simulated) >= 92


def test_more_items_narrow_the_interval() -> None:
    rng = Random(5)  # noqa: S311 - seeded, not for cryptography
    few, many = (simulate_agreement(rng, items).alpha for items in (50, 1_000))
    width = [(alpha.high or 0) - (alpha.low or 0) for alpha in (few, many)]
    assert width[1] < width[0] / 3
