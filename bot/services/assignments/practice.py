"""Practice: gold items that an expert answers, with feedback, before the first task of a campaign.

An attempt has as many questions as the campaign says. It starts only if the campaign has as many
gold items that suit the expert. Items that the expert had in an earlier attempt come last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from bot.routing.gold_questions import gold_sort_key
from storage.queries import practice
from storage.queries.practice import PracticeAnswer
from storage.queries.task_routing import OpenMembership
from storage.queries.task_selection import TaskSeeker, TaskSlot


def add_next_question(
    session: Session,
    seeker: TaskSeeker,
    membership: OpenMembership,
    gold_tasks: Sequence[TaskSlot],
) -> TaskSlot | None:
    """Add the task of an expert's next practice question.

    `gold_tasks` are those that suit the expert. Return None if they have failed, if a question of
    this attempt is not finished yet, or if there are not enough gold items.
    """
    asked = practice.answers_of(session, membership.campaign_id, seeker.expert_id)
    attempt = membership.practice_failures + 1
    current = [answer for answer in asked if answer.attempt == attempt]
    if any(answer.finalized_by is None for answer in current):
        return None
    if not _count_left(membership, current, gold_tasks):
        return None
    times_asked = Counter(answer.item_id for answer in asked)
    in_this_attempt = {answer.item_id for answer in current}
    gold = min(
        (slot for slot in gold_tasks if slot.item_id not in in_this_attempt),
        key=lambda slot: (
            times_asked[slot.item_id],
            gold_sort_key(membership.seed, seeker.expert_id, slot.task_id),
        ),
    )
    return practice.add_question(session, membership.campaign_id, gold, attempt)


def count_questions_ahead(
    session: Session,
    seeker: TaskSeeker,
    membership: OpenMembership,
    gold_tasks: Sequence[TaskSlot],
) -> int:
    """Return how many questions of the current attempt an expert has not been assigned yet."""
    asked = practice.answers_of(session, membership.campaign_id, seeker.expert_id)
    attempt = membership.practice_failures + 1
    current = [answer for answer in asked if answer.attempt == attempt]
    return _count_left(membership, current, gold_tasks)


def lacks_questions(
    session: Session,
    seeker: TaskSeeker,
    membership: OpenMembership,
    gold_tasks: Sequence[TaskSlot],
) -> bool:
    """Return whether an expert who may practice gets no question: too few gold items suit them."""
    if membership.practice_failures >= membership.practice_attempts:
        return False
    asked = practice.answers_of(session, membership.campaign_id, seeker.expert_id)
    attempt = membership.practice_failures + 1
    current = [answer for answer in asked if answer.attempt == attempt]
    is_answering = any(answer.finalized_by is None for answer in current)
    return not is_answering and not _count_left(membership, current, gold_tasks)


def _count_left(
    membership: OpenMembership, current: Iterable[PracticeAnswer], gold_tasks: Sequence[TaskSlot]
) -> int:
    if membership.practice_failures >= membership.practice_attempts:
        return 0
    asked_items = {answer.item_id for answer in current}
    left = membership.practice_questions - len(asked_items)
    new_items = {slot.item_id for slot in gold_tasks} - asked_items
    return left if len(new_items) >= left else 0
