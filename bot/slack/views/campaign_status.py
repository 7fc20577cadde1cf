"""One campaign as a whole, for coordinators: progress, forecast, agreement, experts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock import format_day
from bot.quality.agreement import Agreement
from bot.quality.forecast import Speedup
from bot.quality.norms import NORMS, compare_to_norm
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.slack.blockkit.blocks import Block, context, header, labelled_values, table
from bot.slack.blockkit.mentions import format_time_ago
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.views import campaign_actions
from bot.slack.views.campaigns_overview import (
    MAX_TABLE_ROWS,
    format_answers_per_day,
    format_forecast,
    format_percent,
    format_progress,
    format_state,
    format_warning,
    hidden_count_blocks,
    shorten,
    summarize_campaign,
)
from storage.tables import CampaignState


def render_campaign_status(
    picture: CampaignReport, now: datetime, *, in_modal: bool = False
) -> Message:
    """Draw one campaign as a whole. Slack shows no table in a modal: there it is lines."""
    overview = picture.overview
    status = overview.status
    return Message(
        escape_mrkdwn(summarize_campaign(overview)),
        [
            header(f"{shorten(status.title)}: {format_state(overview)}"),
            context(
                f"{status.name} · {status.kind} · overlap {status.overlap}{_format_deadline(overview)}"
            ),
            *_warning_blocks(overview),
            labelled_values(_summary_fields(overview)),
            *_suggestion_blocks(overview),
            *_agreement_blocks(overview, now),
            *_expert_blocks(picture.experts, in_modal=in_modal),
            *_away_blocks(overview),
            *campaign_actions.campaign_action_blocks(
                status.id, CampaignState(status.state), in_modal=in_modal
            ),
        ],
    )


def _format_deadline(one: Overview) -> str:
    deadline = one.status.deadline
    return f" · deadline {format_day(deadline.date())}" if deadline else ""


def _warning_blocks(one: Overview) -> list[Block]:
    if not one.warnings:
        return []
    return [plain_rich_text("\n".join(f"⚠ {format_warning(worry.text)}" for worry in one.warnings))]


def _summary_fields(one: Overview) -> dict[str, str]:
    status = one.status
    return {
        "Progress": format_progress(one),
        "Items finished": f"{status.complete:,} of {status.tasks:,}",
        "Pace": _format_rate(one),
        "Finish": format_forecast(one),
        "Open and skipped": f"{status.open:,} held now, {status.skipped:,} skipped",
        "Waiting": _format_open_questions(one),
    }


def _format_rate(one: Overview) -> str:
    experts, rate = one.forecast.pace.experts, format_answers_per_day(one)
    actor = f" by {pluralize(experts, 'expert')}" if experts else ""
    return f"{rate} {'answer' if rate == '1' else 'answers'} a working day{actor}"


def _format_open_questions(one: Overview) -> str:
    return f"{pluralize(one.needs_attention.questions, 'question')}, {pluralize(one.needs_attention.flags, 'flag')}"


def _suggestion_blocks(one: Overview) -> list[Block]:
    if not one.forecast.suggestions:
        return []
    return [
        context(f"What would help: {'; '.join(map(format_suggestion, one.forecast.suggestions))}.")
    ]


def format_suggestion(suggestion: Speedup) -> str:
    """Say what would bring the end nearer, and by how much."""
    sooner = f"{pluralize(suggestion.days_sooner, 'day')} sooner, {format_day(suggestion.likely)}"
    if suggestion.overlap_reduction:
        return f"one answer less for each item ({sooner})"
    return f"{pluralize(suggestion.extra_experts, 'expert')} more ({sooner})"


def _agreement_blocks(one: Overview, now: datetime) -> list[Block]:
    questions = one.figures.questions
    if not questions:
        return []
    text = "\n".join(format_agreement(name, found) for name, found in questions.items())
    when = (
        f"as of {format_time_ago(one.stored_figures.computed_at, now)}"
        if one.stored_figures
        else ""
    )
    return [plain_rich_text(f"Agreement, {when}\n{text}"), context(_format_consensus_counts(one))]


def format_agreement(question: str, agreement: Agreement) -> str:
    """Say how much experts agree on a question, and what is usual where we know."""
    if agreement.pairwise_agreement is None:
        return f"{question}: no item has two answers yet"
    return f"{question}: {agreement.pairwise_agreement:.0%} of pairs the same, {_format_alpha(agreement)}{_compare_with_norm(question, agreement)}"


def _format_alpha(agreement: Agreement) -> str:
    if agreement.alpha is None:
        return "all said the same, so alpha says nothing"
    interval = (
        f" ({agreement.low:.2f} to {agreement.high:.2f})" if agreement.low is not None else ""
    )
    return f"Krippendorff's alpha {agreement.alpha:.2f}{interval}"


def _compare_with_norm(question: str, agreement: Agreement) -> str:
    norm, judgement = NORMS.get(question), compare_to_norm(agreement, question)
    if norm is None:
        return ""
    comparison = {"below": "less than usual: ", "above": "more than usual: "}.get(
        judgement or "", ""
    )
    return f"; {comparison}{norm.low:g} to {norm.high:g} is usual {norm.description}"


def _format_consensus_counts(one: Overview) -> str:
    counts = ", ".join(f"{n:,} {source}" for source, n in sorted(one.figures.sources.items()))
    return f"Items by what their answers say together: {counts}."


def _expert_blocks(experts: Sequence[ExpertSummary], *, in_modal: bool) -> list[Block]:
    if not experts:
        return []
    left = hidden_count_blocks(len(experts) - MAX_TABLE_ROWS, "expert")
    if in_modal:
        return [plain_rich_text("\n".join(map(format_expert, experts[:MAX_TABLE_ROWS]))), *left]
    head = ("Expert", "Answers", "Open", "Seconds each", "Same as others", "Gold right")
    rows = [
        (
            shorten(one.name),
            f"{one.answered:,}",
            f"{one.open:,}",
            "-" if one.median_seconds is None else f"{one.median_seconds:,.0f}",
            format_percent(one.agreement),
            format_gold_accuracy(one),
        )
        for one in experts[:MAX_TABLE_ROWS]
    ]
    return [table(head, rows, right_aligned=(1, 2, 3, 4, 5)), *left]


def format_expert(one: ExpertSummary) -> str:
    """Say in a line what an expert did and how it compares."""
    parts = [
        pluralize(one.answered, "answer"),
        f"{one.open:,} open" if one.open else "",
        f"{one.median_seconds:,.0f} seconds each" if one.median_seconds is not None else "",
        f"{one.agreement:.0%} the same as others" if one.agreement is not None else "",
        f"gold {format_gold_accuracy(one)}" if one.gold_accuracy else "",
    ]
    return f"{shorten(one.name)}: {', '.join(part for part in parts if part)}"


def format_gold_accuracy(one: ExpertSummary) -> str:
    """Say how often an expert was right, and between what that is likely to lie."""
    if one.gold_accuracy is None:
        return "-"
    return f"{one.gold_accuracy.correct} of {one.gold_accuracy.total} ({one.gold_accuracy.low:.0%} to {one.gold_accuracy.high:.0%})"


def _away_blocks(one: Overview) -> list[Block]:
    if not one.away:
        return []
    names = "; ".join(f"{shorten(who.name)} {who.reason}" for who in one.away[:MAX_TABLE_ROWS])
    return [context(f"Away: {names}.")]
