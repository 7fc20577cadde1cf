"""What a coordinator may do next to a campaign, or to all of them, as buttons below its status.

Each does what its word behind /label does, and is checked against the person who presses it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blockkit.blocks import Block, actions, button, overflow
from bot.slack.parsing.action_ids import MENU, Action
from storage.tables import CampaignState

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED

ACTIVE_STATES = (OPEN, PAUSED)

MAIN_ACTIONS = {
    "review": ("Review", tuple(CampaignState)),
    "bring_items": ("Import items", ACTIVE_STATES),
    "roster": ("Experts", tuple(CampaignState)),
    "invite": ("Invite people", ACTIVE_STATES),
    "guidelines": ("Guidelines", ACTIVE_STATES),
    "export": ("Export", tuple(CampaignState)),
}
"""What is done with a campaign by and by: the words of each button, and in which states."""

STATE_ACTIONS = {
    "status": ("Look again", tuple(CampaignState)),
    "chart": ("Chart", tuple(CampaignState)),
    "pause": ("Pause", (OPEN,)),
    "resume": ("Resume", (PAUSED,)),
    "close": ("Close…", ACTIVE_STATES),
}
"""What is seen of a campaign, and where it goes."""

OVERFLOW_ACTIONS = {
    "assign": ("Hand out tasks…", (OPEN,)),
    "remind": ("Remind now", (OPEN,)),
    "correct": ("Correct", tuple(CampaignState)),
    "plans": ("Exports by themselves", ACTIVE_STATES),
    "trail": ("Who did what", tuple(CampaignState)),
}
"""What waits behind the three dots, five at the most."""

MODAL_ACTIONS = ("bring_items", "invite", "guidelines", "export", *STATE_ACTIONS)
"""What can be done from a modal, where what is shown next lies above it, three deep at the most."""

WORKSPACE_ACTIONS = {
    "roster": "Experts",
    "invite": "Invite people",
    "remind": "Remind now",
    "settings": "Settings",
    "trail": "Who did what",
}

ActionLabels = Mapping[str, tuple[str, tuple[CampaignState, ...]]]


def campaign_action_blocks(
    campaign_id: int, state: CampaignState, *, in_modal: bool
) -> list[Block]:
    """Draw what may be done to a campaign in this state: two rows, and three dots in a message."""
    main_buttons, state_buttons = (
        [
            _action_button(label, action, campaign_id)
            for action, label in _available_actions(labels, state, in_modal=in_modal)
        ]
        for labels in (MAIN_ACTIONS, STATE_ACTIONS)
    )
    overflow_menu = _overflow_menu(
        _available_actions(OVERFLOW_ACTIONS, state, in_modal=in_modal), campaign_id
    )
    return [
        actions(f"work:{campaign_id}", *main_buttons),
        actions(f"campaign:{campaign_id}", *state_buttons, *overflow_menu),
    ]


def workspace_action_elements() -> list[Block]:
    """Return what may be done whatever the campaign, as elements of a row."""
    new, review = Action("new"), Action("review")
    return [
        button("New campaign", new.action_id, new.value),
        button("Review", review.action_id, review.value),
        *_overflow_menu(list(WORKSPACE_ACTIONS.items()), 0),
    ]


def home_action_block() -> Block:
    """Draw what may be done from the Home tab whatever the campaign: each opens a window."""
    labelled = (("New campaign", Action("new")), ("Settings", Action("settings")))
    return actions("coordinators", *(button(w, p.action_id, p.value) for w, p in labelled))


def _available_actions(
    labels: ActionLabels, state: CampaignState, *, in_modal: bool
) -> list[tuple[str, str]]:
    return [
        (action, label)
        for action, (label, states) in labels.items()
        if state in states and (action in MODAL_ACTIONS or not in_modal)
    ]


def _action_button(label: str, action: str, campaign_id: int) -> Block:
    option = str(campaign_id) if action == "bring_items" else ""
    value = Action(action, campaign_id, "", option).value
    return button(label, action, value)


def _overflow_menu(available: list[tuple[str, str]], campaign_id: int) -> list[Block]:
    options = [(label, Action(MENU, campaign_id, action).value) for action, label in available]
    return [overflow(MENU, options)] if options else []
