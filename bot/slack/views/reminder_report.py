"""The result of a manual reminder: who was reminded, and who was skipped and why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.reminders.manual import ReminderResult
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    fallback_text,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize

NOBODY_TO_REMIND = "Nobody was reminded: no expert has an open task."
MAX_NAMES = 20


def render_reminder_report(report: ReminderResult) -> Message:
    """Render how many experts were reminded, and the skipped ones by reason."""
    if not report.reminded and not report.skipped:
        return Message(NOBODY_TO_REMIND, [text_with_mentions(NOBODY_TO_REMIND)])
    skipped_count = sum(map(len, report.skipped.values()))
    skipped = f", {skipped_count:,} skipped" if skipped_count else ""
    head = f"{pluralize(len(report.reminded), 'expert')} reminded{skipped}."
    rows: list[tuple[TextOrMention, ...]] = [
        (*_mention_list(slack_ids), f": {reason.value}")
        for reason, slack_ids in report.skipped.items()
    ]
    return Message(
        fallback_text(head), [text_with_mentions(head), *([bullet_list(rows)] if rows else [])]
    )


def _mention_list(slack_ids: Sequence[str]) -> list[TextOrMention]:
    mentions = [Mention(slack_id) for slack_id in slack_ids[:MAX_NAMES]]
    parts: list[TextOrMention] = [part for mention in mentions for part in (mention, ", ")][:-1]
    hidden_count = len(slack_ids) - MAX_NAMES
    return [*parts, *([f" and {hidden_count} more"] if hidden_count > 0 else [])]
