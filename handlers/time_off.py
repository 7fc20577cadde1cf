"""Time off and opting out: from the Home tab, from a reminder's question, or by command."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from bot import scheduled_jobs
from bot.app_context import AppContext
from bot.cadence.working_hours import find_zone
from bot.errors import BotError, FieldsError
from bot.messages.texts import TextInPlaceMessage
from bot.services.actors.interaction import Interaction
from bot.services.experts import opt_out, time_off
from bot.services.experts.time_off import ReturnDayPastError, ReturnDayTooFarError
from bot.slack.blockkit.message import Message
from bot.slack.client.modals import open_view
from bot.slack.parsing.days import parse_day
from bot.slack.views import availability_messages, preferences_modal
from bot.slack.views.task_modals import ModalMetadata
from handlers.home import refresh_home
from handlers.payloads import ActionPayload, CommandPayload, SubmissionPayload, SubmissionResponse
from storage.queries import outbox

DEFAULT_TIME_OFF = timedelta(days=7)


class InvalidDayError(BotError):
    """“{day}” names no day. Write `/label away 3 days`, `until Friday` or `2026-12-24`."""


async def open_time_off(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog that asks for the day of return."""
    await _open_modal(app, payload.interaction, payload.trigger_id)


async def open_ask_later(app: AppContext, payload: ActionPayload) -> None:
    """Open the dialog that asks when to ask again."""
    await _open_modal(app, payload.interaction, payload.trigger_id, is_later=True)


async def _open_modal(
    app: AppContext, interaction: Interaction, trigger_id: str, *, is_later: bool = False
) -> None:
    expert = await app.db.read(time_off.require_expert, interaction.slack_id)
    suggested = (interaction.at + DEFAULT_TIME_OFF).astimezone(find_zone(expert.tz)).date()
    metadata = ModalMetadata(
        0, interaction.channel, interaction.message_ts, interaction.response_url
    )
    view = preferences_modal.time_off_modal(suggested, metadata.to_json(), is_later=is_later)
    app.run_in_background(open_view(app.sender, trigger_id, view, interaction.response_url))


async def submit_time_off(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Start the time off, and confirm it in the message that the dialog was opened from."""
    until = preferences_modal.parse_return_date(submission.values)
    interaction, metadata = submission.interaction, ModalMetadata.from_json(submission.metadata)
    try:
        await app.db.write(_start_time_off, until, interaction, metadata)
    except (ReturnDayPastError, ReturnDayTooFarError) as error:
        raise FieldsError({"until": str(error)}) from error
    _dispatch_and_refresh_home(app, interaction.slack_id)
    return None


def _start_time_off(
    session: Session, until: date, interaction: Interaction, metadata: ModalMetadata
) -> None:
    time_off.start_time_off(session, interaction.slack_id, until, interaction.at)
    text = availability_messages.format_time_off(until)
    outbox.enqueue(
        session,
        TextInPlaceMessage(text, metadata.channel, metadata.message_ts),
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=metadata.response_url,
    )


async def start_from_command(app: AppContext, command: CommandPayload) -> str | None:
    """Start time off until the given day; without a day, open the dialog."""
    _subcommand, *rest = command.tokens
    if not rest:
        interaction = Interaction(command.slack_id, command.trigger_id, command.at)
        await _open_modal(app, interaction, command.trigger_id)
        return None
    expert = await app.db.read(time_off.require_expert, command.slack_id)
    until = _parse_day(" ".join(rest), command.at.astimezone(find_zone(expert.tz)).date())
    await app.db.write(time_off.start_time_off, command.slack_id, until, command.at)
    _dispatch_and_refresh_home(app, command.slack_id)
    return availability_messages.format_time_off(until)


def _parse_day(text: str, today: date) -> date:
    day = parse_day(text, today)
    if day is None:
        raise InvalidDayError(day=text)
    return day


async def end_from_command(app: AppContext, command: CommandPayload) -> str:
    """End the time off."""
    summary = await app.db.write(time_off.end_time_off, command.slack_id, command.at)
    await refresh_home(app, command.slack_id)
    return availability_messages.format_return(summary)


async def end_from_button(app: AppContext, payload: ActionPayload) -> None:
    """End the time off from the Home tab, which then shows the open tasks."""
    await app.db.write(time_off.end_time_off, payload.interaction.slack_id, payload.interaction.at)
    await refresh_home(app, payload.interaction.slack_id)


async def decline_opt_out(app: AppContext, payload: ActionPayload) -> None:
    """Keep the expert in their campaigns; they said that they want to go on."""
    await app.db.write(opt_out.keep_participating, payload.interaction)


async def ask_before_stopping(app: AppContext, command: CommandPayload) -> Message:
    """Show what stopping means, with the button that does it."""
    titles = await app.db.read(opt_out.campaign_titles, command.slack_id)
    return availability_messages.render_stop_question(opt_out.join_quoted(titles))


async def opt_out_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Remove the expert from all campaigns."""
    await app.db.write(_opt_out, payload.interaction, app.settings.coordinators)
    _dispatch_and_refresh_home(app, payload.interaction.slack_id)


def _opt_out(
    session: Session, interaction: Interaction, configured_coordinators: tuple[str, ...]
) -> None:
    titles = opt_out.opt_out(session, interaction, configured_coordinators)
    text = availability_messages.format_opt_out(opt_out.join_quoted(titles))
    outbox.enqueue(
        session,
        TextInPlaceMessage(text, interaction.channel, interaction.message_ts),
        recipient=interaction.slack_id,
        now=interaction.at,
        response_url=interaction.response_url,
    )


def _dispatch_and_refresh_home(app: AppContext, slack_id: str) -> None:
    """Assign released tasks to colleagues at once, and update the Home tab."""
    app.run_in_background(scheduled_jobs.dispatch_tasks(app))
    app.run_in_background(refresh_home(app, slack_id))
