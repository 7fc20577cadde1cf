"""The Home tab of an expert."""

from __future__ import annotations

from typing import Any

from bot.services.reporting import CampaignStatus
from bot.services.tallying import Progress
from bot.slack.blocks import actions, button, header, plain_section
from bot.slack.ids import Press
from bot.slack.text import counted
from storage.tables import CampaignState

NOBODY = "You are in no campaign yet. A coordinator can add you; then your tasks come by message."


def draw(progress: Progress | None) -> dict[str, Any]:
    """Draw the Home tab. None: this person is no expert yet."""
    if progress is None:
        return {"type": "home", "blocks": [header("Hello"), plain_section(NOBODY)]}
    go = Press("next")
    begin = button("Bring me the next task", go.action_id, go.value, style="primary")
    return {
        "type": "home",
        "blocks": [
            header("Your tasks"),
            plain_section(in_words(progress)),
            *([actions("home", begin)] if progress.waiting else []),
        ],
    }


def campaign_in_words(status: CampaignStatus) -> str:
    """Say in a line how far a campaign is."""
    share = f" ({status.answered / status.wanted:.0%})" if status.wanted else ""
    state = "" if status.state == CampaignState.OPEN else f", {status.state}"
    return (
        f"• {status.name}{state}: {status.answered:,} of {status.wanted:,} answers{share}, "
        f"{status.open:,} open, {status.skipped:,} skipped, {counted(status.experts, 'expert')}"
    )


def in_words(progress: Progress) -> str:
    """Say in a sentence or two what a person did and what waits."""
    many = f"{progress.waiting} or more" if progress.is_more else f"{progress.waiting:,}"
    waits = f"{many} waiting for you." if progress.waiting else "Nothing is waiting for you."
    done = f"You answered {progress.today:,} today and {progress.total:,} in all."
    return f"{waits} {done}"
