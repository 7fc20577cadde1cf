"""Corrections of a running campaign: overlap, assignments, and which answers count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import FieldsError
from bot.services.campaigns import campaigns, lifecycle
from bot.services.items import search
from bot.services.reports import campaign_status
from bot.services.reviews import corrections, exclusions, quality_alerts
from bot.services.reviews.corrections import NoMembersError, ReassignResult
from bot.slack.blockkit.entries import parse_inputs
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.types import ModalView
from bot.slack.client.modals import open_view
from bot.slack.parsing import action_ids
from bot.slack.views import campaign_lifecycle
from bot.slack.views import corrections as corrections_view
from bot.slack.views.task_modals import read_only_modal
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)
from handlers.responses import reply
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState

PersonOptions = Sequence[tuple[str, str]]
"""Slack ids and names."""


async def show_actions_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the corrections for the named campaign, or list the campaigns."""
    name = command.arguments.first_token
    if name:
        return await app.db.read(_actions_by_name, name)
    options = await app.db.read(
        lifecycle.list_campaign_options, CampaignState.OPEN, CampaignState.PAUSED
    )
    return campaign_lifecycle.render_campaign_picker("Fix problems", "fix", options)


async def show_actions_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Show the corrections for the button's campaign."""
    reply(app, payload, await app.db.read(_actions_by_id, payload.action.target_id))


async def open_overlap_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to change the overlap, with the number that the button suggests."""
    campaign = await app.db.read(campaigns.campaign_by_id, payload.action.target_id)
    suggested = action_ids.parse_row_id(payload.action.option)
    view = corrections_view.overlap_modal(
        id_of(campaign), campaign.title, campaign.overlap, suggested
    )
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


async def open_unassign_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to unassign or reassign an expert's tasks."""
    await _open_people_modal(app, payload, corrections_view.unassign_modal)


async def open_reopen_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to reopen an answer."""
    await _open_people_modal(app, payload, corrections_view.reopen_modal)


async def open_exclude_modal(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog to exclude an expert's answers; from an alert, with what it suggests."""
    today = payload.interaction.at.astimezone(UTC).date()
    action = payload.action
    alert_id = action_ids.parse_row_id(action.option)
    draft = await app.db.read(quality_alerts.draft_exclusion, action.target_id, alert_id)
    await _open_people_modal(
        app,
        payload,
        lambda campaign, people: corrections_view.exclude_modal(campaign, people, today, draft),
    )


async def include(app: AppContext, payload: ActionPayload) -> None:
    """Include excluded answers again."""
    result = await app.db.write(
        lambda session: exclusions.include(
            session,
            campaigns.campaign_by_id(session, payload.action.target_id),
            payload.action.option,
            payload.actor,
        )
    )
    reply(app, payload, corrections_view.render_included(result))


async def change_overlap(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Change the overlap of a campaign."""
    text = parse_inputs(submission.values).text(corrections_view.OVERLAP_KEY)

    def change(session: Session) -> Message:
        campaign = _load_campaign(session, submission)
        overlap = int(text) if action_ids.is_number(text) else 0
        result = corrections.change_overlap(session, campaign, overlap, submission.actor)
        return corrections_view.render_overlap_changed(campaign.title, result)

    return _build_done_response(await app.db.write(change))


async def unassign(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Unassign an expert's open tasks, or reassign them to another expert."""
    inputs = parse_inputs(submission.values)

    def unassign_or_reassign(session: Session) -> Message:
        campaign = _load_campaign(session, submission)
        person = inputs.required_text(corrections_view.PERSON_KEY)
        new_expert = inputs.text(corrections_view.NEW_EXPERT_KEY)
        if new_expert:
            return corrections_view.render_unassigned(
                corrections.reassign(session, campaign, person, new_expert, submission.actor)
            )
        unassigned = corrections.unassign(session, campaign, person, submission.actor)
        return corrections_view.render_unassigned(ReassignResult(len(unassigned), 0))

    return _build_done_response(await app.db.write(unassign_or_reassign))


async def reopen(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Reopen an expert's answer to an item."""
    inputs = parse_inputs(submission.values)

    def reopen_answer(session: Session) -> Message:
        campaign = _load_campaign(session, submission)
        chosen = action_ids.parse_row_id(inputs.text(corrections_view.CHOSEN_ITEM_KEY))
        keys = search.keys_of(session, campaign, [chosen])
        item = keys[0] if keys else inputs.text(corrections_view.ITEM_KEY)
        if not item:
            raise FieldsError({corrections_view.ITEM_KEY: "Search for the item, or write its id."})
        answer = corrections.answer_of(
            session,
            campaign,
            item,
            inputs.required_text(corrections_view.PERSON_KEY),
        )
        if answer is None:
            raise FieldsError(
                {corrections_view.ITEM_KEY: "This expert has not answered an item with this id"}
            )
        corrections.reopen(
            session, answer, inputs.text(corrections_view.REASON_KEY), submission.actor
        )
        return corrections_view.render_reopened(item)

    return _build_done_response(await app.db.write(reopen_answer))


async def exclude(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Exclude an expert's answers from a day on; the day starts at 0:00 UTC."""
    inputs = parse_inputs(submission.values)
    first_day = inputs.day(corrections_view.SINCE_KEY)
    if first_day is None:
        raise FieldsError({corrections_view.SINCE_KEY: "Choose a day."})
    since = datetime.combine(first_day, time(), UTC)

    def exclude_answers(session: Session) -> Message:
        campaign = _load_campaign(session, submission)
        reason = inputs.text(corrections_view.REASON_KEY)
        person = inputs.required_text(corrections_view.PERSON_KEY)
        result = exclusions.exclude(session, campaign, person, since, reason, submission.actor)
        return corrections_view.render_excluded(result)

    return _build_done_response(await app.db.write(exclude_answers))


async def _open_people_modal(
    app: AppContext,
    payload: ActionPayload,
    build_modal: Callable[[int, PersonOptions], ModalView],
) -> None:
    view = build_modal(
        payload.action.target_id, await app.db.read(_load_person_options, payload.action.target_id)
    )
    app.run_in_background(
        open_view(app.sender, payload.trigger_id, view, payload.interaction.response_url)
    )


def _load_person_options(session: Session, campaign_id: int) -> PersonOptions:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    statuses = campaign_status.expert_statuses(session, campaign)
    if not statuses:
        raise NoMembersError(campaign=campaign.name)
    shown = statuses[: corrections_view.MAX_PEOPLE]
    return [(status.slack_id, status.name or status.pseudonym) for status in shown]


def _actions_by_name(session: Session, name: str) -> Message:
    return _render_actions(session, campaigns.campaign_by_name(session, name))


def _actions_by_id(session: Session, campaign_id: int) -> Message:
    return _render_actions(session, campaigns.campaign_by_id(session, campaign_id))


def _render_actions(session: Session, campaign: Campaign) -> Message:
    return corrections_view.render_corrections(
        id_of(campaign), campaign.title, exclusions.list_exclusions(session, campaign)
    )


def _load_campaign(session: Session, submission: SubmissionPayload) -> Campaign:
    campaign_id = action_ids.parse_row_id(submission.metadata)
    return campaigns.campaign_by_id(session, campaign_id)


def _build_done_response(message: Message) -> SubmissionResponse:
    return {"response_action": "update", "view": read_only_modal("Done", message.blocks)}
