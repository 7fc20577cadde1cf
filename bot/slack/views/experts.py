"""Experts: the modal that invites people, the list of experts, and the modal that edits one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.services.assignments.quotas import describe_quota
from bot.services.campaigns.invitations import ExpertDetails, Invitation, parse_tags
from bot.services.campaigns.lifecycle import CampaignOption as Campaign
from bot.services.experts.notes import MAX_NOTE_CHARACTERS
from bot.services.reports.agreement_figures import ExpertFigures
from bot.services.reports.answer_warnings import describe_finding
from bot.slack.blockkit.blocks import actions, button, context, modal
from bot.slack.blockkit.entries import StateValues, parse_inputs
from bot.slack.blockkit.inputs import (
    channel_input,
    multi_select_input,
    select_input,
    text_input,
    users_input,
)
from bot.slack.blockkit.mentions import Mention, TextOrMention, text_with_mentions
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.parsing.action_ids import Action
from storage.queries.quotas import MemberQuota
from storage.tables import Role

MAX_EXPERTS_PER_PAGE = 20
"""Experts in one message: each needs two blocks, and Slack allows 50."""

MAX_OPTIONS = 100
"""Slack's limit of options in one menu."""

EXPERT_ROLE = "expert"
ROLE_OPTIONS = [
    (EXPERT_ROLE, "Expert"),
    ("senior", "Senior expert"),
    ("coordinator", "Coordinator"),
]
NO_EXPERTS_TEXT = "No experts yet. To invite people, type /label invite."


@dataclass(frozen=True, slots=True)
class InviteSubmission:
    """The values of the invite modal."""

    invitation: Invitation
    groups: tuple[str, ...]
    channels: tuple[str, ...]


