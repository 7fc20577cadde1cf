"""The Home tab: progress, recent answers, preferences and time off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.services.experts.preferences import Preferences
from bot.services.home.home_tab import HomeTab
from bot.services.tasks.expert_progress import CampaignProgress, Progress
from bot.services.tasks.recent_answers import RecentAnswer
from bot.slack.blockkit.blocks import plain_section
from bot.slack.views import home
from tests.slack.conftest import FEWER_EXAMPLES, as_yaml, objects_in, view_problems

DEFAULT_PREFERENCES = Preferences(
    work_starts_minute=9 * 60,
    work_ends_minute=17 * 60,
    work_days=[1, 2, 3, 4, 5],
    tz=None,
    daily_limit_minutes=None,
    batch_size=None,
    wants_reminders=True,
    locale="en",
)
CUSTOM_PREFERENCES = Preferences(
    work_starts_minute=22 * 60,
    work_ends_minute=6 * 60 + 30,
    work_days=[1, 3, 7],
    tz="Pacific/Kiritimati",
    daily_limit_minutes=45,
    batch_size=10,
    wants_reminders=False,
    locale="en",
)
ANSWERED_AT = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
ANSWERS = [
    RecentAnswer(
        7, "Tone of voice", "A is better", "Is tea healthy?", ANSWERED_AT, can_change=True
    ),
    RecentAnswer(6, "Good jokes", "Funny 3, Original 2", "x" * 200, ANSWERED_AT, can_change=False),
]


def progress(
    today: int, total: int, waiting: int, *, has_more: bool = False, minutes: int = 0
) -> Progress:
    """Return the progress of an expert."""
    return Progress(today, total, waiting, has_more, minutes)


def campaign_progress(
    campaign_id: int,
    title: str,
    answered: int,
    waiting: int,
    **fields: Any,  # noqa: ANN401 - fields of `CampaignProgress`
) -> CampaignProgress:
    """Return the progress of an expert in one campaign."""
    defaults = {"has_more": False, "estimated_minutes": waiting, "has_open_task": False}
    name = title.lower().replace(" ", "-")
    return CampaignProgress(campaign_id, name, title, answered, waiting, **{**defaults, **fields})


def home_tab(expert_progress: Progress | None = None, **fields: Any) -> HomeTab:  # noqa: ANN401 - fields of `HomeTab`
    """Return the content of an expert's Home tab."""
    tab = HomeTab(
        progress=expert_progress or progress(0, 0, 0),
        campaigns=[],
        minutes_spent=0,
        recent_answers=[],
        preferences=DEFAULT_PREFERENCES,
        tz="Europe/London",
        returns_on=None,
        is_out_of_office=False,
    )
    return replace(tab, **fields)


COUNTS = st.integers(0, 10**7)
HOME_TABS = st.builds(
    HomeTab,
    progress=st.builds(Progress, COUNTS, COUNTS, COUNTS, st.booleans(), COUNTS),
    campaigns=st.lists(
        st.builds(
            CampaignProgress,
            st.integers(1, 10**6),
            st.text(max_size=80),
            st.text(max_size=200),
            COUNTS,
            COUNTS,
            has_more=st.booleans(),
            estimated_minutes=COUNTS,
            has_open_task=st.booleans(),
        ),
        max_size=25,
        unique_by=lambda campaign: campaign.campaign_id,
    ),
    minutes_spent=COUNTS,
    recent_answers=st.lists(
        st.builds(
            RecentAnswer,
            st.integers(1, 10**6),
            st.text(max_size=200),
            st.text(max_size=3000),
            st.text(max_size=3000),
            st.none() | st.just(ANSWERED_AT),
            can_change=st.booleans(),
        ),
        max_size=5,
        unique_by=lambda answer: answer.assignment_id,
    ),
    preferences=st.sampled_from(
        [DEFAULT_PREFERENCES, CUSTOM_PREFERENCES, replace(DEFAULT_PREFERENCES, work_days=[])]
    ),
    tz=st.sampled_from(["UTC", "Pacific/Kiritimati", "no/zone"]),
    returns_on=st.none() | st.dates(),
    is_out_of_office=st.booleans(),
)


@FEWER_EXAMPLES
@given(tab=st.none() | HOME_TABS)
def test_slack_accepts_every_home_tab(tab: HomeTab | None) -> None:
    assert view_problems(home.render_home(tab)) == []


