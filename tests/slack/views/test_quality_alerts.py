"""Quality alerts, appeals and experts' own figures: Slack accepts them and they say what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.quality.gold import Accuracy
from bot.sandbox.blockkit import check_view
from bot.services.experts.own_quality import CampaignQuality, OwnQuality
from bot.services.reports.agreement_figures import ExpertFigures
from bot.services.reviews.appeals import AppealCase, AppealState, GoldVerdict
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.views import appeals, own_quality, practice, quality_alerts
from bot.slack.views.task_modals import ModalMetadata
from storage.queries.practice import PracticeMember
from storage.queries.quality_alerts import AlertRow
from storage.tables import Campaign, Expert, Membership, QualityAlert
from tests.slack.conftest import message_problems, message_yaml, objects_in

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

VERDICT = GoldVerdict(17, "Tone", "pair-1", "A is better", "B is better")
CASE = AppealCase(5, "Ada", VERDICT)
FIGURES = ExpertFigures(24, 12.0, 0.91, 48, Accuracy(3, 4, 0.19, 0.99, 0.5))


def alert(*, is_paused: bool = False) -> AlertRow:
    """Return an alert about an expert."""
    paused_at = NOW if is_paused else None
    return AlertRow(
        QualityAlert(
            id=3,
            campaign_id=1,
            expert_id=7,
            pattern="chance",
            text="agrees with the others no more than by chance in 24 compared answers",
            created_at=NOW,
            paused_at=paused_at,
        ),
        Campaign(
            id=1,
            name="tone",
            title="Tone",
            kind="comparison",
            overlap=2,
            lease_minutes=60,
            seed="1",
        ),
        Expert(id=7, slack_id="U0ADA", name="Ada", pseudonym="expert-1"),
        Membership(campaign_id=1, expert_id=7, left_at=paused_at),
    )


def failure(*, is_let_in: bool) -> PracticeMember:
    """Return an expert who failed the practice."""
    row = alert()
    row.membership.practice_failures = 2
    row.membership.qualified_at = NOW if is_let_in else None
    return PracticeMember(row.membership, row.campaign, row.expert)


def case_in(state: AppealState) -> AppealCase:
    """Return an appeal in a state."""
    return replace(CASE, verdict=replace(VERDICT, appeal=state, resolution="B is shorter."))


def messages() -> list[Message]:
    """Return an example of every message."""
    verdicts = [replace(VERDICT, appeal=state) for state in ("none", "open", "rejected")]
    campaign = CampaignQuality("Tone", FIGURES, ("answers in 3 sec; others take 24 sec",))
    return [
        quality_alerts.render_quality_alert(alert()),
        quality_alerts.render_quality_alert(alert(is_paused=True)),
        *(practice.render_practice_failure(failure(is_let_in=done)) for done in (False, True)),
        *(appeals.render_appeal(case_in(state)) for state in ("open", "upheld", "rejected")),
        own_quality.render_own_quality(OwnQuality((), ())),
        own_quality.render_own_quality(OwnQuality((campaign,), tuple(verdicts))),
    ]


def views() -> list[ModalView]:
    """Return an example of every dialog."""
    return [appeals.reject_modal(ModalMetadata(5))]


@pytest.mark.parametrize("message", messages())
def test_slack_accepts_message(message: Message) -> None:
    assert message_problems(message) == []


def test_slack_accepts_dialogs() -> None:
    assert [check_view(view) for view in views()] == [[]]


def button_texts(message: Message) -> list[str]:
    """Return the texts of all buttons of a message."""
    return [
        one["text"]["text"] for one in objects_in(message.blocks) if one.get("type") == "button"
    ]


def test_alert_offers_to_pause_or_to_resume() -> None:
    common = ["Exclude answers…", "Show status"]
    assert button_texts(quality_alerts.render_quality_alert(alert())) == ["Pause expert", *common]
    paused = quality_alerts.render_quality_alert(alert(is_paused=True))
    assert button_texts(paused) == ["Resume expert", *common]


def test_decided_appeal_has_no_buttons_and_says_how_it_ended() -> None:
    assert button_texts(appeals.render_appeal(case_in("open"))) == [
        "Uphold",
        "Reject…",
        "Show item…",
    ]
    rejected = appeals.render_appeal(case_in("rejected"))
    assert button_texts(rejected) == []
    assert "B is shorter." in message_yaml(rejected)


def test_only_verdicts_without_an_appeal_can_be_appealed() -> None:
    verdicts = (VERDICT, replace(VERDICT, appeal="open"))
    message = own_quality.render_own_quality(OwnQuality((), verdicts))
    assert button_texts(message) == ["Appeal"]
