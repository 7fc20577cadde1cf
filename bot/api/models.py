"""What requests carry, and the definition of a campaign in responses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.services.campaigns.edit import CampaignEdit
from bot.services.campaigns.new_campaign import (
    DEFAULT_LEASE,
    DEFAULT_PASS_MARK,
    DEFAULT_PRACTICE_ATTEMPTS,
    DEFAULT_REMINDERS,
    NewCampaign,
)
from storage.tables import Campaign, SkipPolicy

MAX_MINUTES = 525_600
MAX_NUMBER = 1_000_000

MINUTE = timedelta(minutes=1)

Text = Annotated[str, Field(max_length=100_000)]
Name = Annotated[str, Field(max_length=200)]
Names = Annotated[list[Name], Field(max_length=1_000)]
Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES, strict=True, description="Working minutes.")]
Count = Annotated[int, Field(ge=0, le=MAX_NUMBER, strict=True)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Moment = Annotated[AwareDatetime, Field(description="With a time zone.")]


class RequestModel(BaseModel):
    """A body of a request. Unknown fields are an error, so that a misspelled one is noticed."""

    model_config = ConfigDict(extra="forbid")


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
    reminder_minutes: list[Minutes] = [int(one / MINUTE) for one in DEFAULT_REMINDERS]
    deadline: Moment | None = None
    experts: Names = []
    guidelines_link: Name | None = None
    gold_share: Share = 0.0
    repeat_share: Share = 0.0
    practice_questions: Count = 0
    practice_pass_mark: Share = DEFAULT_PASS_MARK
    practice_attempts: Count = DEFAULT_PRACTICE_ATTEMPTS
    channel: Name | None = None
    domains: Names = []
    language: Name | None = None
    skip_policy: SkipPolicy = SkipPolicy.REASSIGN
    pause_on_quality_failure: Flag = False
    sends_welcome: Flag = True

    def to_new_campaign(self) -> NewCampaign:
        """Return it as the service takes it."""
        values = self.model_dump(exclude={"lease_minutes", "reminder_minutes"})
        return NewCampaign(
            **values,
            lease=self.lease_minutes * MINUTE,
            reminders=[minutes * MINUTE for minutes in self.reminder_minutes],
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
    channel: str | None
    created_at: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignDefinition:
        """Return the definition of a stored campaign."""
        return cls.model_validate(campaign, from_attributes=True)


class CloneBody(RequestModel):
    """The name of a copy ("": the next free one), and settings of its kind that differ."""

    name: Name = ""
    settings: dict[str, Any] = Field(default_factory=dict)


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


class InvitationBody(RequestModel):
    """People to invite by Slack id; null leaves their domains, languages or role."""

    people: Annotated[list[Name], Field(min_length=1, max_length=1_000)]
    campaign: Name = ""
    domains: Names | None = None
    languages: Names | None = None
    role: Name | None = Field(default=None, description="senior or coordinator")


class MembersBody(RequestModel):
    """Slack ids of experts to add to a campaign."""

    experts: Annotated[list[Name], Field(min_length=1, max_length=1_000)]


class RoleBody(RequestModel):
    """The new role: expert, senior or coordinator."""

    role: Name


class AssignmentBody(RequestModel):
    """Tasks to assign to an expert: one item, or else the next `count`."""

    expert: Name
    item: Name = ""
    count: Annotated[int, Field(ge=1, le=50, strict=True)] = 1


class HoldBody(RequestModel):
    """Why an item is put on hold."""

    reason: Name = ""


class OverlapBody(RequestModel):
    """Answers per item."""

    overlap: Count


class PersonBody(RequestModel):
    """An expert by Slack id."""

    expert: Name


class ReassignmentBody(RequestModel):
    """Whose open tasks go to which other expert."""

    expert: Name
    to: Name


class ReopeningBody(RequestModel):
    """Which answer is reopened; the expert sees the reason."""

    item: Name
    expert: Name
    reason: Name = ""


class ExclusionBody(RequestModel):
    """Whose answers are excluded from when on, and why."""

    expert: Name
    since: Moment
    reason: Name


class ReasonBody(RequestModel):
    """A reason."""

    reason: Name = ""


class DecisionBody(RequestModel):
    """A decision of one's own: the answer by field, with the candidates in imported order."""

    fields: dict[str, Any]
    reason: Name = ""


class ExportBody(RequestModel):
    """An export to write. `options` are those of `labelbot export`, as text by name."""

    format: Name = Field(default="", description="Empty: the usual format of the kind.")
    options: dict[str, Text] = Field(default_factory=dict)
    destination: Name | None = Field(default=None, description="An address, such as s3://…")
    channel: Name | None = None
    freeze: Flag = False


class ScheduleBody(ExportBody):
    """An export schedule. `when`: “daily 06:00”, a cron expression or “every 500 answers”."""

    when: Name
    tz: Name = "UTC"


class MessageIds(RequestModel):
    """Ids of messages of the outbox; empty: all that this can be done to."""

    ids: Annotated[
        list[Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]], Field(max_length=1_000)
    ] = []


class SettingsBody(RequestModel):
    """Settings of the workspace; null leaves a value, an empty channel removes it."""

    channel: Name | None = None
    reminders_per_day: Count | None = None
    reminders_per_week: Count | None = None
    digest: Flag | None = None


class DigestBody(RequestModel):
    """The weekly summary; null leaves a value, an empty channel means direct messages."""

    is_enabled: Flag | None = None
    channel: Name | None = None
    cron: Name | None = None
    tz: Name | None = None


class Outcome(BaseModel):
    """What a change did, as a number of things."""

    changed: int
