"""Files that come by HTTP: their bytes as they are, everything else in the query."""

from __future__ import annotations

from bot.sandbox.control.requests import Request
from bot.sandbox.control.seeing import message_json
from bot.sandbox.deeds.pointing import At
from bot.sandbox.deeds.talking import Remark
from bot.sandbox.deeds.uploading import attach, attach_at, share
from bot.sandbox.snapshots import message_of
from bot.sandbox.wire import Json


async def receive(request: Request) -> Json:
    """Share a file in a message, or add it to a file input.

    The input is named by its `label`, or pointed at by `view`, `block` and `action`.
    """
    actor, name = request.actor, request.text("name")
    if "view" in request.values:
        at = At(request.text("view"), request.text("block"), request.text("action"))
        await attach_at(actor, at, (name, request.body))
        return {}
    if "label" in request.values:
        label = request.text("label")
        await attach(actor, label, (name, request.body), within=request.within)
        return {}
    channel, thread = request.channel(actor).id, request.values.get("thread")
    remark = Remark(request.text("text", ""), channel, thread)
    post = await share(actor, name, request.body, remark)
    return {"message": message_json(message_of(post, actor.workspace))}
