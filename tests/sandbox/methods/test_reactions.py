"""reactions.*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import ActionRejectedError, Sandbox, SimulatedUser
from bot.sandbox.emoji import emoji_by_name
from bot.sandbox.methods.reactions import MAX_EMOJI

Json = dict[str, Any]
ErrorCode = Callable[..., str]
MessageRef = dict[str, str]


@pytest.fixture
def message_ref(client: WebClient, ada: SimulatedUser) -> MessageRef:
    """Return the channel and timestamp of a message of the app."""
    posted = client.chat_postMessage(channel=ada.id, text="x")
    return {"channel": ada.dm, "timestamp": posted["ts"]}


def latest_reactions(ada: SimulatedUser) -> list[Json]:
    """Return the reactions to the newest message."""
    latest = ada.latest
    assert latest is not None
    reactions: list[Json] = latest.raw.get("reactions", [])
    return reactions


def test_reaction_is_added_and_removed_once(
    sandbox: Sandbox,
    client: WebClient,
    ada: SimulatedUser,
    message_ref: MessageRef,
    error_code: ErrorCode,
) -> None:
    client.reactions_add(**message_ref, name="thumbsup")
    (reaction,) = latest_reactions(ada)
    assert reaction == {"name": "thumbsup", "users": [sandbox.bot_user_id], "count": 1}
    assert error_code("reactions.add", **message_ref, name="thumbsup") == "already_reacted"
    client.reactions_remove(**message_ref, name="thumbsup")
    assert latest_reactions(ada) == []
    assert error_code("reactions.remove", **message_ref, name="thumbsup") == "no_reaction"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "Not One"}, "invalid_name"),
        ({"name": "::"}, "invalid_name"),
        ({"name": "no_such_emoji"}, "invalid_name"),
        ({"name": "smile::skin-tone-3"}, "invalid_name"),
        ({"name": "wave::skin-tone-7"}, "invalid_name"),
        ({"name": "😄"}, "invalid_name"),
        ({"timestamp": "1.1"}, "bad_timestamp"),
        ({"timestamp": "1.000001"}, "message_not_found"),
        ({"channel": "C404"}, "channel_not_found"),
    ],
)
def test_invalid_reaction_is_rejected(
    message_ref: MessageRef, error_code: ErrorCode, change: MessageRef, error: str
) -> None:
    assert error_code("reactions.add", **{"name": "eyes", **message_ref, **change}) == error


@pytest.mark.parametrize("name", ["+1", "wave::skin-tone-3", "flag-jp", "e-mail", "face_palm"])
def test_names_of_slack_are_accepted(client: WebClient, message_ref: MessageRef, name: str) -> None:
    assert client.reactions_add(**message_ref, name=name)["ok"]


def test_user_reacts_with_known_emoji_only(ada: SimulatedUser, message_ref: MessageRef) -> None:
    assert message_ref
    with pytest.raises(ActionRejectedError, match="not the name of an emoji"):
        ada.add_reaction("no_such_emoji", ada.wait_for_text("x"))


def test_removal_needs_a_message(error_code: ErrorCode) -> None:
    assert error_code("reactions.remove", name="eyes") == "no_item_specified"


def test_number_of_emoji_is_limited(
    client: WebClient, message_ref: MessageRef, error_code: ErrorCode
) -> None:
    for name in list(emoji_by_name())[:MAX_EMOJI]:
        client.reactions_add(**message_ref, name=name)
    assert error_code("reactions.add", **message_ref, name="eyes") == "too_many_emoji"


def test_archived_channel_rejects_reactions(
    sandbox: Sandbox, client: WebClient, error_code: ErrorCode
) -> None:
    channel = sandbox.add_channel("old")
    ts = client.chat_postMessage(channel=channel.id, text="x")["ts"]
    sandbox.archive_channel(channel)
    assert (
        error_code("reactions.add", channel=channel.id, timestamp=ts, name="eyes") == "is_archived"
    )
