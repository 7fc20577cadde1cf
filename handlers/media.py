"""Buttons that share stored audio and video with the person who presses them."""

from __future__ import annotations

from sqlmodel import Session

from bot.app_context import AppContext
from bot.errors import BotError
from bot.kinds.media import STORED_PREFIX
from bot.messages.media import MediaMessage
from bot.slack.views import media
from handlers.payloads import ActionPayload
from handlers.responses import reply
from storage.queries import media_files, outbox


class UnknownMediaError(BotError):
    """This file is no longer available."""


async def share(app: AppContext, payload: ActionPayload) -> None:
    """Queue the file, and say where it will be."""
    media_type = payload.action.field.partition("-")[0]
    url = f"{STORED_PREFIX}{payload.action.option}"
    if media_type not in media.MEDIA_NAMES or not await app.db.read(media_files.stored_urls, [url]):
        raise UnknownMediaError
    message = MediaMessage(media.MEDIA_NAMES[media_type], media_type, (url,))
    await app.db.write(_queue, message, payload)
    reply(app, payload, media.render_shared(media_type))


def _queue(session: Session, message: MediaMessage, payload: ActionPayload) -> None:
    person = payload.interaction
    outbox.enqueue(session, message, recipient=person.slack_id, now=person.at)
