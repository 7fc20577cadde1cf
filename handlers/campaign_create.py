"""The dialog to create a campaign: three steps, which keep what was entered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError, FieldsError
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, create, drafts, templates
from bot.services.tasks import task_preview
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.entries import StateValues
from bot.slack.blockkit.types import ModalView
from bot.slack.campaign_form import submission
from bot.slack.campaign_form import view as campaign_form_view
from bot.slack.campaign_form.form import (
    CampaignForm,
    FormState,
    default_entries,
    merge_entries,
    preset_entries,
    template_entries,
)
from bot.slack.client.modals import open_view, push_view, update_view
from bot.slack.client.time_zone import fetch_time_zone
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views import task_preview as task_preview_view
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
)

FormChange = Callable[[CampaignForm, FormState], tuple[CampaignForm, FormState]]
"""What a button does to the entries and to where the dialog is."""


async def open_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the dialog, from a command; with the name of a template, with its settings."""
    name = command.arguments.first_token
    if name:
        await app.db.read(templates.template_named, name)
    app.run_in_background(
        _open_modal(app, command.actor, command.trigger_id, command.response_url, name)
    )
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog, from a button; with the name of a template, with its settings."""
    url = payload.interaction.response_url
    app.run_in_background(
        _open_modal(app, payload.actor, payload.trigger_id, url, payload.action.option)
    )


async def _open_modal(
    app: AppContext, actor: Actor, trigger_id: str, response_url: str | None, template: str
) -> None:
    """Fetch the person's time zone from Slack, and open the dialog with it and their draft."""
    tz = await fetch_time_zone(app.sender, actor.name)
    view = await app.db.write(_first_view, actor, tz, template)
    await open_view(app.sender, trigger_id, view, response_url)


def _first_view(session: Session, actor: Actor, tz: str, template: str) -> ModalView:
    """Return the first step; a template is saved as the draft, from which later steps are drawn."""
    draft = None if template else drafts.load_draft(session, actor.name)
    zone = tz or create.time_zone_of(session, actor.name)
    state = FormState(tz=zone, is_restored=draft is not None)
    form = _build_form(session, {**default_entries(state.tz), **(draft or {})})
    if template in form.templates:
        form = replace(
            form, entries=form.entries | template_entries(template, form.templates[template])
        )
        drafts.save_draft(session, form.entries, actor)
    return _draw(form, state)


async def change_kind(app: AppContext, payload: ActionPayload) -> None:
    """Show the fields of the chosen kind; keep what was entered."""
    await _change(app, payload, lambda form, state: (form, state))


async def change_preset(app: AppContext, payload: ActionPayload) -> None:
    """Enter the settings of the chosen preset or template."""

    def apply(form: CampaignForm, state: FormState) -> tuple[CampaignForm, FormState]:
        template = form.templates.get(payload.action.option) if payload.action.field else None
        start = (
            template_entries(payload.action.option, template)
            if template
            else preset_entries(payload.action.option)
        )
        entries = form.entries | start
        return replace(form, entries=entries), replace(state, generation=state.generation + 1)

    await _change(app, payload, apply)


async def toggle_more_options(app: AppContext, payload: ActionPayload) -> None:
    """Show the inputs that few campaigns need, or hide them."""
    await _change(
        app, payload, lambda form, state: (form, replace(state, shows_more=not state.shows_more))
    )


async def show_previous_step(app: AppContext, payload: ActionPayload) -> None:
    """Return to the step before."""
    await _change(
        app, payload, lambda form, state: (form, replace(state, step=max(state.step - 1, 0)))
    )


async def start_over(app: AppContext, payload: ActionPayload) -> None:
    """Forget the draft, and show an empty form."""

    def empty(form: CampaignForm, state: FormState) -> tuple[CampaignForm, FormState]:
        cleared = replace(form, entries=default_entries(state.tz))
        return cleared, FormState(generation=state.generation + 1, tz=state.tz)

    await _change(app, payload, empty)


async def _change(app: AppContext, payload: ActionPayload, change: FormChange) -> None:
    """Save what was entered, with a change, and draw the dialog again."""
    view = payload.modal
    state = parse_metadata(FormState, view["private_metadata"])

    def run(session: Session) -> ModalView:
        form = _entered_form(session, state, view["state"]["values"], payload.actor.name)
        changed, new_state = change(form, state)
        drafts.save_draft(session, changed.entries, payload.actor)
        return _draw(changed, new_state)

    app.run_in_background(update_view(app.sender, view, await app.db.write(run)))


