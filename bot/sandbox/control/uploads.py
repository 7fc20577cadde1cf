"""Files that come by HTTP: their bytes as they are, everything else in the query."""

from __future__ import annotations

from bot.sandbox.actions.addressed_elements import ElementAddress
from bot.sandbox.actions.file_uploads import attach_file, attach_file_at, share_file
from bot.sandbox.actions.messages import ComposedMessage
from bot.sandbox.control.inspection import message_json
from bot.sandbox.control.requests import ControlRequest
from bot.sandbox.json_codec import Json
from bot.sandbox.snapshots import snapshot_message


async def upload_file(request: ControlRequest) -> Json:
    """Share a file in a message, or add it to a file input.

    The input is named by its `label`, or pointed at by `view`, `block` and `action`.
    """
    actor, name = request.actor, request.text("name")
    if "view" in request.values:
        at = ElementAddress(request.text("view"), request.text("block"), request.text("action"))
        await attach_file_at(actor, at, (name, request.body))
        return {}
    if "label" in request.values:
        label = request.text("label")
        await attach_file(actor, label, (name, request.body), within=request.within)
        return {}
    channel, thread = request.channel(actor).id, request.values.get("thread")
    composed = ComposedMessage(request.text("text", ""), channel, thread)
    post = await share_file(actor, name, request.body, composed)
    return {"message": message_json(snapshot_message(post, actor.workspace))}
