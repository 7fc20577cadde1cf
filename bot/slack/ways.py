"""What a coordinator may do next to a campaign, or to all of them, as buttons below its status.

Each does what its word behind /label does, and is checked against the person who presses it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blocks import Block, actions, button, overflow
from bot.slack.ids import ALSO, Press
from storage.tables import CampaignState

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED

LIVING = (OPEN, PAUSED)

WORK = {
    "review": ("Review", tuple(CampaignState)),
    "bring_items": ("Import items", LIVING),
    "roster": ("Experts", tuple(CampaignState)),
    "invite": ("Invite people", LIVING),
    "guidelines": ("Guidelines", LIVING),
    "export": ("Export", tuple(CampaignState)),
}
"""What is done with a campaign by and by: the words of each button, and in which states."""

STEER = {
    "status": ("Look again", tuple(CampaignState)),
    "chart": ("Chart", tuple(CampaignState)),
    "pause": ("Pause", (OPEN,)),
    "resume": ("Resume", (PAUSED,)),
    "close": ("Close…", LIVING),
}
"""What is seen of a campaign, and where it goes."""

SELDOM = {
    "assign": ("Hand out tasks…", (OPEN,)),
    "remind": ("Remind now", (OPEN,)),
    "correct": ("Correct", tuple(CampaignState)),
    "plans": ("Exports by themselves", LIVING),
    "trail": ("Who did what", tuple(CampaignState)),
}
"""What waits behind the three dots, five at the most."""

IN_MODAL = ("bring_items", "invite", "guidelines", "export", *STEER)
"""What can be done from a modal, where what is shown next lies above it, three deep at the most."""

OF_ALL = {
    "roster": "Experts",
    "invite": "Invite people",
    "remind": "Remind now",
    "settings": "Settings",
    "trail": "Who did what",
}

Ways = Mapping[str, tuple[str, tuple[CampaignState, ...]]]


def of_campaign(campaign_id: int, state: CampaignState, *, in_modal: bool) -> list[Block]:
    """Draw what may be done to a campaign in this state: two rows, and three dots in a message."""
    work, steer = (
        [_button(words, deed, campaign_id) for deed, words in _fit(ways, state, in_modal=in_modal)]
        for ways in (WORK, STEER)
    )
    seldom = _also(_fit(SELDOM, state, in_modal=in_modal), campaign_id)
    return [
        actions(f"work:{campaign_id}", *work),
        actions(f"campaign:{campaign_id}", *steer, *seldom),
    ]


def of_all() -> list[Block]:
    """Return what may be done whatever the campaign, as elements of a row."""
    new, review = Press("new"), Press("review")
    return [
        button("New campaign", new.action_id, new.value),
        button("Review", review.action_id, review.value),
        *_also(list(OF_ALL.items()), 0),
    ]


def at_home() -> Block:
    """Draw what may be done from the Home tab whatever the campaign: each opens a window."""
    ways = (("New campaign", Press("new")), ("Settings", Press("settings")))
    return actions("coordinators", *(button(w, p.action_id, p.value) for w, p in ways))


def _fit(ways: Ways, state: CampaignState, *, in_modal: bool) -> list[tuple[str, str]]:
    return [
        (deed, words)
        for deed, (words, states) in ways.items()
        if state in states and (deed in IN_MODAL or not in_modal)
    ]


def _button(words: str, deed: str, campaign_id: int) -> Block:
    option = str(campaign_id) if deed == "bring_items" else ""
    value = Press(deed, campaign_id, "", option).value
    return button(words, deed, value)


def _also(ways: list[tuple[str, str]], campaign_id: int) -> list[Block]:
    options = [(words, Press(ALSO, campaign_id, deed).value) for deed, words in ways]
    return [overflow(ALSO, options)] if options else []
