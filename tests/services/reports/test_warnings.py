"""Warnings about campaigns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.clock import format_day
from bot.quality.agreement.interval import Estimate
from bot.quality.forecast import AnswerRate, Forecast
from bot.quality.reliability.patterns import (
    FastAnswers,
    Finding,
    PositionBias,
    RepeatedAnswer,
)
from bot.services.reports.agreement_figures import AgreementFigures, ExpertFigures
from bot.services.reports.away_experts import AbsentExpert, list_away_experts
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.file_warnings import FileRecords
from bot.services.reports.forecast import CampaignForecast
from bot.services.reports.warnings import (
    DEAD_ENDS,
    AttentionCounts,
    WarningInputs,
    find_warnings,
    working_days,
)
from storage.queries.needs_attention import MemberAvailability
from storage.tables import ExportRun
from tests.quality.agreement.examples import make_agreement
from tests.services.conftest import NOW

STATUS = CampaignStatus(
    name="tone",
    title="Tone",
    kind="comparison",
    state="open",
    overlap=2,
    deadline=None,
    items=10,
    tasks=10,
    wanted=20,
    answered=5,
    open=0,
    skipped=0,
    expired=0,
    complete=2,
    experts=2,
    last_answer=NOW - timedelta(hours=1),
    id=1,
    created_at=NOW - timedelta(days=30),
)
FORECAST = Forecast(date(2026, 3, 6), date(2026, 3, 5), date(2026, 3, 10))
CAMPAIGN_FORECAST = CampaignForecast(
    remaining=15, pace=AnswerRate((5,), 2), forecast=FORECAST, suggestions=(), answers_this_week=5
)
ADA, BOB = (
    MemberAvailability(
        1, number, f"U0{name}", name, f"expert-{number}", [1, 2, 3, 4, 5], None, None, None
    )
    for number, name in ((1, "Ada"), (2, "Bob"))
)
HEALTHY = WarningInputs(STATUS, CAMPAIGN_FORECAST, None, AttentionCounts(), (ADA, BOB))


def warning_texts(inputs: WarningInputs) -> list[str]:
    """Return the texts of the warnings."""
    return [warning.text for warning in find_warnings(inputs, NOW)]


def with_status(**changes: object) -> WarningInputs:
    """Return the inputs with changes of the status."""
    return replace(HEALTHY, status=replace(STATUS, **changes))  # type: ignore[arg-type]  # field values


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (PositionBias(0, 80, 80), "Ada chose response A in 80 of 80 comparisons"),
        (
            RepeatedAnswer(32, 32, 0.06),
            "Ada gave the same answer to 32 of 32 items; others give it to 6%",
        ),
        (FastAnswers(1.0, 24.0), "Ada answers in 1 sec; others take 24 sec"),
        (FastAnswers(1.0, None), "Ada answers in 1 sec or less, faster than anyone can read"),
    ],
)
def test_suspicious_answers_are_a_warning(finding: Finding, text: str) -> None:
    expert = ExpertFigures(80, 1.0, None, 0, None, findings=(finding,))
    figures = AgreementFigures(answers=80, experts={ADA.expert_id: expert})
    assert warning_texts(replace(HEALTHY, figures=figures)) == [text]


def test_scale_that_some_read_backwards_is_a_warning() -> None:
    questions = {"clarity": make_agreement(0.2, Estimate(-0.32, -0.5, -0.1))}
    figures = AgreementFigures(answers=80, questions=questions)
    (text,) = warning_texts(replace(HEALTHY, figures=figures))
    assert "experts contradict each other on clarity (alpha -0.32)" in text


def test_campaign_whose_experts_all_reached_the_quota_is_a_dead_end() -> None:
    assert warning_texts(replace(HEALTHY, at_quota={1})) == []
    (warning,) = find_warnings(replace(HEALTHY, at_quota={1, 2}), NOW)
    assert warning.text.startswith("every expert has reached the maximum answers per expert")
    assert [one.action for one in warning.remedies] == ["invite", "edit_campaign"]
    assert warning.key in DEAD_ENDS


def test_campaign_whose_present_experts_reached_the_quota_is_a_dead_end() -> None:
    members = (ADA._replace(paused_until=NOW + timedelta(days=3)), BOB)
    (warning,) = find_warnings(replace(HEALTHY, members=members, at_quota={2}), NOW)
    assert warning.key in DEAD_ENDS


def test_day_on_which_nobody_may_answer_more_is_a_warning() -> None:
    assert warning_texts(replace(HEALTHY, at_daily_quota={1})) == []
    for at_quota, at_daily_quota in ((set(), {1, 2}), ({1}, {2})):
        inputs = replace(HEALTHY, at_quota=at_quota, at_daily_quota=at_daily_quota)
        (warning,) = find_warnings(inputs, NOW)
        assert "tasks continue tomorrow" in warning.text
        assert [one.action for one in warning.remedies] == ["invite", "edit_campaign"]
        assert warning.key not in DEAD_ENDS


def test_quota_that_leaves_too_few_answers_is_a_warning() -> None:
    left = replace(CAMPAIGN_FORECAST, answers_left=CAMPAIGN_FORECAST.remaining)
    assert warning_texts(replace(HEALTHY, forecast=left)) == []
    (text,) = warning_texts(replace(HEALTHY, forecast=replace(left, answers_left=3)))
    assert text.startswith(f"the experts may give only 3 of the {left.remaining:,} missing answers")


def test_healthy_campaign_has_no_warnings() -> None:
    assert warning_texts(HEALTHY) == []


def failed_export(error: str) -> ExportRun:
    """Return the last run of a schedule, which failed."""
    return ExportRun(
        id=5,
        campaign_id=1,
        schedule_id=1,
        format="sft",
        directory="/data",
        due_at=NOW,
        finished_at=NOW,
        state="failed",
        error=error,
    )


INVITE_MORE = "invite more, or lower the answers per item"
CLOSE = "close the campaign, or invite more experts"


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        (with_status(tasks=0), "there are no items yet: import some"),
        (replace(HEALTHY, members=()), "there are no experts yet: invite some"),
        (
            replace(HEALTHY, members=(ADA,)),
            f"only 1 expert for 2 answers per item: {INVITE_MORE}",
        ),
        (
            replace(HEALTHY, members=(ADA._replace(away_since=NOW), BOB._replace(away_since=NOW))),
            "all experts are away: invite more, or wait",
        ),
        (with_status(last_answer=NOW - timedelta(days=5)), "no answers for 2 working days"),
        (with_status(last_answer=None), "no answers for 20 working days"),
        (
            with_status(deadline=NOW - timedelta(days=1)),
            f"the deadline, Sun 1 Mar, has passed: {CLOSE}",
        ),
        (
            with_status(deadline=NOW + timedelta(days=2)),
            "expected to finish on Fri 6 Mar, after the deadline, Wed 4 Mar",
        ),
        (with_status(deadline=NOW + timedelta(days=5)), "may miss the deadline, Sat 7 Mar"),
        (
            replace(HEALTHY, files=FileRecords(exports=[failed_export("no disk (/data).")])),
            f"the last scheduled export as sft failed on {format_day(NOW.date())}: no disk (/data)",
        ),
        (
            replace(HEALTHY, needs_attention=AttentionCounts(questions=1)),
            "1 question needs your attention",
        ),
        (
            replace(HEALTHY, needs_attention=AttentionCounts(questions=2, flags=1)),
            "2 questions and 1 flag need your attention",
        ),
        (
            replace(HEALTHY, needs_attention=AttentionCounts(questions=2, flags=1, on_hold=3)),
            "2 questions, 1 flag and 3 tasks on hold need your attention",
        ),
    ],
)
def test_each_problem_has_a_warning(inputs: WarningInputs, text: str) -> None:
    assert warning_texts(inputs) == [text]


def with_agreement(low: float, high: float, question: str = "winner") -> WarningInputs:
    """Return the inputs with an agreement whose alpha has this interval."""
    agreement = make_agreement(0.5, Estimate((low + high) / 2, low, high))
    return replace(HEALTHY, figures=AgreementFigures(100, {question: agreement}, {}, {}))


def test_low_agreement_is_relative_to_norm_of_question() -> None:
    assert warning_texts(with_agreement(0.2, 0.3)) == []
    (text,) = warning_texts(with_agreement(0.0, 0.1))
    assert text.startswith("agreement on winner is lower than usual where people compare")
    assert text.endswith("(alpha 0.05, usually 0.25 to 0.5)")
    assert warning_texts(with_agreement(0.05, 0.12, "humor")) == []
    assert warning_texts(with_agreement(0.0, 0.1, "faithful")) == [], "there is no norm"


def test_distant_deadline_has_no_warning() -> None:
    assert warning_texts(with_status(deadline=NOW + timedelta(days=9))) == []


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_paused_or_closed_campaign_is_not_stalled(state: str) -> None:
    assert warning_texts(with_status(state=state, last_answer=NOW - timedelta(days=9))) == []


def test_closed_campaign_has_no_warnings() -> None:
    closed = with_status(state="closed", deadline=NOW - timedelta(days=1), tasks=0)
    assert (
        warning_texts(replace(closed, members=(), needs_attention=AttentionCounts(1, 1, 1))) == []
    )


@pytest.mark.parametrize(
    ("since", "days"),
    [
        (NOW, 0),
        (NOW - timedelta(days=3), 0),
        (NOW - timedelta(days=4), 1),
        (NOW - timedelta(days=7), 4),
        (NOW + timedelta(days=2), 0),
    ],
)
def test_weekends_do_not_count_as_stalled(since: datetime, days: int) -> None:
    assert working_days((1, 2, 3, 4, 5), since, NOW) == days
    assert warning_texts(with_status(last_answer=NOW - timedelta(days=3))) == []


def test_complete_campaign_is_not_stalled() -> None:
    complete = replace(
        with_status(last_answer=NOW - timedelta(days=9)),
        forecast=replace(CAMPAIGN_FORECAST, remaining=0),
    )
    assert warning_texts(complete) == []


def test_away_experts_have_reasons() -> None:
    future, past = NOW + timedelta(days=3), NOW - timedelta(days=3)
    members = [
        ADA._replace(paused_until=future),
        BOB._replace(status_away_until=future),
        BOB._replace(name="", away_since=past),
        ADA._replace(paused_until=past, status_away_until=past),
    ]
    assert list_away_experts(members, NOW) == [
        AbsentExpert("Ada", "on time off until Thu 5 Mar"),
        AbsentExpert("Bob", "out of office until Thu 5 Mar"),
        AbsentExpert("expert-2", "inactive since Fri 27 Feb"),
    ]


def test_closed_campaign_still_warns_of_its_failed_export() -> None:
    records = FileRecords(exports=[failed_export("no disk")])
    inputs = replace(with_status(state="closed"), files=records)
    assert [warning.category for warning in find_warnings(inputs, NOW)] == ["export"]
