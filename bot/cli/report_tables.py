"""Tables of the quality report, as HTML, and how its figures are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import exp

from bot.quality.agreement.confusion import Confusion
from bot.quality.agreement.interval import Estimate
from bot.quality.agreement.periods import Period
from bot.quality.pass_rate import PassRate
from bot.quality.ranking.leaderboard import ControlledStrength, RankedModel, StyleEffect
from bot.quality.reliability.weeks import WeekFigures
from bot.services.reports.answer_warnings import describe_finding
from bot.services.reports.quality_report import (
    AgreementRow,
    PairMatrix,
    QualityReport,
    ReportedExpert,
)
from bot.services.reports.throughput import ThroughputPeriod

MAX_ITEMS = 50
"""Items in the page; `--json` has all."""

GENERATOR_HEADINGS = ("generator", "pass rate", "95% interval", "passed", "candidates", "answers")

NO_INTERVAL = "too few"
NO_VALUE = "-"


def html_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or a sentence if it has no rows."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    if not body:
        return "<p>There is nothing to show yet.</p>"
    return (
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(body)
        + "\n</tbody></table>"
    )


def agreement_table(rows: Sequence[AgreementRow]) -> str:
    """Return the coefficients of all experts."""
    headings = ("question", "coefficient", "value", "95% interval", "items")
    return html_table(headings, ((row.question, *_coefficient_cells(row)) for row in rows))


def throughput_table(periods: Sequence[ThroughputPeriod]) -> str:
    """Return the answers over time."""
    heading = "day" if periods[-1].days == 1 else "week from"
    return html_table(
        (heading, "answers"), ((f"{one.start:%Y-%m-%d}", f"{one.answers:,}") for one in periods)
    )


def pair_table(rows: Sequence[AgreementRow]) -> str:
    """Return the coefficients of each two experts."""
    headings = ("experts", "question", "coefficient", "value", "95% interval", "items")
    return html_table(
        headings,
        ((" and ".join(row.experts), row.question, *_coefficient_cells(row)) for row in rows),
    )


def _coefficient_cells(row: AgreementRow) -> tuple[str, ...]:
    return (
        row.metric.replace("_", " "),
        format_agreement_value(row),
        format_agreement_interval(row),
        f"{row.units:,}",
    )


def format_agreement_value(row: AgreementRow) -> str:
    """Return the value of a coefficient, or why it has none."""
    if row.value is not None:
        return format_figure(row.value)
    return "undefined: all answers are equal" if row.units else "no item has two answers"


def format_agreement_interval(row: AgreementRow) -> str:
    """Return the interval of a coefficient, or why it has none."""
    if row.value is None:
        return NO_VALUE
    if row.metric == "kendall_w":
        return "none: W depends on the number of rankings"
    return format_interval(row.low, row.high)


def format_figure(value: float | None) -> str:
    """Return a coefficient with two decimals."""
    return "undefined" if value is None else f"{value:.2f}"


def format_interval(low: float | None, high: float | None) -> str:
    """Return an interval, or why there is none."""
    return NO_INTERVAL if low is None or high is None else f"{low:.2f} to {high:.2f}"


def model_table(models: Sequence[RankedModel]) -> str:
    """Return the models of a group, with the strengths that are controlled for style if known."""
    has_style = any(model.style_controlled for model in models)
    headings = ("model", "strength", "95% interval", "ranks", "items", "both bad")
    style_headings = ("controlled for style", "95% interval", "ranks") if has_style else ()
    return html_table(
        (*headings, *style_headings),
        ((*_model_cells(model), *(_style_cells(model) if has_style else ())) for model in models),
    )


def generator_cells(rate: PassRate) -> tuple[str, ...]:
    """Return the pass rate of a model with what it comes from."""
    return (
        rate.name,
        f"{rate.pass_rate:.0%}",
        f"{rate.low:.0%} to {rate.high:.0%}",
        f"{rate.passed:,}",
        f"{rate.candidates:,}",
        f"{rate.answers:,}",
    )


def _model_cells(model: RankedModel) -> tuple[str, ...]:
    return (
        model.name,
        format_figure(model.strength),
        format_interval(model.low, model.high),
        format_ranks(model),
        f"{model.items:,}",
        f"{model.both_bad:,}",
    )


def _style_cells(model: RankedModel) -> tuple[str, ...]:
    found = model.style_controlled
    if found is None:
        return (NO_VALUE,) * 3
    interval = format_interval(found.low, found.high)
    return format_figure(found.strength), interval, format_ranks(found)


def format_ranks(model: RankedModel | ControlledStrength) -> str:
    """Return the possible ranks of a model, as in “2 to 4”."""
    if model.rank_low is None or model.rank_high is None:
        return NO_INTERVAL
    if model.rank_low == model.rank_high:
        return str(model.rank_low)
    return f"{model.rank_low} to {model.rank_high}"


def style_table(effects: Sequence[StyleEffect]) -> str:
    """Return how the odds of a response change with its style."""
    headings = ("group", "feature", "odds", "95% interval")
    return html_table(
        headings,
        (
            (
                str(one.group),
                one.feature,
                f"{exp(one.effect):.2f}",
                f"{exp(one.low):.2f} to {exp(one.high):.2f}",
            )
            for one in effects
        ),
    )


def matrix_table(matrix: PairMatrix) -> str:
    """Return how often each two experts agree."""
    rows = (
        (
            expert,
            *(
                NO_VALUE
                if index == other or not share.total
                else f"{share.equal / share.total:.0%}"
                for other, share in enumerate(matrix.shares[index])
            ),
        )
        for index, expert in enumerate(matrix.experts)
    )
    return html_table((matrix.question, *matrix.experts), rows)


def confusion_table(question: str, confusion: Confusion) -> str:
    """Return what other experts answer, by the answer of one expert."""
    rows = (
        (str(value), *(NO_VALUE if share is None else f"{share:.0%}" for share in shares))
        for value, shares in zip(confusion.values, confusion.shares(), strict=True)
    )
    return html_table((question, *map(str, confusion.values)), rows)


def period_table(periods: Sequence[Period]) -> str:
    """Return the agreement of each period."""
    headings = ("days", "answers", "question", "percent", "95% interval", "alpha", "95% interval")
    return html_table(headings, (row for period in periods for row in _period_rows(period)))


def week_table(weeks: Sequence[WeekFigures]) -> str:
    """Return the figures of all experts by week."""
    headings = ("week of", "answers", "agreement", "gold", "response A", "seconds per task")
    return html_table(
        headings,
        (
            (
                f"{one.first:%Y-%m-%d}",
                f"{one.answers:,}",
                _share_cell(one.agreement),
                _share_cell(one.gold_accuracy),
                _share_cell(one.first_side),
                NO_VALUE if one.median_seconds is None else f"{one.median_seconds:,.0f}",
            )
            for one in weeks
        ),
    )


def _share_cell(share: float | None) -> str:
    return NO_VALUE if share is None else f"{share:.0%}"


def _period_rows(period: Period) -> Iterable[tuple[str, ...]]:
    days = f"{period.first:%Y-%m-%d} to {period.last:%Y-%m-%d}"
    if not period.questions:
        yield (days, f"{period.answers:,}", *(NO_VALUE,) * 5)
    for question, found in period.questions.items():
        cells = (*_estimate_cells(found.percent), *_estimate_cells(found.alpha))
        yield days, f"{period.answers:,}", question, *cells


def _estimate_cells(found: Estimate) -> tuple[str, str]:
    if found.value is None:
        return "undefined", NO_VALUE
    return format_figure(found.value), format_interval(found.low, found.high)


def expert_table(experts: Sequence[ReportedExpert]) -> str:
    """Return the figures of experts."""
    headings = ("expert", "answers", "seconds per task", "agreement", "gold", "findings")
    return html_table(headings, map(_expert_cells, experts))


def _expert_cells(expert: ReportedExpert) -> tuple[str, ...]:
    figures, gold = expert.figures, expert.figures.gold_accuracy
    return (
        expert.pseudonym,
        f"{figures.answers:,}",
        "-" if figures.median_seconds is None else f"{figures.median_seconds:,.0f}",
        "-" if figures.agreement is None else f"{figures.agreement:.0%}",
        "-"
        if gold is None
        else f"{gold.correct} of {gold.total} ({gold.low:.0%} to {gold.high:.0%})",
        "; ".join(map(describe_finding, figures.findings)) or NO_VALUE,
    )


def item_table(report: QualityReport) -> str:
    """Return the items on which experts disagree most."""
    headings = ("item", "answers", "agreement", "disagreement", "consensus")
    hardest = [item for item in report.items if item.disagreement][:MAX_ITEMS]
    return html_table(
        headings,
        (
            (
                item.item,
                f"{item.votes:,}",
                "-" if item.agreement is None else f"{item.agreement:.0%}",
                f"{item.disagreement:.2f}",
                item.source,
            )
            for item in hardest
        ),
    )
