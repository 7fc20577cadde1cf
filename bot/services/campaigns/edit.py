"""Editing a running campaign: what answers so far mean never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.services.actors.actor import Actor, subject_of
from bot.services.campaigns.campaigns import (
    PastDeadlineError,
    require_not_closed,
    validate_settings,
)
from bot.services.campaigns.validation import (
    PER_DAY,
    validate_adaptive_overlap,
    validate_gold_share,
    validate_lease_and_overlap,
    validate_max_answers,
    validate_reminders,
    validate_removal_days,
)
from storage.queries import campaigns as campaign_queries
from storage.queries import corrections
from storage.row_id import id_of
from storage.tables import Campaign, SkipPolicy

MINUTE = timedelta(minutes=1)


class MeaningChangedError(BotError):
    """“{setting}” of “{name}” cannot change: {reason}. Clone it with `/label clone {name}`."""


class EmptyTitleError(BotError):
    """The title is empty. Write what experts should read, such as “Good jokes”."""


@dataclass(frozen=True, slots=True)
class CampaignEdit:
    """New values of a campaign; None: as before.

    Attributes:
        deadline: timezone-aware. `removes_deadline` leaves the campaign without one.
        lease: working time, for tasks assigned from now on.
        reminders: working time after delivery at which each reminder is due.
        overlap: answers per item, with `max_overlap` and `target_posterior` as in `NewCampaign`.
        removal_days: days after the answer until the bot removes its messages; 0: never.
        max_answers, max_answers_per_day: how many tasks one expert gets at most, in the campaign
            and on one day; 0: no limit.
        settings: settings of the kind that change; the others stay.
    """

    title: str | None = None
    deadline: datetime | None = None
    removes_deadline: bool = False
    lease: timedelta | None = None
    reminders: Sequence[timedelta] | None = None
    gold_share: float | None = None
    overlap: int | None = None
    max_overlap: int | None = None
    target_posterior: float | None = None
    skip_policy: SkipPolicy | None = None
    removal_days: int | None = None
    max_answers: int | None = None
    max_answers_per_day: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a campaign, with its value before and after."""

    field: str
    before: Any
    after: Any


def compare(
    session: Session, campaign: Campaign, edit: CampaignEdit, now: datetime
) -> list[Difference]:
    """Return what an edit would change, without changing anything.

    Raises:
        ClosedCampaignError: the campaign is closed.
        MeaningChangedError: a setting would change what answers so far mean.
        EmptyTitleError, PastDeadlineError, BadNumberError, BadRemindersError, NoPosteriorError,
        TargetWithoutMaximumError, BadKindSettingsError: a value is not valid.
    """
    require_not_closed(campaign)
    values = _new_values(session, campaign, edit, now)
    return [
        Difference(name, getattr(campaign, name), value)
        for name, value in values.items()
        if getattr(campaign, name) != value
    ]


def edit_campaign(
    session: Session, campaign: Campaign, edit: CampaignEdit, actor: Actor
) -> list[Difference]:
    """Change a campaign; return what changed. Raises the errors of `compare`.

    Open tasks keep the end of their time limit. Items that have more answers keep them.
    """
    differences = compare(session, campaign, edit, actor.at)
    for difference in differences:
        setattr(campaign, difference.field, difference.after)
    session.add(campaign)
    if any(difference.field in ("overlap", "max_overlap") for difference in differences):
        corrections.set_overlap(session, id_of(campaign), campaign.overlap)
    if differences:
        details = {
            one.field: [_json_value(one.before), _json_value(one.after)] for one in differences
        }
        actor.record(session, "edited a campaign", subject_of(campaign), **details)
    return differences


