"""What an app says through a response_url, or in the acknowledgement of a slash command."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.checking import stored_content
from bot.sandbox.errors import Refusal
from bot.sandbox.posting import Draft, edit, post, remove, whisper
from bot.sandbox.response_urls import ResponseUrl
from bot.sandbox.traffic import Record
from bot.sandbox.wire import Json, decode
from bot.sandbox.workspace import Channel, Post
from bot.sandbox.world import World

TRUE = (True, "true")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The HTTP status and text with which a response_url answers."""

    status: int = 200
    text: str = "ok"


async def answer_response_url(world: World, request: web.Request) -> web.Response:
    """Answer a POST to a response_url, and note both."""
    began = time.perf_counter()
    raw = await request.read()
    fault = world.faults.take("response_url")
    body: object = None
    if fault and not fault.performed:
        outcome = Outcome(fault.status, fault.error or "failed on purpose")
    else:
        body, outcome = _outcome(world, request.match_info["path"], raw)
        outcome = Outcome(fault.status, "failed on purpose") if fault else outcome
    problems = () if outcome.status == web.HTTPOk.status_code else (outcome.text,)
    took = time.perf_counter() - began
    world.traffic.note(
        Record("in", "response_url", body, outcome.text, outcome.status, problems, took)
    )
    return web.Response(status=outcome.status, text=outcome.text)


def _outcome(world: World, path: str, raw: bytes) -> tuple[object, Outcome]:
    try:
        body = decode(raw)
    except ValueError:
        return raw.decode(errors="replace"), Outcome(400, "invalid_payload")
    if not isinstance(body, dict):
        return body, Outcome(400, "invalid_payload")
    url = world.response_urls.find(path)
    if url is None:
        return body, Outcome(404, "invalid_url")
    spent = world.response_urls.use(url)
    if spent:
        return body, Outcome(404, spent)
    try:
        say(world, url, body)
    except Refusal as refusal:
        return body, Outcome(400, str(refusal))
    return body, Outcome()


def say(world: World, url: ResponseUrl, body: Json) -> None:
    """Do what an app answers to an interaction: say something, or replace what was acted on.

    Raises:
        Refusal: if Slack would not take it.
    """
    channel = world.workspace.channels[url.channel]
    if body.get("delete_original") in TRUE:
        remove(world, channel, _source(world, url, channel))
    elif body.get("replace_original") in TRUE and url.source:
        edit(world, channel, _source(world, url, channel), _draft(world, channel, body))
    elif body.get("response_type") == "in_channel":
        post(world, channel, _draft(world, channel, body))
    else:
        whisper(world, channel, _draft(world, channel, body), url.person)


def _source(world: World, url: ResponseUrl, channel: Channel) -> Post:
    posts = world.workspace.desks[url.person].whispers if url.ephemeral else channel.posts
    source = posts.get(url.source or "")
    if source is None:
        raise Refusal(error="message_not_found")
    return source


def _draft(world: World, channel: Channel, body: Json) -> Draft:
    thread = body.get("thread_ts")
    parent = channel.posts.get(thread) if isinstance(thread, str) else None
    text = body.get("text")
    content = stored_content(world, body.get("blocks"), body.get("attachments"))
    return Draft(
        text=None if text is None else str(text),
        blocks=content.blocks,
        attachments=content.attachments,
        metadata=body.get("metadata"),
        thread_ts=(parent.thread_ts or parent.ts) if parent else None,
    )
