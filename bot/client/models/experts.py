"""Experts, their tasks and their work."""

from __future__ import annotations

from datetime import date, datetime

from bot.client.models.base import ResponseModel


class ExpertInfo(ResponseModel):
    """An expert of the workspace."""

    slack_id: str
    name: str
    domains: list[str]
    languages: list[str]
    role: str | None
    campaigns: list[str]


class InvitationInfo(ResponseModel):
    """Slack ids of those who were invited to a campaign, and of those who were members."""

    campaign: str
    added: list[str]
    existing: list[str]


class AddedExperts(ResponseModel):
    """Slack ids of the new members of a campaign, and of those who were members before."""

    added: list[str]
    existing: list[str]


class RoleInfo(ResponseModel):
    """The role of a person: expert, senior or coordinator."""

    role: str


class NoteInfo(ResponseModel):
    """What coordinators noted about an expert."""

    note: str


class MessageInfo(ResponseModel):
    """A message that the bot sent to a person, and why."""

    id: int
    at: datetime
    message_type: str
    subject: str
    reason: str


class HoursInfo(ResponseModel):
    """Answers and seconds of an expert in a campaign, in the month or week from `start`."""

    start: date
    slack_id: str
    name: str
    campaign: str
    answers: int
    seconds: int


class TaskInfo(ResponseModel):
    """A task that was assigned: to whom, in which state, until when."""

    id: int
    item: str
    expert: str
    slack_id: str
    state: str
    created_at: datetime
    answered_at: datetime | None
    leased_until: datetime


class AssignmentInfo(ResponseModel):
    """How many tasks an expert got, and why not more."""

    slack_id: str
    assigned_count: int
    reason: str


class ReassignmentResult(ResponseModel):
    """How many tasks were unassigned, and how many of them another expert got."""

    unassigned: int
    reassigned: int


class ReminderInfo(ResponseModel):
    """Slack ids of those who were reminded, and of those who were not, by reason."""

    reminded: list[str]
    skipped: dict[str, list[str]]
