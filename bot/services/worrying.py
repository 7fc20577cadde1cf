"""What about a campaign needs somebody: each worry a sentence, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import named_day
from bot.quality.agreement import Agreement
from bot.quality.forecast import WEEKDAYS
from bot.quality.norms import NORMS, judged
from bot.services.foreseeing import Outlook
from bot.services.reporting import CampaignStatus
from bot.services.surveying import Found
from storage.queries.attention import Member
from storage.tables import CampaignState

STALLED = 2
"""Whole working days without an answer after which a campaign stands still."""

Sort = Literal["items", "experts", "overlap", "away", "stalled", "deadline", "agreement", "waiting"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a coordinator: questions, flags, tasks that were set aside."""

    questions: int = 0
    flags: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Worry:
    """Something that needs somebody; `says` is a sentence without its end."""

    sort: Sort
    says: str


@dataclass(frozen=True, slots=True)
class Away:
    """An expert who is not there, and why, as in “paused until Mon 30 Nov”."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All that worries may follow from. `found`: what the answers say together, if known."""

    status: CampaignStatus
    outlook: Outlook
    found: Found | None
    waiting: Waiting
    members: Sequence[Member]


def worries(of: Situation, now: datetime) -> list[Worry]:
    """Return what needs somebody, nothing for a campaign that is over."""
    status = of.status
    if status.state == CampaignState.CLOSED:
        return []
    is_going = status.state == CampaignState.OPEN and of.outlook.left > 0
    return [
        *(_pool(status, of.members, now) if is_going or not status.tasks else ()),
        *(_stalled(status, of.members, now) if is_going else ()),
        *(_deadline(status, of.outlook, now) if of.outlook.left else ()),
        *(_agreement(of.found.questions) if of.found else ()),
        *_waiting(of.waiting),
    ]


def _pool(status: CampaignStatus, members: Sequence[Member], now: datetime) -> Iterator[Worry]:
    there = len(members)
    if not status.tasks:
        yield Worry("items", "it has no items yet: import some")
    if not there:
        yield Worry("experts", "nobody is in its pool: invite people")
    elif there < status.overlap:
        yield Worry(
            "overlap",
            f"it wants {status.overlap} answers for each item and has {there} in its pool: "
            "invite more people, or lower the overlap",
        )
    if there and len(away(members, now)) == there:
        yield Worry("away", "everybody in its pool is away: invite more people, or wait")


def _stalled(status: CampaignStatus, members: Sequence[Member], now: datetime) -> Iterator[Worry]:
    since = status.last_answer or status.created_at
    if not status.tasks or since is None:
        return
    days = working_days({day for member in members for day in member.days}, since, now)
    if days >= STALLED:
        yield Worry("stalled", f"there was no answer for {days} working days")


def working_days(weekdays: Collection[int], since: datetime, now: datetime) -> int:
    """Count the whole working days between two moments; their own days do not count."""
    between = (now.date() - since.date()).days - 1
    days = (since.date() + timedelta(days=ahead + 1) for ahead in range(between))
    return sum(day.isoweekday() in (weekdays or WEEKDAYS) for day in days)


def _deadline(status: CampaignStatus, outlook: Outlook, now: datetime) -> Iterator[Worry]:
    if status.deadline is None:
        return
    by = status.deadline.date()
    if status.deadline <= now:
        yield Worry(
            "deadline", f"its deadline, {named_day(by)}, is over: close it, or ask for more hands"
        )
    elif outlook.forecast and outlook.forecast.likely > by:
        end = named_day(outlook.forecast.likely)
        says = f"it will be done around {end}, after its deadline, {named_day(by)}"
        yield Worry("deadline", says)
    elif outlook.forecast and outlook.forecast.late > by:
        yield Worry("deadline", f"it may miss its deadline, {named_day(by)}")


def _agreement(questions: Mapping[str, Agreement]) -> Iterator[Worry]:
    for question, found in questions.items():
        if judged(found, question) == "below":
            norm = NORMS[question]
            yield Worry(
                "agreement",
                f"experts agree less on {question} than is usual {norm.says} "
                f"(alpha {found.alpha:.2f}, usual is {norm.low:g} to {norm.high:g})",
            )


def _waiting(waiting: Waiting) -> Iterator[Worry]:
    parts = [
        _counted(waiting.questions, "question"),
        _counted(waiting.flags, "flag"),
        f"{_counted(waiting.set_aside, 'task')} set aside" if waiting.set_aside else "",
    ]
    said = [part for part in parts if part]
    if said:
        yield Worry("waiting", f"{' and '.join(said)} {'wait' if _many(waiting) else 'waits'}")


def _many(waiting: Waiting) -> bool:
    return waiting.questions + waiting.flags + waiting.set_aside > 1


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def away(members: Sequence[Member], now: datetime) -> list[Away]:
    """Return who of the pool is not there, in the order they joined."""
    found = ((member, _why(member, now)) for member in members)
    return [Away(member.name or member.pseudonym, why) for member, why in found if why]


def _why(member: Member, now: datetime) -> str:
    if member.paused_until and member.paused_until > now:
        return f"paused until {named_day(member.paused_until.date())}"
    if member.status_away_until and member.status_away_until > now:
        return f"out of office until {named_day(member.status_away_until.date())}"
    return f"silent since {named_day(member.away_since.date())}" if member.away_since else ""