def _json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _new_values(
    session: Session, campaign: Campaign, edit: CampaignEdit, now: datetime
) -> dict[str, Any]:
    return {
        **_title(edit),
        **_deadline(campaign, edit, now),
        **_lease_and_reminders(campaign, edit),
        **({} if edit.gold_share is None else {"gold_share": validate_gold_share(edit.gold_share)}),
        **({} if edit.skip_policy is None else {"skip_policy": edit.skip_policy}),
        **_removal(edit),
        **_quota(edit),
        **_overlap(campaign, edit),
        **_settings(session, campaign, edit),
    }


def _title(edit: CampaignEdit) -> dict[str, Any]:
    if edit.title is None:
        return {}
    title = " ".join(edit.title.split())
    if not title:
        raise EmptyTitleError
    return {"title": title}


def _deadline(campaign: Campaign, edit: CampaignEdit, now: datetime) -> dict[str, Any]:
    if edit.removes_deadline:
        return {"deadline": None}
    if edit.deadline is None or edit.deadline == campaign.deadline:
        return {}
    if edit.deadline <= now:
        raise PastDeadlineError(deadline=edit.deadline)
    return {"deadline": edit.deadline}


def _lease_and_reminders(campaign: Campaign, edit: CampaignEdit) -> dict[str, Any]:
    if edit.lease is None and edit.reminders is None:
        return {}
    before = timedelta(minutes=campaign.lease_minutes)
    lease = before if edit.lease is None else edit.lease
    minutes, _overlap = validate_lease_and_overlap(lease, campaign.overlap)
    reminders = [timedelta(minutes=number) for number in campaign.reminder_minutes]
    wanted = reminders if edit.reminders is None else edit.reminders
    return {
        "lease_minutes": minutes,
        "reminder_minutes": validate_reminders(wanted, minutes),
    }


def _quota(edit: CampaignEdit) -> dict[str, Any]:
    wanted = {"max_answers": edit.max_answers, "max_answers_per_day": edit.max_answers_per_day}
    periods = {"max_answers": "", "max_answers_per_day": PER_DAY}
    return {
        name: validate_max_answers(count, periods[name])
        for name, count in wanted.items()
        if count is not None
    }


def _removal(edit: CampaignEdit) -> dict[str, Any]:
    if edit.removal_days is None:
        return {}
    return {"removal_days": validate_removal_days(edit.removal_days)}


def _overlap(campaign: Campaign, edit: CampaignEdit) -> dict[str, Any]:
    if edit.overlap is None:
        return {}
    kind, lease = kind_named(campaign.kind), timedelta(minutes=campaign.lease_minutes)
    _lease, overlap = validate_lease_and_overlap(lease, edit.overlap)
    maximum, posterior = validate_adaptive_overlap(
        kind, overlap, edit.max_overlap, edit.target_posterior
    )
    return {"overlap": overlap, "max_overlap": maximum, "target_posterior": posterior}


def _settings(session: Session, campaign: Campaign, edit: CampaignEdit) -> dict[str, Any]:
    """Return the settings of the kind after the edit.

    Before there are items, every setting can change.
    """
    if not edit.settings:
        return {}
    kind = kind_named(campaign.kind)
    settings = validate_settings(kind, {**campaign.settings, **edit.settings})
    if campaign_queries.has_items(session, id_of(campaign)):
        for name, value in settings.items():
            if value != campaign.settings.get(name, value):
                _require_same_meaning(campaign, name, value, kind.settings.EDITABLE)
    return {"settings": settings}


def _require_same_meaning(
    campaign: Campaign,
    name: str,
    value: Any,  # noqa: ANN401 - any setting
    editable: frozenset[str],
) -> None:
    if name not in editable:
        reason = "answers so far would mean something else"
        raise MeaningChangedError(setting=name, name=campaign.name, reason=reason)
    if name == "reason_categories":
        kept = {category["key"] for category in value}
        removed = [one["key"] for one in campaign.settings[name] if one["key"] not in kept]
        if removed:
            reason = f"answers so far may have the reason {removed[0]}"
            raise MeaningChangedError(setting=name, name=campaign.name, reason=reason)