def test_home_tab(snapshot: SnapshotAssertion) -> None:
    assert as_yaml(home.render_home(None)) == snapshot(name="not an expert")
    working = home_tab(
        progress(3, 1_234, 12, minutes=9),
        campaigns=[campaign_progress(1, "Tone of voice", 12, 12, has_open_task=True)],
        recent_answers=ANSWERS,
    )
    assert as_yaml(home.render_home(working)) == snapshot(name="working")
    away = home_tab(
        progress(0, 9, 3, minutes=2),
        preferences=CUSTOM_PREFERENCES,
        tz="Pacific/Kiritimati",
        minutes_spent=30,
        returns_on=date(2026, 12, 24),
    )
    assert as_yaml(home.render_home(away)) == snapshot(name="away with preferences")
    several = home_tab(
        progress(3, 40, 100, has_more=True, minutes=160),
        campaigns=[
            campaign_progress(2, "Good jokes", 12, 12, has_open_task=True, estimated_minutes=9),
            campaign_progress(1, "Tone of voice", 1_204, 100, has_more=True, estimated_minutes=150),
            campaign_progress(3, "Answers", 1, 0),
        ],
    )
    assert as_yaml(home.render_home(several)) == snapshot(name="several campaigns")
    assert as_yaml(home.render_home(home_tab())) == snapshot(name="no tasks")


def test_sections_of_other_roles_go_below() -> None:
    view = home.render_home(home_tab(), [plain_section("one")], [plain_section("two")])
    assert [block["type"] for block in view["blocks"][-4:]] == [
        "divider",
        "section",
        "divider",
        "section",
    ]


@pytest.mark.parametrize(
    ("expert_progress", "text"),
    [
        (
            progress(0, 0, 0),
            "No tasks are waiting for you. You gave 0 answers today, 0 in total.",
        ),
        (
            progress(1, 1, 1, minutes=312),
            "1 task is waiting for you, about 5 hours. You gave 1 answer today, 1 in total.",
        ),
        (
            progress(3, 1_234, 12, minutes=9),
            (
                "12 tasks are waiting for you, about 9 minutes. "
                "You gave 3 answers today, 1,234 in total."
            ),
        ),
        (
            progress(0, 9, 100, has_more=True, minutes=1),
            (
                "100 or more tasks are waiting for you, about 1 minute. "
                "You gave 0 answers today, 9 in total."
            ),
        ),
    ],
)
def test_progress_summary(expert_progress: Progress, text: str) -> None:
    assert home.summarize_progress(expert_progress) == text


@pytest.mark.parametrize(
    ("waiting", "has_open_task", "label"),
    [(0, False, None), (1, False, "Start"), (1, True, "Continue")],
)
def test_start_button_needs_a_waiting_task(
    waiting: int, *, has_open_task: bool, label: str | None
) -> None:
    campaign = campaign_progress(1, "Tone", 0, waiting, has_open_task=has_open_task)
    labels = button_labels(home_tab(progress(0, 0, waiting), campaigns=[campaign]))
    assert next((found for found in labels if found in ("Start", "Continue")), None) == label


@pytest.mark.parametrize(("count", "action"), [(1, "next_task"), (2, "start_campaign")])
def test_button_chooses_the_campaign_if_there_are_several(count: int, action: str) -> None:
    campaigns = [campaign_progress(number, f"Campaign {number}", 0, 3) for number in range(count)]
    view = home.render_home(home_tab(progress(0, 0, 3), campaigns=campaigns))
    ids = [part["action_id"] for part in objects_in(view) if part.get("type") == "button"]
    assert sum(found.startswith(action) for found in ids) == count


def test_campaigns_without_a_row_are_named() -> None:
    many = [campaign_progress(number, f"Campaign {number}", 0, 3) for number in range(22)]
    view = home.render_home(home_tab(progress(0, 0, 66), campaigns=many))
    texts = [part["text"] for part in objects_in(view) if part.get("type") == "plain_text"]
    assert "/label next CAMPAIGN opens the others: campaign-20, campaign-21" in texts


def button_labels(tab: HomeTab) -> list[str]:
    """Return the labels of all buttons."""
    view = home.render_home(tab)
    return [part["text"]["text"] for part in objects_in(view) if part.get("type") == "button"]


def test_final_answers_have_no_change_button() -> None:
    assert button_labels(home_tab(recent_answers=ANSWERS)).count("Change") == 1


@pytest.mark.parametrize(
    ("fields", "is_offered"),
    [({}, False), ({"returns_on": date(2026, 12, 24)}, True), ({"is_out_of_office": True}, True)],
)
def test_absent_expert_can_resume_messages(fields: dict[str, Any], *, is_offered: bool) -> None:
    assert ("Resume messages" in button_labels(home_tab(**fields))) is is_offered


@pytest.mark.parametrize(
    ("preferences", "text"),
    [
        (DEFAULT_PREFERENCES, "Mon-Fri 09:00-17:00"),
        (CUSTOM_PREFERENCES, "Mon, Wed, Sun 22:00-06:30"),
        (replace(DEFAULT_PREFERENCES, work_days=[6]), "Sat 09:00-17:00"),
        (
            replace(DEFAULT_PREFERENCES, work_days=[2, 1], work_ends_minute=24 * 60),
            "Mon, Tue 09:00-00:00",
        ),
        (replace(DEFAULT_PREFERENCES, work_days=[]), "only when you ask"),
    ],
)
def test_working_hours_text(preferences: Preferences, text: str) -> None:
    assert home.format_working_hours(preferences) == text.replace("-", home.EN_DASH)
