"""Warnings about a campaign, the most severe first, each with the actions that resolve it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import format_day
from bot.quality.forecast import DEFAULT_WORK_DAYS
from bot.services.reports.agreement_figures import AgreementFigures
from bot.services.reports.answer_warnings import answer_warnings
from bot.services.reports.away_experts import away_reason, list_away_experts
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.file_warnings import FileRecords, export_warnings, import_warnings
from bot.services.reports.forecast import CampaignForecast
from bot.services.reports.remedies import (
    CHANGE_PRACTICE,
    CLOSE,
    IMPORT_ITEMS,
    INVITE,
    LIST_EXPERTS,
    MOVE_DEADLINE,
    RAISE_QUOTA,
    REMIND,
    REVIEW,
    SEARCH_ITEMS,
    CampaignWarning,
    answers_per_item,
    invite_more,
)
from bot.services.reports.unassignable_items import UnassignableItems
from storage.queries.needs_attention import MemberAvailability
from storage.tables import CampaignState

NO_FILES = FileRecords()

STALLED_AFTER_DAYS = 2
"""Full working days without an answer after which a campaign counts as stalled."""

UNASSIGNABLE, UNANSWERABLE, ALL_AWAY = "unassignable", "unanswerable", "all-away"
QUOTA_REACHED, PRACTICE_NOT_READY = "quota-reached", "practice-not-ready"

DEAD_ENDS = (UNASSIGNABLE, UNANSWERABLE, ALL_AWAY, QUOTA_REACHED, PRACTICE_NOT_READY)
"""Keys of the warnings about which coordinators get a message: nothing goes on without them."""


@dataclass(frozen=True, slots=True)
class AttentionCounts:
    """Numbers of open questions, open flags and tasks on hold.

    `unanswerable` of the tasks on hold were answered or skipped by everyone who may have them.
    """

    questions: int = 0
    flags: int = 0
    on_hold: int = 0
    unanswerable: int = 0


@dataclass(frozen=True, slots=True)
class WarningInputs:
    """What warnings are derived from; `figures` is None if agreement was never computed.

    `dismissed` are the keys of warnings that a coordinator dismissed. `at_quota` are the
    experts who have reached the maximum answers per expert, `at_daily_quota` those who have
    reached that of a day.
    """

    status: CampaignStatus
    forecast: CampaignForecast
    figures: AgreementFigures | None
    needs_attention: AttentionCounts
    members: Sequence[MemberAvailability]
    files: FileRecords = NO_FILES
    unassignable: Sequence[UnassignableItems] = ()
    dismissed: Collection[str] = ()
    at_quota: Collection[int] = ()
    at_daily_quota: Collection[int] = ()


def find_warnings(inputs: WarningInputs, now: datetime) -> list[CampaignWarning]:
    """Return the warnings about a campaign; those about a closed one are only failed exports."""
    warnings = _closed_warnings(inputs) if _is_closed(inputs) else _active_warnings(inputs, now)
    return [warning for warning in warnings if warning.key not in inputs.dismissed]


def _is_closed(inputs: WarningInputs) -> bool:
    return inputs.status.state == CampaignState.CLOSED


def _closed_warnings(inputs: WarningInputs) -> Iterator[CampaignWarning]:
    yield from export_warnings(inputs.files)


def _active_warnings(inputs: WarningInputs, now: datetime) -> Iterator[CampaignWarning]:
    status = inputs.status
    is_active = status.state == CampaignState.OPEN and inputs.forecast.remaining > 0
    if is_active or not status.tasks:
        yield from _member_warnings(status, inputs.members, now)
    if is_active:
        yield from _practice_warnings(status)
        yield from _quota_warnings(inputs, now)
        yield from _unassignable_warnings(inputs.unassignable)
    yield from _unanswerable_warnings(inputs.needs_attention)
    if is_active:
        yield from _stall_warnings(status, inputs.members, now)
    yield from import_warnings(inputs.files, now)
    yield from export_warnings(inputs.files)
    if inputs.forecast.remaining:
        yield from _deadline_warnings(status, inputs.forecast, now)
    if inputs.figures:
        yield from answer_warnings(inputs.figures, inputs.members)
    yield from _attention_warnings(inputs.needs_attention)


def _member_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    member_count = len(members)
    if not status.tasks:
        yield CampaignWarning("items", "there are no items yet: import some", (IMPORT_ITEMS,))
    if not member_count:
        yield CampaignWarning("experts", "there are no experts yet: invite some", (INVITE,))
    elif member_count < (most := status.max_overlap or status.overlap):
        up_to = "up to " if status.max_overlap else ""
        yield CampaignWarning(
            "overlap",
            f"only {_pluralize(member_count, 'expert')} for {up_to}{most} answers per item: "
            "invite more, or lower the answers per item",
            (invite_more(most - member_count), answers_per_item(member_count)),
        )
    if member_count and len(list_away_experts(members, now)) == member_count:
        text = "all experts are away: invite more, or wait"
        yield CampaignWarning("away", text, (INVITE, MOVE_DEADLINE), ALL_AWAY)


def _quota_warnings(inputs: WarningInputs, now: datetime) -> Iterator[CampaignWarning]:
    """Yield that quotas keep all present members, or the campaign, from the missing answers."""
    present = {one.expert_id for one in inputs.members if not away_reason(one, now)}
    present = present or {one.expert_id for one in inputs.members}
    at_quota, remedies = present & set(inputs.at_quota), (INVITE, RAISE_QUOTA)
    left, remaining = inputs.forecast.answers_left, inputs.forecast.remaining
    if present and at_quota == present:
        text = "every expert has reached the maximum answers per expert: invite more, or raise it"
        yield CampaignWarning("experts", text, remedies, QUOTA_REACHED)
    elif left is not None and left < remaining:
        text = (
            f"the experts may give only {left:,} of the {remaining:,} missing answers: invite "
            "more, or raise the maximum answers per expert"
        )
        yield CampaignWarning("experts", text, remedies)
    if present - at_quota and present - at_quota <= set(inputs.at_daily_quota):
        text = (
            "every expert who may get tasks has reached the maximum answers per expert and day: "
            "tasks continue tomorrow; to be faster, invite more, or raise the maximum"
        )
        yield CampaignWarning("experts", text, remedies)


def _practice_warnings(status: CampaignStatus) -> Iterator[CampaignWarning]:
    practice = status.practice
    if practice is None:
        return
    missing = practice.questions - practice.gold_items
    if missing > 0 and (practice.in_practice or not practice.passed):
        items = _pluralize(missing, "more gold item")
        text = f"practice needs {items}, and no new expert gets tasks before: import some"
        yield CampaignWarning("items", text, (IMPORT_ITEMS, CHANGE_PRACTICE), PRACTICE_NOT_READY)
    if practice.failed and not practice.passed + practice.in_practice:
        text = "all experts failed the practice: invite more, or admit experts"
        yield CampaignWarning("experts", text, (INVITE, LIST_EXPERTS))


def _unassignable_warnings(found: Sequence[UnassignableItems]) -> Iterator[CampaignWarning]:
    """Yield one warning, so that items of many topics do not hide the rest."""
    if not found:
        return
    worst = max(found, key=lambda one: one.items)
    total = sum(one.items for one in found)
    others = f"; {total - worst.items:,} of other topics, too" if len(found) > 1 else ""
    lower = (answers_per_item(worst.suitable),) if worst.suitable else ()
    yield CampaignWarning(
        "unassignable",
        f"{_describe_unassignable(worst)}{others}",
        (INVITE, LIST_EXPERTS, *lower, SEARCH_ITEMS),
        UNASSIGNABLE,
    )


def _describe_unassignable(found: UnassignableItems) -> str:
    is_one = found.items == 1
    items = f"{_pluralize(found.items, 'item')}{_describe_topic(found)}"
    suit = "suits" if is_one else "suit"
    if not found.suitable:
        return f"{items} {suit} no member{' except the author' if found.is_own else ''}"
    need = f"{'needs' if is_one else 'need'} {_pluralize(found.answers, 'answer')}"
    besides = " besides the author" if found.is_own else ""
    only = f"{suit} only {_pluralize(found.suitable, 'member')}{besides}"
    return f"{items} {need}{'' if is_one else ' each'}, but {only}"


def _describe_topic(found: UnassignableItems) -> str:
    parts = [
        f"domain {', '.join(found.domains)}" if found.domains else "",
        f"language {found.language}" if found.language else "",
    ]
    known = "; ".join(part for part in parts if part)
    return f" ({known})" if known else ""


def _unanswerable_warnings(counts: AttentionCounts) -> Iterator[CampaignWarning]:
    if counts.unanswerable:
        was, them = ("was", "it") if counts.unanswerable == 1 else ("were", "them")
        text = (
            f"{_pluralize(counts.unanswerable, 'task')} {was} skipped or answered by all experts "
            f"who may have {them}: invite more, or decide in review"
        )
        yield CampaignWarning("unanswerable", text, (INVITE, REVIEW), UNANSWERABLE)


def _stall_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    since = status.last_answer or status.created_at
    if not status.tasks or since is None:
        return
    days = working_days({day for member in members for day in member.work_days}, since, now)
    if days >= STALLED_AFTER_DAYS:
        yield CampaignWarning("stalled", f"no answers for {days} working days", (REMIND, INVITE))


def working_days(weekdays: Collection[int], since: datetime, now: datetime) -> int:
    """Count the working days between two times, without the days of the two times."""
    days_between = (now.date() - since.date()).days - 1
    days = (since.date() + timedelta(days=offset + 1) for offset in range(days_between))
    return sum(day.isoweekday() in (weekdays or DEFAULT_WORK_DAYS) for day in days)


def _deadline_warnings(
    status: CampaignStatus, forecast: CampaignForecast, now: datetime
) -> Iterator[CampaignWarning]:
    if status.deadline is None:
        return
    deadline_day = status.deadline.date()
    if status.deadline <= now:
        yield CampaignWarning(
            "deadline",
            f"the deadline, {format_day(deadline_day)}, has passed: close the campaign, or invite "
            "more experts",
            (CLOSE, MOVE_DEADLINE, INVITE),
        )
    elif forecast.forecast and forecast.forecast.likely > deadline_day:
        end = format_day(forecast.forecast.likely)
        text = f"expected to finish on {end}, after the deadline, {format_day(deadline_day)}"
        yield CampaignWarning("deadline", text, (MOVE_DEADLINE,))
    elif forecast.forecast and forecast.forecast.late > deadline_day:
        text = f"may miss the deadline, {format_day(deadline_day)}"
        yield CampaignWarning("deadline", text, (MOVE_DEADLINE,))


def _attention_warnings(counts: AttentionCounts) -> Iterator[CampaignWarning]:
    on_hold = counts.on_hold - counts.unanswerable
    parts = [
        _pluralize(counts.questions, "question"),
        _pluralize(counts.flags, "flag"),
        f"{_pluralize(on_hold, 'task')} on hold" if on_hold else "",
    ]
    *first_parts, last_part = [part for part in parts if part] or [""]
    if last_part:
        text = f"{', '.join(first_parts)} and {last_part}" if first_parts else last_part
        verb = "needs" if counts.questions + counts.flags + on_hold == 1 else "need"
        remedies = (REVIEW,) if counts.flags + on_hold else ()
        yield CampaignWarning("needs_attention", f"{text} {verb} your attention", remedies)


def _pluralize(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""
