"""Review cases: the task, its answers by group, and the decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from bot.kinds.form import Passage
from bot.services.items.references import short_key
from bot.services.reviews.review_case import (
    AnswerGroup,
    CasePlace,
    NoReviewCaseError,
    ReviewCase,
    ReviewReason,
)
from bot.services.reviews.review_queue import CaseCursor
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    divider,
    header,
    plain_section,
    static_select,
)
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import fit_message
from bot.slack.blockkit.passages import passage_blocks, visible_passages
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.text import escape_mrkdwn, excerpt, pluralize
from bot.slack.blockkit.types import ActionElement, Block, Button
from bot.slack.parsing.action_ids import Action

MAX_CASE_CHARACTERS = 5_000
"""Characters of passages in one case, fewer if its answers are long; the full text shows all."""

MAX_ANSWERS_SHOWN = 8
"""Groups of equal answers shown in one case; the full text shows all."""

MAX_ANSWER_CHARACTERS, MAX_REASON_CHARACTERS = 400, 120
"""Characters of an answer and of a reason. With `MAX_ANSWERS_SHOWN`, all fit one message;
the full text shows the rest."""

REVIEW_REASONS = {
    ReviewReason.FLAGGED: "flagged by an expert",
    ReviewReason.ON_HOLD: "on hold",
    ReviewReason.DISAGREED: "experts disagree",
    ReviewReason.SAMPLED: "sample of agreed answers",
}

FILTER_LABELS = {
    ReviewReason.FLAGGED: "Flags",
    ReviewReason.ON_HOLD: "On hold or skipped",
    ReviewReason.DISAGREED: "Disagreements",
    ReviewReason.SAMPLED: "Sample",
}
"""Labels of the filter by reason, in the order of the queue."""

ALL_CASES = "all"
"""Option of the filter that shows cases of every reason."""

EMPTY_QUEUE_TEXT = "The review queue is empty. Thank you!"
EMPTY_FILTER_TEXT = "No cases are left under “{filter}”."

FIELD_PATTERN = re.compile(r"(?P<reason>[a-z_]+)(-(?P<number>[0-9]{1,6}))?(?P<only>-only)?")
"""The field of a case's buttons, as `case_field` writes it."""

READ_BUTTONS = {"show_case": "Full text…", "next_case": "Next case"}
"""Labels by action of the buttons that decide nothing."""


def case_field(review_case: ReviewCase) -> str:
    """Return the reason, the place and the filter of a case, as the field of its buttons."""
    place = review_case.place
    only = "-only" if place.is_filtered else ""
    return f"{review_case.reason.value}-{place.number}{only}"


def parse_case_field(text: str, task_id: int) -> CaseCursor:
    """Return the case that a button belongs to.

    Raises:
        NoReviewCaseError: the text is not one of `case_field`.
    """
    match = FIELD_PATTERN.fullmatch(text)
    if match is None or match["reason"] not in set(ReviewReason):
        raise NoReviewCaseError
    return CaseCursor(
        ReviewReason(match["reason"]), task_id, int(match["number"] or 1), bool(match["only"])
    )


@dataclass(frozen=True, slots=True)
class QueueEnd:
    """The end of the queue of a campaign, or of all (0).

    `passed` is how many cases are undecided because the reviewer passed them. `only`: the queue has
    only cases of this reason.
    """

    campaign_id: int = 0
    passed: int = 0
    only: ReviewReason | None = None


def render_queue_end(
    end: QueueEnd = QueueEnd(), last_decision: str = "", undo_task_id: int = 0
) -> Message:
    """Render the end of the queue, after the result of the last decision."""
    text = EMPTY_QUEUE_TEXT
    if end.passed:
        passed = pluralize(end.passed, "case")
        text = f"That was the last case. You passed {passed} without a decision."
    elif end.only:
        text = EMPTY_FILTER_TEXT.format(filter=FILTER_LABELS[end.only])
    buttons = _queue_end_buttons(end)
    return Message(
        escape_mrkdwn(f"{last_decision} {text}".strip()),
        [
            *_last_decision_blocks(last_decision, undo_task_id),
            plain_rich_text(text),
            *([actions(f"review_again:{end.campaign_id}", *buttons)] if buttons else []),
        ],
    )


def _queue_end_buttons(end: QueueEnd) -> list[Button]:
    """Return buttons that show the passed cases again, and cases of other reasons."""
    all_cases = Action("review", end.campaign_id)
    same_cases = Action("filter_cases", end.campaign_id, "", end.only) if end.only else all_cases
    labels = {same_cases: "Review again"} if end.passed else {}
    if end.only:
        labels[all_cases] = "Show all cases"
    return [button(label, action.action_id, action.value) for action, label in labels.items()]


def render_case(review_case: ReviewCase, last_decision: str = "", undo_task_id: int = 0) -> Message:
    """Render a case below the result of the last decision.

    `undo_task_id`: the task of that decision, if it can be undone; else 0.
    """
    return fit_message(
        partial(_render_case, review_case, last_decision, undo_task_id), MAX_CASE_CHARACTERS
    )


