"""The quality report as one HTML page without scripts and external files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter

from bot.quality.ranking.leaderboard import RankedModel, is_separable
from bot.services.reports.quality_report import AgreementRow, QualityReport, ReportedExpert

MAX_ITEMS = 50
"""Items in the page; `--json` has all."""

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d1c1d; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .7rem; text-align: left; }
td { font-variant-numeric: tabular-nums; }
"""

AGREEMENT_TEXT = (
    "Percent is the share of pairs of answers to the same item that are equal. The other "
    "coefficients correct it for chance: 1 is perfect agreement, 0 is what random answers reach, "
    "and less means that experts contradict each other. If nearly all answers are the same, alpha "
    "and kappa are low however often experts agree; then read the one of Gwet. The interval "
    "contains the true value in 95 of 100 such campaigns."
)
MODELS_TEXT = (
    "The strength of a model is the natural logarithm of its odds against the average model of its "
    "group. Models of different groups never met, directly or through others, so they cannot be "
    "compared. The ranks are those that the answers allow. Pairs of which both responses are bad "
    "count for no strength."
)
EXPERTS_TEXT = (
    "Agreement is the share of votes by other experts on the same items that are equal. Gold is "
    "the share of correct answers to questions with a known answer. A low figure can mean "
    "carelessness or unclear guidelines: look at the answers before you judge a person."
)
ITEMS_TEXT = (
    "Items on which experts disagree most. They are often unclear, or have no right answer."
)
NO_INTERVAL = "too few"


def render_page(report: QualityReport) -> str:
    """Return the report as HTML."""
    title = f"Label quality of {report.title or report.campaign}"
    total = [row for row in report.agreement if not row.experts]
    pairs = [row for row in report.agreement if row.experts]
    sections = [
        f"<p>{report.answers:,} answers, {report.created_at:%Y-%m-%d %H:%M} UTC.</p>",
        _warnings(report),
        _section("Agreement", AGREEMENT_TEXT, _agreement_table(total)),
        _section("Agreement of each two experts", "", _pair_table(pairs)) if pairs else "",
        _models(report.models),
        _section("Experts", EXPERTS_TEXT, _expert_table(report.experts)),
        _section("Hardest items", ITEMS_TEXT, _item_table(report)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(filter(None, sections)) + "\n</body>\n</html>\n"
    )


def _section(heading: str, text: str, table: str) -> str:
    return f"<h2>{heading}</h2>\n<p>{text}</p>\n{table}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    if not body:
        return "<p>There is nothing to show yet.</p>"
    return (
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(body)
        + "\n</tbody></table>"
    )


def _warnings(report: QualityReport) -> str:
    if not report.warnings:
        return ""
    rows = "".join(f"<li>{escape(warning.text)}</li>" for warning in report.warnings)
    return f"<h2>Warnings</h2>\n<ul>{rows}</ul>"


def _agreement_table(rows: Sequence[AgreementRow]) -> str:
    headings = ("question", "coefficient", "value", "95% interval", "items")
    return _table(headings, ((row.question, *_coefficient_cells(row)) for row in rows))


def _pair_table(rows: Sequence[AgreementRow]) -> str:
    headings = ("experts", "question", "coefficient", "value", "95% interval", "items")
    return _table(
        headings,
        ((" and ".join(row.experts), row.question, *_coefficient_cells(row)) for row in rows),
    )


def _coefficient_cells(row: AgreementRow) -> tuple[str, ...]:
    interval = format_interval(row.low, row.high)
    return row.metric.replace("_", " "), format_figure(row.value), interval, f"{row.units:,}"


def format_figure(value: float | None) -> str:
    """Return a coefficient with two decimals."""
    return "undefined" if value is None else f"{value:.2f}"


def format_interval(low: float | None, high: float | None) -> str:
    """Return an interval, or why there is none."""
    return NO_INTERVAL if low is None or high is None else f"{low:.2f} to {high:.2f}"


def _models(models: Sequence[RankedModel]) -> str:
    if not models:
        return ""
    tables = [
        f"<h3>{_group_heading(models, group)}</h3>\n" + _model_table(list(ranked))
        for group, ranked in groupby(models, key=attrgetter("group"))
    ]
    return _section("Models", MODELS_TEXT, "\n".join(tables))


def _group_heading(models: Sequence[RankedModel], group: int | None) -> str:
    if group is None:
        return "Without a comparison"
    return f"Group {group}" + ("" if is_separable(models, group) else ": not separable yet")


def _model_table(models: Sequence[RankedModel]) -> str:
    headings = ("model", "strength", "95% interval", "ranks", "items", "both bad")
    return _table(
        headings,
        (
            (
                model.name,
                format_figure(model.strength),
                format_interval(model.low, model.high),
                format_ranks(model),
                f"{model.items:,}",
                f"{model.both_bad:,}",
            )
            for model in models
        ),
    )


def format_ranks(model: RankedModel) -> str:
    """Return the possible ranks of a model, as in “2 to 4”."""
    if model.rank_low is None or model.rank_high is None:
        return NO_INTERVAL
    if model.rank_low == model.rank_high:
        return str(model.rank_low)
    return f"{model.rank_low} to {model.rank_high}"


def _expert_table(experts: Sequence[ReportedExpert]) -> str:
    headings = ("expert", "answers", "seconds per task", "agreement", "gold")
    return _table(headings, map(_expert_cells, experts))


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
    )


def _item_table(report: QualityReport) -> str:
    headings = ("item", "answers", "agreement", "disagreement", "consensus")
    hardest = [item for item in report.items if item.disagreement][:MAX_ITEMS]
    return _table(
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
