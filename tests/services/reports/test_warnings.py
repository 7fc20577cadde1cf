"""What about a campaign needs somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.quality.agreement import Agreement
from bot.quality.forecast import AnswerRate, Forecast
from bot.services.reports.agreement import AgreementFigures
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.forecast import CampaignForecast
from bot.services.reports.warnings import (
    AttentionCounts,
    AwayExpert,
    WarningInputs,
    find_warnings,
    list_away_experts,
    working_days,
)
from storage.queries.needs_attention import MemberAvailability
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
OUTLOOK = CampaignForecast(
    remaining=15, pace=AnswerRate((5,), 2), forecast=FORECAST, suggestions=(), answers_this_week=5
)
ADA, BOB = (
    MemberAvailability(
        1, number, f"U0{name}", name, f"expert-{number}", [1, 2, 3, 4, 5], None, None, None
    )
    for number, name in ((1, "Ada"), (2, "Bob"))
)
FINE = WarningInputs(STATUS, OUTLOOK, None, AttentionCounts(), (ADA, BOB))


def said(of: WarningInputs) -> list[str]:
    """Return what there is to worry about."""
    return [worry.text for worry in find_warnings(of, NOW)]


def status(**changes: object) -> WarningInputs:
    """Return the situation with another status."""
    return replace(FINE, status=replace(STATUS, **changes))  # type: ignore[arg-type]  # the test knows


def test_a_campaign_that_goes_well_worries_nobody() -> None:
    assert said(FINE) == []


MORE = "invite more people, or lower the overlap"
CLOSE = "close it, or ask for more hands"


@pytest.mark.parametrize(
    ("situation", "worry"),
    [
        (status(tasks=0), "it has no items yet: import some"),
        (replace(FINE, members=()), "nobody is in its pool: invite people"),
        (
            replace(FINE, members=(ADA,)),
            f"it wants 2 answers for each item and has 1 in its pool: {MORE}",
        ),
        (
            replace(FINE, members=(ADA._replace(away_since=NOW), BOB._replace(away_since=NOW))),
            "everybody in its pool is away: invite more people, or wait",
        ),
        (status(last_answer=NOW - timedelta(days=5)), "there was no answer for 2 working days"),
        (status(last_answer=None), "there was no answer for 20 working days"),
        (status(deadline=NOW - timedelta(days=1)), f"its deadline, Sun 1 Mar, is over: {CLOSE}"),
        (
            status(deadline=NOW + timedelta(days=2)),
            "it will be done around Fri 6 Mar, after its deadline, Wed 4 Mar",
        ),
        (status(deadline=NOW + timedelta(days=5)), "it may miss its deadline, Sat 7 Mar"),
        (replace(FINE, needs_attention=AttentionCounts(questions=1)), "1 question waits"),
        (
            replace(FINE, needs_attention=AttentionCounts(questions=2, flags=1, on_hold=3)),
            "2 questions and 1 flag and 3 tasks set aside wait",
        ),
    ],
)
def test_each_worry_is_a_sentence(situation: WarningInputs, worry: str) -> None:
    assert said(situation) == [worry]


def agreed(low: float, high: float, question: str = "winner") -> WarningInputs:
    """Return the situation with an agreement."""
    found = Agreement(50, 100, 0.5, (low + high) / 2, low, high)
    return replace(FINE, figures=AgreementFigures(100, {question: found}, {}, {}))


def test_agreement_worries_only_below_what_is_usual_for_the_question() -> None:
    assert said(agreed(0.2, 0.3)) == []
    (worry,) = said(agreed(0.0, 0.1))
    assert worry.startswith("experts agree less on winner than is usual where people compare")
    assert worry.endswith("(alpha 0.05, usual is 0.25 to 0.5)")
    assert said(agreed(0.05, 0.12, "humor")) == []
    assert said(agreed(0.0, 0.1, "faithful")) == [], "nobody knows what is usual"


def test_a_deadline_far_enough_away_worries_nobody() -> None:
    assert said(status(deadline=NOW + timedelta(days=9))) == []


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_what_is_paused_does_not_stand_still(state: str) -> None:
    assert said(status(state=state, last_answer=NOW - timedelta(days=9))) == []


def test_a_closed_campaign_worries_nobody() -> None:
    late = status(state="closed", deadline=NOW - timedelta(days=1), tasks=0)
    assert said(replace(late, members=(), needs_attention=AttentionCounts(1, 1, 1))) == []


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
def test_a_weekend_is_no_standstill(since: datetime, days: int) -> None:
    assert working_days((1, 2, 3, 4, 5), since, NOW) == days
    assert said(status(last_answer=NOW - timedelta(days=3))) == []


def test_what_is_complete_does_not_stand_still() -> None:
    done = replace(
        status(last_answer=NOW - timedelta(days=9)), forecast=replace(OUTLOOK, remaining=0)
    )
    assert said(done) == []


def test_who_is_away_and_why() -> None:
    later, before = NOW + timedelta(days=3), NOW - timedelta(days=3)
    pool = [
        ADA._replace(paused_until=later),
        BOB._replace(status_away_until=later),
        BOB._replace(name="", away_since=before),
        ADA._replace(paused_until=before, status_away_until=before),
    ]
    assert list_away_experts(pool, NOW) == [
        AwayExpert("Ada", "paused until Thu 5 Mar"),
        AwayExpert("Bob", "out of office until Thu 5 Mar"),
        AwayExpert("expert-2", "silent since Fri 27 Feb"),
    ]
