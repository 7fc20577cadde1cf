"""Tests of templates through the API."""

from __future__ import annotations

from storage.tables import KeyScope
from tests.api.conftest import RunningApi


def test_template_is_saved_used_and_deleted(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=2, settings={"strength": True})
    client = api.client(KeyScope.ADMIN)
    saved = client.post("/campaigns/tone/template", json={"name": "Weekly tone"})
    assert (saved.status_code, saved.json()["name"]) == (201, "weekly-tone")
    assert [one["kind"] for one in client.get("/templates").json()] == ["comparison"]
    body = {"name": "june", "experts": ["U0ADA"]}
    created = client.post("/templates/weekly-tone/campaigns", json=body)
    assert (created.status_code, created.json()["overlap"]) == (201, 2)
    assert created.json()["settings"]["strength"] is True
    assert client.delete("/templates/weekly-tone").json() == {"changed": 1}
    assert client.post("/templates/weekly-tone/campaigns", json=body).status_code == 404


def test_key_of_one_campaign_has_no_templates(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.ADMIN, "tone")
    assert client.post("/campaigns/tone/template", json={}).status_code == 403
    assert client.get("/templates").status_code == 403
