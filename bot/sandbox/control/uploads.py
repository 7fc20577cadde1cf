"""The upload route of the control API: the body is the file, the query has the arguments."""

from __future__ import annotations

from ..actions.addressed_elements import ElementAddress
from ..actions.file_uploads import attach_file, attach_file_at, share_file
from ..actions.messages import ComposedMessage
from ..json_codec import Json
from ..snapshots import snapshot_message
from .inspection import message_json
from .requests import ControlRequest


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
