"""The contact log: people see the messages that they got, and coordinators those of others."""

from __future__ import annotations

from bot.app_context import AppContext
from bot.errors import BotError
from bot.services.outbox.contact_log import contact_log_of
from bot.slack.views import contact_log as contact_log_view
from handlers.payloads import CommandPayload, CommandResponse
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
    is_own = slack_id == command.slack_id
    if not is_own and await app.role_of(command.slack_id) != Role.COORDINATOR:
        raise OtherContactLogError
    log = await app.db.read(contact_log_of, slack_id, contact_log_view.MAX_SHOWN)
    return contact_log_view.render_contact_log(log, is_own=is_own)
