"""Campaigns as coordinators see them, made by hand: what tests of drawing begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from bot.quality.agreement import Agreement
from bot.quality.forecast import Forecast, Help, Pace
from bot.quality.gold import accuracy
from bot.services.foreseeing import Outlook
from bot.services.overviewing import ExpertLine, Overview, Picture
from bot.services.reporting import CampaignStatus
from bot.services.surveying import Found, Kept
from bot.services.worrying import Away, Waiting, Worry
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

OUTLOOK = Outlook(
    left=614,
    pace=Pace((30, 45, 41), 4),
    forecast=Forecast(date(2026, 3, 20), date(2026, 3, 18), date(2026, 3, 24)),
    helps=(Help(4, 0, date(2026, 3, 12), 8), Help(0, 1, date(2026, 3, 13), 7)),
    this_week=116,
)

FOUND = Found(
    answers=586,
    questions={
        "humor": Agreement(150, 440, 0.34, 0.16, 0.08, 0.24),
        "clarity": Agreement(150, 440, 0.91, None, None, None),
    },
    sources={"unanimous": 40, "majority": 90, "split": 20, "single": 30},
    experts={},
)

WORRIES = (
    Worry("deadline", "it may miss its deadline, Sun 22 Mar"),
    Worry("waiting", "2 questions and 1 flag wait"),
)

GOOD = Overview(STATUS, OUTLOOK, Kept(FOUND, NOW - timedelta(minutes=4)), Waiting(), (), ())

TROUBLED = replace(
    GOOD,
    waiting=Waiting(questions=2, flags=1),
    away=(Away("Ada Okafor", "paused until Thu 5 Mar"),),
    worries=WORRIES,
)

EMPTY = replace(
    GOOD,
    status=replace(
        STATUS, name="new", title="New", wanted=0, answered=0, tasks=0, complete=0, id=8
    ),
    outlook=Outlook(0, Pace((), 0), None, (), 0),
    kept=None,
    worries=(
        Worry("items", "it has no items yet: import some"),
        Worry("experts", "nobody is in its pool: invite people"),
    ),
)

DONE = replace(
    GOOD,
    status=replace(STATUS, name="old", title="Old", state="closed", answered=1_200, id=9),
    outlook=replace(OUTLOOK, left=0, forecast=None, helps=()),
)

ADA = ExpertLine(
    name="Ada Okafor",
    slack_id="U0ADA",
    pseudonym="expert-1",
    answered=312,
    open=1,
    skipped=2,
    expired=0,
    last_answer=NOW,
    seconds=24.5,
    agrees=0.36,
    gold=accuracy(18, 20),
    away="",
)

BOB = replace(ADA, name="expert-2", answered=0, open=0, seconds=None, agrees=None, gold=None)

PICTURE = Picture(TROUBLED, (ADA, BOB))


def in_state(state: str) -> Picture:
    """Return the picture of a campaign that is open, paused or closed."""
    return replace(PICTURE, overview=replace(TROUBLED, status=replace(STATUS, state=state)))


NASTY = st.sampled_from(
    ("<!channel> *now*", "<@U1> <https://x|y>", "x" * 500, "🙂\n\n& <b>", "a", "\u202e")
)
"""What somebody may have chosen as a name or title."""

ANY_STATUS = st.builds(
    replace,
    st.just(STATUS),
    title=NASTY,
    state=st.sampled_from(("open", "paused", "closed")),
    answered=st.integers(0, 10**7),
    wanted=st.integers(0, 10**7),
    deadline=st.sampled_from((None, NOW)),
)

ANY_OVERVIEW = st.builds(
    replace,
    st.sampled_from((GOOD, TROUBLED, EMPTY, DONE)),
    status=ANY_STATUS,
    away=st.lists(st.builds(Away, NASTY, st.just("silent since Mon 2 Mar")), max_size=60).map(
        tuple
    ),
)

ANY_EXPERT = st.builds(replace, st.sampled_from((ADA, BOB)), name=NASTY)
