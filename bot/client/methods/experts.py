"""Methods for experts, their tasks and their work."""

from __future__ import annotations

from collections.abc import Sequence

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.experts import (
    AddedExperts,
    AssignmentInfo,
    ExpertInfo,
    HoursInfo,
    InvitationInfo,
    MessageInfo,
    NoteInfo,
    ReminderInfo,
    RoleInfo,
    TaskInfo,
)
from bot.client.operations import Listing, Operation


class ExpertMethods:
    """Experts: invite them, members of campaigns, tasks, reminders, notes and hours."""

    @Listing
    def experts(self, campaign: str | None = None) -> ApiCall[ListPage[ExpertInfo]]:
        """Yield the experts of a campaign, or all."""
        return get(path_of("experts"), ListPage[ExpertInfo], campaign=campaign)

    @Operation
    def invite_experts(
        self,
        people: Sequence[str],
        campaign: str = "",
        *,
        domains: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        role: str | None = None,
    ) -> ApiCall[InvitationInfo]:
        """Invite people by Slack id; None leaves their domains, languages or role."""
        body = {
            "people": people,
            "campaign": campaign,
            "domains": domains,
            "languages": languages,
            "role": role,
        }
        return change("POST", path_of("experts"), InvitationInfo, body)

    @Operation
    def change_role(self, expert: str, role: str) -> ApiCall[RoleInfo]:
        """Grant or revoke a role: expert, senior or coordinator."""
        return change("PUT", path_of("experts", expert, "role"), RoleInfo, {"role": role})

    @Listing
    def messages(self, expert: str) -> ApiCall[ListPage[MessageInfo]]:
        """Yield the messages that the bot sent to a person, the newest first: when and why."""
        return get(path_of("experts", expert, "messages"), ListPage[MessageInfo])

    @Operation
    def note(self, expert: str) -> ApiCall[NoteInfo]:
        """Return what coordinators noted about an expert."""
        return get(path_of("experts", expert, "note"), NoteInfo)

    @Operation
    def change_note(self, expert: str, note: str) -> ApiCall[NoteInfo]:
        """Replace the note about an expert; an empty one removes it."""
        return change("PUT", path_of("experts", expert, "note"), NoteInfo, {"note": note})

    @Listing
    def hours(self, campaign: str | None = None, by: str = "month") -> ApiCall[ListPage[HoursInfo]]:
        """Yield answers and seconds by month or week, campaign and expert, the newest first."""
        return get(path_of("hours"), ListPage[HoursInfo], campaign=campaign, by=by)

    @Operation
    def add_experts(self, campaign: str, experts: Sequence[str]) -> ApiCall[AddedExperts]:
        """Add experts to a campaign by Slack id."""
        path = path_of("campaigns", campaign, "experts")
        return change("POST", path, AddedExperts, {"experts": experts})

    @Operation
    def remove_expert(self, campaign: str, expert: str) -> ApiCall[ChangeResult]:
        """Remove an expert from a campaign; their answers stay."""
        return change("DELETE", path_of("campaigns", campaign, "experts", expert), ChangeResult)

    @Listing
    def tasks(self, campaign: str, state: str | None = None) -> ApiCall[ListPage[TaskInfo]]:
        """Yield the tasks of a campaign that were assigned: to whom, in which state, until when."""
        return get(path_of("campaigns", campaign, "tasks"), ListPage[TaskInfo], state=state)

    @Operation
    def assign_tasks(
        self, campaign: str, expert: str, *, item: str = "", count: int = 1
    ) -> ApiCall[AssignmentInfo]:
        """Assign the task of one item, or else the next `count` tasks, to an expert."""
        body = {"expert": expert, "item": item, "count": count}
        return change("POST", path_of("campaigns", campaign, "tasks"), AssignmentInfo, body)

    @Operation
    def assign_many(
        self, /, campaign: str, experts: Sequence[str], **wanted: object
    ) -> ApiCall[list[AssignmentInfo]]:
        """Assign items by id, those that match, or the next tasks, to several experts.

        `wanted` are fields of the request: `items`, `count`, `text`, `domain`, `model`, `state`.
        """
        path = path_of("campaigns", campaign, "bulk-tasks")
        return change("POST", path, list[AssignmentInfo], {"experts": experts, **wanted})

    @Operation
    def remind_experts(self, campaign: str) -> ApiCall[ReminderInfo]:
        """Remind the experts who have open tasks of the campaign; working hours and caps apply."""
        return change("POST", path_of("campaigns", campaign, "reminders"), ReminderInfo)
