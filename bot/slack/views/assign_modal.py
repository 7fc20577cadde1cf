"""Manual assignment of tasks: the dialog, its parsed values, and the result message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.tasks.manual_assignment import (
    MAX_ASSIGNED_AT_ONCE,
    AssignmentRequest,
    AssignmentResult,
)
from bot.slack.blockkit.blocks import modal, plain_section
from bot.slack.blockkit.entries import StateValues, parse_inputs
from bot.slack.blockkit.inputs import item_search_input, number_input, text_input, users_input
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
from bot.slack.parsing.action_ids import parse_row_id
from storage.queries.item_search import ItemFilter


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
                "domain",
                "Domain",
                hint="Assigns only items of this domain.",
                max_length=100,
                optional=True,
            ),
            item_search_input(
                "items",
                "Search for items",
                has_many=True,
                hint="Assigns only these items; the number of tasks is ignored.",
            ),
            text_input(
                "item",
                "Item id",
                hint="Assigns this item too; the number of tasks is ignored.",
                max_length=200,
                optional=True,
            ),
        ],
        submit="Assign",
        metadata=str(campaign_id),
    )


@dataclass(frozen=True, slots=True)
class AssignSubmission:
    """The values of the modal: Slack ids of experts, what to assign, and ids of chosen items."""

    people: tuple[str, ...]
    request: AssignmentRequest
    item_ids: tuple[int, ...] = ()


def parse_modal(values: StateValues) -> AssignSubmission:
    """Parse the values of the modal."""
    inputs = parse_inputs(values)
    domain, item = inputs.text("domain"), inputs.text("item")
    chosen = tuple(parse_row_id(value) for value in inputs.texts("items"))
    wanted = ItemFilter(domain=domain) if domain and not (chosen or item) else None
    request = AssignmentRequest(item, inputs.number("count", 1), wanted=wanted)
    return AssignSubmission(tuple(inputs.texts("people")), request, chosen)


def render_results(campaign: str, results: Sequence[AssignmentResult]) -> Message:
    """Render how many tasks each expert was assigned, or the reason for none."""
    rows: list[tuple[TextOrMention, ...]] = [_result_row(result) for result in results]
    total = sum(result.assigned_count for result in results)
    summary = (
        f"Assigned {pluralize(total, 'task')} of “{campaign}”, for delivery in working hours."
        if total
        else f"Assigned no tasks of “{campaign}”."
    )
    return Message(fallback_text(summary), [text_with_mentions(summary), bullet_list(rows)])


def _result_row(result: AssignmentResult) -> tuple[TextOrMention, ...]:
    return (
        Mention(result.slack_id),
        f": {pluralize(result.assigned_count, 'task')}"
        if result.assigned_count
        else f": {result.reason}",
    )
