"""Review: what experts disagreed on, flagged or set aside, and a sample; somebody decides.

A reviewer sees what was said and never who said it. What experts answered stays as it is: a
decision stands beside it and is marked as such.
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
from storage.tables import Assignment, Campaign, Task

SAMPLE_ONE_IN = 20
"""Of so many tasks on which experts agree, one is looked at all the same."""

TASKS_PER_READ = 500
"""Tasks whose answers are read at a time."""


class NoReviewCaseError(BotError):
    """That task is no longer there to be reviewed; `/label review` brings the next one."""


class ReviewReason(StrEnum):
    """Why somebody should look at a task, in the order in which they are brought."""

    FLAGGED = "flagged"
    ON_HOLD = "set_aside"
    DISAGREED = "disagreed"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """What one or more experts said: in words, with their reasons, and whose assignments it is."""

    summary: str
    assignment_ids: tuple[int, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """A task to decide about, with the candidates in imported order, and nobody's name.

    `name` and `item` are what scripts call its campaign and its item.
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
"""A case that was shown, by why and its task; None: none was."""


def next_case_after(session: Session, reviewer: str, cursor: CaseCursor) -> ReviewCase | None:
    """Return the case behind one: of its campaign as long as there is one, then of others."""
    task = session.get(Task, cursor[1]) if cursor else None
    if task is None:
        return next_case(session, None, reviewer)
    campaign_id = task.campaign_id
    found = next_case(session, campaign_id, reviewer, cursor)
    return found or next_case(session, None, reviewer, except_campaign_id=campaign_id)


def next_case(
    session: Session,
    campaign_id: int | None,
    reviewer: str,
    cursor: CaseCursor = None,
    *,
    except_campaign_id: int | None = None,
) -> ReviewCase | None:
    """Return the next case behind `after` (None: the first), None if there is none.

    It is of one campaign, or of all (None) `but` one. Reviewers never get what they answered
    themselves.
    """
    campaigns = [
        one
        for one in reviews.campaigns_to_review(session, campaign_id)
        if one.id != except_campaign_id
    ]
    first_reason = _REASON_ORDER[cursor[0]] if cursor else 0
    for reason in list(ReviewReason)[first_reason:]:
        after_task = cursor[1] if cursor and reason == cursor[0] else 0
        first_tasks = [
            next(
                (
                    task
                    for task in _iter_waiting(session, one, reason, reviewer)
                    if task > after_task
                ),
                None,
            )
            for one in campaigns
        ]
        waiting_tasks = [task for task in first_tasks if task is not None]
        if waiting_tasks:
            return case_of(session, min(waiting_tasks), reason)
    return None


def list_cases(
    session: Session, campaign_id: int | None, reviewer: str, limit: int
) -> list[ReviewCase]:
    """Return what waits, of one campaign or of all, as `next_case` brings it: `most` at the most.

    A task that waits for two reasons is there once, for the first of them.
    """
    reason_by_task: dict[int, ReviewReason] = {}
    for task, reason in _iter_all_waiting(session, campaign_id, reviewer):
        reason_by_task.setdefault(task, reason)
        if len(reason_by_task) >= limit:
            break
    return [case_of(session, task, why) for task, why in reason_by_task.items()]


def _iter_all_waiting(
    session: Session, campaign_id: int | None, reviewer: str
) -> Iterator[tuple[int, ReviewReason]]:
    campaigns = reviews.campaigns_to_review(session, campaign_id)
    for reason, campaign in product(ReviewReason, campaigns):
        for task in _iter_waiting(session, campaign, reason, reviewer):
            yield task, reason


def count_waiting(
    session: Session, campaign: Campaign, reviewer: str = ""
) -> dict[ReviewReason, int]:
    """Count what waits in a campaign, by why."""
    return {
        why: sum(1 for _ in _iter_waiting(session, campaign, why, reviewer)) for why in ReviewReason
    }


_REASON_ORDER = {why: place for place, why in enumerate(ReviewReason)}


def _iter_waiting(
    session: Session, campaign: Campaign, reason: ReviewReason, reviewer: str
) -> Iterator[int]:
    campaign_id = campaign.id or 0
    match reason:
        case ReviewReason.FLAGGED:
            yield from reviews.flagged_tasks(session, campaign_id, reviewer)
        case ReviewReason.ON_HOLD:
            yield from reviews.on_hold_tasks(session, campaign_id, reviewer)
        case ReviewReason.DISAGREED | ReviewReason.SAMPLED:
            for task, source in _iter_undecided(session, campaign, reviewer):
                if reason == _agreement_reason(campaign, task, source):
                    yield task


def _iter_undecided(
    session: Session, campaign: Campaign, reviewer: str
) -> Iterator[tuple[int, ConsensusSource]]:
    """Yield what nobody decided yet, with how sure the answer is."""
    kind = kind_named(campaign.kind)
    task_ids = sorted(reviews.undecided_tasks(session, campaign.id or 0, reviewer))
    for start in range(0, len(task_ids), TASKS_PER_READ):
        answers = reviews.answers_to(session, task_ids[start : start + TASKS_PER_READ])
        for task, task_answers in groupby(answers, key=attrgetter("task_id")):
            yield (
                task,
                consensus_source([votes_of(_label_of_answer(kind, one)) for one in task_answers]),
            )


def _label_of_answer(kind: Kind[Any], answer: Assignment) -> Any:  # noqa: ANN401 - any label
    return label_of(kind, answer.value or {}, answer.candidate_order)


def _agreement_reason(
    campaign: Campaign, task: int, source: ConsensusSource
) -> ReviewReason | None:
    if source in ("split", "majority"):
        return ReviewReason.DISAGREED
    return ReviewReason.SAMPLED if _is_sampled(campaign.seed, task) else None


def _is_sampled(seed: str, task_id: int) -> bool:
    digest = blake2b(f"{seed}/review/{task_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % SAMPLE_ONE_IN == 0


def case_of(session: Session, task_id: int, reason: ReviewReason) -> ReviewCase:
    """Return a task as its reviewer sees it.

    Raises:
        NoCaseError: there is no such task.
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
    """Put together who said the same, the most frequent first."""
    answers_by_summary: dict[str, list[Assignment]] = {}
    for answer in answers:
        label = kind.to_label(content, answer.value or {}, answer.candidate_order)
        answers_by_summary.setdefault(describe_label(label), []).append(answer)
    groups = [
        AnswerGroup(
            words,
            tuple(one.id or 0 for one in those),
            tuple(filter(None, map(_reason_text, those))),
        )
        for words, those in answers_by_summary.items()
    ]
    return tuple(sorted(groups, key=lambda one: (-len(one.assignment_ids), one.summary)))


def _reason_text(answer: Assignment) -> str:
    value: Mapping[str, Any] = answer.value or {}
    return str(value.get("reason") or "")
