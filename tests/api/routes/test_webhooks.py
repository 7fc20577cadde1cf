"""Tests of webhooks through the API."""

from __future__ import annotations

import pytest

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.destinations.threaded_server import serve
from tests.destinations.webhook_receiver import status_application
from tests.services.conftest import pair

ADA = "U0ADA"


@pytest.fixture(autouse=True)
def _private_addresses(api: RunningApi) -> None:
    changes = {"webhook_allow_private": True}
    api.context.settings = api.context.settings.model_copy(update=changes)


def test_webhook_is_added_tested_replayed_and_removed(api: RunningApi) -> None:
    client = api.client(KeyScope.ADMIN)
    with serve(status_application(204, 500)) as url:
        body = {"name": "loop", "url": f"{url}/events", "events": ["answer.stored"]}
        added = client.post("/webhooks", json=body)
        assert (added.status_code, added.json()["secret"][:6]) == (201, "whsec_")
        assert client.post("/webhooks", json=body).status_code == 409
        assert client.post("/webhooks/loop/test").json()["status"] == 204
        assert "status 500" in client.post("/webhooks/loop/test").json()["error"]
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(1)])
    api.scenario.answer_all(ADA, verdict="a")
    first = client.get("/webhooks/loop/deliveries?limit=1").json()
    assert [one["type"] for one in first["data"]] == ["answer.stored"]
    rest = client.get(f"/webhooks/loop/deliveries?cursor={first['next_cursor']}&limit=1").json()
    assert [one["state"] for one in rest["data"]] == ["failed"]
    number = rest["data"][0]["id"]
    assert client.post("/webhooks/loop/replay", json={"ids": [number]}).json() == {"changed": 1}
    assert client.post("/webhooks/loop/replay", json={}).status_code == 404
    assert client.post("/webhooks/loop/enable").json() == {"changed": 0}
    (listed,) = client.get("/webhooks").json()
    assert (listed["waiting"], listed["delivered"], listed["failed"]) == (2, 1, 0)
    assert client.delete("/webhooks/loop").json() == {"changed": 1}
    assert client.delete("/webhooks/loop").status_code == 404


def test_webhooks_need_an_admin_key_of_all_campaigns(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    body = {"name": "loop", "url": "https://example.org/x"}
    for client in (api.client(KeyScope.ITEMS), api.client(KeyScope.ADMIN, "tone")):
        assert client.post("/webhooks", json=body).status_code == 403
        assert client.post("/webhooks/loop/test").status_code == 403
    assert api.client(KeyScope.ADMIN, "tone", name="other").get("/webhooks").status_code == 403
    assert api.scenario.count("webhook") == 0


def test_secret_is_changed(api: RunningApi) -> None:
    client = api.client(KeyScope.ADMIN, name="loop-key")
    body = {"name": "loop", "url": "https://example.org/x"}
    first = client.post("/webhooks", json=body).json()["secret"]
    changed = client.post("/webhooks/loop/secret", json={"keep_hours": 2}).json()
    assert changed["secret"] != first
    assert client.get("/webhooks").json()[0]["old_secret_until"] == changed["old_until"]
    assert client.post("/webhooks/loop/secret", json={}).status_code == 409
    assert client.post("/webhooks/loop/secret", json={"keep_hours": -1}).status_code == 422
    ended = client.post("/webhooks/loop/secret", json={"keep_hours": 0}).json()
    assert ended["old_until"] is None
    newest = client.get("/audit").json()["data"][0]
    assert (newest["actor"], newest["details"]) == ("loop-key", {"keep_hours": 0})
