"""Jumps of campaigns: Slack accepts the message, and it says what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.slack.views.campaign_jumps import ADVICE, render_campaign_jump
from storage.queries.campaign_jumps import CampaignJumpRow
from storage.tables import Campaign, CampaignJump
from tests.slack.conftest import message_problems, message_yaml

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)


def test_message_says_what_changed_and_what_to_do() -> None:
    text = "all experts together took 6 sec per answer in the week of Mon 9 Mar, and 40 sec before"
    jump = CampaignJump(
        id=3, campaign_id=1, figure="pace", week=date(2026, 3, 9), text=text, created_at=NOW
    )
    campaign = Campaign(
        id=1,
        name="tone",
        title="Tone <1>",
        kind="comparison",
        overlap=2,
        lease_minutes=60,
        seed="1",
    )
    message = render_campaign_jump(CampaignJumpRow(jump, campaign))
    assert message_problems(message) == []
    assert message.text == f"“Tone &lt;1&gt;”: {text}."
    rendered = message_yaml(message)
    assert all(part in rendered for part in ("Show status", "Exclude answers…", ADVICE[:30]))
