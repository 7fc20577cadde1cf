"""Clicks as Slack sends them: block_actions with the whole message in them, signed, ready to go."""

from __future__ import annotations

from collections.abc import Iterable
from time import time
from typing import Any
from urllib.parse import quote_plus

import orjson
from slack_sdk.signature import SignatureVerifier

from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.content import Candidate, Content, Turn
from bot.services.serving import TaskView
from bot.slack.cards import draw_task
from tests.benchmarks.stock import PROSE, Held

SECRET = "a secret of this benchmark"  # noqa: S105 - it signs nothing but the clicks below

CONTENT = Content(
    prompt=(Turn("user", PROSE[:180]),),
    candidates=(Candidate(PROSE * 2, None), Candidate(PROSE[::-1] * 2, None)),
)


def payload(held: Held, response_url: str) -> dict[str, Any]:
    """Return the click on the first button of the task's message."""
    form = COMPARISON.form(CONTENT, ComparisonSettings(), (0, 1))
    task = TaskView(
        id=held.assignment,
        campaign="Better answers",
        form=form,
        value={},
        guidelines="",
        channel=held.channel,
        message_ts=held.message_ts,
    )
    drawn = draw_task(task, 9)
    row = next(block for block in drawn.blocks if block["type"] == "actions")
    pressed = row["elements"][0] | {"block_id": row["block_id"], "action_ts": click_of(held)}
    user = {"id": held.expert, "username": "ada", "name": "ada", "team_id": "T0BENCH"}
    return {
        "type": "block_actions",
        "team": {"id": "T0BENCH", "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": user,
        "api_app_id": "A0BENCH",
        "token": "none",
        "container": {
            "type": "message",
            "message_ts": held.message_ts,
            "channel_id": held.channel,
            "is_ephemeral": False,
        },
        "trigger_id": f"{held.assignment}.1.abc",
        "channel": {"id": held.channel, "name": "directmessage"},
        "message": {
            "type": "message",
            "user": "U0BOT",
            "bot_id": "B0BOT",
            "app_id": "A0BENCH",
            "team": "T0BENCH",
            "ts": held.message_ts,
            "text": drawn.text,
            "blocks": drawn.blocks,
        },
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [pressed],
    }


def click_of(held: Held) -> str:
    """Return what tells the click on this assignment from any other."""
    return f"{1_800_000_000 + held.assignment}.000200"


def signed(body: bytes, kind: str = "application/x-www-form-urlencoded") -> bytes:
    """Return a whole HTTP/1.1 request, signed as Slack signs: good for five minutes."""
    now = str(int(time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=now, body=body)
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        f"Content-Type: {kind}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\n"
        f"X-Slack-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def http_clicks(held: Iterable[Held], response_url: str) -> list[str]:
    """Return the requests, one for each assignment; they are ASCII throughout."""
    return [signed(form(payload(one, response_url))).decode() for one in held]


def form(body: dict[str, Any]) -> bytes:
    """Return the body of an interaction."""
    return b"payload=" + quote_plus(orjson.dumps(body).decode()).encode()


def socket_clicks(held: Iterable[Held], response_url: str) -> list[str]:
    """Return the envelopes of Socket Mode, one for each assignment."""
    return [
        orjson.dumps(
            {
                "envelope_id": f"envelope-{one.assignment}",
                "type": "interactive",
                "accepts_response_payload": True,
                "payload": payload(one, response_url),
            }
        ).decode()
        for one in held
    ]
