"""Corrections to a campaign: what can be corrected, the windows that ask, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.services.reviews.corrections import Exclusion, OverlapChange, ReassignResult
from bot.slack.blockkit.blocks import Block, actions, button, modal, plain_section
from bot.slack.blockkit.inputs import date_input, number_input, select_input, text_input
from bot.slack.blockkit.mentions import Mention, fallback_text, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action

OVERLAP_KEY, PERSON_KEY, NEW_EXPERT_KEY, SINCE_KEY, REASON_KEY, ITEM_KEY = (
    *("overlap", "expert", "new_expert"),
    *("since", "reason", "item"),
)

MAX_OVERLAP = 100


def render_corrections(campaign_id: int, title: str, excluded: Sequence[Exclusion]) -> Message:
    """Draw what can be corrected in a campaign, and whose answers are left out of it."""
    text = f"What would you like to correct in “{title}”? Nothing that was answered is ever lost."
    labels = {
        "change_overlap": "Change the overlap…",
        "unassign": "Take tasks back…",
        "reopen": "Open an answer again…",
        "exclude": "Leave answers out…",
    }
    buttons = [
        button(said, Action(deed, campaign_id).action_id, Action(deed, campaign_id).value)
        for deed, said in labels.items()
    ]
    excluded_blocks = [block for one in excluded for block in _excluded_blocks(campaign_id, one)]
    return Message(
        fallback_text(text),
        [text_with_mentions(text), actions(f"fix:{campaign_id}", *buttons), *excluded_blocks],
    )


def _excluded_blocks(campaign_id: int, exclusion: Exclusion) -> list[Block]:
    payload = Action("include", campaign_id, "", exclusion.slack_id)
    include_button = button("Let them count again", payload.action_id, payload.value)
    parts = (
        Mention(exclusion.slack_id),
        f": {pluralize(exclusion.answer_count, 'answer')} left out since {exclusion.since:%Y-%m-%d}: {exclusion.reason}",
    )
    return [text_with_mentions(*parts), actions(f"include:{exclusion.slack_id}", include_button)]


def overlap_modal(campaign_id: int, title: str, current: int) -> dict[str, Any]:
    """Draw the window for another overlap."""
    return _correction_modal(
        "change_overlap",
        "Change the overlap",
        campaign_id,
        plain_section(f"Each item of “{title}” wants {pluralize(current, 'answer')}."),
        number_input(
            OVERLAP_KEY,
            "How many from now on?",
            minimum=1,
            maximum=MAX_OVERLAP,
            value=current,
            hint="Items that have more already keep them.",
        ),
    )


def unassign_modal(campaign_id: int, people: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Draw the window for taking back what somebody holds. `people` are Slack ids with names."""
    return _correction_modal(
        "unassign",
        "Take tasks back",
        campaign_id,
        plain_section("What somebody holds and has not answered goes to others."),
        select_input(PERSON_KEY, "From whom?", people),
        select_input(
            NEW_EXPERT_KEY,
            "To whom?",
            people,
            hint="Leave it empty: whoever is at work and suits.",
            optional=True,
        ),
    )


def reopen_modal(campaign_id: int, people: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Draw the window for giving an answer back to who gave it."""
    return _correction_modal(
        "reopen",
        "Open an answer again",
        campaign_id,
        text_input(ITEM_KEY, "Id of the item", hint="As it was imported.", max_length=200),
        select_input(PERSON_KEY, "Whose answer?", people),
        text_input(REASON_KEY, "What should they look at?", multiline=True, max_length=1000),
    )


def exclude_modal(
    campaign_id: int, people: Sequence[tuple[str, str]], today: date
) -> dict[str, Any]:
    """Draw the window for leaving out what somebody answered."""
    return _correction_modal(
        "exclude",
        "Leave answers out",
        campaign_id,
        plain_section(
            "Their answers stay as they are, are marked as left out, and others are asked instead. "
            "You can let them count again at any time."
        ),
        select_input(PERSON_KEY, "Whose answers?", people),
        date_input(
            SINCE_KEY, "From which day on?", chosen=today, hint="The day begins at 0:00 UTC."
        ),
        text_input(REASON_KEY, "Why?", max_length=300),
    )


def _correction_modal(
    callback_id: str, title: str, campaign_id: int, *blocks: Block
) -> dict[str, Any]:
    return modal(callback_id, title, list(blocks), submit="Do it", metadata=str(campaign_id))


def render_overlap_changed(title: str, result: OverlapChange) -> Message:
    """Draw what the overlap is now."""
    above = (
        f" {pluralize(result.items_above, 'item')} with more keep what they have."
        if result.items_above
        else ""
    )
    return _render_text(
        f"Each item of “{title}” wants {pluralize(result.after, 'answer')} now.{above}"
    )


def render_unassigned(result: ReassignResult) -> Message:
    """Draw how many tasks were taken back, and how many went to whom was named."""
    reassigned_text = (
        f" {pluralize(result.reassigned, 'task')} went to whom you chose."
        if result.reassigned
        else ""
    )
    return _render_text(f"{pluralize(result.unassigned, 'task')} taken back.{reassigned_text}")


def render_reopened(item: str) -> Message:
    """Draw that an answer is open again."""
    return _render_text(
        f"The answer to {item} is open again, and the expert knows what to look at."
    )


def render_excluded(result: Exclusion) -> Message:
    """Draw how many answers are left out."""
    return _render_text(
        f"{pluralize(result.answer_count, 'answer')} left out. Others are asked instead."
    )


def render_included(result: Exclusion) -> Message:
    """Draw how many answers count again."""
    return _render_text(f"{pluralize(result.answer_count, 'answer')} count again.")


def _render_text(text: str) -> Message:
    return Message(fallback_text(text), [text_with_mentions(text)])
