"""Tests of experts through the API: assigned items, notes and hours."""

from __future__ import annotations

from bot.imports.mapping import ColumnMapping
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair


def test_items_that_match_are_assigned_to_several_experts(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=2, experts=["U0ADA", "U0BOB"])
    rows = [pair(number, domain="law" if number % 2 else "art") for number in range(1, 6)]
    columns = ColumnMapping.parse(["domains=domain"])
    api.scenario.import_rows("tone", rows, columns=columns)
    client = api.client(KeyScope.ADMIN)
    body = {"experts": ["U0ADA", "U0BOB"], "domain": "law", "count": 50}
    found = client.post("/campaigns/tone/bulk-tasks", json=body).json()
    assert [one["assigned_count"] for one in found] == [3, 3]
    named = {"experts": ["U0ADA"], "items": ["pair-2", "pair-1"]}
    (again,) = client.post("/campaigns/tone/bulk-tasks", json=named).json()
    assert again["assigned_count"] == 1


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
