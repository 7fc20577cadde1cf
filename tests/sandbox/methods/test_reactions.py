"""reactions.*."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from bot.sandbox.methods.reactions import MAX_EMOJI

Json = dict[str, Any]
Refusal = Callable[..., Json]
Place = dict[str, str]


@pytest.fixture
def place(client: WebClient, ada: SimulatedUser) -> Place:
    """Return where a message of the app is."""
    posted = client.chat_postMessage(channel=ada.id, text="x")
    return {"channel": ada.dm, "timestamp": posted["ts"]}


def reactions(ada: SimulatedUser) -> list[Json]:
    """Return what stands under the newest message."""
    latest = ada.latest
    assert latest is not None
    found: list[Json] = latest.raw.get("reactions", [])
    return found


def test_a_reaction_is_added_once_and_taken_back_once(
    sandbox: Sandbox, client: WebClient, ada: SimulatedUser, place: Place, refusal: Refusal
) -> None:
    client.reactions_add(**place, name="thumbsup")
    (one,) = reactions(ada)
    assert one == {"name": "thumbsup", "users": [sandbox.bot_user_id], "count": 1}
    assert refusal("reactions.add", **place, name="thumbsup")["error"] == "already_reacted"
    client.reactions_remove(**place, name="thumbsup")
    assert reactions(ada) == []
    assert refusal("reactions.remove", **place, name="thumbsup")["error"] == "no_reaction"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "Not One"}, "invalid_name"),
        ({"name": "::"}, "invalid_name"),
        ({"timestamp": "1.1"}, "bad_timestamp"),
        ({"timestamp": "1.000001"}, "message_not_found"),
        ({"channel": "C404"}, "channel_not_found"),
    ],
)
def test_what_cannot_be_reacted_to(
    place: Place, refusal: Refusal, change: Place, error: str
) -> None:
    assert refusal("reactions.add", **{"name": "eyes", **place, **change})["error"] == error


def test_a_removal_has_to_say_from_what(refusal: Refusal) -> None:
    assert refusal("reactions.remove", name="eyes")["error"] == "no_item_specified"


def test_there_is_an_end_to_emoji(client: WebClient, place: Place, refusal: Refusal) -> None:
    for number in range(MAX_EMOJI):
        client.reactions_add(**place, name=f"emoji{number}")
    assert refusal("reactions.add", **place, name="eyes")["error"] == "too_many_emoji"


def test_nobody_reacts_in_an_archived_channel(
    sandbox: Sandbox, client: WebClient, refusal: Refusal
) -> None:
    room = sandbox.add_channel("old")
    ts = client.chat_postMessage(channel=room.id, text="x")["ts"]
    sandbox.archive_channel(room)
    answer = refusal("reactions.add", channel=room.id, timestamp=ts, name="eyes")
    assert answer["error"] == "is_archived"
