"""Review queue: tasks that are flagged, on hold or disagreed on, and a random sample.

Reviewers see the answers but not who gave them. A decision is stored separately and never changes
the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from sqlmodel import Session

from bot.kinds import kind_named
from bot.quality.disagreement import disagreement_of
from bot.quality.votes import votes_of
from bot.services.answers.campaign_settings import settings_of
from bot.services.reports.answer_labels import label_of
from bot.services.reviews.review_case import CasePlace, ReviewCase, ReviewReason, case_of
from storage.queries import reviews
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, Task

SAMPLE_ONE_IN = 20
"""One in this many tasks with agreement is reviewed too."""

TASKS_PER_READ = 500
"""Tasks whose answers are loaded in one query."""

MAX_COUNTED_TASKS = 2_000
"""Undecided tasks of a campaign up to which a reviewer sees how many cases wait: counting reads
all of their answers."""

_REASON_ORDER = {reason: position for position, reason in enumerate(ReviewReason)}


class QueuePosition(NamedTuple):
    """Where a task is in the queue of its reason: the worst disagreement first, then the oldest."""

    negative_disagreement: float
    task_id: int


class CaseCursor(NamedTuple):
    """The case shown last: why it was shown, its task and its number.

    `is_filtered`: only cases of this reason are shown.
    """

    reason: ReviewReason
    task_id: int
    number: int = 1
    is_filtered: bool = False


def next_case_after(
    session: Session, reviewer: str, cursor: CaseCursor | None
) -> ReviewCase | None:
    """Return the case after `cursor`: first from the same campaign, then from others."""
    task = session.get(Task, cursor.task_id) if cursor else None
    if task is None or cursor is None:
        return next_case(session, None, reviewer)
    only = cursor.reason if cursor.is_filtered else None
    case = next_case(session, task.campaign_id, reviewer, cursor, only=only)
    return case or next_case(
        session, None, reviewer, only=only, except_campaign_id=task.campaign_id
    )


def next_case(  # noqa: PLR0913 - the filters
    session: Session,
    campaign_id: int | None,
    reviewer: str,
    cursor: CaseCursor | None = None,
    *,
    only: ReviewReason | None = None,
    except_campaign_id: int | None = None,
) -> ReviewCase | None:
    """Return the first case after `cursor`, or None.

    Search one campaign, or all (`campaign_id` None) except `except_campaign_id`; with `only`, cases
    of one reason. Reviewers never get tasks that they answered themselves.
    """
    queues = [
        _CampaignQueue(session, campaign, reviewer)
        for campaign in reviews.campaigns_to_review(session, campaign_id)
        if campaign.id != except_campaign_id
    ]
    first_reason = _REASON_ORDER[cursor.reason] if cursor else 0
    reasons = [only] if only else list(ReviewReason)[first_reason:]
    for reason in reasons:
        after = _position_of(session, cursor) if cursor and reason == cursor.reason else None
        found = [
            (position, number)
            for number, queue in enumerate(queues)
            for position in queue.waiting(reason)
            if after is None or position > after
        ]
        if found:
            position, number = min(found)
            place = queues[number].place_of(reason, position, cursor, only=only)
            return case_of(session, position.task_id, reason, place)
    return None


def _position_of(session: Session, cursor: CaseCursor) -> QueuePosition:
    """Return the position of the case shown last, which may have been decided meanwhile."""
    task = session.get(Task, cursor.task_id)
    if task is None or cursor.reason != ReviewReason.DISAGREED:
        return QueuePosition(0.0, cursor.task_id)
    campaign = session.get_one(Campaign, task.campaign_id)
    answers = reviews.answers_to(session, [cursor.task_id])
    return QueuePosition(-_disagreement(campaign, answers), cursor.task_id)


def list_cases(
    session: Session,
    campaign_id: int | None,
    reviewer: str,
    limit: int,
    only: ReviewReason | None = None,
) -> list[ReviewCase]:
    """Return up to `limit` waiting cases of one campaign or of all, in the order of `next_case`.

    A task with two reasons is listed once, with the first. `only`: cases of one reason.
    """
    queues = [
        _CampaignQueue(session, campaign, reviewer)
        for campaign in reviews.campaigns_to_review(session, campaign_id)
    ]
    reason_by_task: dict[int, ReviewReason] = {}
    for task_id, reason in _iter_waiting(queues, [only] if only else list(ReviewReason)):
        reason_by_task.setdefault(task_id, reason)
        if len(reason_by_task) >= limit:
            break
    return [case_of(session, task_id, reason) for task_id, reason in reason_by_task.items()]


def _iter_waiting(
    queues: Iterable[_CampaignQueue], reasons: Iterable[ReviewReason]
) -> Iterator[tuple[int, ReviewReason]]:
    queues = list(queues)
    for reason in reasons:
        for queue in queues:
            for position in queue.waiting(reason):
                yield position.task_id, reason


def count_waiting(
    session: Session, campaign: Campaign, reviewer: str = ""
) -> dict[ReviewReason, int]:
    """Count the waiting cases of a campaign by reason."""
    return _CampaignQueue(session, campaign, reviewer).counts()


@dataclass
class _CampaignQueue:
    """The waiting cases of one campaign for one reviewer; its answers are read once."""

    session: Session
    campaign: Campaign
    reviewer: str

    def waiting(self, reason: ReviewReason) -> list[QueuePosition]:
        """Return the waiting cases of a reason, in order."""
        campaign_id = id_of(self.campaign)
        match reason:
            case ReviewReason.FLAGGED:
                task_ids = reviews.flagged_tasks(self.session, campaign_id, self.reviewer)
            case ReviewReason.ON_HOLD:
                task_ids = reviews.on_hold_tasks(self.session, campaign_id, self.reviewer)
            case ReviewReason.DISAGREED:
                return sorted(
                    QueuePosition(-worst, task_id)
                    for task_id, worst in self._disagreements
                    if worst
                )
            case ReviewReason.SAMPLED:
                task_ids = [
                    task_id
                    for task_id, disagreement in self._disagreements
                    if not disagreement and _is_sampled(self.campaign.seed, task_id)
                ]
        return [QueuePosition(0.0, task_id) for task_id in task_ids]

    def counts(self) -> dict[ReviewReason, int]:
        """Count the waiting cases by reason."""
        return {reason: len(self.waiting(reason)) for reason in ReviewReason}

    def place_of(
        self,
        reason: ReviewReason,
        position: QueuePosition,
        cursor: CaseCursor | None,
        *,
        only: ReviewReason | None,
    ) -> CasePlace:
        """Return the place of a case that follows `cursor`, or is the first."""
        number = cursor.number + 1 if cursor else 1
        is_filtered = only is not None
        if len(self._undecided_ids) > MAX_COUNTED_TASKS:
            return CasePlace(number, None, is_filtered)
        later = list(ReviewReason)[_REASON_ORDER[reason] + 1 :]
        left = {one.task_id for one in self.waiting(reason) if one >= position}
        left |= {task for task, _ in _iter_waiting([self], () if only else later)}
        return CasePlace(number, number - 1 + len(left), is_filtered, self.counts())

    @cached_property
    def _undecided_ids(self) -> list[int]:
        campaign_id = id_of(self.campaign)
        return sorted(reviews.undecided_tasks(self.session, campaign_id, self.reviewer))

    @cached_property
    def _disagreements(self) -> list[tuple[int, float]]:
        """The undecided tasks with their disagreement."""
        found: list[tuple[int, float]] = []
        for start in range(0, len(self._undecided_ids), TASKS_PER_READ):
            task_ids = self._undecided_ids[start : start + TASKS_PER_READ]
            answers = reviews.answers_to(self.session, task_ids)
            found += [
                (task_id, _disagreement(self.campaign, task_answers))
                for task_id, task_answers in groupby(answers, key=attrgetter("task_id"))
            ]
        return found


def _disagreement(campaign: Campaign, answers: Iterable[Assignment]) -> float:
    kind = kind_named(campaign.kind)
    ballots = [
        votes_of(label_of(kind, answer.value or {}, answer.candidate_order)) for answer in answers
    ]
    return disagreement_of(ballots, settings_of(kind, campaign.settings).scales)


def _is_sampled(seed: str, task_id: int) -> bool:
    digest = blake2b(f"{seed}/review/{task_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % SAMPLE_ONE_IN == 0