async def preview_draft(app: AppContext, payload: ActionPayload) -> None:
    """Show the task as an expert would see it, with the choices made so far."""
    view = payload.modal
    state = parse_metadata(FormState, view["private_metadata"])
    form = await app.db.read(
        _entered_form, state, view["state"]["values"], payload.interaction.slack_id
    )
    preview = task_preview_view.preview_modal(_example_task(form))
    app.run_in_background(push_view(app.sender, payload.trigger_id, preview))


async def submit_step(app: AppContext, payload: SubmissionPayload) -> SubmissionResponse:
    """Show the next step, or create the campaign after the last; a message reports the result."""
    state = parse_metadata(FormState, payload.metadata)
    view = await app.db.write(_submit, app.settings.exports_dir, state, payload)
    return {"response_action": "update", "view": view} if view else None


def _submit(
    session: Session, exports: Path, state: FormState, payload: SubmissionPayload
) -> ModalView | None:
    """Save a step; return the next one, or the one with a mistake. None: the campaign exists."""
    actor = payload.actor
    form = _entered_form(session, state, payload.values, actor.name)
    errors = _find_errors(session, form, state, actor)
    if errors:
        _raise_visible(errors, state, payload.values)
        return _draw_with_error(session, form, state, errors, actor)
    if state.step < campaign_form_view.LAST_STEP:
        drafts.save_draft(session, form.entries, actor)
        return _draw(form, replace(state, step=state.step + 1, shows_more=False))
    request = submission.parse_campaign_form(form, actor.at)
    create.create_from_request(session, request, exports, actor)
    drafts.delete_draft(session, actor.name)
    return None


def _find_errors(
    session: Session, form: CampaignForm, state: FormState, actor: Actor
) -> dict[str, str]:
    """Return what is wrong in this step and those before, by the key of the input."""
    try:
        request = submission.parse_campaign_form(form, actor.at)
        with session.begin_nested() as savepoint:
            campaigns.create_campaign(session, request.campaign, actor)
            savepoint.rollback()
    except BotError as error:
        shown = submission.as_field_error(error)
        if not isinstance(shown, FieldsError):
            raise
        return {
            key: problem
            for key, problem in shown.fields.items()
            if (campaign_form_view.step_of(form, key) or 0) <= state.step
        }
    return {}


def _raise_visible(errors: dict[str, str], state: FormState, values: StateValues) -> None:
    """Raise the errors of inputs that the open step shows."""
    visible = {state.input_id(key): problem for key, problem in errors.items()}
    shown = {input_id: problem for input_id, problem in visible.items() if input_id in values}
    if shown:
        raise FieldsError(shown)


def _draw_with_error(
    session: Session, form: CampaignForm, state: FormState, errors: dict[str, str], actor: Actor
) -> ModalView:
    """Save the entries, and return the step that has the first mistake, with all its inputs."""
    drafts.save_draft(session, form.entries, actor)
    key, problem = next(iter(errors.items()))
    step = campaign_form_view.step_of(form, key) or 0
    return _draw(form, replace(state, step=step, shows_more=True), problem)


def _entered_form(
    session: Session, state: FormState, values: StateValues, slack_id: str
) -> CampaignForm:
    """Return the draft with what was entered in the open step."""
    draft = drafts.load_draft(session, slack_id) or {}
    entries = {**default_entries(state.tz), **draft}
    return _build_form(session, merge_entries(entries, values))


def _build_form(session: Session, entries: dict[str, str | list[str]]) -> CampaignForm:
    known = {
        one.name: templates.template_named(session, one.name)
        for one in templates.list_templates(session)
    }
    return CampaignForm(entries, known)


def _draw(form: CampaignForm, state: FormState, notice: str = "") -> ModalView:
    preview = task_preview_view.preview_blocks(_example_task(form)) if not state.step else []
    return campaign_form_view.campaign_modal(form, state, preview=preview, notice=notice)


def _example_task(form: CampaignForm) -> TaskView:
    """Return the example of the kind with the settings so far; with the start if one is wrong."""
    title = form.inputs.text("title") or "New campaign"
    try:
        kind, settings = submission.parse_kind_and_settings(form)
    except FieldsError:
        kind, settings = form.kind, form.kind_settings.model_dump(mode="json")
    return task_preview.preview_example(kind, settings, title, "")
