"""Corrections to a running campaign: the list of actions, their modals, and their results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.clock import format_day
from bot.services.items.references import short_key
from bot.services.reviews.corrections import OverlapChange, ReassignResult
from bot.services.reviews.exclusions import Exclusion
from bot.services.reviews.quality_alerts import ExclusionDraft
from bot.slack.blockkit.blocks import actions, button, modal, plain_section
from bot.slack.blockkit.inputs import (
    date_input,
    item_search_input,
    number_input,
    select_input,
    text_input,
)
from bot.slack.blockkit.mentions import Mention, fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action

OVERLAP_KEY, PERSON_KEY, NEW_EXPERT_KEY, SINCE_KEY, REASON_KEY, ITEM_KEY = (
    *("overlap", "expert", "new_expert"),
    *("since", "reason", "item"),
)

CHOSEN_ITEM_KEY = "items"

MAX_OVERLAP = 100

MAX_PEOPLE = 100
"""Slack accepts at most 100 options in a select menu."""

MAX_REASON_CHARACTERS = 300


def render_corrections(campaign_id: int, title: str, excluded: Sequence[Exclusion]) -> Message:
    """Render the corrections of a campaign, and the experts whose answers are excluded."""
    text = f"What would you like to fix in “{title}”? Answers are never deleted."
    labels = {
        "change_overlap": "Change answers per item…",
        "unassign": "Unassign…",
        "reopen": "Reopen…",
        "exclude": "Exclude answers…",
    }
    buttons = [
        button(label, name, Action(name, campaign_id).value) for name, label in labels.items()
    ]
    excluded_blocks = [
        block for exclusion in excluded for block in _excluded_blocks(campaign_id, exclusion)
    ]
    return Message(
        fallback_text(text),
        [text_with_mentions(text), actions(f"fix:{campaign_id}", *buttons), *excluded_blocks],
    )


def _excluded_blocks(campaign_id: int, exclusion: Exclusion) -> list[Block]:
    payload = Action("include", campaign_id, "", exclusion.slack_id)
    include_button = button("Include answers", payload.action_id, payload.value)
    answers = pluralize(exclusion.answer_count, "answer")
    since = format_day(exclusion.since)
    description = f": {answers} excluded since {since}. Reason: {exclusion.reason}"
    return [
        text_with_mentions(Mention(exclusion.slack_id), description),
        actions(f"include:{exclusion.slack_id}", include_button),
    ]


def overlap_modal(campaign_id: int, title: str, current: int, suggested: int = 0) -> ModalView:
    """Build the modal that changes the answers per item.

    `current` is the present number; `suggested` is filled in instead of it, unless it is 0.
    """
    return _correction_modal(
        "change_overlap",
        "Change answers per item",
        campaign_id,
        plain_section(f"“{title}” needs {pluralize(current, 'answer')} per item."),
        number_input(
            OVERLAP_KEY,
            "Answers per item",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=min(suggested or current, MAX_OVERLAP),
            hint="Items that already have more keep them.",
        ),
    )


def unassign_modal(campaign_id: int, people: Sequence[tuple[str, str]]) -> ModalView:
    """Build the modal that unassigns an expert's open tasks; `people` are Slack ids and names."""
    return _correction_modal(
        "unassign",
        "Unassign",
        campaign_id,
        plain_section("The expert's open tasks go to other experts."),
        select_input(PERSON_KEY, "Expert", people),
        select_input(
            NEW_EXPERT_KEY,
            "New expert",
            people,
            hint="Leave this empty to assign the tasks to any suitable experts.",
            optional=True,
        ),
    )


def reopen_modal(campaign_id: int, people: Sequence[tuple[str, str]]) -> ModalView:
    """Build the modal that reopens an expert's answer to an item."""
    return _correction_modal(
        "reopen",
        "Reopen",
        campaign_id,
        item_search_input(CHOSEN_ITEM_KEY, "Search for the item"),
        text_input(
            ITEM_KEY,
            "Item id",
            hint="As in the imported file, if you do not search.",
            max_length=200,
            optional=True,
        ),
        select_input(PERSON_KEY, "Expert", people),
        text_input(
            REASON_KEY, "Reason", hint="The expert reads this.", multiline=True, max_length=1000
        ),
    )


def exclude_modal(
    campaign_id: int,
    people: Sequence[tuple[str, str]],
    today: date,
    draft: ExclusionDraft | None = None,
) -> ModalView:
    """Build the modal that excludes an expert's answers; `draft` is what an alert suggests."""
    since = draft.since if draft else None
    options = list(people)
    if draft and draft.slack_id not in dict(people):
        options = [(draft.slack_id, draft.name), *options[: MAX_PEOPLE - 1]]
    return _correction_modal(
        "exclude",
        "Exclude answers",
        campaign_id,
        plain_section(
            "The answers are kept but do not count, and other experts answer instead. "
            "You can include them again at any time."
        ),
        *([_draft_note(draft, since)] if draft and since else []),
        select_input(PERSON_KEY, "Expert", options, chosen=draft.slack_id if draft else ""),
        date_input(
            SINCE_KEY,
            "First day",
            chosen=since or today,
            hint="Answers from 00:00 UTC on are excluded.",
        ),
        text_input(
            REASON_KEY,
            "Reason",
            value=draft.reason[:MAX_REASON_CHARACTERS] if draft else "",
            multiline=True,
            max_length=MAX_REASON_CHARACTERS,
        ),
    )


def _draft_note(draft: ExclusionDraft, since: date) -> Block:
    answers = pluralize(draft.answer_count, "answer")
    return plain_section(
        f"{draft.name} has given {answers} since {format_day(since)}, the first day of the week "
        "that the alert is about. Later answers are excluded, too."
    )


def _correction_modal(callback_id: str, title: str, campaign_id: int, *blocks: Block) -> ModalView:
    verb = title.partition(" ")[0]
    return modal(callback_id, title, list(blocks), submit=verb, metadata=str(campaign_id))


def render_overlap_changed(title: str, result: OverlapChange) -> Message:
    """Render the new number of answers per item."""
    above = f" Items that keep more answers: {result.items_above:,}." if result.items_above else ""
    return _render_text(f"“{title}” now needs {pluralize(result.after, 'answer')} per item.{above}")


def render_unassigned(result: ReassignResult) -> Message:
    """Render how many tasks were unassigned, and how many the chosen expert was assigned."""
    reassigned_text = (
        f" Assigned {pluralize(result.reassigned, 'task')} to the new expert."
        if result.reassigned
        else ""
    )
    return _render_text(f"Unassigned {pluralize(result.unassigned, 'task')}.{reassigned_text}")


def render_reopened(item: str) -> Message:
    """Render the confirmation that the answer to an item was reopened."""
    shown = short_key(item)
    return _render_text(f"Reopened the answer to {shown}. The bot sends the expert your reason.")


def render_excluded(result: Exclusion) -> Message:
    """Render how many answers were excluded."""
    answers = pluralize(result.answer_count, "answer")
    return _render_text(f"Excluded {answers}. Other experts answer instead.")


def render_included(result: Exclusion) -> Message:
    """Render how many answers were included again."""
    return _render_text(f"Included {pluralize(result.answer_count, 'answer')} again.")


def _render_text(text: str) -> Message:
    return Message(fallback_text(text), [text_with_mentions(text)])
