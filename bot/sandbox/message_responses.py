"""Messages that an app sends through a response_url or in its response to a slash command."""

from __future__ import annotations

import time

from aiohttp import web

from .block_validation import prepare_content
from .errors import WebApiError
from .fault_responses import TextReply, reply_with_faults, to_response
from .json_codec import Json, decode
from .messages import Draft, add_ephemeral_post, add_post, delete_post, update_post
from .response_urls import ResponseUrl
from .traffic import TrafficRecord
from .workspace import Channel, Post
from .world import World

TRUE_VALUES = (True, "true")


async def handle_response_url(world: World, request: web.Request) -> web.Response:
    """Handle a POST to a response_url and record it."""
    started = time.perf_counter()
    body = _decode_body(await request.read())

    async def perform() -> TextReply:
        return _process_response(world, request.match_info["path"], body)

    reply = await reply_with_faults(world, "response_url", perform)
    problems = () if reply.status == web.HTTPOk.status_code else (reply.text,)
    duration = time.perf_counter() - started
    world.traffic.add(
        TrafficRecord("in", "response_url", body, reply.text, reply.status, problems, duration)
    )
    return to_response(request, reply)


def _decode_body(raw: bytes) -> object:
    try:
        return decode(raw)
    except ValueError:
        return raw.decode(errors="replace")


def _process_response(world: World, path: str, body: object) -> TextReply:
    if not isinstance(body, dict):
        return TextReply(400, "invalid_payload")
    url = world.response_urls.find(path)
    if url is None:
        return TextReply(404, "invalid_url")
    url_error = world.response_urls.use(url)
    if url_error:
        return TextReply(404, url_error)
    try:
        apply_response(world, url, body)
    except WebApiError as error:
        return TextReply(400, str(error))
    return TextReply()


def apply_response(world: World, url: ResponseUrl, body: Json) -> None:
    """Apply an app's response to an interaction: post, replace or delete a message.

    Raises:
        WebApiError: if Slack would reject the response.
    """
    channel = world.workspace.channels[url.channel]
    if body.get("delete_original") in TRUE_VALUES:
        delete_post(world, channel, _find_source(world, url, channel))
    elif body.get("replace_original") in TRUE_VALUES and url.message_ts:
        update_post(
            world, channel, _find_source(world, url, channel), _build_draft(world, channel, body)
        )
    elif body.get("response_type") == "in_channel":
        add_post(world, channel, _build_draft(world, channel, body))
    else:
        add_ephemeral_post(world, channel, _build_draft(world, channel, body), url.user_id)


def _find_source(world: World, url: ResponseUrl, channel: Channel) -> Post:
    posts = (
        world.workspace.clients[url.user_id].ephemeral_posts if url.is_ephemeral else channel.posts
    )
    source = posts.get(url.message_ts or "")
    if source is None:
        raise WebApiError(error="message_not_found")
    return source


def _build_draft(world: World, channel: Channel, body: Json) -> Draft:
    thread_ts = body.get("thread_ts")
    parent = channel.posts.get(thread_ts) if isinstance(thread_ts, str) else None
    text = body.get("text")
    if text is not None and not isinstance(text, str):
        raise WebApiError(error="invalid_payload")
    content = prepare_content(world, body.get("blocks"), body.get("attachments"))
    return Draft(
        text=text,
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=body.get("metadata"),
        thread_ts=(parent.thread_ts or parent.ts) if parent else None,
    )
