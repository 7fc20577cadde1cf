"""Review queue: tasks that are flagged, on hold or disagreed on, and a random sample.

Reviewers see the answers but not who gave them. A decision is stored separately and never changes
the answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby, product
from operator import attrgetter
from typing import Any, TypeAlias

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.label_text import describe_label
from bot.quality.consensus import ConsensusSource, consensus_source
from bot.quality.votes import votes_of
from bot.services.answers.submit import settings_of
from bot.services.items.mapping import content_of
from bot.services.reports.agreement import label_of
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
        after_task_id = cursor[1] if cursor and reason == cursor[0] else 0
        next_ids = (
            _next_waiting(session, campaign, reason, reviewer, after_task_id)
            for campaign in campaigns
        )
        waiting_ids = [task_id for task_id in next_ids if task_id is not None]
        if waiting_ids:
            return case_of(session, min(waiting_ids), reason)
    return None


def _next_waiting(
    session: Session, campaign: Campaign, reason: ReviewReason, reviewer: str, after_task_id: int
) -> int | None:
    waiting_ids = _iter_waiting(session, campaign, reason, reviewer)
    return next((task_id for task_id in waiting_ids if task_id > after_task_id), None)


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
        for task_id in _iter_waiting(session, campaign, reason, reviewer):
            yield task_id, reason


def count_waiting(
    session: Session, campaign: Campaign, reviewer: str = ""
) -> dict[ReviewReason, int]:
    """Count the waiting cases of a campaign by reason."""
    return {
        reason: sum(1 for _ in _iter_waiting(session, campaign, reason, reviewer))
        for reason in ReviewReason
    }


_REASON_ORDER = {reason: position for position, reason in enumerate(ReviewReason)}


def _iter_waiting(
    session: Session, campaign: Campaign, reason: ReviewReason, reviewer: str
) -> Iterator[int]:
    campaign_id = id_of(campaign)
    match reason:
        case ReviewReason.FLAGGED:
            yield from reviews.flagged_tasks(session, campaign_id, reviewer)
        case ReviewReason.ON_HOLD:
            yield from reviews.on_hold_tasks(session, campaign_id, reviewer)
        case ReviewReason.DISAGREED | ReviewReason.SAMPLED:
            for task_id, source in _iter_undecided(session, campaign, reviewer):
                if reason == _agreement_reason(campaign, task_id, source):
                    yield task_id


def _iter_undecided(
    session: Session, campaign: Campaign, reviewer: str
) -> Iterator[tuple[int, ConsensusSource]]:
    """Yield the undecided tasks with their level of consensus."""
    kind = kind_named(campaign.kind)
    task_ids = sorted(reviews.undecided_tasks(session, id_of(campaign), reviewer))
    for start in range(0, len(task_ids), TASKS_PER_READ):
        answers = reviews.answers_to(session, task_ids[start : start + TASKS_PER_READ])
        for task_id, task_answers in groupby(answers, key=attrgetter("task_id")):
            ballots = [votes_of(_label_of_answer(kind, answer)) for answer in task_answers]
            yield task_id, consensus_source(ballots)


def _label_of_answer(kind: Kind[Any], answer: Assignment) -> Any:  # noqa: ANN401 - any label
    return label_of(kind, answer.value or {}, answer.candidate_order)


def _agreement_reason(
    campaign: Campaign, task_id: int, source: ConsensusSource
) -> ReviewReason | None:
    if source in ("split", "majority"):
        return ReviewReason.DISAGREED
    return ReviewReason.SAMPLED if _is_sampled(campaign.seed, task_id) else None


def _is_sampled(seed: str, task_id: int) -> bool:
    digest = blake2b(f"{seed}/review/{task_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % SAMPLE_ONE_IN == 0


def case_of(session: Session, task_id: int, reason: ReviewReason) -> ReviewCase:
    """Return a task as its reviewer sees it.

    Raises:
        NoReviewCaseError: there is no such task.
    """
    task = session.get(Task, task_id)
    if task is None:
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
