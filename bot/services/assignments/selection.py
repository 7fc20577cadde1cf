"""Task selection: the next task that suits an expert, in campaign order, with hidden gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.routing.gold_questions import count_gold_ahead, gold_sort_key, is_gold_turn
from bot.routing.suitability import ExpertSkills, Fit, Topic, fit_of, skills_of, topic_of
from bot.services.assignments import practice
from bot.services.assignments.quotas import Quota, find_quota
from storage.audience import parse_audience
from storage.queries import expert_activity, task_routing, task_selection, tasks
from storage.queries import practice as practice_queries
from storage.queries.task_routing import OpenMembership
from storage.queries.task_selection import TaskSeeker, TaskSlot

FULL_SCAN_INTERVAL = timedelta(hours=1)
"""How often to scan a whole campaign again for an expert who has no task.

New and returned tasks are found at once. The full scan finds the rest, such as a task that another
process added behind the expert's scan position at the same moment.
"""


@dataclass(frozen=True, slots=True)
class SelectedTask:
    """A task for an expert, their membership in its campaign, and why it suits them.

    `is_practice`: the task is new, for this expert alone, and not linked to its assignment yet.
    """

    slot: TaskSlot
    membership: OpenMembership
    fit: Fit
    is_practice: bool = False


@dataclass(frozen=True, slots=True)
class TaskSearch:
    """An expert's search for a task in their open campaigns, in the order of `open_memberships`.

    `tz` is the expert's time zone and `at` when the search began: quotas count by day.
    """

    seeker: TaskSeeker
    skills: ExpertSkills
    memberships: Sequence[OpenMembership]
    tz: str
    at: datetime
    _fits_by_campaign: dict[int, dict[str, Fit]] = field(default_factory=dict)

    def in_chosen_campaign(self) -> TaskSearch | None:
        """Return the search limited to the campaign that the expert chose, None if none."""
        chosen = [one for one in self.memberships if one.chosen_at]
        return replace(self, memberships=chosen) if chosen else None

    def fitting_audiences(self, session: Session, membership: OpenMembership) -> dict[str, Fit]:
        """Return the audiences of a campaign that fit the expert, with their fit (cached)."""
        if membership.campaign_id not in self._fits_by_campaign:
            audiences = task_selection.audiences_with_free_slots(session, membership.campaign_id)
            fits = ((audience, self.fit_for(membership, audience)) for audience in audiences)
            self._fits_by_campaign[membership.campaign_id] = {
                audience: fit for audience, fit in fits if fit
            }
        return self._fits_by_campaign[membership.campaign_id]

    def fit_for(self, membership: OpenMembership, audience: str) -> Fit | None:
        """Return why a task of this audience suits the expert; None if it does not."""
        campaign = Topic(tuple(membership.domains), membership.language)
        return fit_of(self.skills, topic_of(Topic(*parse_audience(audience)), campaign))

    def gold_tasks(self, session: Session, membership: OpenMembership) -> list[SelectedTask]:
        """Return the gold tasks that suit the expert and that they have not had."""
        slots = task_selection.gold_slots(session, self.seeker, membership.campaign_id)
        fits = ((slot, self.fit_for(membership, slot.audience)) for slot in slots)
        return [SelectedTask(slot, membership, fit) for slot, fit in fits if fit]

    def quota(self, session: Session, membership: OpenMembership) -> Quota | None:
        """Return the expert's quota in a campaign; None: there is no limit."""
        return find_quota(session, self.seeker.expert_id, membership, self.tz, self.at)

    def quota_left(self, session: Session, membership: OpenMembership) -> int | None:
        """Return how many more tasks of a campaign the expert may get; None: any number."""
        quota = self.quota(session, membership)
        return quota.left if quota else None

    def practice_slots(self, session: Session, membership: OpenMembership) -> list[TaskSlot]:
        """Return the gold tasks that suit the expert, also those they have practiced with."""
        slots = practice_queries.gold_tasks(session, self.seeker, membership.campaign_id)
        return [slot for slot in slots if self.fit_for(membership, slot.audience)]


