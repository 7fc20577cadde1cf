"""A case for review: a task, why it needs review, and its answers without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.label_text import describe_label
from bot.services.answers.campaign_settings import settings_of
from bot.services.items.mapping import content_of
from storage.queries import reviews, tasks
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Task


class NoReviewCaseError(BotError):
    """This task is no longer in the review queue. Use `/label review` to get the next one."""


class ReviewReason(StrEnum):
    """Why a task needs review, in order of priority."""

    FLAGGED = "flagged"
    ON_HOLD = "on_hold"
    DISAGREED = "disagreed"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The same answer by one or more experts: summary, assignments, and the experts' reasons."""

    summary: str
    assignment_ids: tuple[int, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePlace:
    """Where a reviewer is in the queue of one campaign: at case `number` of `total`, from 1.

    `total` is None if the queue is too long to be counted. `counts` are the waiting cases by
    reason, if known. `is_filtered`: only cases of one reason are shown.
    """

    number: int = 1
    total: int | None = None
    is_filtered: bool = False
    counts: Mapping[ReviewReason, int] = field(default_factory=dict)


FIRST_PLACE = CasePlace()


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A task for review: candidates in imported order, no names.

    `campaign_name` and `item_key` are the identifiers used in commands. `place` is where the
    reviewer is in the queue.
    """

    task_id: int
    campaign_id: int
    campaign_title: str
    reason: ReviewReason
    form: Form
    answer_groups: tuple[AnswerGroup, ...]
    flags: tuple[str, ...] = ()
    campaign_name: str = ""
    item_key: str = ""
    place: CasePlace = FIRST_PLACE


def case_of(
    session: Session, task_id: int, reason: ReviewReason, place: CasePlace = FIRST_PLACE
) -> ReviewCase:
    """Return a task as its reviewer sees it.

    Raises:
        NoReviewCaseError: there is no such task.
    """
    task = session.get(Task, task_id)
    if task is None or task.is_deleted:
        raise NoReviewCaseError
    campaign = session.get_one(Campaign, task.campaign_id)
    item = tasks.item_of(session, task_id)
    kind, content = kind_named(campaign.kind), content_of(item)
    order = range(len(content.candidates))
    return ReviewCase(
        task_id=task_id,
        campaign_id=task.campaign_id,
        campaign_title=campaign.title,
        reason=reason,
        form=kind.build_form(content, settings_of(kind, campaign.settings), order),
        answer_groups=_group_answers(kind, content, reviews.answers_to(session, [task_id])),
        flags=tuple(flag.reason for flag in reviews.open_flags_of(session, task_id)),
        campaign_name=campaign.name,
        item_key=item.key,
        place=place,
    )


def _group_answers(
    kind: Kind[Any], content: Content, answers: Sequence[Assignment]
) -> tuple[AnswerGroup, ...]:
    """Group equal answers, the most frequent first."""
    answers_by_summary: dict[str, list[Assignment]] = {}
    for answer in answers:
        label = kind.to_label(content, answer.value or {}, answer.candidate_order)
        answers_by_summary.setdefault(describe_label(label), []).append(answer)
    groups = [
        AnswerGroup(
            summary,
            tuple(id_of(answer) for answer in same_answers),
            tuple(filter(None, map(_reason_text, same_answers))),
        )
        for summary, same_answers in answers_by_summary.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.assignment_ids), group.summary)))


def _reason_text(answer: Assignment) -> str:
    value: Mapping[str, Any] = answer.value or {}
    return str(value.get("reason") or "")