def invite_modal(campaigns: Sequence[Campaign], initial: InviteSubmission) -> ModalView:
    """Build the modal that invites people, with initial values."""
    return modal(
        "invite",
        "Invite people",
        [
            users_input("people", "People", chosen=initial.invitation.people, optional=True),
            text_input(
                "user_group",
                "User group",
                value=" ".join(initial.groups),
                placeholder="@linguists",
                optional=True,
                max_length=80,
            ),
            channel_input(
                "member_channel",
                "Members of a channel",
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
        return [context("No campaigns yet. You can add these people to one later.")]
    options = _campaign_options(campaigns)
    default = options[0][0] if len(options) == 1 else ""
    return [select_input("campaign", "Campaign", options, chosen=chosen or default, optional=True)]


def _campaign_options(campaigns: Sequence[Campaign]) -> list[tuple[str, str]]:
    return [(campaign.name, campaign.name) for campaign in campaigns[:MAX_OPTIONS]]


def _profile_inputs(domains: Sequence[str], languages: Sequence[str]) -> list[Block]:
    return [
        text_input(
            "domains",
            "Domains",
            value=", ".join(domains),
            placeholder="medicine, law",
            optional=True,
            max_length=500,
        ),
        text_input(
            "languages",
            "Languages",
            value=", ".join(languages),
            placeholder="en, de",
            optional=True,
            max_length=200,
        ),
    ]


def parse_invite_modal(values: StateValues) -> InviteSubmission:
    """Parse the values of the invite modal.

    Raises:
        BadTagsError: there are too many domains or languages.
    """
    inputs = parse_inputs(values)
    domains, languages = inputs.text("domains"), inputs.text("languages")
    return InviteSubmission(
        Invitation(
            people=tuple(inputs.texts("people")),
            campaign=inputs.text("campaign"),
            domains=parse_tags(domains) if domains else None,
            languages=parse_tags(languages) if languages else None,
            role=parse_role(inputs.text("role") or EXPERT_ROLE),
        ),
        groups=tuple(filter(None, [inputs.text("user_group")])),
        channels=tuple(filter(None, [inputs.text("member_channel")])),
    )


def parse_role(name: str) -> Role | None:
    """Return the role with this name, or None for an expert."""
    return Role(name) if name in tuple(Role) else None


@dataclass(frozen=True, slots=True)
class ExpertList:
    """The experts of a campaign, or all experts.

    `campaign_id` is 0 for all. `figures`, those of the campaign, and `quotas` are by expert.
    """

    experts: Sequence[ExpertDetails]
    campaign_id: int = 0
    figures: Mapping[int, ExpertFigures] = field(default_factory=dict)
    quotas: Mapping[int, Sequence[MemberQuota]] = field(default_factory=dict)


def render_expert_list(listed: ExpertList, after: int) -> Message:
    """Render one page of experts: those with ids above `after`."""
    remaining = [expert for expert in listed.experts if expert.id > after]
    if not remaining:
        return Message(NO_EXPERTS_TEXT, [text_with_mentions(NO_EXPERTS_TEXT)])
    shown = remaining[:MAX_EXPERTS_PER_PAGE]
    text = pluralize(len(listed.experts), "expert")
    rows = [block for one in shown for block in _expert_blocks(one, listed)]
    hours = Action("show_hours", listed.campaign_id)
    buttons = [button("Hours", hours.action_id, hours.value)]
    if len(remaining) > len(shown):
        next_page = Action("list_experts", listed.campaign_id, "", str(shown[-1].id))
        buttons.insert(0, button("Show more", next_page.action_id, next_page.value))
    blocks = [text_with_mentions(text), *rows, actions("list_experts", *buttons)]
    return Message(text, blocks)


def _expert_blocks(person: ExpertDetails, listed: ExpertList) -> list[Block]:
    figures = listed.figures.get(person.id)
    edit_action = Action("edit_expert", person.id)
    edit = button(
        "Edit…",
        edit_action.action_id,
        edit_action.value,
        accessibility_label=f"Edit {person.name or person.slack_id}",
    )
    parts: list[TextOrMention] = [Mention(person.slack_id)]
    if person.role:
        parts.append(f" · {dict(ROLE_OPTIONS)[person.role]}")
    parts += [f" · {', '.join(tags)}" for tags in (person.domains, person.languages) if tags]
    parts.append(f" · campaigns: {', '.join(person.campaigns) or 'none'}")
    parts += [f" · {describe_quota(quota)}" for quota in listed.quotas.get(person.id, ())]
    parts += [" · away"] if person.away_since else []
    parts += [f" · {text}" for text in _quality_texts(figures)] if figures else []
    return [text_with_mentions(*parts), actions(f"expert:{person.id}", edit)]


def _quality_texts(figures: ExpertFigures) -> Iterator[str]:
    """Yield the figures of an expert in the campaign, and what is suspicious."""
    accuracy = figures.gold_accuracy
    yield pluralize(figures.answers, "answer")
    if figures.agreement is not None:
        yield f"{figures.agreement:.0%} agreement"
    if accuracy:
        yield f"gold accuracy {accuracy.correct} of {accuracy.total}"
    if figures.consistency:
        same = figures.consistency
        yield f"same answer to {same.correct} of {same.total} repeated items"
    if figures.same_side:
        side = figures.same_side
        yield f"same side of {side.first + side.second} of {side.total} exchanged pairs"
    yield from map(describe_finding, figures.findings)


def expert_modal(person: ExpertDetails, campaigns: Sequence[Campaign], note: str = "") -> ModalView:
    """Build the modal that edits an expert; `note` is what coordinators wrote about them."""
    options = _campaign_options(campaigns)
    campaigns_input = multi_select_input(
        "campaigns",
        "Campaigns",
        options,
        chosen=person.campaigns,
        hint="If you remove a campaign, the expert gets no more of its tasks. Answers are kept.",
        optional=True,
    )
    return modal(
        "edit_expert",
        "Edit expert",
        [
            text_with_mentions(Mention(person.slack_id)),
            *_profile_inputs(person.domains, person.languages),
            select_input("role", "Role", ROLE_OPTIONS, chosen=person.role or EXPERT_ROLE),
            *([campaigns_input] if options else []),
            text_input(
                "note",
                "Note",
                value=note,
                hint="Only coordinators see it. No export has it.",
                optional=True,
                multiline=True,
                max_length=MAX_NOTE_CHARACTERS,
            ),
        ],
        submit="Save",
        metadata=str(person.id),
    )


@dataclass(frozen=True, slots=True)
class ExpertSubmission:
    """The values of the expert modal; `campaigns` is None if there were none to choose from."""

    domains: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None
    campaigns: tuple[str, ...] | None
    note: str = ""


def parse_expert_modal(values: StateValues) -> ExpertSubmission:
    """Parse the values of the expert modal.

    Raises:
        BadTagsError: there are too many domains or languages.
    """
    inputs = parse_inputs(values)
    return ExpertSubmission(
        domains=parse_tags(inputs.text("domains")),
        languages=parse_tags(inputs.text("languages")),
        role=parse_role(inputs.text("role") or EXPERT_ROLE),
        campaigns=tuple(inputs.texts("campaigns")) if "campaigns" in inputs else None,
        note=inputs.text("note"),
    )
