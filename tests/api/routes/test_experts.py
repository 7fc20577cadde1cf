"""Tests of the routes about experts: the messages that the bot sent to a person."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.messages.texts import TextMessage
from storage.queries import outbox
from storage.tables import KeyScope, OutboxMessage
from tests.api.conftest import RunningApi

ADA = "U0ADA"


def test_messages_to_a_person_are_listed_in_pages(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")

    def post(session: Session, number: int) -> None:
        at = api.scenario.now + timedelta(hours=number)
        outbox.enqueue(session, TextMessage(f"Secret {number}."), recipient=ADA, now=at)
        session.flush()
        row = session.get_one(OutboxMessage, number)
        row.posted_at = at
        session.add(row)

    for number in (1, 2, 3):
        api.scenario.database.write_now(post, number)
    client = api.client(KeyScope.READ)
    first = client.get(f"/experts/{ADA}/messages", params={"limit": 2}).json()
    assert [entry["id"] for entry in first["data"]] == [3, 2]
    assert "Secret" not in str(first)
    cursor = first["next_cursor"]
    last = client.get(f"/experts/{ADA}/messages", params={"limit": 2, "cursor": cursor}).json()
    assert [entry["id"] for entry in last["data"]] == [1]
    assert last["next_cursor"] is None
    limited = api.client(KeyScope.ADMIN, "tone").get(f"/experts/{ADA}/messages")
    assert limited.status_code == 403
    assert client.get("/experts/nobody/messages").status_code == 422
