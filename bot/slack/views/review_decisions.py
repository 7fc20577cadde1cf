"""What reviewers decided: the newest decisions of a campaign, each with a button to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.services.items.references import short_key
from bot.services.reviews.decided_cases import DecidedCase
from bot.slack.blockkit.blocks import actions, button, header
from bot.slack.blockkit.mentions import Mention, format_time_ago, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt
from bot.slack.blockkit.types import Block
from bot.slack.parsing.action_ids import Action

MAX_DECISIONS = 12
"""Decisions in one message; Slack allows 50 blocks."""

MAX_SUMMARY_CHARACTERS = MAX_REASON_CHARACTERS = 200

NO_DECISIONS_TEXT = "Nothing is decided in this campaign yet."


def describe_decision(decided: DecidedCase) -> str:
    """Return the item and what was decided about it, in one line."""
    summary = excerpt(" ".join(decided.summary.split()), MAX_SUMMARY_CHARACTERS).text
    return f"Item {short_key(decided.item_key)}: {summary}."


def render_decisions(
    title: str, campaign_id: int, decisions: Sequence[DecidedCase], now: datetime
) -> Message:
    """Render the newest decisions of a campaign, newest first."""
    review = Action("review", campaign_id)
    blocks = [block for one in decisions for block in _decision_blocks(one, now)]
    text = f"Decisions in “{title}”"
    return Message(
        escape_mrkdwn(text),
        [
            header(text[:150]),
            *(blocks or [plain_rich_text(NO_DECISIONS_TEXT)]),
            actions(
                f"review_again:{campaign_id}",
                button("Back to review", review.action_id, review.value),
            ),
        ],
    )


def _decision_blocks(decided: DecidedCase, now: datetime) -> list[Block]:
    undo = Action("undo_decision", decided.task_id)
    reason = excerpt(decided.reason, MAX_REASON_CHARACTERS).text
    why = f" Reason: {reason}" if reason else ""
    when = format_time_ago(decided.decided_at, now)
    return [
        plain_rich_text(describe_decision(decided)),
        text_with_mentions(Mention(decided.decided_by), f", {when}.{why}"),
        actions(
            f"undo_decision:{decided.task_id}",
            button(
                "Undo",
                undo.action_id,
                undo.value,
                accessibility_label=f"Undo: item {short_key(decided.item_key)[:60]}",
            ),
        ),
    ]
