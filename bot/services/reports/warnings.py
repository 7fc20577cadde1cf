"""What about a campaign needs somebody: each worry a sentence, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clock import format_day
from bot.quality.agreement import Agreement
from bot.quality.forecast import DEFAULT_WORK_DAYS
from bot.quality.norms import NORMS, compare_to_norm
from bot.services.reports.agreement import AgreementFigures
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.forecast import CampaignForecast
from storage.queries.needs_attention import MemberAvailability
from storage.tables import CampaignState

STALLED_AFTER_DAYS = 2
"""Whole working days without an answer after which a campaign stands still."""

WarningCategory = Literal[
    "items", "experts", "overlap", "away", "stalled", "deadline", "agreement", "waiting"
]


@dataclass(frozen=True, slots=True)
class AttentionCounts:
    """What waits for a coordinator: questions, flags, tasks that were set aside."""

    questions: int = 0
    flags: int = 0
    on_hold: int = 0


@dataclass(frozen=True, slots=True)
class CampaignWarning:
    """Something that needs somebody; `says` is a sentence without its end."""

    category: WarningCategory
    text: str


@dataclass(frozen=True, slots=True)
class AwayExpert:
    """An expert who is not there, and why, as in “paused until Mon 30 Nov”."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class WarningInputs:
    """All that worries may follow from. `found`: what the answers say together, if known."""

    status: CampaignStatus
    outlook: CampaignForecast
    figures: AgreementFigures | None
    needs_attention: AttentionCounts
    members: Sequence[MemberAvailability]


def find_warnings(inputs: WarningInputs, now: datetime) -> list[CampaignWarning]:
    """Return what needs somebody, nothing for a campaign that is over."""
    status = inputs.status
    if status.state == CampaignState.CLOSED:
        return []
    is_active = status.state == CampaignState.OPEN and inputs.outlook.remaining > 0
    return [
        *(_member_warnings(status, inputs.members, now) if is_active or not status.tasks else ()),
        *(_stall_warnings(status, inputs.members, now) if is_active else ()),
        *(_deadline_warnings(status, inputs.outlook, now) if inputs.outlook.remaining else ()),
        *(_agreement_warnings(inputs.figures.questions) if inputs.figures else ()),
        *_attention_warnings(inputs.needs_attention),
    ]


def _member_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    member_count = len(members)
    if not status.tasks:
        yield CampaignWarning("items", "it has no items yet: import some")
    if not member_count:
        yield CampaignWarning("experts", "nobody is in its pool: invite people")
    elif member_count < status.overlap:
        yield CampaignWarning(
            "overlap",
            f"it wants {status.overlap} answers for each item and has {member_count} in its pool: "
            "invite more people, or lower the overlap",
        )
    if member_count and len(list_away_experts(members, now)) == member_count:
        yield CampaignWarning("away", "everybody in its pool is away: invite more people, or wait")


def _stall_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    since = status.last_answer or status.created_at
    if not status.tasks or since is None:
        return
    days = working_days({day for member in members for day in member.work_days}, since, now)
    if days >= STALLED_AFTER_DAYS:
        yield CampaignWarning("stalled", f"there was no answer for {days} working days")


def working_days(weekdays: Collection[int], since: datetime, now: datetime) -> int:
    """Count the whole working days between two moments; their own days do not count."""
    between = (now.date() - since.date()).days - 1
    days = (since.date() + timedelta(days=ahead + 1) for ahead in range(between))
    return sum(day.isoweekday() in (weekdays or DEFAULT_WORK_DAYS) for day in days)


def _deadline_warnings(
    status: CampaignStatus, outlook: CampaignForecast, now: datetime
) -> Iterator[CampaignWarning]:
    if status.deadline is None:
        return
    deadline_day = status.deadline.date()
    if status.deadline <= now:
        yield CampaignWarning(
            "deadline",
            f"its deadline, {format_day(deadline_day)}, is over: close it, or ask for more hands",
        )
    elif outlook.forecast and outlook.forecast.likely > deadline_day:
        end = format_day(outlook.forecast.likely)
        text = f"it will be done around {end}, after its deadline, {format_day(deadline_day)}"
        yield CampaignWarning("deadline", text)
    elif outlook.forecast and outlook.forecast.late > deadline_day:
        yield CampaignWarning("deadline", f"it may miss its deadline, {format_day(deadline_day)}")


def _agreement_warnings(questions: Mapping[str, Agreement]) -> Iterator[CampaignWarning]:
    for question, agreement in questions.items():
        if compare_to_norm(agreement, question) == "below":
            norm = NORMS[question]
            yield CampaignWarning(
                "agreement",
                f"experts agree less on {question} than is usual {norm.description} "
                f"(alpha {agreement.alpha:.2f}, usual is {norm.low:g} to {norm.high:g})",
            )


def _attention_warnings(counts: AttentionCounts) -> Iterator[CampaignWarning]:
    parts = [
        _pluralize(counts.questions, "question"),
        _pluralize(counts.flags, "flag"),
        f"{_pluralize(counts.on_hold, 'task')} set aside" if counts.on_hold else "",
    ]
    shown_parts = [part for part in parts if part]
    if shown_parts:
        yield CampaignWarning(
            "waiting", f"{' and '.join(shown_parts)} {'wait' if _is_plural(counts) else 'waits'}"
        )


def _is_plural(counts: AttentionCounts) -> bool:
    return counts.questions + counts.flags + counts.on_hold > 1


def _pluralize(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def list_away_experts(members: Sequence[MemberAvailability], now: datetime) -> list[AwayExpert]:
    """Return who of the pool is not there, in the order they joined."""
    found = ((member, _away_reason(member, now)) for member in members)
    return [AwayExpert(member.name or member.pseudonym, why) for member, why in found if why]


def _away_reason(member: MemberAvailability, now: datetime) -> str:
    if member.paused_until and member.paused_until > now:
        return f"paused until {format_day(member.paused_until.date())}"
    if member.status_away_until and member.status_away_until > now:
        return f"out of office until {format_day(member.status_away_until.date())}"
    return f"silent since {format_day(member.away_since.date())}" if member.away_since else ""
