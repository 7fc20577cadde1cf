"""What is said of a campaign that was just made, and of people who were sent for."""

from __future__ import annotations

from bot.services.campaigns.create import CreatedCampaign
from bot.services.campaigns.invitations import Invitation, InvitationResult
from bot.slack.blockkit.blocks import Block, actions, button
from bot.slack.blockkit.mentions import Mention, TextOrMention, text_with_mentions
from bot.slack.blockkit.text import escape_mrkdwn, pluralize
from bot.slack.client.group_members import MemberLookup
from bot.slack.parsing.action_ids import Action
from bot.slack.views.task_message import Message

CAMPAIGN_ACTIONS = (
    ("preview", "Preview"),
    ("try", "Send me one as a test"),
    ("invite", "Invite people"),
    ("pause", "Pause"),
)
"""What can be done with a campaign that is there, beside importing: the deed and its words."""


def render_created(campaign: CreatedCampaign) -> Message:
    """Draw that a campaign is there, and what can be done with it."""
    people = pluralize(campaign.experts, "expert") if campaign.experts else "nobody"
    items = pluralize(campaign.items, "item") if campaign.items else "no items yet"
    command_name_note = (
        f" In commands it is called {campaign.name}." if campaign.name != campaign.title else ""
    )
    missing = [
        what
        for what, there in (("items", campaign.items), ("people", campaign.experts))
        if not there
    ]
    next_step = f" Tasks go out as soon as it has {' and '.join(missing)}." if missing else ""
    text = f"“{campaign.title}” is ready: {campaign.kind}, {people} in it, {items}.{command_name_note}{next_step}"
    return Message(
        escape_mrkdwn(text),
        [
            text_with_mentions(text),
            actions(f"ready:{campaign.id}", *_campaign_buttons(campaign.id)),
        ],
    )


def _campaign_buttons(campaign_id: int) -> list[Block]:
    import_action = Action("bring_items", 0, "", str(campaign_id))
    return [
        button("Import items", import_action.action_id, import_action.value, style="primary"),
        *(
            button(words, (payload := Action(deed, campaign_id)).action_id, payload.value)
            for deed, words in CAMPAIGN_ACTIONS
        ),
    ]


def render_invited(
    lookup: MemberLookup, result: InvitationResult, invitation: Invitation
) -> Message:
    """Draw who was let in, who was left out, and what went wrong."""
    invited_parts: list[TextOrMention] = []
    if invitation.campaign and lookup.slack_ids:
        invited_parts += _joined_parts(result)
    else:
        invited_parts += (
            ["Noted of ", *_name_parts(lookup.slack_ids), "."] if lookup.slack_ids else []
        )
    if invitation.role:
        invited_parts.append(f" They are {_role_label(invitation)} now.")
    if lookup.ignored_count:
        invited_parts.append(
            f" Left out: {pluralize(lookup.ignored_count, 'app or person')} who left."
        )
    invited_parts += [f" {problem}" for problem in lookup.problems]
    parts = invited_parts or ["Nobody was found."]
    text = "".join(part if isinstance(part, str) else "" for part in parts)
    return Message(escape_mrkdwn(" ".join(text.split())), [text_with_mentions(*parts)])


def _joined_parts(result: InvitationResult) -> list[TextOrMention]:
    existing_text = f"; {pluralize(len(result.existing), 'person')} of them in it already"
    existing_note = existing_text if result.existing else ""
    if not result.added:
        return [f"Nobody new joined “{result.campaign}”{existing_note}."]
    people = pluralize(len(result.added), "person")
    return [
        f"{people} joined “{result.campaign}”: ",
        *_name_parts(result.added),
        f"{existing_note}.",
    ]


MAX_NAMED = 20


def _name_parts(people: list[str] | tuple[str, ...]) -> list[TextOrMention]:
    parts: list[TextOrMention] = []
    for number, person in enumerate(people[:MAX_NAMED]):
        parts += [", "] * bool(number) + [Mention(person)]
    more = len(people) - MAX_NAMED
    return [*parts, *([f" and {more} more"] if more > 0 else [])]


def _role_label(invitation: Invitation) -> str:
    return "coordinators" if invitation.role == "coordinator" else "senior experts"
