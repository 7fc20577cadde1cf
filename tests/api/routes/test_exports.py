"""Tests of exports through the API: start, follow, download."""

from __future__ import annotations

import json
from pathlib import Path

from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import NOW, pair

ADA = "U0ADA"


def start_export(api: RunningApi) -> None:
    """Answer a pair and let the API queue an export."""
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    api.scenario.import_rows("tone", [pair(1)])
    api.scenario.answer_all(ADA, verdict="a")


def test_export_is_started_followed_and_downloaded(api: RunningApi) -> None:
    start_export(api)
    client = api.client(KeyScope.ADMIN, "tone")
    started = client.post(
        "/campaigns/tone/exports", json={"format": "preference", "options": {"ties": "drop"}}
    )
    assert (started.status_code, started.json()["state"]) == (202, "queued")
    assert started.headers["Location"] == "/api/v1/exports/1"
    assert client.get("/exports/1/files").status_code == 409
    run.run_pending_exports(api.context.database, AdjustableClock(NOW))
    status = client.get("/exports/1").json()
    assert (status["state"], status["rows"]) == ("done", 1)
    files = {one["name"]: one["size"] for one in client.get("/exports/1/files").json()}
    assert {"data.jsonl", "data.parquet", "README.md", "manifest.json"} <= files.keys()
    data = client.get("/exports/1/files/data.jsonl")
    assert len(data.content) == files["data.jsonl"]
    assert json.loads(data.text)["chosen"][0]["role"] == "assistant"
    part = client.get("/exports/1/files/data.jsonl", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, data.content[:5])
    assert [one["id"] for one in client.get("/exports?campaign=tone").json()["data"]] == [1]


def test_no_file_outside_of_an_export_is_read(api: RunningApi) -> None:
    start_export(api)
    client = api.client(KeyScope.ADMIN)
    client.post("/campaigns/tone/exports", json={})
    run.run_pending_exports(api.context.database, AdjustableClock(NOW))
    folder = Path(client.get("/exports/1").json()["path"])
    secret = folder.parent / "secret.txt"
    secret.write_text("secret")
    (folder / "link.txt").symlink_to(secret)
    for name in ("../secret.txt", "%2e%2e/secret.txt", "..%2Fsecret.txt", str(secret), "link.txt"):
        response = client.get(f"/exports/1/files/{name}")
        assert response.status_code == 404, name
        assert "secret\n" not in response.text


def test_folder_is_no_destination(api: RunningApi, tmp_path: Path) -> None:
    start_export(api)
    client = api.client(KeyScope.ADMIN)
    for destination in (str(tmp_path), "exports", "../..", f"file://{tmp_path}"):
        response = client.post("/campaigns/tone/exports", json={"destination": destination})
        assert response.status_code == 422, destination
    unknown = client.post("/campaigns/tone/exports", json={"options": {"nonsense": "1"}})
    assert unknown.json()["type"] == "urn:labelbot:unknown-row-option"
    assert api.scenario.count("export_run") == 0


def test_schedule_is_added_and_removed(api: RunningApi) -> None:
    start_export(api)
    client = api.client(KeyScope.ADMIN, "tone")
    body = {"when": "daily 06:00", "tz": "Europe/Berlin", "format": "preference"}
    added = client.post("/campaigns/tone/schedules", json=body)
    assert (added.status_code, added.json()["cron"]) == (201, "0 6 * * *")
    assert len(client.get("/campaigns/tone/schedules").json()) == 1
    assert client.delete("/campaigns/tone/schedules/1").json() == {"changed": 1}
    assert client.delete("/campaigns/tone/schedules/1").status_code == 404
