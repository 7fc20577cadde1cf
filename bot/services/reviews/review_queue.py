"""Review queue: tasks that are flagged, on hold or disagreed on, and a random sample.

Reviewers see the answers but not who gave them. A decision is stored separately and never changes
the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby, product
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.label_text import describe_label
from bot.quality.disagreement import disagreement_of
from bot.quality.votes import votes_of
from bot.services.answers.campaign_settings import settings_of
from bot.services.items.mapping import content_of
from bot.services.reports.answer_labels import label_of
from storage.queries import reviews, tasks
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Task

SAMPLE_ONE_IN = 20
"""One in this many tasks with agreement is reviewed too."""

TASKS_PER_READ = 500
"""Tasks whose answers are loaded in one query."""


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
class ReviewCase:
    """A task for review: candidates in imported order, no names.

    `campaign_name` and `item_key` are the identifiers used in commands.
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


class QueuePosition(NamedTuple):
    """Where a task is in the queue of its reason: the worst disagreement first, then the oldest."""

    negative_disagreement: float
    task_id: int


CaseCursor: TypeAlias = tuple[ReviewReason, int] | None
"""The reason and task id of the case shown last; None for the start of the queue."""


def next_case_after(session: Session, reviewer: str, cursor: CaseCursor) -> ReviewCase | None:
    """Return the case after `cursor`: first from the same campaign, then from others."""
    task = session.get(Task, cursor[1]) if cursor else None
    if task is None:
        return next_case(session, None, reviewer)
    campaign_id = task.campaign_id
    case = next_case(session, campaign_id, reviewer, cursor)
    return case or next_case(session, None, reviewer, except_campaign_id=campaign_id)


def next_case(
    session: Session,
    campaign_id: int | None,
    reviewer: str,
    cursor: CaseCursor = None,
    *,
    except_campaign_id: int | None = None,
) -> ReviewCase | None:
    """Return the first case after `cursor`, or None.

    Search one campaign, or all (`campaign_id` None) except `except_campaign_id`. Reviewers never
    get tasks that they answered themselves.
    """
    campaigns = [
        campaign
        for campaign in reviews.campaigns_to_review(session, campaign_id)
        if campaign.id != except_campaign_id
    ]
    first_reason = _REASON_ORDER[cursor[0]] if cursor else 0
    for reason in list(ReviewReason)[first_reason:]:
        after = _position_of(session, cursor) if cursor and reason == cursor[0] else None
        positions = [
            position
            for campaign in campaigns
            for position in _list_waiting(session, campaign, reason, reviewer)
            if after is None or position > after
        ]
        if positions:
            return case_of(session, min(positions).task_id, reason)
    return None


def _position_of(session: Session, cursor: tuple[ReviewReason, int]) -> QueuePosition:
    """Return the position of the case shown last, which may have been decided meanwhile."""
    reason, task_id = cursor
    task = session.get(Task, task_id)
    if task is None or reason != ReviewReason.DISAGREED:
        return QueuePosition(0.0, task_id)
    campaign = session.get_one(Campaign, task.campaign_id)
    answers = reviews.answers_to(session, [task_id])
    return QueuePosition(-_disagreement(campaign, answers), task_id)


def list_cases(
    session: Session, campaign_id: int | None, reviewer: str, limit: int
) -> list[ReviewCase]:
    """Return up to `limit` waiting cases of one campaign or of all, in the order of `next_case`.

    A task with two reasons is listed once, with the first.
    """
    reason_by_task: dict[int, ReviewReason] = {}
    for task_id, reason in _iter_all_waiting(session, campaign_id, reviewer):
        reason_by_task.setdefault(task_id, reason)
        if len(reason_by_task) >= limit:
            break
    return [case_of(session, task_id, reason) for task_id, reason in reason_by_task.items()]


def _iter_all_waiting(
    session: Session, campaign_id: int | None, reviewer: str
) -> Iterator[tuple[int, ReviewReason]]:
    campaigns = reviews.campaigns_to_review(session, campaign_id)
    for reason, campaign in product(ReviewReason, campaigns):
        for position in _list_waiting(session, campaign, reason, reviewer):
            yield position.task_id, reason


def count_waiting(
    session: Session, campaign: Campaign, reviewer: str = ""
) -> dict[ReviewReason, int]:
    """Count the waiting cases of a campaign by reason."""
    return {
        reason: len(_list_waiting(session, campaign, reason, reviewer)) for reason in ReviewReason
    }


_REASON_ORDER = {reason: position for position, reason in enumerate(ReviewReason)}


def _list_waiting(
    session: Session, campaign: Campaign, reason: ReviewReason, reviewer: str
) -> list[QueuePosition]:
    campaign_id = id_of(campaign)
    match reason:
        case ReviewReason.FLAGGED:
            task_ids = reviews.flagged_tasks(session, campaign_id, reviewer)
        case ReviewReason.ON_HOLD:
            task_ids = reviews.on_hold_tasks(session, campaign_id, reviewer)
        case ReviewReason.DISAGREED:
            undecided = _iter_undecided(session, campaign, reviewer)
            return sorted(QueuePosition(-worst, task_id) for task_id, worst in undecided if worst)
        case ReviewReason.SAMPLED:
            task_ids = [
                task_id
                for task_id, disagreement in _iter_undecided(session, campaign, reviewer)
                if not disagreement and _is_sampled(campaign.seed, task_id)
            ]
    return [QueuePosition(0.0, task_id) for task_id in task_ids]


def _iter_undecided(
    session: Session, campaign: Campaign, reviewer: str
) -> Iterator[tuple[int, float]]:
    """Yield the undecided tasks with their disagreement."""
    task_ids = sorted(reviews.undecided_tasks(session, id_of(campaign), reviewer))
    for start in range(0, len(task_ids), TASKS_PER_READ):
        answers = reviews.answers_to(session, task_ids[start : start + TASKS_PER_READ])
        for task_id, task_answers in groupby(answers, key=attrgetter("task_id")):
            yield task_id, _disagreement(campaign, task_answers)


def _disagreement(campaign: Campaign, answers: Iterable[Assignment]) -> float:
    kind = kind_named(campaign.kind)
    ballots = [votes_of(_label_of_answer(kind, answer)) for answer in answers]
    return disagreement_of(ballots, settings_of(kind, campaign.settings).scales)


def _label_of_answer(kind: Kind[Any], answer: Assignment) -> Any:  # noqa: ANN401 - any label
    return label_of(kind, answer.value or {}, answer.candidate_order)


def _is_sampled(seed: str, task_id: int) -> bool:
    digest = blake2b(f"{seed}/review/{task_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % SAMPLE_ONE_IN == 0


def case_of(session: Session, task_id: int, reason: ReviewReason) -> ReviewCase:
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
