"""Handing out tasks: the window that asks who gets which, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.services.tasks.manual_assignment import (
    MAX_ASSIGNED_AT_ONCE,
    AssignmentRequest,
    AssignmentResult,
)
from bot.slack.blockkit.blocks import modal, plain_section
from bot.slack.blockkit.inputs import number_input, parse_inputs, text_input, users_input
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    fallback_text,
    text_with_mentions,
)
from bot.slack.blockkit.text import pluralize
from bot.slack.views.task_message import Message


def assign_modal(campaign_id: int, title: str) -> dict[str, Any]:
    """Draw the window that asks who gets tasks of a campaign, and which."""
    return modal(
        "assign",
        "Hand out tasks",
        [
            plain_section(
                f"Tasks of “{title}” for certain people, whatever their field. They see them one "
                "by one, in their own hours."
            ),
            users_input("people", "To whom?"),
            number_input(
                "count",
                "How many each?",
                minimum=1,
                maximum=MAX_ASSIGNED_AT_ONCE,
                value=1,
                optional=True,
            ),
            text_input(
                "item",
                "Or the task of one item",
                hint="Its id, as it was imported; then the number does not count.",
                max_length=200,
                optional=True,
            ),
        ],
        submit="Hand out",
        metadata=str(campaign_id),
    )


def parse_modal(values: Mapping[str, Any]) -> tuple[tuple[str, ...], AssignmentRequest]:
    """Return whom the window names, and what they get."""
    inputs = parse_inputs(values)
    count = int(inputs.get("count") or 1)
    return tuple(inputs.get("people") or ()), AssignmentRequest(inputs.get("item") or "", count)


def render_results(campaign: str, results: Sequence[AssignmentResult]) -> Message:
    """Draw what each person was given, and why somebody was given nothing."""
    rows: list[tuple[TextOrMention, ...]] = [_result_row(one) for one in results]
    total = sum(one.assigned_count for one in results)
    summary = (
        f"{pluralize(total, 'task')} of “{campaign}” handed out, to be seen in their own hours."
    )
    summary = summary if total else f"Nothing of “{campaign}” was handed out."
    return Message(fallback_text(summary), [text_with_mentions(summary), bullet_list(rows)])


def _result_row(result: AssignmentResult) -> tuple[TextOrMention, ...]:
    return (
        Mention(result.slack_id),
        f": {pluralize(result.assigned_count, 'task')}"
        if result.assigned_count
        else f": {result.reason}",
    )