def _render_case(
    review_case: ReviewCase, last_decision: str, undo_task_id: int, max_characters: int
) -> Message:
    form = review_case.form
    passages = visible_passages(form.passages)
    passage_limit = max_characters // max(len(passages), 1)
    title = f"Review{_place_text(review_case.place)}: {REVIEW_REASONS[review_case.reason]}"
    return Message(
        escape_mrkdwn(f"{last_decision} {title} in “{review_case.campaign_title}”".strip()),
        [
            *_last_decision_blocks(last_decision, undo_task_id),
            header(title),
            context(f"{review_case.campaign_title} · {_item_name(review_case)}{form.question}"),
            *earlier_turns_note(review_case),
            *(
                block
                for passage in passages
                for block in case_passage_blocks(
                    review_case,
                    passage,
                    passage_limit,
                    more_hint=" Choose Full text to see them.",
                )
            ),
            divider(),
            *(
                context(f"Flagged: {excerpt(flag, MAX_ANSWER_CHARACTERS).text}")
                for flag in review_case.flags[:5]
            ),
            *_answers_blocks(review_case),
            actions(f"review:{review_case.task_id}", *_decision_buttons(review_case)),
            actions(f"review_queue:{review_case.task_id}", *_queue_elements(review_case)),
        ],
    )


def _place_text(place: CasePlace) -> str:
    return f" {place.number:,}" + (f" of {place.total:,}" if place.total else "")


def _queue_elements(review_case: ReviewCase) -> list[ActionElement]:
    """Return what moves through the queue: the filter, the decisions so far, the item."""
    place, campaign_id = review_case.place, review_case.campaign_id
    labels = {ALL_CASES: "All cases"} | {
        reason.value: _filter_label(label, place.counts.get(reason))
        for reason, label in FILTER_LABELS.items()
    }
    options = [
        (label, Action("filter_cases", campaign_id, "", reason).value)
        for reason, label in labels.items()
    ]
    shown = FILTER_LABELS[review_case.reason] if place.is_filtered else "All cases"
    decided = Action("show_decisions", campaign_id)
    return [
        static_select(f"Show: {shown}", "filter_cases", options),
        button("Decisions", decided.action_id, decided.value),
    ]


def _filter_label(label: str, count: int | None) -> str:
    return label if count is None else f"{label} ({count:,})"


def _item_name(review_case: ReviewCase) -> str:
    key = short_key(review_case.item_key)
    return f"item {key} · " if key else ""


def _last_decision_blocks(last_decision: str, undo_task_id: int) -> list[Block]:
    if not last_decision:
        return []
    undo = Action("undo_decision", undo_task_id)
    undo_row = [
        actions(f"undo_decision:{undo_task_id}", button("Undo", undo.action_id, undo.value))
    ]
    return [plain_rich_text(f"✓ {last_decision}"), *(undo_row if undo_task_id else []), divider()]


def case_passage_blocks(
    review_case: ReviewCase, passage: Passage, max_characters: int, *, more_hint: str = ""
) -> list[Block]:
    """Render a passage of the task, with the number of characters that are not shown."""
    shown = excerpt(passage.text, max_characters)
    block_id = f"case:{review_case.task_id}:{passage.key}"
    blocks = passage_blocks(passage, shown.text, block_id)
    note = f"… {shown.omitted:,} more characters.{more_hint}"
    return [*blocks, *([context(note)] if shown.omitted else [])]


def earlier_turns_note(review_case: ReviewCase) -> list[Block]:
    """Render how many turns of the conversation are not shown."""
    count = len(review_case.form.passages) - len(visible_passages(review_case.form.passages))
    return [context(f"… {pluralize(count, 'earlier turn')} of the conversation")] if count else []


def _answers_blocks(review_case: ReviewCase) -> list[Block]:
    if not review_case.answer_groups:
        return [context("No answers yet.")]
    hidden_count = len(review_case.answer_groups) - MAX_ANSWERS_SHOWN
    shown = [
        block
        for group in review_case.answer_groups[:MAX_ANSWERS_SHOWN]
        for block in _answer_blocks(review_case, group)
    ]
    note = f"… and {hidden_count} more different answers"
    return [*shown, *([context(note)] if hidden_count > 0 else [])]


def _answer_blocks(review_case: ReviewCase, group: AnswerGroup) -> list[Block]:
    accept = Action(
        "accept_answer",
        group.assignment_ids[0],
        case_field(review_case),
        str(review_case.task_id),
    )
    summary = excerpt(" ".join(group.summary.split()), MAX_ANSWER_CHARACTERS).text
    label = f"{experts_of(group)}: {summary}"
    accept_button = button(
        "Accept this answer",
        accept.action_id,
        accept.value,
        accessibility_label=f"Accept this answer: {label}",
    )
    reasons = [
        context(f"“{excerpt(reason, MAX_REASON_CHARACTERS).text}”") for reason in group.reasons[:2]
    ]
    return [plain_section(label, accept_button), *reasons]


def _decision_buttons(review_case: ReviewCase) -> list[Button]:
    labels = {
        "decide": "Enter another answer…",
        "send_back": "Send back…",
        "keep_as_is": "Keep as is",
    }
    if review_case.reason == ReviewReason.ON_HOLD:
        labels = {"return_to_queue": "Return to queue", "keep_as_is": "Keep as is"}
    actions_by_label = {
        label: Action(name, review_case.task_id, case_field(review_case))
        for name, label in {**labels, **READ_BUTTONS}.items()
    }
    return [
        button(label, action.action_id, action.value) for label, action in actions_by_label.items()
    ]


def experts_of(group: AnswerGroup) -> str:
    """Return how many experts gave an answer, as in “2 experts”."""
    return pluralize(len(group.assignment_ids), "expert")
