"""Clicks as Slack sends them: block_actions payloads with the message, signed or in envelopes."""

from __future__ import annotations

from collections.abc import Iterable
from time import time
from typing import Any
from urllib.parse import quote_plus

import orjson
from slack_sdk.signature import SignatureVerifier

from bot.kinds.comparison import COMPARISON, ComparisonSettings
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.services.tasks.next_task import TaskView
from bot.slack.views.task_message import render_task
from tests.benchmarks.data import PROSE, OpenAssignment

SIGNING_SECRET = "a secret of this benchmark"  # noqa: S105 - signs only the clicks below

CONTENT = Content(
    prompt=(ConversationTurn("user", PROSE[:180]),),
    candidates=(Candidate(PROSE * 2, None), Candidate(PROSE[::-1] * 2, None)),
)


def click_payload(assignment: OpenAssignment, response_url: str) -> dict[str, Any]:
    """Return the payload of a click on the first button of the task's message."""
    form = COMPARISON.build_form(CONTENT, ComparisonSettings(), (0, 1))
    task = TaskView(
        id=assignment.assignment_id,
        campaign_title="Better answers",
        form=form,
        value={},
        guidelines="",
        channel=assignment.channel,
        message_ts=assignment.message_ts,
    )
    message = render_task(task, 9)
    actions_block = next(block for block in message.blocks if block["type"] == "actions")
    action = actions_block["elements"][0] | {
        "block_id": actions_block["block_id"],
        "action_ts": click_id(assignment),
    }
    user = {"id": assignment.slack_id, "username": "ada", "name": "ada", "team_id": "T0BENCH"}
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
            "message_ts": assignment.message_ts,
            "channel_id": assignment.channel,
            "is_ephemeral": False,
        },
        "trigger_id": f"{assignment.assignment_id}.1.abc",
        "channel": {"id": assignment.channel, "name": "directmessage"},
        "message": {
            "type": "message",
            "user": "U0BOT",
            "bot_id": "B0BOT",
            "app_id": "A0BENCH",
            "team": "T0BENCH",
            "ts": assignment.message_ts,
            "text": message.text,
            "blocks": message.blocks,
        },
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }


def click_id(assignment: OpenAssignment) -> str:
    """Return the action timestamp of the click, which is unique per assignment."""
    return f"{1_800_000_000 + assignment.assignment_id}.000200"


def signed_request(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> bytes:
    """Return an HTTP/1.1 request with Slack's signature, which is valid for five minutes."""
    now = str(int(time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=now, body=body)
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        f"Content-Type: {content_type}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\n"
        f"X-Slack-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def http_requests(assignments: Iterable[OpenAssignment], response_url: str) -> list[str]:
    """Return an HTTP request with a click on each assignment, in ASCII."""
    return [
        signed_request(encode_form(click_payload(assignment, response_url))).decode()
        for assignment in assignments
    ]


def encode_form(body: dict[str, Any]) -> bytes:
    """Return a payload as the form body of an interaction request."""
    return b"payload=" + quote_plus(orjson.dumps(body).decode()).encode()


def socket_envelopes(assignments: Iterable[OpenAssignment], response_url: str) -> list[str]:
    """Return a Socket Mode envelope with a click on each assignment."""
    return [
        orjson.dumps(
            {
                "envelope_id": f"envelope-{assignment.assignment_id}",
                "type": "interactive",
                "accepts_response_payload": True,
                "payload": click_payload(assignment, response_url),
            }
        ).decode()
        for assignment in assignments
    ]
