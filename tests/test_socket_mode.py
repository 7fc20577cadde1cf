"""Tests of Socket Mode: no frame and no error closes the socket, and unstored is unacknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.sandbox import NO_LIMITS, Sandbox
from bot.sandbox.delivery import Ack, Envelope
from bot.slack.app_manifest import build_manifest
from bot.socket_mode import parse_envelope
from tests.handlers.bolt_app import command_payload
from tests.journeys.journey import MONDAY_MORNING, Journey

ENVELOPES: list[tuple[str, dict[str, Any]]] = [
    ('{"type": "hello"}', {"type": "hello"}),
    (
        '{"envelope_id": "e", "type": "x", "payload": {"a": "\\u0000\\ud800"}}',
        {"envelope_id": "e", "type": "x", "payload": {"a": "\N{REPLACEMENT CHARACTER}" * 2}},
    ),
    (
        '{"envelope_id": "e", "type": "x", "payload": [1]}',
        {"envelope_id": "e", "type": "x", "payload": {}},
    ),
    ('{"envelope_id": "e"}', {"envelope_id": "e", "payload": {}}),
    ('{"envelope_id": 1, "payload": {}}', {}),
    ("", {}),
    ("[]", {}),
    ("{", {}),
    ('{"a":' * 3_000, {}),
]


@pytest.mark.parametrize(("frame", "envelope"), ENVELOPES)
def test_frame_of_any_content_is_read(frame: str, envelope: dict[str, Any]) -> None:
    assert parse_envelope(frame) == envelope


def _rename_table(session: Session, old: str, new: str) -> None:
    session.connection().execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def send(sandbox: Sandbox, envelope: Envelope) -> Ack:
    """Deliver an envelope once; return the acknowledgment."""
    return sandbox._server.run_coroutine(sandbox._world.sockets.send(envelope))  # noqa: SLF001 - no person can do this


@pytest.fixture
def journey(database_url: str, tmp_path: Path) -> Iterator[Journey]:
    """Return a workspace with a bot to start on a socket."""
    clock = AdjustableClock(MONDAY_MORNING)
    manifest = build_manifest(None)
    with Sandbox(manifest, clock=clock, limits=NO_LIMITS, ack_timeout=2) as sandbox:
        created = Journey(sandbox, database_url, tmp_path, "socket", clock)
        yield created
        created.stop_bot()
        created.database.close()


@pytest.mark.slow
def test_error_neither_closes_the_socket_nor_acknowledges(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    sandbox = journey.sandbox
    envelope = Envelope("slash_commands", command_payload(ada.id, "status"))
    journey.database.write_now(_rename_table, "expert", "hidden_expert")
    assert send(sandbox, envelope).status == 0
    journey.database.write_now(_rename_table, "hidden_expert", "expert")
    assert send(sandbox, envelope).status == 200
    assert sandbox.connection_count == 1
    assert sandbox.request_counts["apps.connections.open"] == 1
