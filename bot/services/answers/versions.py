"""What an action on an assignment stores: a version of the answer, and the messages that follow."""

from __future__ import annotations

from typing import Any

from bot.messages.tasks import NewTaskMessage, TaskPageMessage
from bot.services.actors.interaction import Interaction
from bot.services.answers import time_spent
from storage.queries.answer_submission import AssignmentSnapshot
from storage.queries.outbox import NewMessage


def build_version(
    snapshot: AssignmentSnapshot,
    interaction: Interaction,
    value: dict[str, Any] | None,
    *,
    complete: bool,
) -> dict[str, Any]:
    """Return the columns of the version after the snapshot; `value` is None if it was undone."""
    time = time_spent.time_spent_on(snapshot, interaction.at, is_undone=value is None)
    return {
        "assignment_id": snapshot.id,
        "version": snapshot.version + 1,
        "value": value,
        "complete": complete,
        "interaction_id": interaction.id,
        "guidelines_version": snapshot.guidelines_version,
        "shown": snapshot.shown,
        "read_in_full": snapshot.read_in_full_at is not None,
        "seconds": time.seconds if time else None,
        "paused": bool(time and time.has_pause),
        "created_at": interaction.at,
    }


def next_messages(
    snapshot: AssignmentSnapshot, interaction: Interaction, *, is_done: bool
) -> list[NewMessage]:
    """Return the messages that follow; a task answered in its thread keeps its own message."""
    page = TaskPageMessage(snapshot.id, interaction.channel, interaction.message_ts)
    messages = [NewMessage(page, snapshot.slack_id, interaction.at, interaction.response_url)]
    if is_done and snapshot.has_thread:
        messages.append(NewMessage(NewTaskMessage(), snapshot.slack_id, interaction.at))
    return messages
