"""Exports through a webhook: complete for a receiver with the official library, repeats known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.clock import WallClock
from bot.destinations.errors import DeliveryError
from bot.destinations.webhook import PART_BYTES, deliver, iter_events
from bot.webhooks.signature import parse_secrets, signed_headers
from tests.destinations.conftest import contents_of, write_export
from tests.destinations.webhook_receiver import SECRET, WebhookReceiver


def test_receiver_gets_every_file(receiver: WebhookReceiver, export_folder: Path) -> None:
    with receiver.serve() as url:
        assert deliver(export_folder, f"{url}/exports") == f"{url}/exports"
    assert receiver.completed == {export_folder.name: contents_of(export_folder)}
    assert receiver.events[-1][1]["type"] == "export.completed"
    assert receiver.events[-1][1]["data"]["manifest"]["name"] == export_folder.name


@pytest.mark.parametrize("size", [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
def test_file_of_any_size_arrives(receiver: WebhookReceiver, tmp_path: Path, size: int) -> None:
    folder = write_export(tmp_path / "export", {"data.jsonl": b"x" * size})
    with receiver.serve() as url:
        deliver(folder, f"{url}/exports")
    assert receiver.completed == {"export": contents_of(folder)}


def test_second_attempt_repeats_the_same_messages(
    receiver: WebhookReceiver, export_folder: Path
) -> None:
    receiver.statuses = [0, 0, 503]
    with receiver.serve() as url:
        with pytest.raises(DeliveryError, match="status 503") as caught:
            deliver(export_folder, f"{url}/exports")
        assert not caught.value.is_permanent
        assert receiver.completed == {}
        deliver(export_folder, f"{url}/exports")
        ids = [message_id for message_id, _event in receiver.events]
        deliver(export_folder, f"{url}/exports")
    assert [message_id for message_id, _event in receiver.events] == ids
    assert len(ids) == len(set(ids))
    assert receiver.completed == {export_folder.name: contents_of(export_folder)}


@pytest.mark.parametrize(
    ("status", "reason", "is_permanent"),
    [
        (500, "status 500", False),
        (429, "status 429", False),
        (403, r"compare the secret with its own \(LABELBOT_WEBHOOK_SECRET\)", True),
        (404, "nothing is at this address", True),
        (302, "redirects are not followed", True),
    ],
)
def test_refused_webhook_is_reported(
    receiver: WebhookReceiver,
    export_folder: Path,
    status: int,
    reason: str,
    is_permanent: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    receiver.statuses = [status]
    with receiver.serve() as url, pytest.raises(DeliveryError, match=reason) as caught:
        deliver(export_folder, f"{url}/exports")
    assert caught.value.is_permanent == is_permanent
    assert receiver.completed == {}


def test_wrong_secret_is_reported(
    receiver: WebhookReceiver, export_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELBOT_WEBHOOK_SECRET", "whsec_" + "A" * 43 + "=")
    with (
        receiver.serve() as url,
        pytest.raises(DeliveryError, match=r"\(LABELBOT_WEBHOOK_SECRET\)"),
    ):
        deliver(export_folder, f"{url}/exports")


def test_private_address_is_refused_unless_the_settings_allow_it(
    receiver: WebhookReceiver, export_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABELBOT_WEBHOOK_ALLOW_PRIVATE")
    with receiver.serve() as url:
        address = url.replace("http://", "https://") + "/exports"
        with pytest.raises(DeliveryError, match="not on the public internet") as caught:
            deliver(export_folder, address)
    assert caught.value.is_permanent
    assert receiver.events == []


def test_receiver_of_the_documentation_stores_every_file(
    export_folder: Path, tmp_path: Path
) -> None:
    page = Path("docs/destinations.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(import base64.*?)```", page, flags=re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(example, namespace)  # noqa: S102 - our own page
    for event in iter_events(export_folder):
        body, now = event.to_body(), int(WallClock().now().timestamp())
        headers = signed_headers(parse_secrets(SECRET), event.id, now, body)
        namespace["receive"](body.decode(), headers, SECRET, tmp_path / "received")
    assert contents_of(tmp_path / "received" / export_folder.name) == contents_of(export_folder)
