"""Tests of experts through the API: their notes and hours."""

from __future__ import annotations

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair


def test_note_and_hours_need_the_scope_of_coordinators(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=["U0ADA"])
    api.scenario.import_rows("tone", [pair(1)])
    api.scenario.answer_all("U0ADA", verdict="a")
    client = api.client(KeyScope.ADMIN)
    saved = client.put("/experts/U0ADA/note", json={"note": "Fast"})
    assert (saved.status_code, saved.json()) == (200, {"note": "Fast"})
    assert client.get("/experts/U0ADA/note").json() == {"note": "Fast"}
    (week,) = client.get("/hours?by=week&campaign=tone").json()["data"]
    assert (week["start"], week["answers"]) == ("2026-03-02", 1)
    reader = api.client(KeyScope.READ)
    assert reader.get("/experts/U0ADA/note").status_code == 403
    assert "Fast" not in reader.get("/experts").text
    assert client.get("/experts/U0BOB/note").status_code == 404
