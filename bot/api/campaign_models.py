"""Bodies of requests that create or change a campaign, and its definition in responses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, Field

from bot.api.models import Count, Flag, Minutes, Moment, Name, Names, RequestModel, Share, Text
from bot.services.campaigns.edit import CampaignEdit
from bot.services.campaigns.new_campaign import (
    DEFAULT_LEASE,
    DEFAULT_PASS_MARK,
    DEFAULT_PRACTICE_ATTEMPTS,
    NewCampaign,
    default_reminders,
)
from bot.services.campaigns.templates import TemplateUse
from storage.tables import Campaign, SkipPolicy

MINUTE = timedelta(minutes=1)


class CampaignBody(RequestModel):
    """A campaign to create; the fields are those of `labelbot campaign create`."""

    name: Name
    kind: Name
    title: Name = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    guidelines: Text = ""
    overlap: Count = 3
    max_overlap: Count | None = None
    target_posterior: Share | None = None
    informative_pairs: Flag = False
    lease_minutes: Minutes = int(DEFAULT_LEASE / MINUTE)
    reminder_minutes: list[Minutes] | None = Field(
        default=None, description="Null: the usual ones that come before the lease ends."
    )
    deadline: Moment | None = None
    experts: Names = Field(default_factory=list)
    guidelines_link: Name | None = None
    gold_share: Share = 0.0
    repeat_share: Share = 0.0
    practice_questions: Count = 0
    practice_pass_mark: Share = DEFAULT_PASS_MARK
    practice_attempts: Count = DEFAULT_PRACTICE_ATTEMPTS
    channel: Name | None = None
    domains: Names = Field(default_factory=list)
    language: Name | None = None
    skip_policy: SkipPolicy = SkipPolicy.REASSIGN
    pause_on_quality_failure: Flag = False
    sends_welcome: Flag = True
    removal_days: Count = 0
    max_answers: Count = 0
    max_answers_per_day: Count = 0

    def to_new_campaign(self) -> NewCampaign:
        """Return it as the service takes it."""
        values = self.model_dump(exclude={"lease_minutes", "reminder_minutes"})
        lease, reminders = self.lease_minutes * MINUTE, self.reminder_minutes
        return NewCampaign(
            **values,
            lease=lease,
            reminders=default_reminders(lease)
            if reminders is None
            else [minutes * MINUTE for minutes in reminders],
        )


class CampaignChanges(RequestModel):
    """New values of a campaign. Fields that are left out stay; a null deadline removes it."""

    title: Name | None = None
    deadline: Moment | None = None
    lease_minutes: Minutes | None = None
    reminder_minutes: list[Minutes] | None = None
    gold_share: Share | None = None
    overlap: Count | None = None
    max_overlap: Count | None = None
    target_posterior: Share | None = None
    skip_policy: SkipPolicy | None = None
    removal_days: Count | None = None
    max_answers: Count | None = None
    max_answers_per_day: Count | None = None
    settings: dict[str, Any] = Field(default_factory=dict)

    def to_edit(self) -> CampaignEdit:
        """Return it as the service takes it."""
        values = self.model_dump(exclude={"lease_minutes", "reminder_minutes"})
        lease, reminders = self.lease_minutes, self.reminder_minutes
        return CampaignEdit(
            **values,
            removes_deadline="deadline" in self.model_fields_set and self.deadline is None,
            lease=None if lease is None else lease * MINUTE,
            reminders=None if reminders is None else [one * MINUTE for one in reminders],
        )


class CampaignDefinition(BaseModel):
    """What a campaign is, without its progress; `GET …/status` has that."""

    name: str
    title: str
    kind: str
    state: str
    settings: dict[str, Any]
    guidelines: str
    guidelines_version: int
    guidelines_link: str | None
    overlap: int
    max_overlap: int | None
    target_posterior: float | None
    informative_pairs: bool
    lease_minutes: int
    reminder_minutes: list[int]
    deadline: datetime | None
    domains: list[str]
    language: str | None
    skip_policy: str
    gold_share: float
    repeat_share: float
    practice_questions: int
    practice_pass_mark: float
    practice_attempts: int
    pause_on_quality_failure: bool
    sends_welcome: bool
    removal_days: int
    max_answers: int
    max_answers_per_day: int
    channel: str | None
    created_at: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignDefinition:
        """Return the definition of a stored campaign."""
        return cls.model_validate(campaign, from_attributes=True)


class PracticeResult(CampaignDefinition):
    """A campaign after a change of its practice.

    `missing_gold` is how many more gold items the practice needs before a new expert gets tasks.
    """

    missing_gold: int


class CloneBody(RequestModel):
    """The name of a copy ("": the next free one), and settings of its kind that differ."""

    name: Name = ""
    settings: dict[str, Any] = Field(default_factory=dict)


class TemplateBody(RequestModel):
    """The name of a template ("": that of the campaign)."""

    name: Name = ""


class TemplateUseBody(RequestModel):
    """A campaign to create from a template: what is not part of the template."""

    name: Name
    title: Name = ""
    deadline: Moment | None = None
    experts: Names = Field(default_factory=list)

    def to_use(self) -> TemplateUse:
        """Return it as the service takes it."""
        return TemplateUse(**self.model_dump())


class GuidelinesBody(RequestModel):
    """New guidelines in Markdown; `note` says what changed, and each expert sees it once."""

    text: Text
    note: Name
    link: Name | None = None


class AudienceBody(RequestModel):
    """Domains and language of a campaign; null leaves them, an empty value removes them."""

    domains: Names | None = None
    language: Name | None = None


class PracticeBody(RequestModel):
    """The practice before the first task; null leaves a value."""

    questions: Count | None = None
    pass_mark: Share | None = None
    attempts: Count | None = None


class QualityBody(RequestModel):
    """Whether an expert whose answers clearly fail is paused, or only reported."""

    pause_on_quality_failure: Flag
