"""Warnings about a campaign, the most severe first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from bot.clock import format_day
from bot.quality.agreement.agreement import Agreement
from bot.quality.forecast import DEFAULT_WORK_DAYS
from bot.quality.norms import NORMS, compare_to_norm
from bot.quality.reliability.jumps import Jump
from bot.quality.reliability.patterns import (
    FastAnswers,
    Finding,
    PositionBias,
    RepeatedAnswer,
)
from bot.quality.reliability.peer_comparison import PeerEvidence
from bot.services.reports.agreement_figures import AgreementFigures
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.forecast import CampaignForecast
from storage.queries.needs_attention import MemberAvailability
from storage.tables import CampaignState

STALLED_AFTER_DAYS = 2
"""Full working days without an answer after which a campaign counts as stalled."""

WarningCategory = Literal[
    "items",
    "experts",
    "overlap",
    "away",
    "stalled",
    "export",
    "deadline",
    "agreement",
    "answers",
    "needs_attention",
]


@dataclass(frozen=True, slots=True)
class AttentionCounts:
    """Numbers of open questions, open flags and tasks on hold."""

    questions: int = 0
    flags: int = 0
    on_hold: int = 0


@dataclass(frozen=True, slots=True)
class CampaignWarning:
    """A problem with a campaign; `text` starts in lower case and has no full stop."""

    category: WarningCategory
    text: str


@dataclass(frozen=True, slots=True)
class FailedExport:
    """The last run of a scheduled export, if it failed."""

    format: str
    failed_at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class AwayExpert:
    """An expert who is away, and the reason, as in “on time off until Mon 30 Nov”."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class WarningInputs:
    """What warnings are derived from; `figures` is None if agreement was never computed."""

    status: CampaignStatus
    forecast: CampaignForecast
    figures: AgreementFigures | None
    needs_attention: AttentionCounts
    members: Sequence[MemberAvailability]
    failed_exports: Sequence[FailedExport] = ()


def find_warnings(inputs: WarningInputs, now: datetime) -> list[CampaignWarning]:
    """Return the warnings about a campaign; those about a closed one are only failed exports."""
    status = inputs.status
    if status.state == CampaignState.CLOSED:
        return list(_export_warnings(inputs.failed_exports))
    is_active = status.state == CampaignState.OPEN and inputs.forecast.remaining > 0
    return [
        *(_member_warnings(status, inputs.members, now) if is_active or not status.tasks else ()),
        *(_stall_warnings(status, inputs.members, now) if is_active else ()),
        *_export_warnings(inputs.failed_exports),
        *(_deadline_warnings(status, inputs.forecast, now) if inputs.forecast.remaining else ()),
        *(_agreement_warnings(inputs.figures.questions) if inputs.figures else ()),
        *(_jump_warnings(inputs.figures) if inputs.figures else ()),
        *(_pattern_warnings(inputs.figures, inputs.members) if inputs.figures else ()),
        *_attention_warnings(inputs.needs_attention),
    ]


def _member_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    member_count = len(members)
    if not status.tasks:
        yield CampaignWarning("items", "there are no items yet: import some")
    if not member_count:
        yield CampaignWarning("experts", "there are no experts yet: invite some")
    elif member_count < (most := status.max_overlap or status.overlap):
        up_to = "up to " if status.max_overlap else ""
        yield CampaignWarning(
            "overlap",
            f"only {_pluralize(member_count, 'expert')} for {up_to}{most} answers per item: "
            "invite more, or lower the answers per item",
        )
    if member_count and len(list_away_experts(members, now)) == member_count:
        yield CampaignWarning("away", "all experts are away: invite more, or wait")


def _stall_warnings(
    status: CampaignStatus, members: Sequence[MemberAvailability], now: datetime
) -> Iterator[CampaignWarning]:
    since = status.last_answer or status.created_at
    if not status.tasks or since is None:
        return
    days = working_days({day for member in members for day in member.work_days}, since, now)
    if days >= STALLED_AFTER_DAYS:
        yield CampaignWarning("stalled", f"no answers for {days} working days")


def working_days(weekdays: Collection[int], since: datetime, now: datetime) -> int:
    """Count the working days between two times, without the days of the two times."""
    days_between = (now.date() - since.date()).days - 1
    days = (since.date() + timedelta(days=offset + 1) for offset in range(days_between))
    return sum(day.isoweekday() in (weekdays or DEFAULT_WORK_DAYS) for day in days)


def _export_warnings(failed_exports: Sequence[FailedExport]) -> Iterator[CampaignWarning]:
    for export in failed_exports:
        day, reason = format_day(export.failed_at.date()), export.error.rstrip(".")
        text = f"the last scheduled export as {export.format} failed on {day}: {reason}"
        yield CampaignWarning("export", text)


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
        )
    elif forecast.forecast and forecast.forecast.likely > deadline_day:
        end = format_day(forecast.forecast.likely)
        text = f"expected to finish on {end}, after the deadline, {format_day(deadline_day)}"
        yield CampaignWarning("deadline", text)
    elif forecast.forecast and forecast.forecast.late > deadline_day:
        yield CampaignWarning("deadline", f"may miss the deadline, {format_day(deadline_day)}")


