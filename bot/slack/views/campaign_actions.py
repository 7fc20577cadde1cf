"""Buttons and menus with a coordinator's actions on a campaign, or on the whole workspace.

Each action does the same as its /label subcommand and needs the same role.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blockkit.blocks import actions, button, overflow
from bot.slack.blockkit.types import ActionElement, ActionsBlock, Block, Button, OverflowMenu
from bot.slack.parsing.action_ids import MENU, Action
from storage.tables import CampaignState

OPEN, PAUSED, CLOSED = CampaignState.OPEN, CampaignState.PAUSED, CampaignState.CLOSED

ACTIVE_STATES = (OPEN, PAUSED)

MAIN_ACTIONS = {
    "review": ("Review", tuple(CampaignState)),
    "import_items": ("Import items…", ACTIVE_STATES),
    "items": ("Search items…", tuple(CampaignState)),
    "list_experts": ("List experts", tuple(CampaignState)),
    "invite": ("Invite people…", ACTIVE_STATES),
    "edit_guidelines": ("Edit guidelines…", ACTIVE_STATES),
    "edit_campaign": ("Edit campaign…", ACTIVE_STATES),
    "export_options": ("Export…", tuple(CampaignState)),
}
"""Routine work on a campaign: by action, the button label and the states that offer it."""

STATE_ACTIONS = {
    "status": ("Refresh", tuple(CampaignState)),
    "chart": ("Send chart", tuple(CampaignState)),
    "pause": ("Pause", (OPEN,)),
    "resume": ("Resume", (PAUSED,)),
    "clone_campaign": ("Clone campaign", tuple(CampaignState)),
    "save_template": ("Save as template", tuple(CampaignState)),
    "close": ("Close…", ACTIVE_STATES),
}
"""Views and lifecycle of a campaign, as above."""

OVERFLOW_ACTIONS = {
    "assign": ("Assign tasks…", (OPEN,)),
    "remind": ("Remind now", (OPEN,)),
    "fix": ("Fix problems", tuple(CampaignState)),
    "export_schedules": ("Scheduled exports", ACTIVE_STATES),
    "older_audit_events": ("Audit log", tuple(CampaignState)),
}
"""Options of the overflow menu, as above. Slack allows five."""

MODAL_ACTIONS = (
    "import_items",
    "items",
    "invite",
    "edit_guidelines",
    "edit_campaign",
    "export_options",
    *STATE_ACTIONS,
)
"""Actions offered inside a modal; what they show opens on top. Slack stacks three at most."""

REMEDIES_IN_MODAL = (
    *MODAL_ACTIONS,
    "change_overlap",
    "remind",
    "export",
    "retry_export",
    "dismiss_warning",
)
"""Actions that resolve a warning and are offered inside a modal, too."""

WORKSPACE_ACTIONS = {
    "list_experts": "List experts",
    "invite": "Invite people…",
    "remind": "Remind now",
    "workspace_settings": "Edit settings…",
    "older_audit_events": "Audit log",
}

ActionLabels = Mapping[str, tuple[str, tuple[CampaignState, ...]]]


def campaign_action_blocks(
    campaign_id: int, state: CampaignState, *, in_modal: bool
) -> list[Block]:
    """Return two rows of actions for a campaign in this state; in a message, with a menu."""
    main_buttons, state_buttons = (
        [
            action_button(label, action, campaign_id)
            for action, label in _available_actions(labels, state, in_modal=in_modal)
        ]
        for labels in (MAIN_ACTIONS, STATE_ACTIONS)
    )
    overflow_menu = _overflow_menu(
        _available_actions(OVERFLOW_ACTIONS, state, in_modal=in_modal), campaign_id
    )
    return [
        actions(f"campaign_main:{campaign_id}", *main_buttons),
        actions(f"campaign_state:{campaign_id}", *state_buttons, *overflow_menu),
    ]


def workspace_action_elements() -> list[ActionElement]:
    """Return the elements of a row with actions on the whole workspace."""
    new, review = Action("create_campaign"), Action("review")
    return [
        button("Create campaign…", new.action_id, new.value),
        button("Review", review.action_id, review.value),
        *_overflow_menu(list(WORKSPACE_ACTIONS.items()), 0),
    ]


def home_action_block() -> ActionsBlock:
    """Return the row of workspace actions for the Home tab, where each must open a modal."""
    labels = {"create_campaign": "Create campaign…", "workspace_settings": "Edit settings…"}
    buttons = (button(label, name, Action(name).value) for name, label in labels.items())
    return actions("coordinators", *buttons)


def _available_actions(
    labels: ActionLabels, state: CampaignState, *, in_modal: bool
) -> list[tuple[str, str]]:
    return [
        (action, label)
        for action, (label, states) in labels.items()
        if state in states and (action in MODAL_ACTIONS or not in_modal)
    ]


def action_button(label: str, action: str, campaign_id: int, option: str = "") -> Button:
    """Return the button of an action on a campaign."""
    option = str(campaign_id) if action == "import_items" else option
    payload = Action(action, campaign_id, "", option)
    action_id = action if action == "import_items" else payload.action_id
    return button(label, action_id, payload.value)


def _overflow_menu(available: list[tuple[str, str]], campaign_id: int) -> list[OverflowMenu]:
    options = [(label, Action(MENU, campaign_id, action).value) for action, label in available]
    return [overflow(MENU, options)] if options else []
