"""Inviting people and looking at experts: the two modals, and the list with a button for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.services.inviting import Invitation, Known, tags
from bot.services.steering import Named as Campaign
from bot.slack.blocks import Block, actions, button, context, modal
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.inputs import (
    channel_input,
    choice_input,
    choices_input,
    entered,
    people_input,
    text_input,
)
from bot.slack.mentioning import Named, Part, sentence
from bot.slack.text import counted
from storage.tables import Role

MOST_LISTED = 20
"""Experts in one message: two blocks each, and Slack takes 50."""

MOST_OPTIONS = 100
"""Options that Slack takes in one menu."""

EXPERT = "expert"
ROLES = [(EXPERT, "Expert"), ("senior", "Senior expert"), ("coordinator", "Coordinator")]
NONE = "There are no experts yet. /label invite brings them."


@dataclass(frozen=True, slots=True)
class Sent:
    """What was entered in the modal of an invitation."""

    invitation: Invitation
    groups: tuple[str, ...]
    channels: tuple[str, ...]


def window(campaigns: Sequence[Campaign], begun: Sent) -> dict[str, Any]:
    """Draw the modal to invite people, with what is known already."""
    return modal(
        "invite",
        "Invite people",
        [
            people_input("people", "People", chosen=begun.invitation.people, optional=True),
            text_input(
                "group",
                "A user group",
                value=" ".join(begun.groups),
                placeholder="@linguists",
                optional=True,
                most=80,
            ),
            channel_input(
                "pool_channel",
                "The members of a channel",
                chosen=next(iter(begun.channels), ""),
                optional=True,
            ),
            *_into(campaigns, begun.invitation.campaign),
            *_about(begun.invitation.domains or (), begun.invitation.languages or ()),
            choice_input("role", "Role", ROLES, chosen=begun.invitation.role or EXPERT),
        ],
        submit="Invite",
    )


def _into(campaigns: Sequence[Campaign], chosen: str) -> list[Block]:
    if not campaigns:
        return [context("There is no campaign yet; they will be known when there is one.")]
    options = [(one.name, one.name) for one in campaigns[:MOST_OPTIONS]]
    only = options[0][0] if len(options) == 1 else ""
    return [choice_input("campaign", "Into", options, chosen=chosen or only, optional=True)]


def _about(domains: Sequence[str], languages: Sequence[str]) -> list[Block]:
    return [
        text_input(
            "domains",
            "What they know",
            value=", ".join(domains),
            placeholder="medicine, law",
            optional=True,
            most=500,
        ),
        text_input(
            "languages",
            "Languages they read",
            value=", ".join(languages),
            placeholder="en, de",
            optional=True,
            most=200,
        ),
    ]


def read(values: Mapping[str, Any]) -> Sent:
    """Return what was entered in the modal of an invitation.

    Raises:
        BadTagsError: domains or languages are too many.
    """
    said = entered(values)
    domains, languages = said.get("domains"), said.get("languages")
    return Sent(
        Invitation(
            people=tuple(said.get("people") or ()),
            campaign=said.get("campaign") or "",
            domains=tags(domains) if domains else None,
            languages=tags(languages) if languages else None,
            role=role_called(said.get("role") or EXPERT),
        ),
        groups=tuple(filter(None, [said.get("group")])),
        channels=tuple(filter(None, [said.get("pool_channel")])),
    )


def role_called(name: str) -> Role | None:
    """Return the role of this name, None for an expert."""
    return Role(name) if name in tuple(Role) else None


def roster(experts: Sequence[Known], after: int, campaign_id: int) -> Drawn:
    """Draw the experts whose number is above `after`, a button each, and one for the next page."""
    left = [one for one in experts if one.id > after]
    if not left:
        return Drawn(NONE, [sentence(NONE)])
    shown = left[:MOST_LISTED]
    words = counted(len(experts), "expert")
    blocks = [sentence(words), *(block for one in shown for block in _row(one))]
    if len(left) > len(shown):
        more = Press("roster", campaign_id, "", str(shown[-1].id))
        blocks.append(actions("roster", button("More", more.action_id, more.value)))
    return Drawn(words, blocks)


def _row(one: Known) -> list[Block]:
    press = Press("expert", one.id)
    edit = button("Edit", press.action_id, press.value, says=f"Edit {one.name or one.slack_id}")
    said: list[Part] = [Named(one.slack_id)]
    if one.role:
        said.append(f" · {dict(ROLES)[one.role]}")
    said += [f" · {', '.join(words)}" for words in (one.domains, one.languages) if words]
    said.append(f" · in {', '.join(one.campaigns)}" if one.campaigns else " · in no campaign")
    said += [" · away"] if one.away_since else []
    return [sentence(*said), actions(f"expert:{one.id}", edit)]


def expert(one: Known, campaigns: Sequence[Campaign]) -> dict[str, Any]:
    """Draw the modal in which an expert is edited."""
    options = [(each.name, each.name) for each in campaigns[:MOST_OPTIONS]]
    pools = choices_input(
        "campaigns",
        "Campaigns",
        options,
        chosen=one.campaigns,
        hint="Out of one, they get no more of its tasks; what they answered stays.",
        optional=True,
    )
    return modal(
        "expert",
        "Expert",
        [
            sentence(Named(one.slack_id)),
            *_about(one.domains, one.languages),
            choice_input("role", "Role", ROLES, chosen=one.role or EXPERT),
            *([pools] if options else []),
        ],
        submit="Save",
        metadata=str(one.id),
    )


@dataclass(frozen=True, slots=True)
class Edited:
    """What was chosen of an expert; `campaigns` None: the modal had none to choose from."""

    domains: tuple[str, ...]
    languages: tuple[str, ...]
    role: Role | None
    campaigns: tuple[str, ...] | None


def edited(values: Mapping[str, Any]) -> Edited:
    """Return what was chosen in the modal of an expert.

    Raises:
        BadTagsError: domains or languages are too many.
    """
    said = entered(values)
    return Edited(
        domains=tags(said.get("domains") or ""),
        languages=tags(said.get("languages") or ""),
        role=role_called(said.get("role") or EXPERT),
        campaigns=tuple(said["campaigns"] or ()) if "campaigns" in said else None,
    )
