"""Manual assignment: by command, or in a dialog."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, lifecycle
from bot.services.items import search
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest, AssignmentResult
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view
from bot.slack.parsing.action_ids import is_number, parse_row_id
from bot.slack.parsing.command_arguments import CommandArguments
from bot.slack.views import assign_modal
from bot.slack.views.campaign_lifecycle import render_campaign_picker
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState


class NoCampaignNamedError(BotError):
    """Name a campaign, as in `/label assign @ada jokes 5`."""


async def assign(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Assign tasks; open the dialog if people are missing, list campaigns without any arguments.

    Raises:
        NoCampaignNamedError: people are named, but no campaign.
    """
    arguments = command.arguments
    if not arguments.tokens:
        if arguments.user_ids:
            raise NoCampaignNamedError
        return render_campaign_picker(
            "Assign tasks…",
            "assign",
            await app.db.read(lifecycle.list_campaign_options, CampaignState.OPEN),
        )
    if not arguments.user_ids:
        view = await app.db.read(_modal_by_name, arguments.first_token)
        app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
        return None
    results = await app.db.write(_assign_from_arguments, arguments, command.actor)
    return assign_modal.render_results(arguments.first_token, results)


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to assign tasks of the button's campaign."""
    view = await app.db.read(_modal_by_id, payload.action.target_id)
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def submit_assign(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Assign the tasks that the dialog asks for; show the result in its place."""
    campaign_id = parse_row_id(submission.metadata)
    entered = assign_modal.parse_modal(submission.values)

    def assign_tasks(session: Session) -> tuple[str, list[AssignmentResult]]:
        campaign = campaigns.campaign_by_id(session, campaign_id, lock=True)
        keys = tuple(search.keys_of(session, campaign, entered.item_ids))
        request = replace(entered.request, items=keys)
        return campaign.name, _assign_to_each(
            session, campaign, entered.people, request, submission.actor
        )

    name, results = await app.db.write(assign_tasks)
    view = read_only_modal("Assign tasks", assign_modal.render_results(name, results).blocks)
    return {"response_action": "update", "view": view}


def _modal_by_name(session: Session, name: str) -> ModalView:
    return _build_modal(campaigns.campaign_by_name(session, name))


def _modal_by_id(session: Session, campaign_id: int) -> ModalView:
    return _build_modal(campaigns.campaign_by_id(session, campaign_id))


def _build_modal(campaign: Campaign) -> ModalView:
    manual_assignment.require_open(campaign)
    return assign_modal.assign_modal(id_of(campaign), campaign.title)


def _assign_from_arguments(
    session: Session, arguments: CommandArguments, actor: Actor
) -> list[AssignmentResult]:
    name, *rest = arguments.tokens
    campaign = campaigns.campaign_by_name(session, name, lock=True)
    request = _parse_request(rest[0] if rest else "1", arguments.options.get("item", ""))
    return _assign_to_each(session, campaign, arguments.user_ids, request, actor)


def _assign_to_each(
    session: Session,
    campaign: Campaign,
    people: tuple[str, ...],
    request: AssignmentRequest,
    actor: Actor,
) -> list[AssignmentResult]:
    return [
        manual_assignment.assign_tasks(session, campaign, person, request, actor)
        for person in people
    ]


def _parse_request(count_or_item: str, item: str) -> AssignmentRequest:
    if item or not is_number(count_or_item):
        return AssignmentRequest(item=item or count_or_item)
    return AssignmentRequest(count=int(count_or_item))
