"""The summary of the quality report, in sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.cli.report_summary import summary_sentences
from bot.quality.ranking.leaderboard import RankedModel
from bot.services.reports.quality_report import AgreementRow, QualityReport

Figures = tuple[float | None, float | None, float | None]


def report(*agreement: AgreementRow, models: tuple[RankedModel, ...] = ()) -> QualityReport:
    """Return a report with this agreement and these models."""
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return QualityReport("tone", "Tone", "comparison", now, 9, agreement, (), models, (), (), ())


@pytest.mark.parametrize(
    ("percent", "alpha", "expected"),
    [
        (
            (0.53, 0.5, 0.6),
            (0.29, 0.26, 0.31),
            (
                "53% of cases (between 50% and 60%). Corrected for chance it is 0.29, where 0 is "
                "guessing and 1 is perfect; usual is 0.25 to 0.5 where people compare model "
                "responses."
            ),
        ),
        (
            (1.0, 0.9, 1.0),
            (None, None, None),
            (
                "100% of cases (between 90% and 100%). All answers are equal, so chance cannot be "
                "corrected for."
            ),
        ),
        (
            (0.5, None, None),
            (0.1, None, None),
            "50% of cases. That is from 30 items; at least 20 tell more.",
        ),
    ],
)
def test_agreement_is_explained(percent: Figures, alpha: Figures, expected: str) -> None:
    rows = (
        AgreementRow("winner", "percent", *percent, 30, ()),
        AgreementRow("winner", "alpha", *alpha, 30, ()),
    )
    start = "winner: two experts give the same answer in "
    assert list(summary_sentences(report(*rows))) == [start + expected]


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        (((1, 1), (2, 3), (2, 3)), "m0 is the best of 3."),
        (((1, 2), (1, 2), (3, 3)), "the best of 3 is one of m0, m1."),
        (((1, 3), (1, 3), (1, 3)), "the answers do not tell yet which is the best."),
        (((None, None), (None, None)), "the answers do not tell yet which is the best."),
    ],
)
def test_best_models_are_named(
    ranks: tuple[tuple[int | None, int | None], ...], expected: str
) -> None:
    models = tuple(
        RankedModel(f"m{number}", 1, 0.0, None, None, low, high, 30, 0)
        for number, (low, high) in enumerate(ranks)
    )
    assert list(summary_sentences(report(models=models))) == [f"Models, group 1: {expected}"]
