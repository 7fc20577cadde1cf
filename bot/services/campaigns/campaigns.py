"""Campaigns: creating and finding them, adding experts, and changing their state."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.errors import BotError, NotFoundError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.services.actors.actor import Actor, subject_of
from bot.services.actors.audit_log import CREATED_ACTION, SLACK, STATE_ACTIONS
from bot.services.campaigns import guidelines as guideline_versions
from bot.services.campaigns.new_campaign import NewCampaign
from bot.services.campaigns.validation import (
    PER_DAY,
    format_setting_error,
    validate_adaptive_overlap,
    validate_gold_share,
    validate_informative_pairs,
    validate_language,
    validate_lease_and_overlap,
    validate_link,
    validate_max_answers,
    validate_name,
    validate_practice,
    validate_reminders,
    validate_removal_days,
    validate_repeat_share,
    validate_slack_ids,
)
from bot.services.exports.jobs import queue_final_runs
from bot.validation_messages import without_consequences
from bot.webhooks.events import CampaignDone
from storage.queries import campaigns, memberships, on_hold_tasks, webhook_deliveries
from storage.queries.on_hold_tasks import HOLD_REASON_NO_EXPERT
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState


class NameTakenError(BotError):
    """A campaign called “{name}” already exists; choose another name."""


class BadKindSettingsError(BotError):
    """Invalid settings for a {kind} campaign: {problems}."""


class PastDeadlineError(BotError):
    """The deadline {deadline:%Y-%m-%d %H:%M} UTC has passed; choose one in the future."""


class ClosedCampaignError(BotError):
    """The campaign “{name}” is closed, which cannot be undone; create a new one."""


class UnknownCampaignError(BotError):
    """This campaign no longer exists; `/label status` lists all campaigns."""


@dataclass(frozen=True, slots=True)
class AddExpertsResult:
    """Slack ids of the new members of a campaign, and of those who were members already."""

    added: tuple[str, ...]
    existing: tuple[str, ...]


LifecycleAction = Callable[[Session, Campaign, Actor], object]
"""An action that pauses, resumes or closes a campaign."""


def create_campaign(session: Session, new_campaign: NewCampaign, actor: Actor) -> Campaign:
    """Create a campaign and add its experts.

    Raises:
        NotFoundError: there is no such kind.
        NameTakenError, BadNameError, BadKindSettingsError, BadNumberError, BadRemindersError,
        BadLinkError, BadLanguageError, PastDeadlineError, BadSlackIdError, NoPosteriorError,
        TargetWithoutMaximumError, NoPairsError, NoRepeatsError, NoPracticeError,
        GuidelinesTooLongError: nothing is created.
    """
    campaign = _build_campaign(new_campaign, actor)
    if campaigns.find_by_name(session, new_campaign.name):
        raise NameTakenError(name=new_campaign.name)
    session.add(campaign)
    try:
        session.flush()
    except IntegrityError as error:  # another process created it meanwhile
        raise NameTakenError(name=new_campaign.name) from error
    guideline_versions.store_first_version(session, campaign, actor)
    recorded = {"kind", "overlap", "max_overlap", "target_posterior"}
    details = campaign.model_dump(include=recorded, exclude_none=True)
    actor.record(session, CREATED_ACTION, subject_of(campaign), **details)
    if new_campaign.experts:
        add_experts(session, campaign, new_campaign.experts, actor)
    return campaign


def _build_campaign(new_campaign: NewCampaign, actor: Actor) -> Campaign:
    kind = kind_named(new_campaign.kind)
    settings = validate_settings(kind, new_campaign.settings)
    lease_minutes, overlap = validate_lease_and_overlap(new_campaign.lease, new_campaign.overlap)
    max_overlap, target_posterior = validate_adaptive_overlap(
        kind, overlap, new_campaign.max_overlap, new_campaign.target_posterior
    )
    rules = validate_practice(
        kind,
        new_campaign.practice_questions,
        new_campaign.practice_pass_mark,
        new_campaign.practice_attempts,
    )
    if new_campaign.deadline and new_campaign.deadline <= actor.at:
        raise PastDeadlineError(deadline=new_campaign.deadline)
    return Campaign(
        name=validate_name(new_campaign.name),
        title=" ".join(new_campaign.title.split()) or new_campaign.name,
        kind=new_campaign.kind,
        settings=settings,
        guidelines=guideline_versions.validate_guidelines(new_campaign.guidelines),
        overlap=overlap,
        max_overlap=max_overlap,
        target_posterior=target_posterior,
        informative_pairs=validate_informative_pairs(kind, chosen=new_campaign.informative_pairs),
        lease_minutes=lease_minutes,
        reminder_minutes=validate_reminders(new_campaign.reminders, lease_minutes),
        seed=secrets.token_hex(16),
        deadline=new_campaign.deadline,
        gold_share=validate_gold_share(new_campaign.gold_share),
        repeat_share=validate_repeat_share(kind, settings, new_campaign.repeat_share),
        practice_questions=rules.questions,
        practice_pass_mark=rules.pass_mark,
        practice_attempts=rules.attempts,
        guidelines_link=validate_link(new_campaign.guidelines_link),
        channel=new_campaign.channel,
        domains=list(new_campaign.domains),
        language=validate_language(new_campaign.language),
        skip_policy=new_campaign.skip_policy,
        pause_on_quality_failure=new_campaign.pause_on_quality_failure,
        sends_welcome=new_campaign.sends_welcome,
        removal_days=validate_removal_days(new_campaign.removal_days),
        max_answers=validate_max_answers(new_campaign.max_answers),
        max_answers_per_day=validate_max_answers(new_campaign.max_answers_per_day, PER_DAY),
        retention_days=new_campaign.retention_days,
        created_by=actor.name if actor.origin == SLACK else None,
        created_at=actor.at,
    )


def validate_settings(kind: Kind[Any], settings: Mapping[str, object]) -> dict[str, Any]:
    """Return a campaign's settings, completed with the kind's current defaults.

    Raises:
        BadKindSettingsError: the message lists every problem.
    """
    try:
        parsed = kind.settings.model_validate(dict(settings))
    except ValidationError as error:
        known = kind.settings.model_fields
        details = without_consequences(error.errors())
        problems = "; ".join(format_setting_error(detail, known) for detail in details)
        raise BadKindSettingsError(kind=kind.name, problems=problems) from None
    return dict(parsed.model_dump(mode="json"))


def add_experts(
    session: Session, campaign: Campaign, slack_ids: Iterable[str], actor: Actor
) -> AddExpertsResult:
    """Add experts to a campaign; current members stay.

    Raises:
        ClosedCampaignError: the campaign is closed.
        BadSlackIdError: one of them is not the id of a person; nobody is added.
    """
    require_not_closed(campaign)
    people = validate_slack_ids(slack_ids)
    expert_ids = memberships.ensure_experts(session, people, actor.at)
    ids = list(expert_ids.values())
    inviter = actor.name if actor.origin == SLACK else None
    new_ids = memberships.add_members(session, id_of(campaign), ids, actor.at, inviter)
    if new_ids:
        on_hold_tasks.return_all_to_queue(session, id_of(campaign), HOLD_REASON_NO_EXPERT)
    added = tuple(slack_id for slack_id in people if expert_ids[slack_id] in new_ids)
    for slack_id in added:
        actor.record(session, "added an expert", subject_of(campaign), expert=slack_id)
    existing = tuple(slack_id for slack_id in people if expert_ids[slack_id] not in new_ids)
    return AddExpertsResult(added, existing)


def pause(session: Session, campaign: Campaign, actor: Actor) -> None:
    """Stop assigning tasks for now; open tasks can still be answered.

    Raises:
        ClosedCampaignError: the campaign is closed.
    """
    _change_state(session, campaign, CampaignState.PAUSED, actor)


def resume(session: Session, campaign: Campaign, actor: Actor) -> None:
    """Assign tasks again; raise ClosedCampaignError if the campaign is closed."""
    _change_state(session, campaign, CampaignState.OPEN, actor)


def close(session: Session, campaign: Campaign, actor: Actor) -> int:
    """Close a campaign permanently; return how many open tasks were unassigned.

    Each of its export schedules ends after a last run with all the answers.

    Raises:
        ClosedCampaignError: the campaign is already closed.
    """
    _change_state(session, campaign, CampaignState.CLOSED, actor)
    queue_final_runs(session, campaign, actor)
    done = CampaignDone("closed")
    webhook_deliveries.queue_event(session, done, campaign_id=id_of(campaign), now=actor.at)
    return memberships.release_open_assignments(session, id_of(campaign))


def _change_state(session: Session, campaign: Campaign, state: CampaignState, actor: Actor) -> None:
    require_not_closed(campaign)
    if campaign.state != state:
        action, before = STATE_ACTIONS[state], str(campaign.state)
        actor.record(session, action, subject_of(campaign), before=before)
        campaign.state = state
        session.add(campaign)


def require_not_closed(campaign: Campaign) -> None:
    """Raise ClosedCampaignError if a campaign is closed."""
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=campaign.name)


def campaign_by_name(session: Session, name: str, *, lock: bool = False) -> Campaign:
    """Return the campaign called `name`, locked until the transaction ends if `lock` is set.

    Raises:
        NotFoundError: there is none; the message suggests the most similar names.
    """
    campaign = campaigns.find_by_name(session, name, lock=lock)
    if campaign is None:
        hint = _suggest_names(campaigns.list_names(session), name)
        raise NotFoundError(what="campaign", name=name, hint=hint)
    return campaign


def campaign_by_id(session: Session, campaign_id: int, *, lock: bool = False) -> Campaign:
    """Return the campaign with an id, locked until the transaction ends if `lock` is set.

    Raises:
        UnknownCampaignError: there is none.
    """
    campaign = campaigns.find_by_id(session, campaign_id, lock=lock)
    if campaign is None:
        raise UnknownCampaignError
    return campaign


def _suggest_names(known: list[str], name: str) -> str:
    matches = get_close_matches(name.lower(), known, n=3, cutoff=0.65)
    if matches:
        return f"Did you mean {' or '.join(f'“{match}”' for match in matches)}?"
    return f"Campaigns: {', '.join(known[:10])}." if known else "There are no campaigns yet."
