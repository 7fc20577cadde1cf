"""Templates of campaigns: save, list and delete; the campaign dialog starts from them."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, templates
from bot.slack.blockkit.message import Message
from bot.slack.views import templates as templates_view
from handlers.payloads import ActionPayload, CommandPayload, CommandResponse
from handlers.responses import reply


async def list_or_save(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Save the named campaign; what follows is the name of the template. Without one, list all."""
    name, *words = command.arguments.tokens or ("",)
    if not name:
        return await app.db.read(_render_list)
    return await app.db.write(_save_by_name, name, " ".join(words), command.actor)


async def save_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Save the settings of the button's campaign under its name."""
    reply(app, payload, await app.db.write(_save_by_id, payload.action.target_id, payload.actor))


async def delete(app: AppContext, payload: ActionPayload) -> None:
    """Delete the button's template, and list those that are left."""
    reply(app, payload, await app.db.write(_delete, payload.action.option, payload.actor))


def _save_by_name(session: Session, campaign: str, name: str, actor: Actor) -> Message:
    row = campaigns.campaign_by_name(session, campaign)
    saved = templates.save_template(session, row, name, actor)
    return _render_list(session, templates_view.SAVED.format(name=saved, title=row.title))


def _save_by_id(session: Session, campaign_id: int, actor: Actor) -> Message:
    row = campaigns.campaign_by_id(session, campaign_id)
    return _save_by_name(session, row.name, "", actor)


def _delete(session: Session, name: str, actor: Actor) -> Message:
    templates.delete_template(session, name, actor)
    return _render_list(session, templates_view.DELETED.format(name=name))


def _render_list(session: Session, last_change: str = "") -> Message:
    return templates_view.render_templates(templates.list_templates(session), last_change)
