"""What an expert sees next: a receipt of the last deed and the next task, no model named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.cadence.portions import Limit
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.confirmation import receipt_words
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.settings import KindSettings
from bot.services import assigning, confirming, guiding, picking, portioning, spending
from bot.services.acting import Click
from bot.services.answering import check_holder, settings_of
from bot.services.keeping import content_of
from bot.services.picking import Search
from bot.services.skipping import SKIP_WORDS, SkipReason
from storage.queries import raising, tasks
from storage.queries.tasks import MAY_RETURN
from storage.tables import (
    Assignment,
    AssignmentState,
    Expert,
)

MOST_LEFT = 100
"""How far waiting tasks are counted: beyond this the number helps nobody."""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as its expert sees it: the candidates are in their order and nameless.

    `news` tells of each change of the guidelines that the expert does not know of. `answered`
    counts the questions about the item that were answered. `why` is why this person was asked.
    """

    id: int
    campaign: str
    form: Form
    value: dict[str, Any]
    guidelines: str
    channel: str | None
    message_ts: str | None
    guidelines_link: str | None = None
    news: tuple[str, ...] = ()
    answered: int = 0
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the expert did last, in a few words; `sheet_label` offers to add to it.

    `better_label` offers to write the response that none of those shown was.
    """

    assignment: int
    words: str
    sheet_label: str = ""
    better_label: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A limit that the person set themselves: of minutes a day, or of tasks in a row."""

    limit: Limit
    amount: int


