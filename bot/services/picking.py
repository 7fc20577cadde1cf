"""Picking what somebody gets next: what suits them, in everybody's order, gold mixed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.routing.mixing import gold_ahead, gold_order, is_gold_turn
from bot.routing.suiting import Fit, Reader, Topic, fit, reader_of, topic_of
from storage.audiences import said_by
from storage.queries import days, finding, members, tasks
from storage.queries.finding import Place, Seeker
from storage.queries.members import Pool
from storage.tables import Campaign

LOOK_AGAIN = timedelta(hours=1)
"""How often somebody for whom there is nothing looks through a whole campaign once more.

What is new or given back is found at once; this finds the rest, such as what another process added
behind them in the same moment.
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A task for somebody, the campaign it is of, and why it suits them."""

    place: Place
    pool: Pool
    fit: Fit


@dataclass(frozen=True, slots=True)
class Search:
    """Somebody looking for a task in the campaigns they label in, the nearest deadline first."""

    seeker: Seeker
    reader: Reader
    pools: Sequence[Pool]
    _suited: dict[int, dict[str, Fit]] = field(default_factory=dict)

    def suited(self, session: Session, pool: Pool) -> dict[str, Fit]:
        """Return the audiences of a campaign that the person belongs to, and why. Read once."""
        if pool.campaign not in self._suited:
            audiences = finding.audiences(session, pool.campaign)
            fits = ((audience, self.fit(pool, audience)) for audience in audiences)
            self._suited[pool.campaign] = {audience: found for audience, found in fits if found}
        return self._suited[pool.campaign]

    def fit(self, pool: Pool, audience: str) -> Fit | None:
        """Say why a task of this audience suits the person; None if it does not."""
        campaign = Topic(tuple(pool.domains), pool.language)
        return fit(self.reader, topic_of(Topic(*said_by(audience)), campaign))

    def gold(self, session: Session, pool: Pool) -> list[Choice]:
        """Return the gold tasks that suit the person and that they have not had."""
        places = finding.gold_places(session, self.seeker, pool.campaign)
        fits = ((place, self.fit(pool, place.audience)) for place in places)
        return [Choice(place, pool, found) for place, found in fits if found]


def search_for(session: Session, expert_id: int, *, locked: bool = False) -> Search:
    """Return what somebody's search begins with.

    `locked`: to give them a task; two hands must not give one person two at once.
    """
    person = members.person(session, expert_id, locked=locked)
    skipped = [
        said_by(audience)[0] or tuple(domains)
        for audience, domains in members.skipped_as_strange(session, expert_id)
    ]
    reader = reader_of(person.domains, person.languages, skipped)
    seeker = Seeker(expert_id, person.slack_id, person.pseudonym)
    return Search(seeker, reader, members.pools(session, expert_id))


def next_choice(session: Session, search: Search, now: datetime) -> Choice | None:
    """Return the next task for somebody who holds none, of the campaign with the nearest deadline.

    Everybody goes through a campaign in one order, each from where they are, so that items finish
    one by one and nobody's search grows with what they have done.
    """
    for pool in search.pools:
        suited = search.suited(session, pool)
        place = _in_turn(session, search, pool, list(suited), now)
        if place:
            gold = _gold(session, search, pool)
            if gold:
                return gold
            place = _undisputed(session, search, pool, list(suited), place)
            return Choice(place, pool, suited[place.audience])
    return None


def waiting_for(session: Session, search: Search, most: int) -> int:
    """Return how many tasks somebody holds or would get, counting no further than `most`."""
    found = tasks.count_held(session, search.seeker.expert, most)
    for pool in search.pools:
        if found < most:
            found += _ahead(session, search, pool, most - found)
    return min(found, most)


def waiting_by_kind(session: Session, expert_id: int, most: int) -> dict[str, int]:
    """Return how many tasks of each kind wait for an expert, those included that may come back.

    Of each campaign no more than `most` are counted.
    """
    counts = Counter(days.had_by_kind(session, expert_id))
    search = search_for(session, expert_id)
    for pool in search.pools:
        kind = session.get_one(Campaign, pool.campaign).kind
        counts[kind] += _ahead(session, search, pool, most)
    return dict(counts)


def _ahead(session: Session, search: Search, pool: Pool, most: int) -> int:
    suited = list(search.suited(session, pool))
    ordinary = finding.count_places(session, search.seeker, pool, suited, most)
    if not ordinary or not pool.gold_share:
        return ordinary
    expert = search.seeker.expert
    turn = finding.given(session, expert, pool.campaign)
    gold = len(search.gold(session, pool))
    share = pool.gold_share
    return ordinary + gold_ahead(pool.seed, expert, share, turn, ordinary=ordinary, gold=gold)


def _in_turn(
    session: Session, search: Search, pool: Pool, suited: list[str], now: datetime
) -> Place | None:
    """Return the next task of a campaign: ahead, else given back behind, else passed over."""
    seeker, campaign, start = search.seeker, pool.campaign, pool.last_task
    ahead = finding.first_place(session, seeker, campaign, suited, start)
    if ahead:
        return ahead
    last = finding.last_task(session)
    ahead = finding.first_place(session, seeker, campaign, suited, start)
    if ahead:  # it came between the two looks
        return ahead
    members.go_on(session, seeker.expert, campaign, last)
    behind = finding.first_place(session, seeker, campaign, suited, start, behind=True)
    if behind or (pool.looked_through_at and now - pool.looked_through_at < LOOK_AGAIN):
        return behind
    members.looked_through(session, seeker.expert, campaign, now)
    return finding.first_place(session, seeker, campaign, suited, 0)


def _undisputed(
    session: Session, search: Search, pool: Pool, suited: list[str], place: Place
) -> Place:
    """Return `place`; or the next one, if somebody is taking a place of that task just now.

    Where many come for the same task, nobody waits for the others. The person's next search begins
    with the task passed over. If somebody is at every task, they wait for the first.
    """
    expert, campaign, task = search.seeker.expert, pool.campaign, place.task
    if not finding.lock_if_free(session, task):
        free = finding.first_free_place(session, search.seeker, campaign, suited, task)
        if free:
            members.go_on(session, expert, campaign, task - 1)
            return free
    members.go_on(session, expert, campaign, task)
    return place


def _gold(session: Session, search: Search, pool: Pool) -> Choice | None:
    """Return a gold task, if it is time for one and one is left."""
    if not pool.gold_share:
        return None
    expert = search.seeker.expert
    turn = finding.given(session, expert, pool.campaign)
    if not is_gold_turn(pool.seed, expert, pool.gold_share, turn):
        return None
    return min(
        search.gold(session, pool),
        key=lambda found: gold_order(pool.seed, expert, found.place.task),
        default=None,
    )