def _agreement_warnings(questions: Mapping[str, Agreement]) -> Iterator[CampaignWarning]:
    for question, agreement in questions.items():
        if agreement.alpha.high is not None and agreement.alpha.high < 0:
            yield CampaignWarning(
                "agreement",
                f"experts contradict each other on {question} (alpha {agreement.alpha.value:.2f}): "
                "check whether some read the scale or the guidelines the other way round",
            )
        elif compare_to_norm(agreement.alpha, question) == "below":
            norm = NORMS[question]
            yield CampaignWarning(
                "agreement",
                f"agreement on {question} is lower than usual {norm.description} "
                f"(alpha {agreement.alpha.value:.2f}, usually {norm.low:g} to {norm.high:g})",
            )


def _jump_warnings(figures: AgreementFigures) -> Iterator[CampaignWarning]:
    for jump in figures.jumps:
        yield CampaignWarning("answers", describe_campaign_jump(jump))


def describe_campaign_jump(jump: Jump) -> str:
    """Return how a week of a campaign differs from the weeks before."""
    return f"all experts together {describe_jump(jump)}"


def _pattern_warnings(
    figures: AgreementFigures, members: Sequence[MemberAvailability]
) -> Iterator[CampaignWarning]:
    for member in members:
        expert = figures.experts.get(member.expert_id)
        for finding in expert.findings if expert else ():
            name = member.name or member.pseudonym
            yield CampaignWarning("answers", f"{name} {describe_finding(finding)}")


def describe_finding(finding: Finding) -> str:
    """Return what is suspicious about an expert's answers, as a phrase after their name."""
    match finding:
        case PositionBias(position, chosen, total):
            return f"chose response {'AB'[position]} in {chosen:,} of {total:,} comparisons"
        case RepeatedAnswer(count, total, share):
            same = f"gave the same answer to {count:,} of {total:,} items"
            return f"{same}; others give it to {share:.0%}"
        case FastAnswers(seconds, None):
            return f"answers in {max(seconds, 1):.0f} sec or less, faster than anyone can read"
        case FastAnswers(seconds, others_seconds):
            return f"answers in {seconds:.0f} sec; others take {others_seconds:.0f} sec"
        case PeerEvidence(pattern, _, compared, since, _):
            verb = {
                "chance": "agrees with the others no more than by chance",
                "reversed": "answers the opposite of the others, as if the scale were reversed,",
            }[pattern]
            start = f", from answer {since:,} on" if since > 1 else ""
            return f"{verb} in {compared:,} compared answers{start}"
        case Jump():
            return describe_jump(finding)
    assert_never(finding)


def describe_jump(jump: Jump) -> str:
    """Return how a week differs from the weeks before, as a phrase after the expert's name."""
    week = f"in the week of {format_day(jump.week)}"
    match jump.figure:
        case "agreement":
            change = f"agreed with {jump.after:.0%} of the others' answers"
        case "gold":
            change = f"answered {jump.after:.0%} of the gold questions correctly"
        case "side":
            change = f"chose response A in {jump.after:.0%} of the comparisons"
        case "pace":
            return f"took {jump.after:.0f} sec per answer {week}, and {jump.before:.0f} sec before"
    return f"{change} {week}, and {jump.before:.0%} before"


def _attention_warnings(counts: AttentionCounts) -> Iterator[CampaignWarning]:
    parts = [
        _pluralize(counts.questions, "question"),
        _pluralize(counts.flags, "flag"),
        f"{_pluralize(counts.on_hold, 'task')} on hold" if counts.on_hold else "",
    ]
    *first_parts, last_part = [part for part in parts if part] or [""]
    if last_part:
        text = f"{', '.join(first_parts)} and {last_part}" if first_parts else last_part
        verb = "need" if _is_plural(counts) else "needs"
        yield CampaignWarning("needs_attention", f"{text} {verb} your attention")


def _is_plural(counts: AttentionCounts) -> bool:
    return counts.questions + counts.flags + counts.on_hold > 1


def _pluralize(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def list_away_experts(members: Sequence[MemberAvailability], now: datetime) -> list[AwayExpert]:
    """Return the members who are away, in the order they joined."""
    reasons = ((member, _away_reason(member, now)) for member in members)
    return [
        AwayExpert(member.name or member.pseudonym, reason) for member, reason in reasons if reason
    ]


def _away_reason(member: MemberAvailability, now: datetime) -> str:
    if member.paused_until and member.paused_until > now:
        return f"on time off until {format_day(member.paused_until.date())}"
    if member.status_away_until and member.status_away_until > now:
        return f"out of office until {format_day(member.status_away_until.date())}"
    return f"inactive since {format_day(member.away_since.date())}" if member.away_since else ""
