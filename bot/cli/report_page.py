"""The quality report as one HTML page without scripts and external files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import import_module
from itertools import groupby
from operator import attrgetter
from types import ModuleType

from bot.cli import report_tables as tables
from bot.cli.report_summary import summary_sentences
from bot.quality.ranking.leaderboard import RankedModel, is_separable
from bot.services.reports.quality_report import AgreementRow, QualityReport

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d1c1d; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #ccc; padding: .3rem .7rem; text-align: left; }
svg { max-width: 100%; height: auto; }
td { font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) {
  body { color: #e8e8e8; background: #1a1d21; }
  th, td { border-color: #555; }
  svg { background: #fff; border-radius: 4px; }
}
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
GENERATORS_TEXT = (
    "The share of each model's responses of which experts approve: a verdict is good, all points "
    "of a rating are in the upper half of their scale, or the response is better, ties or ranks "
    "first. A response passes if more than half of the answers to it do. The interval contains the "
    "true share in 95 of 100 such campaigns."
)
EXPERTS_TEXT = (
    "Agreement is the share of votes by other experts on the same items that are equal. Gold is "
    "the share of correct answers to questions with a known answer. A low figure can mean "
    "carelessness or unclear guidelines: look at the answers before you judge a person. Findings "
    "are what is clear enough for a warning."
)
ITEMS_TEXT = (
    "Items on which experts disagree most. They are often unclear, or have no right answer."
)
PAIRS_TEXT = (
    "For each two experts who answered the same items. Cohen's kappa corrects for chance as alpha "
    "does. One low row or column is a person who answers otherwise than the rest; low rows "
    "everywhere are unclear guidelines. An empty cell stands for two experts without items in "
    "common."
)
CONFUSION_TEXT = (
    "Each row is an answer of one expert. The cells say how often another expert gave each answer "
    "to the same item. Large shares beside the diagonal are answers that experts mix up; left and "
    "right are counted in both orders."
)
PERIODS_TEXT = (
    "An item belongs to the day of its last answer (UTC). Agreement that falls may come from "
    "harder items, from new experts, or from experts who become careless."
)
WEEKS_TEXT = (
    "An answer belongs to the week in which it was given; weeks start on Monday (UTC). Response A "
    "is the share of preferences for the response that was shown first: without a preferred side "
    "it is near 50%."
)
THROUGHPUT_TEXT = (
    "Answers over time, by UTC day; weeks start on Monday, and the last row is not over yet. Gold "
    "questions, practice and imported answers do not count."
)
STYLE_TEXT = (
    "A long or richly formatted response may be preferred for its style. Controlled strengths come "
    "from one fit with the style of each response, so they compare models as if their responses "
    "looked alike. The table says how the odds change for a response that has more of a feature, "
    "by one standard deviation of the difference between two responses; 1 means no effect."
)
NO_PLOTS = (
    "There are tables in place of plots, because matplotlib is not installed. The extra "
    "<code>report</code> installs it: <code>pip install 'labelbot[report]'</code>."
)


def render_page(report: QualityReport, *, has_plots: bool = True) -> str:
    """Return the report as HTML, with plots if that is wanted and matplotlib is installed."""
    title = f"Label quality of {report.title or report.campaign}"
    plots = _load_plots() if has_plots else None
    total = [row for row in report.agreement if not row.experts]
    pairs = [row for row in report.agreement if row.experts]
    sections = [
        f"<p>{report.answers:,} answers, {report.created_at:%Y-%m-%d %H:%M} UTC.</p>",
        "" if plots else f"<p>{NO_PLOTS}</p>",
        _list("Summary", summary_sentences(report)),
        _list("Warnings", (warning.text for warning in report.warnings)),
        _section("Throughput", THROUGHPUT_TEXT, tables.throughput_table(report.throughput))
        if report.throughput
        else "",
        _section("Agreement", AGREEMENT_TEXT, _agreement(total, plots)),
        _section("Agreement of each two experts", PAIRS_TEXT, _pairs(report, pairs, plots))
        if pairs
        else "",
        _models(report, plots),
        _generators(report),
        _confusions(report, plots),
        _periods(report, plots),
        _section("Experts", EXPERTS_TEXT, tables.expert_table(report.experts)),
        _section("Hardest items", ITEMS_TEXT, tables.item_table(report)),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(filter(None, sections)) + "\n</body>\n</html>\n"
    )


def _load_plots() -> ModuleType | None:
    try:
        return import_module("bot.cli.report_plots")
    except ImportError:
        return None


def _section(heading: str, text: str, table: str) -> str:
    return f"<h2>{heading}</h2>\n<p>{text}</p>\n{table}"


def _list(heading: str, sentences: Iterable[str]) -> str:
    rows = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<h2>{heading}</h2>\n<ul>{rows}</ul>" if rows else ""


def _agreement(rows: Sequence[AgreementRow], plots: ModuleType | None) -> str:
    table = tables.agreement_table(rows)
    has_values = any(row.value is not None for row in rows)
    return f"{plots.agreement_plot(rows)}\n{table}" if plots and has_values else table


def _pairs(report: QualityReport, rows: Sequence[AgreementRow], plots: ModuleType | None) -> str:
    draw = plots.matrix_plot if plots else tables.matrix_table
    matrices = [draw(matrix) for matrix in report.details.matrices if len(matrix.experts) > 1]
    table = f"<details>\n<summary>All coefficients</summary>\n{tables.pair_table(rows)}\n</details>"
    return "\n".join([*matrices, table])


def _models(report: QualityReport, plots: ModuleType | None) -> str:
    if not report.models:
        return ""
    parts: list[str] = []
    for group, found in groupby(report.models, key=attrgetter("group")):
        ranked = list(found)
        parts.append(f"<h3>{_group_heading(ranked, group)}</h3>")
        if plots and group is not None:
            parts.append(plots.leaderboard_plot(ranked, group))
        parts.append(tables.model_table(ranked))
    effects = report.details.effects
    if effects:
        parts.append(f"<h3>Style</h3>\n<p>{STYLE_TEXT}</p>\n{tables.style_table(effects)}")
    return _section("Models", MODELS_TEXT, "\n".join(parts))


def _generators(report: QualityReport) -> str:
    if not report.generators:
        return ""
    rows = map(tables.generator_cells, report.generators)
    return _section(
        "Generators", GENERATORS_TEXT, tables.html_table(tables.GENERATOR_HEADINGS, rows)
    )


def _group_heading(models: Sequence[RankedModel], group: int | None) -> str:
    if group is None:
        return "Without a comparison"
    return f"Group {group}" + ("" if is_separable(models, group) else ": not separable yet")


def _confusions(report: QualityReport, plots: ModuleType | None) -> str:
    draw = plots.confusion_plot if plots else tables.confusion_table
    parts = [
        draw(question, confusion)
        for question, confusion in report.details.confusions.items()
        if any(map(sum, confusion.counts))
    ]
    return _section("Confusion", CONFUSION_TEXT, "\n".join(parts)) if parts else ""


def _periods(report: QualityReport, plots: ModuleType | None) -> str:
    periods = report.details.periods
    if not periods:
        return ""
    weeks = f"<h3>By week</h3>\n<p>{WEEKS_TEXT}</p>\n{tables.week_table(report.details.weeks)}"
    table = f"{tables.period_table(periods)}\n{weeks}"
    is_drawn = plots is not None and len(periods) > 1
    content = f"{plots.periods_plot(periods)}\n{table}" if plots and is_drawn else table
    return _section("Agreement over time", PERIODS_TEXT, content)