@dataclass(frozen=True, slots=True)
class Page:
    """One screen. `left` counts the tasks that wait, the shown one included, up to MOST_LEFT.

    `keeps_receipt_only`: the message belongs to a thread, the next task comes in a new one. `stop`:
    there is more, but the person has done as much as they wanted.
    """

    channel: str | None
    receipt: Receipt | None
    task: TaskView | None
    left: int
    keeps_receipt_only: bool = False
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes before an expert next, as it was decided; `draw` makes a page of it.

    `receipt` and `task` are assignments; `is_thread`: the receipt's message belongs to a thread.
    `search`: the one that found the task, to count what is left.
    """

    expert: int
    receipt: int | None = None
    task: int | None = None
    is_thread: bool = False
    stop: Stop | None = None
    search: Search | None = None


def serve(
    session: Session, slack_id: str, after: int | None, now: datetime, *, is_asked: bool = False
) -> Turn | None:
    """Decide what an expert sees after a deed on assignment `after` (None: no deed).

    A task that is open again, or rated only in part, is shown again; else the next one is given,
    unless the person has done as much as they wanted. Who asks (`is_asked`) gets it even then.
    None: nobody by this id is an expert.

    The page is drawn later, from a snapshot that holds up nobody.
    """
    expert = assigning.expert_by_slack_id(session, slack_id)
    if expert is None:
        return None
    number = expert.id or 0
    done = tasks.assignment_by_id(session, after) if after else None
    if done is not None and done.state in (AssignmentState.QUEUED, AssignmentState.DELIVERED):
        assigning.deliver(session, done, now)
        return Turn(number, task=done.id)
    receipt = done.id if done is not None and _has_receipt(done) else None
    if receipt and done is not None and done.in_thread:
        return Turn(number, receipt, is_thread=True)
    search = picking.search_for(session, number, locked=True)
    stop = None if is_asked else _stop(session, expert, search, now)
    if stop:
        return Turn(number, receipt, stop=stop)
    given = assigning.next_for(session, search, now)
    if given is None:
        return Turn(number, receipt)
    assigning.deliver(session, given, now)
    session.flush()
    return Turn(number, receipt, given.id, search=search)


def draw(session: Session, turn: Turn) -> Page | None:
    """Return the screen of a turn: no model is named, and the candidates are in their order.

    None: it would be a receipt alone, of an answer taken back since; that has a turn of its own.
    """
    expert = session.get_one(Expert, turn.expert)
    done, task = _assignment(session, turn.receipt), _assignment(session, turn.task)
    receipt = receipt_of(session, done) if done else None
    if turn.is_thread and receipt is None:
        return None
    return Page(
        expert.channel,
        receipt,
        task_view(session, task) if task else None,
        _left(session, turn) if task else 0,
        keeps_receipt_only=turn.is_thread,
        stop=turn.stop,
    )


def _assignment(session: Session, number: int | None) -> Assignment | None:
    return tasks.assignment_by_id(session, number) if number else None


def _left(session: Session, turn: Turn) -> int:
    search = turn.search or picking.search_for(session, turn.expert)
    return picking.waiting_for(session, search, MOST_LEFT)


def _stop(session: Session, expert: Expert, search: Search, now: datetime) -> Stop | None:
    limit = portioning.reached_again(session, expert, now)
    if limit is None or not picking.waiting_for(session, search, MOST_LEFT):
        return None
    amount = expert.budget_minutes if limit == Limit.TIME else expert.batch_size
    return Stop(limit, amount or 0)


def held_task(session: Session, assignment_id: int, click: Click) -> TaskView:
    """Return a task to the expert who holds it, and note that they look into it.

    Raises:
        UnknownTaskError, NotYoursError: as in `answering.answer`.
    """
    spending.note_opened(session, check_holder(session, assignment_id, click), click.at)
    return task_view(session, session.get_one(Assignment, assignment_id))


def task_view(session: Session, assignment: Assignment) -> TaskView:
    """Return one task as its expert sees it."""
    campaign = tasks.asked_by(session, assignment.campaign_id)
    kind = kind_named(campaign.kind)
    content = content_of(tasks.item_of(session, assignment.task_id))
    settings = settings_of(kind, campaign.settings)
    return TaskView(
        id=assignment.id or 0,
        campaign=campaign.title,
        form=_form(session, assignment, kind, content, settings),
        value=assignment.value or {},
        guidelines=campaign.guidelines,
        channel=assignment.channel,
        message_ts=assignment.message_ts,
        guidelines_link=campaign.guidelines_link,
        news=_news(session, assignment),
        answered=raising.count_answered(session, assignment.task_id),
        why=assignment.why or {},
    )


def _news(session: Session, assignment: Assignment) -> tuple[str, ...]:
    """Say how the guidelines changed since the expert last had a task of this campaign."""
    since = assignment.guidelines_since
    if since is None:
        return ()
    changes = guiding.versions(session, assignment.campaign_id, since=since)
    return tuple(f"Guidelines changed (v{one.version}): {one.note}" for one in changes)


def receipt_of(session: Session, assignment: Assignment) -> Receipt | None:
    """Return the receipt of an answered or skipped task, None for one that moved on."""
    if not _has_receipt(assignment):
        return None
    if assignment.state == AssignmentState.SKIPPED:
        reason = SKIP_WORDS[SkipReason(assignment.skip_reason or "")]
        return Receipt(assignment.id or 0, f"Skipped: {reason.lower()}")
    campaign = tasks.asked_by(session, assignment.campaign_id)
    kind: Kind[Any] = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    content = content_of(tasks.item_of(session, assignment.task_id))
    form = _form(session, assignment, kind, content, settings)
    value = assignment.value or {}
    words = f"Saved: {receipt_words(kind, value, settings)}"
    return Receipt(assignment.id or 0, words, _extra(form, value), _better(form, value))


def _has_receipt(assignment: Assignment) -> bool:
    if assignment.state == AssignmentState.SKIPPED:
        return True
    return assignment.state not in MAY_RETURN and assignment.value is not None


def _form(
    session: Session,
    assignment: Assignment,
    kind: Kind[Any],
    content: Content,
    settings: KindSettings,
) -> Form:
    form = kind.form(content, settings, assignment.candidate_order)
    if settings.levels == 1 and not assignment.sent_back:
        return form
    return confirming.form_for(session, assignment, form, kind, settings)


def _extra(form: Form, value: dict[str, Any]) -> str:
    if not form.sheet_for(value):
        return ""
    written = any(field.key in value for field in form.sheet)
    return "Edit" if written else form.sheet_label


def _better(form: Form, value: dict[str, Any]) -> str:
    better = form.better_for(value)
    if better is None:
        return ""
    return "Edit the better one" if better.text.key in value else "Write the better one"