def build_search(
    session: Session, expert_id: int, now: datetime, *, locked: bool = False
) -> TaskSearch:
    """Return a task search for an expert.

    Set `locked` before assigning: it locks the expert, so that two transactions cannot assign
    them two tasks at once.
    """
    profile = task_routing.routing_profile(session, expert_id, for_update=locked)
    skipped = [
        parse_audience(audience)[0] or tuple(domains)
        for audience, domains in task_routing.not_my_field_skips(session, expert_id)
    ]
    skills = skills_of(profile.domains, profile.languages, skipped)
    seeker = TaskSeeker(expert_id, profile.slack_id, profile.pseudonym)
    memberships = task_routing.open_memberships(session, expert_id)
    return TaskSearch(seeker, skills, memberships, profile.tz, now)


def select_next_task(session: Session, search: TaskSearch, now: datetime) -> SelectedTask | None:
    """Return the next task for an expert with no open task, from the nearest deadline on.

    The campaign that the expert chose comes first. Within a campaign, tasks with a priority come
    first; only informative pairs have one. Otherwise all experts go
    through a campaign in the same order, each from their own scan position, so that items are
    completed one after the other and a search does not get slower as an expert answers.
    """
    for membership in search.memberships:
        if membership.needs_practice:
            question = _next_practice_question(session, search, membership)
            if question:
                return question
            continue
        if search.quota_left(session, membership) == 0:
            continue
        fits = search.fitting_audiences(session, membership)
        prioritized = _first_prioritized(session, search, membership, list(fits))
        slot = prioritized or _next_in_order(session, search, membership, list(fits), now)
        if slot:
            gold_task = _due_gold_task(session, search, membership)
            if gold_task:
                return gold_task
            if not prioritized:
                slot = _avoid_contention(session, search, membership, list(fits), slot)
            return SelectedTask(slot, membership, fits[slot.audience])
    return None


def count_waiting(
    session: Session, search: TaskSearch, limit: int, campaign_id: int | None = None
) -> int:
    """Return how many tasks an expert has open or would still get, capped at `limit`.

    Count one campaign, or all open ones (`campaign_id` None).
    """
    count = tasks.count_open_assignments(session, search.seeker.expert_id, limit, campaign_id)
    for membership in search.memberships:
        if count < limit and campaign_id in (None, membership.campaign_id):
            count += _count_ahead(session, search, membership, limit - count)
    return min(count, limit)


def count_waiting_by_campaign(session: Session, search: TaskSearch, limit: int) -> dict[int, int]:
    """Return how many tasks of each open campaign an expert has open or would still get.

    At most `limit` tasks are counted in each campaign. The order is that in which tasks come.
    """
    open_counts = expert_activity.count_open_by_campaign(session, search.seeker.expert_id)
    return {
        one.campaign_id: _count_in_campaign(
            session, search, one, limit, open_counts.get(one.campaign_id, 0)
        )
        for one in search.memberships
    }


def _count_in_campaign(
    session: Session, search: TaskSearch, membership: OpenMembership, limit: int, had: int
) -> int:
    """Count the tasks ahead and the `had` ones, which are held or may return within the quota."""
    count = had + _count_ahead(session, search, membership, limit)
    left = search.quota_left(session, membership) if had else None
    if left is None:
        return count
    expert_id, campaign_id = search.seeker.expert_id, membership.campaign_id
    return min(count, left + tasks.count_open_assignments(session, expert_id, limit, campaign_id))


def _count_ahead(
    session: Session, search: TaskSearch, membership: OpenMembership, limit: int
) -> int:
    if membership.needs_practice:
        slots = search.practice_slots(session, membership)
        return practice.count_questions_ahead(session, search.seeker, membership, slots)
    left = search.quota_left(session, membership)
    limit = limit if left is None else min(limit, left)
    audiences = list(search.fitting_audiences(session, membership))
    ordinary = task_selection.count_slots(session, search.seeker, membership, audiences, limit)
    if not ordinary or not membership.gold_share:
        return ordinary
    expert_id = search.seeker.expert_id
    assigned_count = task_selection.count_assigned(session, expert_id, membership.campaign_id)
    gold = len(search.gold_tasks(session, membership))
    share = membership.gold_share
    count = ordinary + count_gold_ahead(
        membership.seed, expert_id, share, assigned_count, ordinary=ordinary, gold=gold
    )
    return count if left is None else min(count, left)


