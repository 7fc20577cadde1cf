"""Inviting people and looking at experts: the two modals, and the list with a button for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.services.campaigns.invitations import ExpertDetails, Invitation, parse_tags
from bot.services.campaigns.lifecycle import CampaignOption as Campaign
from bot.slack.blockkit.blocks import Block, actions, button, context, modal
from bot.slack.blockkit.inputs import (
    channel_input,
    multi_select_input,
    parse_inputs,
    select_input,
    text_input,
    users_input,
)
from bot.slack.blockkit.mentions import Mention, TextOrMention, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.parsing.action_ids import Action
from storage.tables import Role

MAX_EXPERTS_PER_PAGE = 20
"""Experts in one message: two blocks each, and Slack takes 50."""

MAX_OPTIONS = 100
"""Options that Slack takes in one menu."""

EXPERT_ROLE = "expert"
ROLE_OPTIONS = [
    (EXPERT_ROLE, "Expert"),
    ("senior", "Senior expert"),
    ("coordinator", "Coordinator"),
]
NO_EXPERTS_TEXT = "There are no experts yet. /label invite brings them."


@dataclass(frozen=True, slots=True)
class InviteSubmission:
    """What was entered in the modal of an invitation."""

    invitation: Invitation
    groups: tuple[str, ...]
    channels: tuple[str, ...]


def invite_modal(campaigns: Sequence[Campaign], initial: InviteSubmission) -> dict[str, Any]:
    """Draw the modal to invite people, with what is known already."""
    return modal(
        "invite",
        "Invite people",
        [
            users_input("people", "People", chosen=initial.invitation.people, optional=True),
            text_input(
                "user_group",
                "A user group",
                value=" ".join(initial.groups),
                placeholder="@linguists",
                optional=True,
                max_length=80,
            ),
            channel_input(
                "member_channel",
                "The members of a channel",
                chosen=next(iter(initial.channels), ""),
                optional=True,
            ),
            *_campaign_input(campaigns, initial.invitation.campaign),
            *_profile_inputs(initial.invitation.domains or (), initial.invitation.languages or ()),
            select_input(
                "role", "Role", ROLE_OPTIONS, chosen=initial.invitation.role or EXPERT_ROLE
            ),
        ],
        submit="Invite",
    )


def _campaign_input(campaigns: Sequence[Campaign], chosen: str) -> list[Block]:
    if not campaigns:
        return [context("There is no campaign yet; they will be known when there is one.")]
    options = [(one.name, one.name) for one in campaigns[:MAX_OPTIONS]]
    only = options[0][0] if len(options) == 1 else ""
    return [select_input("campaign", "Into", options, chosen=chosen or only, optional=True)]


def _profile_inputs(domains: Sequence[str], languages: Sequence[str]) -> list[Block]:
    return [
        text_input(
            "domains",
            "What they know",
            value=", ".join(domains),
            placeholder="medicine, law",
            optional=True,
            max_length=500,
        ),
        text_input(
            "languages",
            "Languages they read",
            value=", ".join(languages),
            placeholder="en, de",
            optional=True,
            max_length=200,
        ),
    ]


def parse_invite_modal(values: Mapping[str, Any]) -> InviteSubmission:
    """Return what was entered in the modal of an invitation.

    Raises:
        BadTagsError: domains or languages are too many.
    """
    inputs = parse_inputs(values)
    domains, languages = inputs.get("domains"), inputs.get("languages")
    return InviteSubmission(
        Invitation(
            people=tuple(inputs.get("people") or ()),
            campaign=inputs.get("campaign") or "",
            domains=parse_tags(domains) if domains else None,
            languages=parse_tags(languages) if languages else None,
            role=parse_role(inputs.get("role") or EXPERT_ROLE),
        ),
        groups=tuple(filter(None, [inputs.get("user_group")])),
        channels=tuple(filter(None, [inputs.get("member_channel")])),
    )


def parse_role(name: str) -> Role | None:
    """Return the role of this name, None for an expert."""
    return Role(name) if name in tuple(Role) else None


def render_expert_list(experts: Sequence[ExpertDetails], after: int, campaign_id: int) -> Message:
    """Draw the experts whose number is above `after`, a button each, and one for the next page."""
    remaining = [one for one in experts if one.id > after]
    if not remaining:
        return Message(NO_EXPERTS_TEXT, [text_with_mentions(NO_EXPERTS_TEXT)])
    shown = remaining[:MAX_EXPERTS_PER_PAGE]
    text = pluralize(len(experts), "expert")
    blocks = [text_with_mentions(text), *(block for one in shown for block in _expert_blocks(one))]
    if len(remaining) > len(shown):
        next_page = Action("list_experts", campaign_id, "", str(shown[-1].id))
        blocks.append(actions("list_experts", button("More", next_page.action_id, next_page.value)))
    return Message(text, blocks)


def _expert_blocks(person: ExpertDetails) -> list[Block]:
    edit_action = Action("edit_expert", person.id)
    edit = button(
        "Edit",
        edit_action.action_id,
        edit_action.value,
        accessibility_label=f"Edit {person.name or person.slack_id}",
    )
    parts: list[TextOrMention] = [Mention(person.slack_id)]
    if person.role:
        parts.append(f" · {dict(ROLE_OPTIONS)[person.role]}")
    parts += [f" · {', '.join(words)}" for words in (person.domains, person.languages) if words]
    parts.append(
        f" · in {', '.join(person.campaigns)}" if person.campaigns else " · in no campaign"
    )
    parts += [" · away"] if person.away_since else []
    return [text_with_mentions(*parts), actions(f"expert:{person.id}", edit)]


def expert_modal(person: ExpertDetails, campaigns: Sequence[Campaign]) -> dict[str, Any]:
    """Draw the modal in which an expert is edited."""
    options = [(each.name, each.name) for each in campaigns[:MAX_OPTIONS]]
    campaigns_input = multi_select_input(
        "campaigns",
        "Campaigns",
        options,
        chosen=person.campaigns,
        hint="Out of one, they get no more of its tasks; what they answered stays.",
        optional=True,
    )
    return modal(
        "edit_expert",
        "Expert",
        [
            text_with_mentions(Mention(person.slack_id)),
            *_profile_inputs(person.domains, person.languages),
            select_input("role", "Role", ROLE_OPTIONS, chosen=person.role or EXPERT_ROLE),
            *([campaigns_input] if options else []),
        ],
        submit="Save",
        metadata=str(person.id),
    )


@dataclass(frozen=True, slots=True)
class ExpertSubmission:
    """What was chosen of an expert; `campaigns` None: the modal had none to choose from."""

    domains: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None
    campaigns: tuple[str, ...] | None


def parse_expert_modal(values: Mapping[str, Any]) -> ExpertSubmission:
    """Return what was chosen in the modal of an expert.

    Raises:
        BadTagsError: domains or languages are too many.
    """
    inputs = parse_inputs(values)
    return ExpertSubmission(
        domains=parse_tags(inputs.get("domains") or ""),
        languages=parse_tags(inputs.get("languages") or ""),
        role=parse_role(inputs.get("role") or EXPERT_ROLE),
        campaigns=tuple(inputs["campaigns"] or ()) if "campaigns" in inputs else None,
    )
