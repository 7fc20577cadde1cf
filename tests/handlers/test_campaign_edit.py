"""Tests of the dialog that edits a campaign: what is saved, and where an error is shown."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from storage.tables import AuditEvent, Campaign
from tests.handlers.bolt_app import COORDINATOR, BoltApp, submission_payload
from tests.slack.conftest import submitted_state


async def submission(bolt: BoltApp, **entries: str) -> dict[str, Any]:
    """Return the submission of the dialog as it was opened, except for these entries."""
    bolt.slack.create_campaign()
    await bolt.send_command(COORDINATOR, "edit tone")
    (call,) = bolt.api_calls("views.open")
    body = submission_payload(COORDINATOR, "edit_campaign", call["view"]["private_metadata"])
    body["view"]["state"]["values"] = submitted_state(call["view"], **entries)
    return body


def retention_days(session: Session) -> int | None:
    """Return the retention of the only campaign."""
    return session.exec(select(Campaign.retention_days)).one()


def actions(session: Session) -> list[str]:
    """Return the actions of the audit log."""
    return list(session.exec(select(AuditEvent.action)))


async def test_retention_is_saved_and_recorded(bolt: BoltApp) -> None:
    response = await bolt.send(await submission(bolt, retention_days="90"))
    assert "Days until experts are erased: none \\u2192 90" in response.body
    assert bolt.slack.database.read_now(retention_days) == 90
    assert bolt.slack.database.read_now(actions).count("changed the retention") == 1


@pytest.mark.parametrize(
    ("key", "entry"), [("retention_days", "36501"), ("retention_days", "-1"), ("lease", "soon")]
)
async def test_wrong_entry_is_reported_at_its_field(bolt: BoltApp, key: str, entry: str) -> None:
    response = await bolt.send(await submission(bolt, **{key: entry}))
    assert f'"errors":{{"{key}":' in response.body
    assert bolt.slack.database.read_now(retention_days) is None
