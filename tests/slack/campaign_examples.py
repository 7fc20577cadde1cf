"""Hand-made campaign reports for tests of coordinator views."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.quality.agreement.interval import Estimate
from bot.quality.forecast import AnswerRate, Forecast, Speedup
from bot.quality.gold import Accuracy
from bot.services.reports.agreement_figures import AgreementFigures, StoredFigures
from bot.services.reports.away_experts import AbsentExpert
from bot.services.reports.campaign_status import CampaignStatus
from bot.services.reports.forecast import CampaignForecast
from bot.services.reports.overview import CampaignReport, ExpertSummary, Overview
from bot.services.reports.remedies import (
    IMPORT_ITEMS,
    INVITE,
    MOVE_DEADLINE,
    REVIEW,
    CampaignWarning,
)
from bot.services.reports.warnings import AttentionCounts
from tests.quality.agreement.examples import make_agreement
from tests.services.conftest import NOW

STATUS = CampaignStatus(
    name="jokes",
    title="Good jokes",
    kind="rating",
    state="open",
    overlap=3,
    deadline=NOW + timedelta(days=20),
    items=400,
    tasks=400,
    wanted=1_200,
    answered=586,
    open=4,
    skipped=2,
    expired=1,
    complete=180,
    experts=4,
    last_answer=NOW,
    id=7,
    created_at=NOW - timedelta(days=20),
)

FORECAST = CampaignForecast(
    remaining=614,
    pace=AnswerRate((30, 45, 41), 4),
    forecast=Forecast(date(2026, 3, 20), date(2026, 3, 18), date(2026, 3, 24)),
    suggestions=(Speedup(4, 0, date(2026, 3, 12), 8), Speedup(0, 1, date(2026, 3, 13), 7)),
    answers_this_week=116,
)

FIGURES = AgreementFigures(
    answers=586,
    questions={
        "humor": make_agreement(0.34, Estimate(0.16, 0.08, 0.24), 0.41),
        "clarity": make_agreement(0.91),
    },
    sources={"unanimous": 40, "majority": 90, "split": 20, "single": 30},
    experts={},
)

WARNINGS = (
    CampaignWarning("deadline", "may miss the deadline, Sun 22 Mar", (MOVE_DEADLINE,)),
    CampaignWarning("needs_attention", "2 questions and 1 flag need your attention", (REVIEW,)),
)

HEALTHY_OVERVIEW = Overview(
    STATUS, FORECAST, StoredFigures(FIGURES, NOW - timedelta(minutes=4)), AttentionCounts(), (), ()
)

OVERVIEW_WITH_WARNINGS = replace(
    HEALTHY_OVERVIEW,
    needs_attention=AttentionCounts(questions=2, flags=1),
    away=(AbsentExpert("Ada Okafor", "on time off until Thu 5 Mar"),),
    warnings=WARNINGS,
)

EMPTY_OVERVIEW = replace(
    HEALTHY_OVERVIEW,
    status=replace(
        STATUS, name="new", title="New", wanted=0, answered=0, tasks=0, complete=0, id=8
    ),
    forecast=CampaignForecast(0, AnswerRate((), 0), None, (), 0),
    stored_figures=None,
    warnings=(
        CampaignWarning("items", "there are no items yet: import some", (IMPORT_ITEMS,)),
        CampaignWarning("experts", "there are no experts yet: invite some", (INVITE,)),
    ),
)

FINISHED_OVERVIEW = replace(
    HEALTHY_OVERVIEW,
    status=replace(STATUS, name="old", title="Old", state="closed", answered=1_200, id=9),
    forecast=replace(FORECAST, remaining=0, forecast=None, suggestions=()),
)

ADA = ExpertSummary(
    name="Ada Okafor",
    slack_id="U0ADA",
    pseudonym="expert-1",
    answered=312,
    open=1,
    skipped=2,
    expired=0,
    last_answer=NOW,
    median_seconds=24.5,
    agreement=0.36,
    gold_accuracy=Accuracy(18, 20, 0.68, 0.99, 0.85),
    away_reason="",
)

BOB = replace(
    ADA,
    name="expert-2",
    answered=0,
    open=0,
    median_seconds=None,
    agreement=None,
    gold_accuracy=None,
)

REPORT = CampaignReport(OVERVIEW_WITH_WARNINGS, (ADA, BOB))


def report_in_state(state: str) -> CampaignReport:
    """Return the report of a campaign that is open, paused or closed."""
    return replace(
        REPORT, overview=replace(OVERVIEW_WITH_WARNINGS, status=replace(STATUS, state=state))
    )


HOSTILE_TEXT = st.sampled_from(
    ("<!channel> *now*", "<@U1> <https://x|y>", "x" * 500, "🙂\n\n& <b>", "a", "\u202e")
)
"""Hostile names and titles."""

ANY_STATUS = st.builds(
    replace,
    st.just(STATUS),
    title=HOSTILE_TEXT,
    state=st.sampled_from(("open", "paused", "closed")),
    answered=st.integers(0, 10**7),
    wanted=st.integers(0, 10**7),
    deadline=st.sampled_from((None, NOW)),
)

ANY_OVERVIEW = st.builds(
    replace,
    st.sampled_from((HEALTHY_OVERVIEW, OVERVIEW_WITH_WARNINGS, EMPTY_OVERVIEW, FINISHED_OVERVIEW)),
    status=ANY_STATUS,
    away=st.lists(
        st.builds(AbsentExpert, HOSTILE_TEXT, st.just("inactive since Mon 2 Mar")), max_size=60
    ).map(tuple),
)

ANY_EXPERT = st.builds(replace, st.sampled_from((ADA, BOB)), name=HOSTILE_TEXT)
