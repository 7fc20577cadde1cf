"""What experts worked on: answers and time by campaign and month, and what followed from them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from io import StringIO

from sqlmodel import Session

from bot.cadence.working_hours import find_zone
from bot.exports.files.table_cells import escape_text
from bot.kinds import kind_named
from bot.services.answers.confirmation import FINALIZED_BY_CONFIRMATION
from bot.services.reports.answer_labels import label_of
from bot.services.reviews.decisions import KEEP_AS_IS
from storage.queries import work
from storage.queries.experts import expert_by_slack_id, list_experts
from storage.queries.work import DecidedAnswer, RaisedCounts, WorkRow
from storage.row_id import id_of
from storage.tables import AssignmentState

CSV_COLUMNS = ("month", "campaign", "title", "answers", "hours", "seconds", "time_zone")

NONE_RAISED = RaisedCounts(0, 0)


@dataclass(frozen=True, slots=True)
class MonthOfWork:
    """Answers and seconds of one expert in one campaign and month.

    `month` is its first day, or that of a week. An answer counts in the month in which it got its
    current version, time in the month in which it was spent; both in the expert's time zone.
    """

    month: date
    campaign: str
    title: str
    answers: int
    seconds: int


@dataclass(frozen=True, slots=True)
class WorkOutcome:
    """What followed from an expert's answers in one campaign.

    Attributes:
        title: title of the campaign.
        answers: answers that count.
        skipped, excluded: tasks that they skipped, and answers that a coordinator excluded.
        exports: finished exports that began after their first answer.
        confirmed: answers that a second expert confirmed.
        decided: answers to tasks that a review decided with an answer.
        accepted: of these, answers that say the same as the decision.
        questions, flags, appeals: raised by the expert, and answered, resolved or upheld.
    """

    title: str
    answers: int = 0
    skipped: int = 0
    excluded: int = 0
    exports: int = 0
    confirmed: int = 0
    decided: int = 0
    accepted: int = 0
    questions: RaisedCounts = NONE_RAISED
    flags: RaisedCounts = NONE_RAISED
    appeals: RaisedCounts = NONE_RAISED


@dataclass(frozen=True, slots=True)
class Work:
    """All work of one expert: months with the newest first, outcomes in order of campaigns."""

    months: tuple[MonthOfWork, ...] = ()
    outcomes: tuple[WorkOutcome, ...] = ()
    tz: str = "UTC"


def work_of(session: Session, slack_id: str) -> Work:
    """Return the work of one person; without any if the person is not an expert."""
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return Work()
    expert_id = id_of(expert)
    months = _periods_of(session, work.work_rows(session, expert_id), expert.tz, WorkPeriod.MONTH)
    return Work(tuple(months), tuple(_outcomes_of(session, expert_id)), expert.tz)


class WorkPeriod(StrEnum):
    """A period of work; it begins on the first day of a month, or on a Monday."""

    MONTH = "month"
    WEEK = "week"

    def start_of(self, day: date) -> date:
        """Return the first day of the period that has a day."""
        if self is WorkPeriod.MONTH:
            return day.replace(day=1)
        return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class ExpertPeriod:
    """Answers and seconds of one expert in one campaign and period, for coordinators.

    `start` is the first day of the period.
    """

    start: date
    slack_id: str
    name: str
    campaign: str
    answers: int
    seconds: int

    @property
    def hours(self) -> float:
        """Return the hours, rounded to hundredths."""
        return round(self.seconds / 3600, 2)


def list_expert_periods(
    session: Session, campaign: str = "", period: WorkPeriod = WorkPeriod.MONTH
) -> list[ExpertPeriod]:
    """Return the periods of all experts, in one campaign or in all, the newest first."""
    found = [
        ExpertPeriod(
            one.month,
            expert.slack_id,
            expert.name or expert.pseudonym,
            one.campaign,
            one.answers,
            one.seconds,
        )
        for expert in list_experts(session)
        for one in _periods_of(session, work.work_rows(session, id_of(expert)), expert.tz, period)
        if campaign in ("", one.campaign)
    ]
    return sorted(found, key=lambda one: (one.start, one.campaign, one.answers), reverse=True)


def _periods_of(
    session: Session, rows: Iterable[WorkRow], tz: str, period: WorkPeriod
) -> list[MonthOfWork]:
    zone = find_zone(tz)
    answers: Counter[tuple[date, int]] = Counter()
    seconds: Counter[tuple[date, int]] = Counter()
    for row in rows:
        key = (period.start_of(row.at.astimezone(zone).date()), row.campaign_id)
        answers[key] += row.is_answer
        seconds[key] += row.seconds
    worked = [key for key in answers if answers[key] or seconds[key]]
    campaigns = work.campaigns_by_id(session, {campaign_id for _month, campaign_id in worked})
    months = [
        MonthOfWork(
            month,
            campaigns[campaign_id].name,
            campaigns[campaign_id].title,
            answers[month, campaign_id],
            seconds[month, campaign_id],
        )
        for month, campaign_id in sorted(worked, key=lambda key: key[1])
    ]
    return sorted(months, key=lambda one: one.month, reverse=True)


def _outcomes_of(session: Session, expert_id: int) -> Iterable[WorkOutcome]:
    states: Counter[tuple[int, str]] = Counter()
    confirmed: Counter[int] = Counter()
    for key, count in work.assignment_counts(session, expert_id).items():
        campaign_id, state, finalized_by = key
        states[campaign_id, state] += count
        if finalized_by == FINALIZED_BY_CONFIRMATION:
            confirmed[campaign_id] += count
    decided, accepted = _count_decided(work.decided_answers(session, expert_id))
    exports = Counter(campaign_id for campaign_id, _at in work.export_times(session, expert_id))
    questions = work.question_counts(session, expert_id)
    flags = work.flag_counts(session, expert_id)
    appeals = work.appeal_counts(session, expert_id)
    campaigns = work.campaigns_by_id(session, {campaign_id for campaign_id, _state in states})
    for campaign_id, campaign in sorted(campaigns.items()):
        yield WorkOutcome(
            campaign.title,
            states[campaign_id, AssignmentState.ANSWERED],
            states[campaign_id, AssignmentState.SKIPPED],
            states[campaign_id, AssignmentState.QUARANTINED],
            exports[campaign_id],
            confirmed[campaign_id],
            decided[campaign_id],
            accepted[campaign_id],
            questions.get(campaign_id, NONE_RAISED),
            flags.get(campaign_id, NONE_RAISED),
            appeals.get(campaign_id, NONE_RAISED),
        )


def _count_decided(answers: Iterable[DecidedAnswer]) -> tuple[Counter[int], Counter[int]]:
    """Count decided answers by campaign, and those that say the same as the decision."""
    decided: Counter[int] = Counter()
    accepted: Counter[int] = Counter()
    for answer in answers:
        if answer.decision.value != KEEP_AS_IS:
            decided[answer.assignment.campaign_id] += 1
            accepted[answer.assignment.campaign_id] += _is_accepted(answer)
    return decided, accepted


def _is_accepted(answer: DecidedAnswer) -> bool:
    kind, given, decision = kind_named(answer.campaign.kind), answer.assignment, answer.decision
    own_label = label_of(kind, given.value or {}, given.candidate_order)
    return own_label == label_of(kind, decision.value or {}, decision.candidate_order)


def work_csv(own_work: Work) -> str:
    """Return the months as a CSV table for an invoice, the oldest first.

    Hours are decimal, rounded to hundredths. A text that a spreadsheet could take for a formula has
    an apostrophe before it.
    """
    table = StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for one in reversed(own_work.months):
        title = escape_text(one.title)
        hours = f"{one.seconds / 3600:.2f}"
        row = (f"{one.month:%Y-%m}", one.campaign, title, one.answers, hours, one.seconds)
        writer.writerow((*row, own_work.tz))
    return table.getvalue()
