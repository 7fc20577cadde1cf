"""Types of fields, and the bodies of requests that are not about a campaign itself."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from bot.services.tasks.manual_assignment import AssignmentRequest
from storage.queries.item_search import ItemFilter, ItemState

MAX_MINUTES = 525_600
MAX_NUMBER = 1_000_000

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

    @field_validator("*", mode="after")
    @classmethod
    def _refuse_nul_characters(cls, value: object) -> object:
        if _has_nul(value):
            message = "It has a NUL character, which cannot be stored"
            raise ValueError(message)
        return value


def _has_nul(value: object) -> bool:
    """Return whether a text in a value of JSON has a character that PostgreSQL cannot store."""
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(map(_has_nul, value.keys())) or any(map(_has_nul, value.values()))
        case list():
            return any(map(_has_nul, value))
    return False


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


class BulkAssignmentBody(RequestModel):
    """Tasks for several experts: these items, or up to `count` that match, or the next ones."""

    experts: Annotated[list[Name], Field(min_length=1, max_length=100)]
    items: Annotated[list[Name], Field(max_length=50)] = []
    count: Annotated[int, Field(ge=1, le=50, strict=True)] = 1
    text: Name = ""
    domain: Name = ""
    model: Name = ""
    state: ItemState | None = None

    def to_request(self) -> AssignmentRequest:
        """Return it as the service takes it."""
        wanted = ItemFilter(text=self.text, domain=self.domain, model=self.model, state=self.state)
        has_filter = not self.items and wanted != ItemFilter()
        return AssignmentRequest(
            count=self.count, items=tuple(self.items), wanted=wanted if has_filter else None
        )


class HoldBody(RequestModel):
    """Why an item is put on hold."""

    reason: Name = ""


class OverlapBody(RequestModel):
    """Answers per item."""

    overlap: Count


class NoteBody(RequestModel):
    """What coordinators note about an expert; empty removes it."""

    note: Text


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
