"""Manual assignment of tasks: the dialog, its parsed values, and the result message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.tasks.manual_assignment import (
    MAX_ASSIGNED_AT_ONCE,
    AssignmentRequest,
    AssignmentResult,
)
from bot.slack.blockkit.blocks import modal, plain_section
from bot.slack.blockkit.inputs import (
    StateValues,
    number_input,
    parse_inputs,
    text_input,
    users_input,
)
from bot.slack.blockkit.mentions import (
    Mention,
    TextOrMention,
    bullet_list,
    fallback_text,
    text_with_mentions,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import ModalView


def assign_modal(campaign_id: int, title: str) -> ModalView:
    """Build the modal that assigns tasks of a campaign to experts."""
    return modal(
        "assign",
        "Assign tasks",
        [
            plain_section(
                f"Assign tasks of “{title}” to experts of your choice, whatever their domains. The "
                "bot delivers them one at a time, in working hours."
            ),
            users_input("people", "Experts"),
            number_input(
                "count",
                "Tasks per expert",
                minimum=1,
                maximum=MAX_ASSIGNED_AT_ONCE,
                value=1,
                optional=True,
            ),
            text_input(
                "item",
                "Item id",
                hint="Assigns only this item; the number of tasks is ignored.",
                max_length=200,
                optional=True,
            ),
        ],
        submit="Assign",
        metadata=str(campaign_id),
    )


def parse_modal(values: StateValues) -> tuple[tuple[str, ...], AssignmentRequest]:
    """Return the Slack ids of the chosen experts, and what to assign to each of them."""
    inputs = parse_inputs(values)
    count = int(inputs.get("count") or 1)
    return tuple(inputs.get("people") or ()), AssignmentRequest(inputs.get("item") or "", count)


def render_results(campaign: str, results: Sequence[AssignmentResult]) -> Message:
    """Render how many tasks each expert was assigned, or the reason for none."""
    rows: list[tuple[TextOrMention, ...]] = [_result_row(result) for result in results]
    total = sum(result.assigned_count for result in results)
    subject = "it'll" if total == 1 else "they'll"
    summary = (
        f"{pluralize(total, 'task')} of “{campaign}” assigned; {subject} be delivered in working "
        "hours."
        if total
        else f"No tasks of “{campaign}” assigned."
    )
    return Message(fallback_text(summary), [text_with_mentions(summary), bullet_list(rows)])


def _result_row(result: AssignmentResult) -> tuple[TextOrMention, ...]:
    return (
        Mention(result.slack_id),
        f": {pluralize(result.assigned_count, 'task')}"
        if result.assigned_count
        else f": {result.reason}",
    )