def _next_practice_question(
    session: Session, search: TaskSearch, membership: OpenMembership
) -> SelectedTask | None:
    """Return the next practice question of an expert who has not passed; its task is new."""
    slots = search.practice_slots(session, membership)
    question = practice.add_next_question(session, search.seeker, membership, slots)
    fit = search.fit_for(membership, question.audience) if question else None
    return SelectedTask(question, membership, fit, is_practice=True) if question and fit else None


def _first_prioritized(
    session: Session, search: TaskSearch, membership: OpenMembership, audiences: list[str]
) -> TaskSlot | None:
    """Return the slot with the first priority; the scan position stays where it is."""
    if not membership.informative_pairs:
        return None
    campaign_id = membership.campaign_id
    return task_selection.first_prioritized_slot(session, search.seeker, campaign_id, audiences)


def _next_in_order(
    session: Session,
    search: TaskSearch,
    membership: OpenMembership,
    audiences: list[str],
    now: datetime,
) -> TaskSlot | None:
    """Return a campaign's next task for an expert.

    Look ahead of the scan position first, then among tasks returned behind it, and once per
    `FULL_SCAN_INTERVAL` in the whole campaign.
    """
    seeker, campaign_id, start = search.seeker, membership.campaign_id, membership.scan_position
    ahead = task_selection.first_slot(session, seeker, campaign_id, audiences, start)
    if ahead:
        return ahead
    last = task_selection.last_task_id(session)
    # A task may have been added between the first query and `last`, so look ahead once more.
    ahead = task_selection.first_slot(session, seeker, campaign_id, audiences, start)
    if ahead:
        return ahead
    task_routing.advance_scan(session, seeker.expert_id, campaign_id, last)
    behind = task_selection.first_slot(
        session, seeker, campaign_id, audiences, start, is_rescan=True
    )
    last_scan = membership.last_full_scan_at
    if behind or (last_scan and timedelta() <= now - last_scan < FULL_SCAN_INTERVAL):
        return behind
    task_routing.record_full_scan(session, seeker.expert_id, campaign_id, now)
    return task_selection.first_slot(session, seeker, campaign_id, audiences, 0)


def _avoid_contention(
    session: Session,
    search: TaskSearch,
    membership: OpenMembership,
    audiences: list[str],
    slot: TaskSlot,
) -> TaskSlot:
    """Return `slot`, or the next unlocked one if another transaction is taking a slot of that task.

    Experts who want the same task at the same time therefore do not wait for each other. The
    expert's next search starts with the skipped task. If every task is locked, they wait for the
    first one.
    """
    seeker, campaign_id, task_id = search.seeker, membership.campaign_id, slot.task_id
    if not task_selection.try_lock_task(session, task_id):
        unlocked = task_selection.first_unlocked_slot(
            session, seeker, campaign_id, audiences, task_id
        )
        if unlocked:
            task_routing.advance_scan(session, seeker.expert_id, campaign_id, task_id - 1)
            return unlocked
    task_routing.advance_scan(session, seeker.expert_id, campaign_id, task_id)
    return slot


def _due_gold_task(
    session: Session, search: TaskSearch, membership: OpenMembership
) -> SelectedTask | None:
    """Return a gold task if one is due and one is left."""
    if not membership.gold_share:
        return None
    expert_id = search.seeker.expert_id
    assigned_count = task_selection.count_assigned(session, expert_id, membership.campaign_id)
    if not is_gold_turn(membership.seed, expert_id, membership.gold_share, assigned_count):
        return None
    return min(
        search.gold_tasks(session, membership),
        key=lambda task: gold_sort_key(membership.seed, expert_id, task.slot.task_id),
        default=None,
    )
