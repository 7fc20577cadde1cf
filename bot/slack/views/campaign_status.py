"""The status of one campaign for coordinators: progress, forecast, agreement, experts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import starmap

from bot.clock import format_day
from bot.quality.agreement.agreement import Agreement
from bot.quality.agreement.interval import Estimate
from bot.quality.forecast import Speedup
from bot.quality.norms import describe_norm
from bot.quality.votes import WINNER
from bot.services.reports.away_experts import AbsentExpert
from bot.services.reports.campaign_status import CampaignStatus, PracticeStatus
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.services.reports.remedies import Remedy, answers_per_item, invite_more
from bot.services.reports.throughput import format_throughput
from bot.slack.blockkit.blocks import context, header, labelled_values, table
from bot.slack.blockkit.mentions import format_time_ago
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import Block
from bot.slack.views import campaign_actions
from bot.slack.views.campaigns_overview import (
    MAX_TABLE_ROWS,
    cell_text,
    format_answers_per_day,
    format_forecast,
    format_percent,
    format_progress,
    format_state,
    hidden_count_blocks,
    summarize_campaign,
)
from bot.slack.views.model_ranks import model_blocks
from bot.slack.views.warnings import remedy_blocks, warning_blocks
from storage.tables import CampaignState

QUESTION_LABELS = {WINNER: "Verdict"}
"""Labels of questions, where the name that statistics use is not the one on screens."""


def render_campaign_status(
    report: CampaignReport, now: datetime, *, in_modal: bool = False
) -> Message:
    """Render the status of a campaign. In a modal, experts are lines: Slack has no tables there."""
    overview = report.overview
    status = overview.status
    return Message(
        escape_mrkdwn(summarize_campaign(overview)),
        [
            header(f"{cell_text(status.title)}: {format_state(overview)}"),
            context(
                f"{status.name} · {status.kind} · {_format_overlap(overview)} per item"
                f"{_format_deadline(overview)}"
            ),
            *warning_blocks(status.id, overview.warnings, in_modal=in_modal),
            labelled_values(_summary_fields(overview)),
            *_throughput_blocks(overview),
            *_suggestion_blocks(overview, in_modal=in_modal),
            *_agreement_blocks(overview, now),
            *model_blocks(status.name, overview.figures.models),
            *_expert_blocks(report.experts, in_modal=in_modal),
            *_absent_blocks("Away", overview.away),
            *_absent_blocks("At the maximum answers per expert", overview.at_quota),
            *campaign_actions.campaign_action_blocks(
                status.id, CampaignState(status.state), in_modal=in_modal
            ),
        ],
    )


def _format_overlap(overview: Overview) -> str:
    status = overview.status
    if status.max_overlap is None:
        return pluralize(status.overlap, "answer")
    return f"{status.overlap} to {status.max_overlap} answers"


def _format_deadline(overview: Overview) -> str:
    deadline = overview.status.deadline
    return f" · deadline {format_day(deadline.date())}" if deadline else ""


def _summary_fields(overview: Overview) -> dict[str, str]:
    status, needs_attention = overview.status, overview.needs_attention
    questions = pluralize(needs_attention.questions, "question")
    practice = {"Practice": _format_practice(status.practice)} if status.practice else {}
    expected = {"Expected answers": f"{status.expected:,}"} if status.expected else {}
    return {
        "Progress": format_progress(overview),
        **expected,
        "Completed items": f"{status.complete:,} of {status.tasks:,}",
        "Pace": _format_pace(overview),
        "Forecast": format_forecast(overview),
        "Tasks": f"{status.open:,} open, {status.skipped:,} skipped",
        **practice,
        **_quota_fields(status),
        "Needs attention": f"{questions}, {pluralize(needs_attention.flags, 'flag')}",
    }


def _quota_fields(status: CampaignStatus) -> dict[str, str]:
    limits = [
        f"{status.max_answers:,}" if status.max_answers else "",
        f"{status.max_answers_per_day:,} a day" if status.max_answers_per_day else "",
    ]
    text = ", ".join(filter(None, limits))
    return {"Maximum answers per expert": text} if text else {}


def _format_practice(practice: PracticeStatus) -> str:
    counts = (
        f"{practice.passed} passed, {practice.failed} failed, {practice.in_practice} in practice"
    )
    missing = practice.questions - practice.gold_items
    return f"{counts}; needs {pluralize(missing, 'more gold item')}" if missing > 0 else counts


def _format_pace(overview: Overview) -> str:
    experts, rate = overview.forecast.pace.experts, format_answers_per_day(overview)
    by_experts = f" by {pluralize(experts, 'expert')}" if experts else ""
    return f"{rate} {'answer' if rate == '1' else 'answers'} per working day{by_experts}"


def _throughput_blocks(overview: Overview) -> list[Block]:
    text = format_throughput(overview.throughput)
    return [context(f"{text}.")] if text else []


def _suggestion_blocks(overview: Overview, *, in_modal: bool) -> list[Block]:
    suggestions, status = overview.forecast.suggestions, overview.status
    if not suggestions:
        return []
    can_change = status.state != CampaignState.CLOSED
    remedies = [_remedy_of(one, status.overlap) for one in suggestions if can_change]
    return [
        context(f"To finish sooner: {format_suggestions(overview)}."),
        *remedy_blocks("finish_sooner", status.id, remedies, in_modal=in_modal),
    ]


def _remedy_of(suggestion: Speedup, overlap: int) -> Remedy:
    if suggestion.overlap_reduction:
        return answers_per_item(overlap - suggestion.overlap_reduction)
    return invite_more(suggestion.extra_experts)


def format_suggestions(overview: Overview) -> str:
    """Return what would make a campaign finish sooner, and by how much."""
    return "; ".join(
        format_suggestion(suggestion, overview.status.overlap)
        for suggestion in overview.forecast.suggestions
    )


def format_suggestion(suggestion: Speedup, overlap: int) -> str:
    """Return one way for a campaign with this overlap to finish sooner."""
    gain = f"{pluralize(suggestion.days_sooner, 'day')} sooner, {format_day(suggestion.likely)}"
    if suggestion.overlap_reduction:
        fewer_answers = pluralize(overlap - suggestion.overlap_reduction, "answer")
        return f"{fewer_answers} per item ({gain})"
    return f"{pluralize(suggestion.extra_experts, 'more expert')} ({gain})"


def _agreement_blocks(overview: Overview, now: datetime) -> list[Block]:
    stored_figures = overview.stored_figures
    if stored_figures is None or not stored_figures.figures.questions:
        return []
    heading = f"Agreement, computed {format_time_ago(stored_figures.computed_at, now)}"
    lines = starmap(format_agreement, stored_figures.figures.questions.items())
    consensus_counts = context(_format_consensus_counts(overview))
    return [plain_rich_text("\n".join([heading, *lines])), consensus_counts]


def format_agreement(question: str, agreement: Agreement) -> str:
    """Return how far experts agree on a question, compared with the norm if there is one."""
    label = QUESTION_LABELS.get(question, question.replace("_", " ").capitalize())
    if agreement.percent.value is None:
        return f"{label}: no item has two answers yet"
    comparison = _compare_with_norm(question, agreement.alpha)
    return (
        f"{label}: {agreement.percent.value:.0%} pairwise agreement, "
        f"{_format_alpha(agreement.alpha)}{_format_gwet(agreement)}{comparison}"
    )


def _format_alpha(alpha: Estimate) -> str:
    if alpha.value is None:
        return "Krippendorff's alpha undefined: all answers are the same"
    interval = (
        f"{alpha.low:.2f} to {alpha.high:.2f}"
        if alpha.low is not None
        else "too few answers for an interval"
    )
    return f"Krippendorff's alpha {alpha.value:.2f} ({interval})"


def _format_gwet(agreement: Agreement) -> str:
    if agreement.alpha.value is None or agreement.gwet.value is None:
        return ""
    name = "AC1" if agreement.level == "nominal" else "AC2"
    return f", Gwet's {name} {agreement.gwet.value:.2f}"


def _compare_with_norm(question: str, alpha: Estimate) -> str:
    phrase = describe_norm(question, alpha)
    return f"; {phrase}" if phrase else ""


def _format_consensus_counts(overview: Overview) -> str:
    sources = sorted(overview.figures.sources.items())
    counts = ", ".join(f"{count:,} {source}" for source, count in sources)
    return f"Items by consensus: {counts}."


def _expert_blocks(experts: Sequence[ExpertSummary], *, in_modal: bool) -> list[Block]:
    if not experts:
        return []
    hidden = hidden_count_blocks(len(experts) - MAX_TABLE_ROWS, "expert")
    if in_modal:
        return [plain_rich_text("\n".join(map(format_expert, experts[:MAX_TABLE_ROWS]))), *hidden]
    head = ("Expert", "Answers", "Open", "Sec per task", "Agreement", "Gold accuracy")
    rows = [
        (
            cell_text(expert.name),
            f"{expert.answered:,}",
            f"{expert.open:,}",
            "-" if expert.median_seconds is None else f"{expert.median_seconds:,.0f}",
            format_percent(expert.agreement),
            format_gold_accuracy(expert),
        )
        for expert in experts[:MAX_TABLE_ROWS]
    ]
    return [table(head, rows, right_aligned=(1, 2, 3, 4, 5)), *hidden]


def format_expert(expert: ExpertSummary) -> str:
    """Return one line with an expert's answers, speed, agreement and gold accuracy."""
    seconds = expert.median_seconds
    parts = [
        pluralize(expert.answered, "answer"),
        f"{expert.open:,} open" if expert.open else "",
        f"{seconds:,.0f} sec per task" if seconds is not None else "",
        f"{expert.agreement:.0%} agreement" if expert.agreement is not None else "",
        f"gold accuracy {format_gold_accuracy(expert)}" if expert.gold_accuracy else "",
    ]
    return f"{cell_text(expert.name)}: {', '.join(part for part in parts if part)}"


def format_gold_accuracy(expert: ExpertSummary) -> str:
    """Return how many gold questions an expert answered correctly, with the interval."""
    accuracy = expert.gold_accuracy
    if accuracy is None:
        return "-"
    interval = f"{accuracy.low:.0%} to {accuracy.high:.0%}"
    corrected = accuracy.chance_corrected
    beyond_chance = f"; {corrected:.2f} beyond chance" if corrected is not None else ""
    return f"{accuracy.correct} of {accuracy.total} ({interval}{beyond_chance})"


def _absent_blocks(label: str, experts: Sequence[AbsentExpert]) -> list[Block]:
    if not experts:
        return []
    shown = experts[:MAX_TABLE_ROWS]
    names = "; ".join(f"{cell_text(expert.name)}, {expert.reason}" for expert in shown)
    return [context(f"{label}: {names}.")]
