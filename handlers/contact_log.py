"""The contact log: people see the messages that they got, and coordinators those of others."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.outbox.contact_log import contact_log_of
from bot.slack.blockkit.message import Message
from bot.slack.client.modals import open_view, update_view
from bot.slack.parsing import action_ids
from bot.slack.views import contact_log as contact_log_view
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply
from storage.tables import Role


class OtherContactLogError(BotError):
    """Only coordinators can see the messages to others. `/label messages` lists those to you."""


class ContactLogPersonError(BotError):
    """Mention one person, as in `/label messages @ada`, or nobody for the messages to you."""


async def show_contact_log(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Show the messages to the person, or to the one that a coordinator mentions.

    Raises:
        ContactLogPersonError: the arguments are something else than one person.
        OtherContactLogError: the person is not a coordinator.
    """
    arguments = command.arguments
    if arguments.tokens or len(arguments.user_ids) > 1:
        raise ContactLogPersonError
    slack_id = arguments.user_ids[0] if arguments.user_ids else command.slack_id
    return await _render_page(app, command.slack_id, slack_id)


async def show_page(app: AppContext, payload: ActionPayload) -> None:
    """Show a page of the messages to a person: in place, or in a dialog from the Home tab.

    Raises:
        OtherContactLogError: the messages are to somebody else, and the person is no coordinator.
    """
    reader, action = payload.interaction.slack_id, payload.action
    before = action_ids.parse_row_id(action.option) if action.option else None
    message = await _render_page(app, reader, action.field or reader, before)
    match (payload.view or {}).get("type"):
        case "modal":
            view = contact_log_view.contact_log_modal(message)
            app.run_in_background(update_view(app.sender, payload.modal, view))
        case "home":
            view = contact_log_view.contact_log_modal(message)
            app.run_in_background(open_view(app.sender, payload.trigger_id, view, None))
        case _:
            reply(app, payload, message)


async def _render_page(
    app: AppContext, reader: str, slack_id: str, before: int | None = None
) -> Message:
    is_own = slack_id == reader
    if not is_own and await app.role_of(reader) != Role.COORDINATOR:
        raise OtherContactLogError
    log = await app.db.read(contact_log_of, slack_id, contact_log_view.PAGE_SIZE, before)
    return contact_log_view.render_contact_log(log, is_own=is_own, is_first=before is None)
