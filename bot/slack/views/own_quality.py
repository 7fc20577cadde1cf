"""What experts see about the quality of their own answers."""

from __future__ import annotations

from collections.abc import Iterator

from bot.services.experts.own_quality import CampaignQuality, OwnQuality
from bot.services.items.references import reference_of
from bot.services.reviews.appeals import GoldVerdict
from bot.slack.blockkit.blocks import actions, button, context
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action
from bot.slack.views.appeals import MAX_ANSWER_CHARACTERS

NO_FIGURES_TEXT = (
    "There are no figures about your answers yet. They are computed some minutes after you and "
    "others have answered the same items."
)
PRIVACY_NOTE = "Only you and the coordinators see this. Different answers are not always mistakes."
GOLD_HEAD = "Checked against known answers, these differ. They can no longer be changed."

MAX_SHOWN_CAMPAIGNS = 10
"""Campaigns whose figures are shown, the newest last."""


def render_own_quality(quality: OwnQuality) -> Message:
    """Render an expert's figures by campaign, and wrong gold answers with buttons to appeal."""
    lines = [_campaign_text(campaign) for campaign in quality.campaigns[-MAX_SHOWN_CAMPAIGNS:]]
    text = "\n".join(lines) or NO_FIGURES_TEXT
    blocks: list[Block] = [plain_rich_text(text)]
    blocks.append(context(PRIVACY_NOTE))
    if quality.wrong_answers:
        blocks.append(plain_rich_text(GOLD_HEAD))
        blocks += [block for one in quality.wrong_answers for block in _verdict_blocks(one)]
    return Message(escape_mrkdwn(text), blocks)


def _campaign_text(quality: CampaignQuality) -> str:
    figures = quality.figures
    accuracy = figures.gold_accuracy
    parts = [
        pluralize(figures.answers, "answer"),
        f"{figures.agreement:.0%} agree with others" if figures.agreement is not None else "",
        f"{accuracy.correct} of {accuracy.total} known answers right" if accuracy else "",
        f"{figures.median_seconds:,.0f} sec per task" if figures.median_seconds else "",
    ]
    text = f"{quality.campaign}: {', '.join(part for part in parts if part)}."
    return "\n".join([text, *(f"Noticed by the checks: {phrase}." for phrase in quality.findings)])


def _verdict_blocks(verdict: GoldVerdict) -> Iterator[Block]:
    yield plain_rich_text(
        f"{verdict.campaign}, task {reference_of(verdict.assignment_id)}\n"
        f"Your answer: {verdict.answer[:MAX_ANSWER_CHARACTERS]}\n"
        f"Known answer: {verdict.gold[:MAX_ANSWER_CHARACTERS]}"
    )
    if verdict.appeal == "none":
        appeal = Action("appeal_gold", verdict.assignment_id)
        label = f"Appeal the known answer to task {reference_of(verdict.assignment_id)}"
        yield actions(
            f"verdict:{verdict.assignment_id}",
            button("Appeal", appeal.action_id, appeal.value, accessibility_label=label[:75]),
        )
    elif verdict.appeal == "rejected":
        yield context(f"Your appeal was rejected: {verdict.resolution}")
    else:
        yield context("You appealed. A coordinator will decide.")
