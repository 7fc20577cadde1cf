"""Who was reminded by a coordinator's hand, and who was left alone."""

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
from bot.slack.blockkit.text import pluralize
from bot.slack.views.task_message import Message

NOBODY_TO_REMIND = "Nobody holds a task now, so there is nobody to remind."
MAX_NAMES = 20


def render_reminder_report(report: ReminderResult) -> Message:
    """Draw who was reminded, and who was left alone and why."""
    if not report.reminded and not report.skipped:
        return Message(NOBODY_TO_REMIND, [text_with_mentions(NOBODY_TO_REMIND)])
    head = f"{pluralize(len(report.reminded), 'person')} reminded."
    skipped = sum(map(len, report.skipped.values()))
    head += f" {pluralize(skipped, 'person')} left alone:" if skipped else ""
    rows: list[tuple[TextOrMention, ...]] = [
        (*_mention_list(people), f": {why.value}") for why, people in report.skipped.items()
    ]
    return Message(
        fallback_text(head), [text_with_mentions(head), *([bullet_list(rows)] if rows else [])]
    )


def _mention_list(people: Sequence[str]) -> list[TextOrMention]:
    named = [Mention(one) for one in people[:MAX_NAMES]]
    parts: list[TextOrMention] = [part for one in named for part in (one, ", ")][:-1]
    more = len(people) - MAX_NAMES
    return [*parts, *([f" and {more} more"] if more > 0 else [])]
