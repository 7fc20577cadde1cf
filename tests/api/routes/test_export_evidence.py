"""Tests of the evidence of exports through the API: verify, replay, compare and deliver."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from bot.clock import AdjustableClock
from bot.services.exports import run
from storage.tables import ExportRun, KeyScope, RunState
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ADA = "U0ADA"


def export_twice(api: RunningApi) -> None:
    """Export a campaign before and after a second answer."""
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    client = api.client(KeyScope.ADMIN, name="exporter")
    for number in (1, 2):
        api.scenario.import_rows("tone", [pair(number)])
        api.scenario.answer_all(ADA, verdict="a")
        api.scenario.advance_clock(hours=1)
        client.post("/campaigns/tone/exports", json={"format": "preference"})
        clock = AdjustableClock(api.scenario.now)
        api.context.clock = clock
        run.run_pending_exports(api.context.database, clock)


def test_exports_are_verified_replayed_and_compared(api: RunningApi) -> None:
    export_twice(api)
    reader, admin = api.client(KeyScope.READ), api.client(KeyScope.ADMIN)
    assert reader.get("/exports/1/verify").json()["deviations"] == []
    replayed = admin.post("/exports/1/replay").json()
    assert "data.jsonl" in replayed["files"]
    assert reader.post("/exports/1/replay").status_code == 403
    (change,) = reader.get("/exports/1/diff?later=2").json()["data"]
    assert (change["change"], change["item"]) == ("added", "pair-2")
    folder = Path(reader.get("/exports/1").json()["path"])
    (folder / "data.jsonl").write_text("{}\n")
    deviations = reader.get("/exports/1/verify").json()["deviations"]
    assert "data.jsonl" in {one["file"] for one in deviations}
    for path in ("/exports/9/verify", "/exports/1/diff?later=9"):
        assert reader.get(path).status_code == 404
    other = api.client(KeyScope.READ, "tone", name="tone-key")
    assert other.get("/exports/2/verify").status_code == 200


def test_only_a_failed_delivery_is_queued_again(api: RunningApi) -> None:
    export_twice(api)
    client = api.client(KeyScope.ADMIN)
    assert client.post("/exports/1/deliver").status_code == 409

    def fail_delivery(session: Session) -> None:
        row = session.get_one(ExportRun, 1)
        row.state, row.destination, row.error = RunState.FAILED, "s3://labels/tone", "no answer"

    api.context.database.write_now(fail_delivery)
    queued = client.post("/exports/1/deliver")
    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    assert client.post("/exports/9/deliver").status_code == 404
