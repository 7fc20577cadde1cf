"""Agreement: published tables, and properties that the statistics must have."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quality.agreement import MIN_UNITS, NO_AGREEMENT, SEED, Agreement, Tally
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

LEVELS: tuple[MeasurementLevel, ...] = ("nominal", "ordinal", "interval")

Units = list[list[int]]

EVERY_LEVEL = pytest.mark.parametrize("level", LEVELS)
UNITS = st.lists(st.lists(st.integers(1, 5), max_size=5), max_size=12)
QUICK = settings(max_examples=30)


def compute_agreement(
    units: Iterable[Iterable[VoteValue]], level: MeasurementLevel, seed: int = SEED
) -> Agreement:
    """Return the agreement of units, each with its values in any order."""
    tally = Tally(level)
    for values in units:
        tally.add(values)
    return tally.agreement(seed)


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
    return compute_agreement(units, level).alpha


@EVERY_LEVEL
def test_alpha_matches_krippendorff_2011(level: MeasurementLevel) -> None:
    agreement = compute_agreement(units_of(KRIPPENDORFF), level)
    assert agreement.alpha == pytest.approx(PUBLISHED[level], abs=0.0005)
    assert (agreement.units, agreement.answers) == (11, 40), "a unit with one value does not count"


def test_alpha_matches_fleiss_kappa() -> None:
    agreement = compute_agreement(
        units_from_counts([[int(n) for n in row.split()] for row in FLEISS.splitlines()]), "nominal"
    )
    assert agreement.pairwise_agreement == pytest.approx(0.378, abs=0.0005)
    kappa = 0.20993
    assert agreement.alpha == pytest.approx(kappa + (1 - kappa) / agreement.answers, abs=0.0005)


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
    assert (agreement.units, agreement.answers) == (reordered.units, reordered.answers)
    assert agreement.alpha == pytest.approx(reordered.alpha)
    assert agreement.pairwise_agreement == pytest.approx(reordered.pairwise_agreement)


@EVERY_LEVEL
@QUICK
@given(units=UNITS, single=st.lists(st.integers(1, 5), max_size=1))
def test_item_with_one_answer_changes_nothing(
    units: Units, single: list[int], level: MeasurementLevel
) -> None:
    assert compute_agreement([*units, single], level) == compute_agreement(units, level)


@EVERY_LEVEL
@QUICK
@given(values=st.lists(st.integers(1, 5), min_size=MIN_UNITS), experts=st.integers(2, 5))
def test_alpha_of_perfect_agreement_is_one(
    values: list[int], experts: int, level: MeasurementLevel
) -> None:
    agreement = compute_agreement([[value] * experts for value in values], level)
    assert agreement.pairwise_agreement == 1
    if len(set(values)) > 1:
        assert (agreement.alpha, agreement.low, agreement.high) == (1, 1, 1)
    else:
        assert agreement.alpha is None, "equal answers everywhere could be chance"


@EVERY_LEVEL
def test_alpha_of_random_answers_is_zero(level: MeasurementLevel) -> None:
    rng = Random(7)  # noqa: S311 - seeded, not for cryptography
    agreement = compute_agreement(
        [[rng.randint(1, 4) for _ in range(3)] for _ in range(2_000)], level
    )
    assert agreement.alpha == pytest.approx(0, abs=0.04)
    assert agreement.pairwise_agreement == pytest.approx(0.25, abs=0.03)
    assert agreement.low is not None
    assert agreement.high is not None
    assert agreement.low < 0 < agreement.high


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
@given(units=UNITS)
def test_alpha_and_interval_are_in_range(units: Units, level: MeasurementLevel) -> None:
    agreement = compute_agreement(units, level)
    if agreement.alpha is not None:
        assert agreement.alpha <= 1
    if agreement.low is not None and agreement.high is not None:
        assert agreement.low <= agreement.high <= 1
    assert agreement.pairwise_agreement is None or 0 <= agreement.pairwise_agreement <= 1


def test_small_differences_weigh_less_than_large_ones() -> None:
    near = [[1, 2], [2, 3], [4, 5], [5, 4], [3, 3], [1, 1]]
    wide = [[1, 5], [2, 5], [4, 1], [5, 1], [3, 3], [2, 2]]
    for level in ("ordinal", "interval"):
        assert (alpha_of(near, level) or 0) > 0.5 > (alpha_of(wide, level) or 0)


def test_without_pairs_there_is_no_agreement() -> None:
    assert (
        compute_agreement([], "nominal")
        == compute_agreement([[1], [], [2]], "nominal")
        == NO_AGREEMENT
    )


def test_too_few_units_have_no_interval() -> None:
    few = compute_agreement([["a", "b"], ["a", "a"]], "nominal")
    assert (few.low, few.high) == (None, None)
    assert few.alpha is not None


def test_interval_depends_only_on_seed() -> None:
    units = units_of(KRIPPENDORFF)
    assert compute_agreement(units, "ordinal") == compute_agreement(units, "ordinal")
    assert (
        compute_agreement(units, "ordinal").low != compute_agreement(units, "ordinal", seed=1).low
    )


def simulate_agreement(rng: Random, units: int) -> Agreement:
    """Return the agreement of three experts who see the truth two times in three."""
    truths = [rng.choice("abc") for _ in range(units)]
    answers = [
        [truth if rng.random() < 2 / 3 else rng.choice("abc") for _ in range(3)] for truth in truths
    ]
    return compute_agreement(answers, "nominal")


def test_interval_coverage_is_as_claimed() -> None:
    truth = (2 / 3) ** 2
    rng = Random(11)  # noqa: S311 - seeded, not for cryptography
    simulated = [simulate_agreement(rng, 60) for _ in range(60)]
    covered = sum((a.low or 0) <= truth <= (a.high or 0) for a in simulated)
    assert covered >= 52, "95 of 100, in 60 trials"


def test_more_items_narrow_the_interval() -> None:
    rng = Random(5)  # noqa: S311 - seeded, not for cryptography
    few, many = simulate_agreement(rng, 50), simulate_agreement(rng, 1_000)
    width = [(agreement.high or 0) - (agreement.low or 0) for agreement in (few, many)]
    assert width[1] < width[0] / 3
