"""Appeals against verdicts on gold questions: the coordinators' message, and its dialog."""

from __future__ import annotations

from bot.services.items.references import short_key
from bot.services.reviews.appeals import AppealCase
from bot.slack.blockkit.blocks import actions, button, context, modal
from bot.slack.blockkit.inputs import text_input
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_modals import ModalMetadata

REASON_KEY = "reason"

MAX_ANSWER_CHARACTERS = 500
"""Characters of an answer that are shown."""


def render_appeal(case: AppealCase) -> Message:
    """Render an appeal, with its outcome or the buttons to decide it."""
    verdict = case.verdict
    head = (
        f"{case.expert_name} appeals a gold answer: item {short_key(verdict.item_key)} "
        f"in “{verdict.campaign}”"
    )
    answers = (
        f"Answer: {verdict.answer[:MAX_ANSWER_CHARACTERS]}\n"
        f"Gold answer: {verdict.gold[:MAX_ANSWER_CHARACTERS]}"
    )
    return Message(
        escape_mrkdwn(head),
        [
            plain_rich_text(f"{head}\n{answers}"),
            context("Responses are named as this expert saw them."),
            _outcome_or_actions(case),
        ],
    )


def _outcome_or_actions(case: AppealCase) -> Block:
    if case.verdict.appeal == "upheld":
        return plain_rich_text("✓ Upheld: the answer is now the gold answer.")
    if case.verdict.appeal == "rejected":
        return plain_rich_text(f"✓ Rejected: {case.verdict.resolution}")
    item = Action("show_item", case.verdict.assignment_id)
    uphold, reject = Action("uphold_appeal", case.id), Action("reject_appeal", case.id)
    return actions(
        f"appeal:{case.id}",
        button("Uphold", uphold.action_id, uphold.value, style="primary"),
        button("Reject…", reject.action_id, reject.value),
        button("Show item…", item.action_id, item.value),
    )


def reject_modal(metadata: ModalMetadata) -> ModalView:
    """Return the modal for rejecting an appeal with a reason."""
    hint = "The expert gets this text."
    return modal(
        "reject_appeal",
        "Reject",
        [text_input(REASON_KEY, "Reason", multiline=True, hint=hint, max_length=1000)],
        submit="Reject",
        metadata=metadata.to_json(),
    )
