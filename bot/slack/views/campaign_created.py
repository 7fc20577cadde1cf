"""Messages about a new campaign and about people who were invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.messages.campaigns import InvitationListMessage
from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import Invitation, InvitationResult, MemberLookup
from bot.services.campaigns.qualification import describe_missing_gold
from bot.slack.blockkit.blocks import actions, button
from bot.slack.blockkit.mentions import Mention, TextOrMention, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.blockkit.types import Button
from bot.slack.parsing.action_ids import Action
from storage.tables import Role

CAMPAIGN_ACTIONS = (
    ("preview", "Preview…"),
    ("send_test_task", "Send test task"),
    ("invite", "Invite people…"),
    ("pause", "Pause"),
)
"""Actions on a new campaign besides importing, with the labels of their buttons."""

MAX_NAMED = 20
"""People mentioned in one message."""

NO_PEOPLE_TEXT = "No people found."

ROLE_LABELS = {Role.COORDINATOR: "coordinator", Role.SENIOR: "senior expert"}


def render_created(campaign: CreatedCampaign) -> Message:
    """Render the confirmation that a campaign was created, with buttons for the next steps."""
    experts = pluralize(campaign.experts, "expert") if campaign.experts else "no experts"
    items = pluralize(campaign.items, "item") if campaign.items else "no items"
    name_note = (
        f" Its name in commands is {campaign.name}." if campaign.name != campaign.title else ""
    )
    missing = [
        noun
        for noun, count in (("items", campaign.items), ("experts", campaign.experts))
        if not count
    ]
    next_step = (
        f" The bot sends tasks once the campaign has {' and '.join(missing)}." if missing else ""
    )
    warning = f"\n⚠ {describe_missing_gold(campaign.missing_gold)}" if campaign.missing_gold else ""
    text = f"Created “{campaign.title}”: {experts}, {items}.{name_note}{next_step}{warning}"
    return Message(
        escape_mrkdwn(text),
        [
            text_with_mentions(text),
            actions(f"campaign_created:{campaign.id}", *_campaign_buttons(campaign.id)),
        ],
    )


def _campaign_buttons(campaign_id: int) -> list[Button]:
    import_action = Action("import_items", 0, "", str(campaign_id))
    return [
        button("Import items…", import_action.action_id, import_action.value, style="primary"),
        *(button(label, name, Action(name, campaign_id).value) for name, label in CAMPAIGN_ACTIONS),
    ]


def render_invited(
    lookup: MemberLookup, result: InvitationResult, invitation: Invitation
) -> Message:
    """Render who was invited and who was skipped, and the problems with user groups and channels.

    The notification text leaves out the mentions.
    """
    summary, people = _summarize(lookup, result, invitation)
    notes = " ".join(_invitation_notes(lookup, result, invitation))
    if not summary:
        text = notes or NO_PEOPLE_TEXT
        return Message(escape_mrkdwn(text), [text_with_mentions(text)])
    ending = f". {notes}".rstrip()
    names = [": ", *_mentions(people)] if people else []
    return Message(
        escape_mrkdwn(f"{summary}{ending}"), [text_with_mentions(summary, *names, ending)]
    )


def render_invitation_list(found: InvitationListMessage, message_id: int) -> Message:
    """Render the people of a channel before they are invited; `message_id` identifies the list."""
    target = f" to add to “{found.campaign}”" if found.campaign else " to update"
    count = pluralize(len(found.slack_ids), "person") if found.slack_ids else "nobody"
    summary = f"Found {count}{target}"
    notes = [
        *([f"Already members: {pluralize(len(found.existing), 'person')}."] * bool(found.existing)),
        *(
            [f"Skipped {pluralize(found.ignored_count, 'account')} (apps or deactivated)."]
            * bool(found.ignored_count)
        ),
        *found.problems,
    ]
    listed = [": ", *_mentions(found.slack_ids)] if found.slack_ids else []
    parts: list[TextOrMention] = [summary, *listed, f". {' '.join(notes)}".rstrip()]
    if found.coordinators:
        parts += ["\nNot included by default, because they are coordinators: "]
        parts += _mentions(found.coordinators)
    buttons = _list_buttons(found, message_id)
    text = escape_mrkdwn(f"{summary}. {' '.join(notes)}".strip())
    rows = [actions(f"invitation_list:{message_id}", *buttons)] if buttons else []
    return Message(text, [text_with_mentions(*parts), *rows])


def _list_buttons(found: InvitationListMessage, message_id: int) -> list[Button]:
    verb = "Add" if found.campaign else "Update"
    experts, coordinators = len(found.slack_ids), len(found.coordinators)
    options = [("experts", experts)] * bool(experts)
    options += [("all", experts + coordinators)] * bool(coordinators)
    buttons = []
    for option, count in options:
        invite = Action("confirm_invitation", message_id, "", option)
        suffix = ", with coordinators" if option == "all" else ""
        style: Literal["primary"] | None = None if suffix else "primary"
        label = f"{verb} {pluralize(count, 'person')}{suffix}"
        buttons.append(button(label, invite.action_id, invite.value, style=style))
    return buttons


def _summarize(
    lookup: MemberLookup, result: InvitationResult, invitation: Invitation
) -> tuple[str, Sequence[str]]:
    """Return what was done, without a full stop, and the Slack ids of the people concerned."""
    if not lookup.slack_ids:
        return "", ()
    if not invitation.campaign:
        return f"Updated {pluralize(len(lookup.slack_ids), 'person')}", lookup.slack_ids
    if not result.added:
        existing = pluralize(len(result.existing), "person")
        verb = "is already a member" if len(result.existing) == 1 else "are already members"
        return f"No one added to “{result.campaign}”: {existing} {verb}", ()
    added_count = pluralize(len(result.added), "person")
    return f"Added {added_count} to “{result.campaign}”", result.added


def _invitation_notes(
    lookup: MemberLookup, result: InvitationResult, invitation: Invitation
) -> list[str]:
    existing = pluralize(len(result.existing), "person")
    skipped = pluralize(lookup.ignored_count, "account")
    return [
        *([f"Already members: {existing}."] if result.added and result.existing else []),
        *(
            [f"New role: {ROLE_LABELS[invitation.role]}."]
            if invitation.role and lookup.slack_ids
            else []
        ),
        *([f"Skipped {skipped} (apps or deactivated)."] if lookup.ignored_count else []),
        *lookup.problems,
    ]


def _mentions(slack_ids: Sequence[str]) -> list[TextOrMention]:
    parts: list[TextOrMention] = []
    for index, slack_id in enumerate(slack_ids[:MAX_NAMED]):
        parts += [", "] * bool(index) + [Mention(slack_id)]
    hidden_count = len(slack_ids) - MAX_NAMED
    return [*parts, *([f" and {hidden_count:,} more"] if hidden_count > 0 else [])]
