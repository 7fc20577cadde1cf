"""Experts: list, invite, roles, members of campaigns, assigned tasks and reminders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel
from sqlmodel import Session

from bot.api.call import AdminCall, ReadCall
from bot.api.models import (
    AssignmentBody,
    BulkAssignmentBody,
    InvitationBody,
    MembersBody,
    NoteBody,
    Outcome,
    RoleBody,
)
from bot.api.pages import Page, PageRequest
from bot.api.routes.campaigns import CampaignName
from bot.errors import NotFoundError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, invitations
from bot.services.campaigns.campaigns import AddExpertsResult
from bot.services.campaigns.invitations import ExpertDetails, Invitation, InvitationResult
from bot.services.campaigns.validation import validate_slack_ids
from bot.services.experts import notes, work
from bot.services.experts.work import ExpertPeriod, WorkPeriod
from bot.services.outbox.contact_log import ContactEntry, contact_log_of
from bot.services.reminders import manual
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest, AssignmentResult
from storage.queries.assigned_tasks import AssignedTask, assigned_tasks
from storage.row_id import id_of
from storage.tables import AssignmentState, Role

router = APIRouter()

EXPERT_ROLE = "expert"

SlackId = Annotated[str, Path(description="Slack id of the person.", max_length=200)]


class ReminderOutcome(BaseModel):
    """Slack ids of those who were reminded, and of those who were not, by reason."""

    reminded: list[str]
    skipped: dict[str, list[str]]


@router.get("/experts")
def list_experts(
    call: ReadCall,
    paging: PageRequest,
    campaign: Annotated[str | None, Query(max_length=200)] = None,
) -> Page[ExpertDetails]:
    """List experts with their domains, roles and campaigns; those of a campaign, or all."""
    if campaign is None:
        call.holder.require_all_campaigns()

    def load(session: Session) -> list[ExpertDetails]:
        row = call.campaign(session, campaign) if campaign is not None else None
        return invitations.list_experts(session, (), row)

    return paging.slice(call.read(load))


@router.post("/experts")
def invite_experts(call: AdminCall, body: InvitationBody) -> InvitationResult:
    """Invite people, with domains, languages and a role."""
    call.holder.require_all_campaigns()
    values = body.model_dump(exclude={"role"})
    invitation = Invitation(**values, role=_parse_role(body.role) if body.role else None)
    return call.change(lambda session, actor: invitations.invite(session, invitation, actor))


@router.put("/experts/{expert}/role")
def change_role(call: AdminCall, expert: SlackId, body: RoleBody) -> RoleBody:
    """Grant or revoke a role."""
    call.holder.require_all_campaigns()
    role = _parse_role(body.role)

    def change(session: Session, actor: Actor) -> RoleBody:
        (slack_id,) = validate_slack_ids([expert])
        invitations.set_role(session, slack_id, role, actor)
        return body

    return call.change(change)


@router.get("/experts/{expert}/messages")
def list_messages(call: ReadCall, expert: SlackId, paging: PageRequest) -> Page[ContactEntry]:
    """List the messages that the bot sent to a person, the newest first: when and why."""
    call.holder.require_all_campaigns()
    before = paging.cursor.position or None

    def load(session: Session) -> tuple[ContactEntry, ...]:
        (slack_id,) = validate_slack_ids([expert])
        return contact_log_of(session, slack_id, paging.limit + 1, before).entries

    return paging.page_of(call.read(load), lambda entry: entry.id)


@router.get("/experts/{expert}/note")
def get_note(call: AdminCall, expert: SlackId) -> NoteBody:
    """Return what coordinators noted about an expert."""
    call.holder.require_all_campaigns()
    return NoteBody(note=call.read(lambda session: notes.note_about(session, expert)))


@router.put("/experts/{expert}/note")
def change_note(call: AdminCall, expert: SlackId, body: NoteBody) -> NoteBody:
    """Replace the note about an expert. Only coordinators see it; no export has it."""
    call.holder.require_all_campaigns()

    def change(session: Session, actor: Actor) -> NoteBody:
        notes.change_note(session, expert, body.note, actor)
        return NoteBody(note=notes.note_about(session, expert))

    return call.change(change)


@router.get("/hours")
def list_hours(
    call: AdminCall,
    paging: PageRequest,
    campaign: Annotated[str | None, Query(max_length=200)] = None,
    by: WorkPeriod = WorkPeriod.MONTH,
) -> Page[ExpertPeriod]:
    """List answers and seconds by month or week, campaign and expert, the newest first."""
    if campaign is None:
        call.holder.require_all_campaigns()

    def load(session: Session) -> list[ExpertPeriod]:
        name = "" if campaign is None else call.campaign(session, campaign).name
        return work.list_expert_periods(session, name, by)

    return paging.slice(call.read(load))


@router.post("/campaigns/{campaign}/experts")
def add_members(call: AdminCall, campaign: CampaignName, body: MembersBody) -> AddExpertsResult:
    """Add experts to a campaign."""

    def add(session: Session, actor: Actor) -> AddExpertsResult:
        row = call.campaign(session, campaign, lock=True)
        return campaigns.add_experts(session, row, body.experts, actor)

    return call.change(add)


@router.delete("/campaigns/{campaign}/experts/{expert}")
def remove_member(call: AdminCall, campaign: CampaignName, expert: SlackId) -> Outcome:
    """Remove an expert from a campaign; their answers stay."""

    def remove(session: Session, actor: Actor) -> Outcome:
        row = call.campaign(session, campaign, lock=True)
        return Outcome(changed=int(invitations.remove_expert(session, row, expert, actor)))

    return call.change(remove)


@router.get("/campaigns/{campaign}/tasks")
def list_tasks(
    call: ReadCall,
    campaign: CampaignName,
    paging: PageRequest,
    state: Annotated[AssignmentState | None, Query(description="Only tasks in this state.")] = None,
) -> Page[AssignedTask]:
    """List the tasks of a campaign that were assigned: to whom, in which state, until when."""
    position = paging.cursor.position

    def load(session: Session) -> list[AssignedTask]:
        row = call.campaign(session, campaign)
        return assigned_tasks(session, id_of(row), state, after=position, limit=paging.limit + 1)

    return paging.page_of(call.read(load), lambda task: task.id)


@router.post("/campaigns/{campaign}/tasks")
def assign_tasks(call: AdminCall, campaign: CampaignName, body: AssignmentBody) -> AssignmentResult:
    """Assign the next tasks of a campaign, or the task of one item, to an expert."""

    def assign(session: Session, actor: Actor) -> AssignmentResult:
        row = call.campaign(session, campaign, lock=True)
        wanted = AssignmentRequest(body.item, body.count)
        return manual_assignment.assign_tasks(session, row, body.expert, wanted, actor)

    return call.change(assign)


@router.post("/campaigns/{campaign}/bulk-tasks")
def assign_many(
    call: AdminCall, campaign: CampaignName, body: BulkAssignmentBody
) -> list[AssignmentResult]:
    """Assign items by id, those that match, or the next tasks, to several experts."""

    def assign(session: Session, actor: Actor) -> list[AssignmentResult]:
        row = call.campaign(session, campaign, lock=True)
        request = body.to_request()
        return [
            manual_assignment.assign_tasks(session, row, slack_id, request, actor)
            for slack_id in validate_slack_ids(body.experts)
        ]

    return call.change(assign)


@router.post("/campaigns/{campaign}/reminders")
def remind_experts(call: AdminCall, campaign: CampaignName) -> ReminderOutcome:
    """Remind the experts who have open tasks of the campaign; working hours and caps apply."""

    def remind(session: Session, actor: Actor) -> ReminderOutcome:
        result = manual.remind_holders(session, call.campaign(session, campaign), actor)
        skipped = {reason.value: list(ids) for reason, ids in result.skipped.items()}
        return ReminderOutcome(reminded=list(result.reminded), skipped=skipped)

    return call.change(remind)


def _parse_role(name: str) -> Role | None:
    if name == EXPERT_ROLE:
        return None
    try:
        return Role(name)
    except ValueError:
        known = ", ".join((EXPERT_ROLE, *Role))
        raise NotFoundError(what="role", name=name, hint=f"Roles: {known}.") from None
