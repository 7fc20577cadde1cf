"""Keys that are the same when Slack delivers a request again, and different otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from handlers.payloads import Body, CommandPayload, SubmissionPayload


def event_keys(body: Body) -> Sequence[str]:
    """Return the keys of an event: its id, and those of a message that a person wrote.

    Slack may send two events, with different ids, for one message.
    """
    keys = [f"event:{body['event_id']}"] if body.get("event_id") else []
    return [*keys, *_message_keys(body["event"])]


def _message_keys(event: Body) -> list[str]:
    """Return the keys of a new message: what its client called it, and its place in Slack.

    An edit has the same client id as the message, and a message with a file has none. A file that
    is shared again is another message.
    """
    if event.get("type") != "message" or event.get("subtype") not in (None, "file_share"):
        return []
    client_id = event.get("client_msg_id")
    keys = [f"message:{client_id}"] if client_id else []
    place = f"{event.get('channel')}:{event.get('ts')}"
    return [*keys, f"message:{place}"] if event.get("ts") else keys


def command_keys(command: CommandPayload) -> Sequence[str]:
    """Return the key of a command: its trigger id is issued once."""
    return [f"command:{command.trigger_id}"] if command.trigger_id else []


def submission_keys(name: str, submission: SubmissionPayload) -> Sequence[str]:
    """Return the key of a submitted modal: the version of the view, and what was entered."""
    return [_shorten(f"{name}:{submission.view_hash}:{submission.interaction.id}")]


def action_keys(name: str, slack_id: str, interaction_id: str) -> Sequence[str]:
    """Return the key of a click or choice."""
    return [_shorten(f"{name}:{slack_id}:{interaction_id}")]


def _shorten(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()
