"""The upload route of the control API: the body is the file, the query has the arguments."""

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

    The input is named by its `label`, or by `view_id`, `block_id` and `action_id`.
    """
    actor, name = request.actor, request.text("name")
    if "view_id" in request.values:
        address = ElementAddress(
            request.text("view_id"), request.text("block_id"), request.text("action_id")
        )
        await attach_file_at(actor, address, (name, request.body))
        return {}
    if "label" in request.values:
        label = request.text("label")
        await attach_file(actor, label, (name, request.body), within=request.within)
        return {}
    channel, thread_ts = request.channel(actor).id, request.values.get("thread_ts")
    composed = ComposedMessage(request.text("text", ""), channel, thread_ts)
    post = await share_file(actor, name, request.body, composed)
    return {"message": message_json(snapshot_message(post, actor.workspace))}
