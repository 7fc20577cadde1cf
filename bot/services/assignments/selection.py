"""Picking what somebody gets next: what suits them, in everybody's order, gold mixed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.routing.gold_questions import count_gold_ahead, gold_sort_key, is_gold_turn
from bot.routing.suitability import ExpertSkills, Fit, Topic, fit_of, skills_of, topic_of
from storage.audience import parse_audience
from storage.queries import expert_activity, task_routing, task_selection, tasks
from storage.queries.task_routing import OpenMembership
from storage.queries.task_selection import TaskSeeker, TaskSlot
from storage.tables import Campaign

FULL_SCAN_INTERVAL = timedelta(hours=1)
"""How often somebody for whom there is nothing looks through a whole campaign once more.

What is new or given back is found at once; this finds the rest, such as what another process added
behind them in the same moment.
"""


@dataclass(frozen=True, slots=True)
class SelectedTask:
    """A task for somebody, the campaign it is of, and why it suits them."""

    slot: TaskSlot
    membership: OpenMembership
    fit: Fit


@dataclass(frozen=True, slots=True)
class TaskSearch:
    """Somebody looking for a task in the campaigns they label in, the nearest deadline first."""

    seeker: TaskSeeker
    reader: ExpertSkills
    memberships: Sequence[OpenMembership]
    _fits_by_campaign: dict[int, dict[str, Fit]] = field(default_factory=dict)

    def fitting_audiences(self, session: Session, membership: OpenMembership) -> dict[str, Fit]:
        """Return the audiences of a campaign that the person belongs to, and why. Read once."""
        if membership.campaign_id not in self._fits_by_campaign:
            audiences = task_selection.audiences_with_free_slots(session, membership.campaign_id)
            fits = ((audience, self.fit_for(membership, audience)) for audience in audiences)
            self._fits_by_campaign[membership.campaign_id] = {
                audience: found for audience, found in fits if found
            }
        return self._fits_by_campaign[membership.campaign_id]

    def fit_for(self, membership: OpenMembership, audience: str) -> Fit | None:
        """Say why a task of this audience suits the person; None if it does not."""
        campaign = Topic(tuple(membership.domains), membership.language)
        return fit_of(self.reader, topic_of(Topic(*parse_audience(audience)), campaign))

    def gold_tasks(self, session: Session, membership: OpenMembership) -> list[SelectedTask]:
        """Return the gold tasks that suit the person and that they have not had."""
        slots = task_selection.gold_slots(session, self.seeker, membership.campaign_id)
        fits = ((place, self.fit_for(membership, place.audience)) for place in slots)
        return [SelectedTask(place, membership, found) for place, found in fits if found]


def build_search(session: Session, expert_id: int, *, locked: bool = False) -> TaskSearch:
    """Return what somebody's search begins with.

    `locked`: to give them a task; two hands must not give one person two at once.
    """
    person = task_routing.routing_profile(session, expert_id, for_update=locked)
    skipped = [
        parse_audience(audience)[0] or tuple(domains)
        for audience, domains in task_routing.not_my_field_skips(session, expert_id)
    ]
    reader = skills_of(person.domains, person.languages, skipped)
    seeker = TaskSeeker(expert_id, person.slack_id, person.pseudonym)
    return TaskSearch(seeker, reader, task_routing.open_memberships(session, expert_id))


def select_next_task(session: Session, search: TaskSearch, now: datetime) -> SelectedTask | None:
    """Return the next task for somebody who holds none, of the campaign with the nearest deadline.

    Everybody goes through a campaign in one order, each from where they are, so that items finish
    one by one and nobody's search grows with what they have done.
    """
    for membership in search.memberships:
        fits = search.fitting_audiences(session, membership)
        slot = _next_in_order(session, search, membership, list(fits), now)
        if slot:
            gold_task = _due_gold_task(session, search, membership)
            if gold_task:
                return gold_task
            slot = _avoid_contention(session, search, membership, list(fits), slot)
            return SelectedTask(slot, membership, fits[slot.audience])
    return None


def count_waiting(session: Session, search: TaskSearch, limit: int) -> int:
    """Return how many tasks somebody holds or would get, counting no further than `most`."""
    found = tasks.count_open_assignments(session, search.seeker.expert, limit)
    for membership in search.memberships:
        if found < limit:
            found += _count_ahead(session, search, membership, limit - found)
    return min(found, limit)


def count_waiting_by_kind(session: Session, expert_id: int, limit: int) -> dict[str, int]:
    """Return how many tasks of each kind wait for an expert, those included that may come back.

    Of each campaign no more than `most` are counted.
    """
    counts = Counter(expert_activity.count_open_by_kind(session, expert_id))
    search = build_search(session, expert_id)
    for membership in search.memberships:
        kind = session.get_one(Campaign, membership.campaign_id).kind
        counts[kind] += _count_ahead(session, search, membership, limit)
    return dict(counts)


def _count_ahead(
    session: Session, search: TaskSearch, membership: OpenMembership, limit: int
) -> int:
    audiences = list(search.fitting_audiences(session, membership))
    ordinary = task_selection.count_slots(session, search.seeker, membership, audiences, limit)
    if not ordinary or not membership.gold_share:
        return ordinary
    expert = search.seeker.expert
    given_count = task_selection.count_assigned(session, expert, membership.campaign_id)
    gold = len(search.gold_tasks(session, membership))
    share = membership.gold_share
    return ordinary + count_gold_ahead(
        membership.seed, expert, share, given_count, ordinary=ordinary, gold=gold
    )


def _next_in_order(
    session: Session,
    search: TaskSearch,
    membership: OpenMembership,
    audiences: list[str],
    now: datetime,
) -> TaskSlot | None:
    """Return the next task of a campaign: ahead, else given back behind, else passed over."""
    seeker, campaign, start = search.seeker, membership.campaign_id, membership.scan_position
    ahead = task_selection.first_slot(session, seeker, campaign, audiences, start)
    if ahead:
        return ahead
    last = task_selection.last_task_id(session)
    ahead = task_selection.first_slot(session, seeker, campaign, audiences, start)
    if ahead:  # it came between the two looks
        return ahead
    task_routing.advance_scan(session, seeker.expert, campaign, last)
    behind = task_selection.first_slot(session, seeker, campaign, audiences, start, is_rescan=True)
    if behind or (
        membership.last_full_scan_at and now - membership.last_full_scan_at < FULL_SCAN_INTERVAL
    ):
        return behind
    task_routing.record_full_scan(session, seeker.expert, campaign, now)
    return task_selection.first_slot(session, seeker, campaign, audiences, 0)


def _avoid_contention(
    session: Session,
    search: TaskSearch,
    membership: OpenMembership,
    audiences: list[str],
    slot: TaskSlot,
) -> TaskSlot:
    """Return `place`; or the next one, if somebody is taking a place of that task just now.

    Where many come for the same task, nobody waits for the others. The person's next search begins
    with the task passed over. If somebody is at every task, they wait for the first.
    """
    expert, campaign, task = search.seeker.expert, membership.campaign_id, slot.task_id
    if not task_selection.try_lock_task(session, task):
        free = task_selection.first_unlocked_slot(session, search.seeker, campaign, audiences, task)
        if free:
            task_routing.advance_scan(session, expert, campaign, task - 1)
            return free
    task_routing.advance_scan(session, expert, campaign, task)
    return slot


def _due_gold_task(
    session: Session, search: TaskSearch, membership: OpenMembership
) -> SelectedTask | None:
    """Return a gold task, if it is time for one and one is left."""
    if not membership.gold_share:
        return None
    expert = search.seeker.expert
    given_count = task_selection.count_assigned(session, expert, membership.campaign_id)
    if not is_gold_turn(membership.seed, expert, membership.gold_share, given_count):
        return None
    return min(
        search.gold_tasks(session, membership),
        key=lambda found: gold_sort_key(membership.seed, expert, found.slot.task_id),
        default=None,
    )
