"""Applying a description of a campaign: create it, or change it until it is as described."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, guidelines
from bot.services.campaigns.audience import change_audience
from bot.services.campaigns.edit import CampaignEdit, Difference, edit_campaign
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.qualification import (
    PracticeChange,
    count_missing_gold,
    edit_practice,
)
from bot.services.campaigns.quality_failures import change_pausing
from storage.queries import campaigns as campaign_queries
from storage.queries import progress
from storage.row_id import id_of
from storage.tables import Campaign

COMPARED_FIELDS = (
    "title",
    "kind",
    "settings",
    "guidelines",
    "guidelines_link",
    "overlap",
    "max_overlap",
    "target_posterior",
    "informative_pairs",
    "lease_minutes",
    "reminder_minutes",
    "deadline",
    "gold_share",
    "repeat_share",
    "practice_questions",
    "practice_pass_mark",
    "practice_attempts",
    "domains",
    "language",
    "skip_policy",
    "pause_on_quality_failure",
    "sends_welcome",
    "removal_days",
    "max_answers",
    "max_answers_per_day",
)
FIXED_FIELDS = ("kind", "informative_pairs", "repeat_share", "sends_welcome")
"""Fields that no service changes once a campaign exists."""


class FixedFieldError(BotError):
    """“{field}” of “{name}” is {value} and cannot change. Describe a campaign with another name."""


class GuidelinesNoteError(BotError):
    """The guidelines of “{name}” change. Experts see a note on what changed, and there is none."""

    command_hint = "Add --note TEXT."


class OutdatedPreviewError(BotError):
    """“{name}” changed after you saw the differences. Nothing was applied; run it again."""


@dataclass(frozen=True, slots=True)
class CampaignDescription:
    """What a campaign should be.

    Attributes:
        campaign: the values; those of a campaign to create.
        stated: the fields of `campaign` that are described. An existing campaign keeps the others.
        note: what changed in the guidelines, for experts.
    """

    campaign: NewCampaign
    stated: frozenset[str]
    note: str = ""

    def get(self, field: str) -> Any:  # noqa: ANN401 - the value of any field
        """Return the value of a field; None if it is not described."""
        return getattr(self.campaign, field) if field in self.stated else None


@dataclass(frozen=True, slots=True)
class DescriptionChanges:
    """What applying a description changes.

    `unlisted` are the Slack ids of members whom the description does not list; they stay.
    `missing_gold` is how many more gold items the practice needs, if that changes.
    """

    is_new: bool
    differences: list[Difference]
    unlisted: list[str]
    missing_gold: int = field(default=0, compare=False)


def preview(session: Session, description: CampaignDescription, actor: Actor) -> DescriptionChanges:
    """Return what `apply_description` would change, and change nothing. Raises the same errors."""
    with session.begin_nested() as savepoint:
        changes = apply_description(session, description, actor)
        savepoint.rollback()
    return changes


def apply_shown(
    session: Session, description: CampaignDescription, shown: DescriptionChanges, actor: Actor
) -> DescriptionChanges:
    """Apply a description whose changes somebody saw; raise OutdatedPreviewError if they differ.

    Raises the errors of `apply_description` too.
    """
    changes = apply_description(session, description, actor)
    if changes != shown:
        raise OutdatedPreviewError(name=description.campaign.name)
    return changes


def apply_description(
    session: Session, description: CampaignDescription, actor: Actor
) -> DescriptionChanges:
    """Create the described campaign, or change it. Applied twice, it changes nothing more.

    Members are added and never removed.

    Raises:
        FixedFieldError, GuidelinesNoteError: the campaign exists, and cannot become as described.
        The errors of `create_campaign`, `edit_campaign`, `change_guidelines`, `change_practice` and
        `change_audience`.
    """
    wanted = description.campaign
    campaign = campaign_queries.find_by_name(session, wanted.name, lock=True)
    before = _snapshot(session, campaign) if campaign else {}
    if campaign:
        _change(session, campaign, description, actor)
    else:
        campaign = campaigns.create_campaign(session, wanted, actor)
    session.flush()
    after = _snapshot(session, campaign)
    differences = _differences(before, after)
    changes_practice = any(one.field == "practice_questions" for one in differences)
    return DescriptionChanges(
        is_new=not before,
        differences=differences,
        unlisted=_find_unlisted(description, after["experts"]),
        missing_gold=count_missing_gold(session, campaign) if changes_practice else 0,
    )


def _change(
    session: Session, campaign: Campaign, description: CampaignDescription, actor: Actor
) -> None:
    _require_fixed_fields(campaign, description)
    get = description.get
    edit_campaign(session, campaign, _edit_of(campaign, description), actor)
    practice = PracticeChange(
        get("practice_questions"), get("practice_pass_mark"), get("practice_attempts")
    )
    edit_practice(session, campaign, practice, actor)
    change_audience(session, campaign, get("domains"), get("language"), actor)
    if "pause_on_quality_failure" in description.stated:
        pauses = description.campaign.pause_on_quality_failure
        change_pausing(session, campaign, actor, pauses=pauses)
    _change_guidelines(session, campaign, description, actor)
    if description.campaign.experts:
        campaigns.add_experts(session, campaign, description.campaign.experts, actor)


def _require_fixed_fields(campaign: Campaign, description: CampaignDescription) -> None:
    for name in FIXED_FIELDS:
        value = getattr(campaign, name)
        if description.get(name) not in (None, value):
            raise FixedFieldError(field=name, name=campaign.name, value=value)


def _edit_of(campaign: Campaign, description: CampaignDescription) -> CampaignEdit:
    """Return the edit that a description asks for; a range keeps its target posterior."""
    get, wanted = description.get, description.campaign
    target = wanted.target_posterior
    if target is None and wanted.max_overlap is not None:
        target = campaign.target_posterior
    return CampaignEdit(
        title=get("title"),
        deadline=get("deadline"),
        removes_deadline="deadline" in description.stated and wanted.deadline is None,
        lease=get("lease"),
        reminders=get("reminders"),
        gold_share=get("gold_share"),
        overlap=get("overlap"),
        max_overlap=wanted.max_overlap,
        target_posterior=target,
        skip_policy=get("skip_policy"),
        removal_days=get("removal_days"),
        max_answers=get("max_answers"),
        max_answers_per_day=get("max_answers_per_day"),
        settings=get("settings") or {},
    )


def _change_guidelines(
    session: Session, campaign: Campaign, description: CampaignDescription, actor: Actor
) -> None:
    text, link = description.get("guidelines"), description.get("guidelines_link")
    new_text = campaign.guidelines if text is None else text.strip()
    new_link = campaign.guidelines_link if link is None else link
    if (new_text, new_link or None) == (campaign.guidelines, campaign.guidelines_link):
        return
    if not description.note.strip():
        raise GuidelinesNoteError(name=campaign.name)
    guidelines.change_guidelines(
        session, campaign, new_text, description.note, actor, link=new_link
    )


def _snapshot(session: Session, campaign: Campaign) -> dict[str, Any]:
    """Return the compared fields of a campaign, and the Slack ids of its members."""
    active = campaign_queries.active_member_ids(session, id_of(campaign))
    members = progress.campaign_members(session, id_of(campaign))
    fields = {field: getattr(campaign, field) for field in COMPARED_FIELDS}
    return {**fields, "experts": [one.slack_id for one in members if one.expert_id in active]}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    empty: tuple[object, ...] = (None, "", [])
    return [
        Difference(field, before.get(field), value)
        for field, value in after.items()
        if (value != before[field] if before else value not in empty)
    ]


def _find_unlisted(description: CampaignDescription, members: Collection[str]) -> list[str]:
    if "experts" not in description.stated:
        return []
    return [member for member in members if member not in description.campaign.experts]
