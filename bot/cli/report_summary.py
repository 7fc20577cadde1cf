"""The summary of the quality report: what its figures say, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from bot.quality.agreement.interval import MIN_ITEMS, Estimate
from bot.quality.norms import describe_norm
from bot.quality.ranking.leaderboard import RankedModel
from bot.services.reports.quality_report import AgreementRow, QualityReport

MAX_NAMED_MODELS = 5


def summary_sentences(report: QualityReport) -> Iterator[str]:
    """Yield what the report says about agreement, models, experts and items."""
    rows = {(row.question, row.metric): row for row in report.agreement if not row.experts}
    for question in dict.fromkeys(question for question, _ in rows):
        percent, alpha = rows.get((question, "percent")), rows.get((question, "alpha"))
        if percent is not None and alpha is not None:
            yield _agreement_sentence(percent, alpha)
    for group, found in groupby(report.models, key=attrgetter("group")):
        if group is not None:
            yield _models_sentence(list(found), group)
    if report.experts:
        yield _experts_sentence(report)
    if report.items:
        yield _items_sentence(report)


def _agreement_sentence(percent: AgreementRow, alpha: AgreementRow) -> str:
    question = percent.question
    if percent.value is None:
        return f"{question}: no item has two answers, so agreement is unknown."
    same = f"{question}: two experts give the same answer in {percent.value:.0%} of cases"
    if percent.low is None or percent.high is None:
        return f"{same}. That is from {percent.units:,} items; at least {MIN_ITEMS} tell more."
    same = f"{same} (between {percent.low:.0%} and {percent.high:.0%})."
    if alpha.value is None:
        return f"{same} All answers are equal, so chance cannot be corrected for."
    norm = describe_norm(question, Estimate(alpha.value, alpha.low, alpha.high))
    scale = "where 0 is guessing and 1 is perfect"
    return f"{same} Corrected for chance it is {alpha.value:.2f}, {scale}{norm and f'; {norm}'}."


def _models_sentence(models: Sequence[RankedModel], group: int) -> str:
    best = [model for model in models if model.rank_low == 1]
    if not best or len(best) == len(models):
        return f"Models, group {group}: the answers do not tell yet which is the best."
    if len(best) == 1:
        return f"Models, group {group}: {best[0].name} is the best of {len(models):,}."
    names = ", ".join(model.name for model in best[:MAX_NAMED_MODELS])
    more = f" and {len(best) - MAX_NAMED_MODELS:,} more" if len(best) > MAX_NAMED_MODELS else ""
    return f"Models, group {group}: the best of {len(models):,} is one of {names}{more}."


def _experts_sentence(report: QualityReport) -> str:
    found = sum(bool(expert.figures.findings) for expert in report.experts)
    total = f"{len(report.experts):,}"
    if not found:
        return f"Experts: the answers of all {total} look careful."
    return f"Experts: the answers of {found:,} of {total} need a look; see “findings” below."


def _items_sentence(report: QualityReport) -> str:
    several = [item for item in report.items if item.votes > 1]
    hard = sum(item.disagreement > 0 for item in several)
    return f"Items: experts disagree on {hard:,} of {len(several):,} with several answers."
