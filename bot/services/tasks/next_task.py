"""The next screen of an expert: a receipt of the last action and the next task, model-blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.confirmation import summarize_answer
from bot.kinds.form import Form
from bot.services.actors.interaction import Interaction
from bot.services.answers import confirmation, practice, time_spent
from bot.services.answers.campaign_settings import settings_of
from bot.services.answers.practice import PracticeFeedback
from bot.services.answers.skip import SKIP_LABELS, SkipReason
from bot.services.answers.submit import DeletedItemError, UnknownTaskError, require_assignee
from bot.services.assignments import assign, selection
from bot.services.assignments.selection import TaskSearch
from bot.services.campaigns.guidelines import describe_changes
from bot.services.items.mapping import content_of
from bot.services.tasks import no_task_reasons
from bot.services.tasks.formula_images import with_formula_images
from bot.services.tasks.no_task_reasons import LimitReached, NoTaskReason
from storage.queries import assignments, experts, questions_and_flags, shown_tasks
from storage.queries import next_task as next_task_queries
from storage.queries.next_task import LastTask
from storage.queries.shown_tasks import ShownAssignment, ShownTask
from storage.queries.tasks import REASSIGNABLE_STATES
from storage.tables import AssignmentState

MAX_COUNTED_TASKS = 100
SAVED_PREFIX = "Saved: "
"""Limit for counting waiting tasks: an exact number beyond this is of no use."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as its expert sees it: candidates in the expert's order, without names.

    Attributes:
        guideline_changes: a line for each change of the guidelines since the expert's last task.
        answered_questions: number of answered questions about the item.
        selection_reason: why this expert was chosen for the task.
        practice: number of the practice question and of all in its attempt; None: it is a task.
    """

    id: int
    campaign_title: str
    form: Form
    value: dict[str, Any]
    guidelines: str
    channel: str | None
    message_ts: str | None
    guidelines_link: str | None = None
    guideline_changes: tuple[str, ...] = ()
    answered_questions: int = 0
    selection_reason: Mapping[str, Any] = field(default_factory=dict)
    practice: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Summary of the expert's last action.

    `modal_label` is the label of the button that adds to or edits the answer,
    `better_response_label` that of the button for writing a better response; "" for no button.
    With `feedback`, it was a practice question, which cannot be undone or edited.
    """

    assignment_id: int
    summary: str
    modal_label: str = ""
    better_response_label: str = ""
    feedback: PracticeFeedback | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One screen.

    Attributes:
        remaining: waiting tasks of the campaign with the one shown, up to MAX_COUNTED_TASKS.
        keeps_receipt_only: the message has a thread, so the next task gets a new message.
        limit_reached: tasks remain, but the expert has reached a limit they chose.
        reasons: why there is no task, for each campaign that has items left for the expert.
    """

    channel: str | None
    receipt: Receipt | None
    task: TaskView | None
    remaining: int
    keeps_receipt_only: bool = False
    limit_reached: LimitReached | None = None
    reasons: tuple[NoTaskReason, ...] = ()


@dataclass(frozen=True, slots=True)
class NextTask:
    """The decision about an expert's next screen; `build_page` turns it into a page.

    Attributes:
        at: when it was decided.
        is_thread: the message of the receipt has a thread.
        reasons: why no task is shown, as in `TaskPage`.
        search: the search that found the task, reused to count the remaining tasks.
    """

    expert_id: int
    at: datetime
    receipt_assignment_id: int | None = None
    task_assignment_id: int | None = None
    is_thread: bool = False
    limit_reached: LimitReached | None = None
    reasons: tuple[NoTaskReason, ...] = ()
    search: TaskSearch | None = None


def decide_next_task(
    session: Session,
    slack_id: str,
    previous_id: int | None,
    now: datetime,
    *,
    is_requested: bool = False,
) -> NextTask | None:
    """Decide what an expert sees after an action on assignment `previous_id` (None: no action).

    A task that was reopened or is only partly answered is shown again. Otherwise the next task is
    assigned, unless the expert has reached a limit they chose; `is_requested` ignores that limit.
    Return None if this person is not an expert.

    The page is built later, in a read transaction that blocks no writer.
    """
    expert = experts.limits_by_slack_id(session, slack_id)
    if expert is None:
        return None
    previous = next_task_queries.last_task(session, previous_id) if previous_id else None
    if previous is not None and previous.state in (
        AssignmentState.QUEUED,
        AssignmentState.DELIVERED,
    ):
        assignments.mark_delivered(session, previous.id, now)
        return NextTask(expert.id, now, task_assignment_id=previous.id)
    receipt_id = previous.id if previous is not None and _has_receipt(previous) else None
    if receipt_id and previous is not None and previous.has_thread:
        return NextTask(expert.id, now, receipt_id, is_thread=True)
    search = selection.build_search(session, expert.id, now, locked=True)
    limit_reached = (
        None if is_requested else no_task_reasons.find_limit_reached(session, expert, search, now)
    )
    if limit_reached:
        return NextTask(expert.id, now, receipt_id, limit_reached=limit_reached)
    assignment = assign.next_assignment(session, search, now)
    if assignment is None:
        reasons = no_task_reasons.find_reasons(session, search)
        return NextTask(expert.id, now, receipt_id, reasons=reasons)
    time_spent.record_shown(session, assignment, now, is_requested=is_requested)
    return NextTask(expert.id, now, receipt_id, assignment.id, search=search)


def build_page(session: Session, next_task: NextTask) -> TaskPage | None:
    """Build the page of a decision: model-blind, candidates in the expert's order.

    Return None if only a receipt was due and its answer has been undone since; the undo queues its
    own page.
    """
    previous, task = shown_tasks.shown_tasks(
        session, (next_task.receipt_assignment_id, next_task.task_assignment_id)
    )
    receipt = receipt_of(session, previous) if previous else None
    if next_task.is_thread and receipt is None:
        return None
    return TaskPage(
        experts.channel_of(session, next_task.expert_id),
        receipt,
        view_of(session, task) if task else None,
        _count_remaining(session, next_task, task.assignment.campaign_id) if task else 0,
        keeps_receipt_only=next_task.is_thread,
        limit_reached=next_task.limit_reached,
        reasons=next_task.reasons,
    )


def _count_remaining(session: Session, next_task: NextTask, campaign_id: int) -> int:
    search = next_task.search or selection.build_search(session, next_task.expert_id, next_task.at)
    return selection.count_waiting(session, search, MAX_COUNTED_TASKS, campaign_id)


def open_task(session: Session, assignment_id: int, interaction: Interaction) -> TaskView:
    """Return a task to its assignee and record when they opened it.

    Raises:
        UnknownTaskError, NotAssigneeError: as in `submit.submit_answer`.
    """
    assignment = require_assignee(session, assignment_id, interaction)
    time_spent.record_opened(session, assignment, interaction.at)
    return task_view(session, assignment_id)


def task_view(session: Session, assignment_id: int) -> TaskView:
    """Return the task of an assignment, as `view_of` does."""
    (task,) = shown_tasks.shown_tasks(session, (assignment_id,))
    if task is None:
        raise UnknownTaskError
    return view_of(session, task)


def view_of(session: Session, task: ShownTask) -> TaskView:
    """Return a task as its expert sees it; raise DeletedItemError if its item was deleted."""
    assignment, campaign = task.assignment, task.campaign
    if task.item.is_deleted:
        raise DeletedItemError
    return TaskView(
        id=assignment.id,
        campaign_title=campaign.title,
        form=with_formula_images(session, assignment.task_id, _build_form(session, task)),
        value=assignment.value or {},
        guidelines=campaign.guidelines,
        channel=assignment.channel,
        message_ts=assignment.message_ts,
        guidelines_link=campaign.guidelines_link,
        guideline_changes=describe_changes(session, assignment),
        answered_questions=questions_and_flags.count_answered_questions(
            session, assignment.task_id
        ),
        selection_reason=assignment.selection_reason or {},
        practice=practice.number_of(session, assignment, campaign.practice_questions),
    )


def receipt_of(session: Session, task: ShownTask) -> Receipt | None:
    """Return the receipt of an answered or skipped task; None if it was reassigned or deleted."""
    assignment, campaign = task.assignment, task.campaign
    if not _has_receipt(assignment) or task.item.is_deleted:
        return None
    feedback = practice.feedback_on(session, assignment)
    if assignment.state == AssignmentState.SKIPPED:
        reason = SKIP_LABELS[SkipReason(assignment.skip_reason or "")]
        return Receipt(assignment.id, f"Skipped: {reason.lower()}", feedback=feedback)
    kind: Kind[Any] = kind_named(campaign.kind)
    value = assignment.value or {}
    answer = summarize_answer(kind, value, settings_of(kind, campaign.settings))
    summary = f"{SAVED_PREFIX}{answer}"
    if feedback:
        return Receipt(assignment.id, summary, feedback=feedback)
    form = _build_form(session, task)
    return Receipt(
        assignment.id, summary, _modal_label(form, value), _better_response_label(form, value)
    )


def _has_receipt(assignment: ShownAssignment | LastTask) -> bool:
    if assignment.state == AssignmentState.SKIPPED:
        return True
    return assignment.state not in REASSIGNABLE_STATES and assignment.value is not None


def _build_form(session: Session, task: ShownTask) -> Form:
    assignment, kind = task.assignment, kind_named(task.campaign.kind)
    settings = settings_of(kind, task.campaign.settings)
    form = kind.build_form(content_of(task.item), settings, assignment.candidate_order)
    if settings.levels == 1 and not assignment.sent_back_reason:
        return form
    return confirmation.form_for(session, assignment, form, kind, settings)


def _modal_label(form: Form, value: dict[str, Any]) -> str:
    if not form.modal_fields_for(value):
        return ""
    has_values = any(field.key in value for field in form.modal_fields)
    return "Edit…" if has_values else form.modal_label_for(value)


def _better_response_label(form: Form, value: dict[str, Any]) -> str:
    better_response = form.better_response_for(value)
    if better_response is None:
        return ""
    has_text = better_response.text_field.key in value
    return "Edit better response…" if has_text else "Write a better response…"
