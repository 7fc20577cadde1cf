"""Tests of reading answers through the API."""

from __future__ import annotations

import json
from typing import Any

from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ADA, BOB = "U0ADA", "U0BOB"


def test_reader_continues_after_its_cursor(api: RunningApi) -> None:
    scenario = api.scenario
    scenario.create_campaign("tone", overlap=2, experts=[ADA, BOB])
    scenario.import_rows("tone", [pair(number) for number in range(1, 4)])
    client = api.client(KeyScope.READ, "tone")
    empty = client.get("/campaigns/tone/answers").json()
    assert (empty["data"], empty["has_more"]) == ([], False)
    scenario.answer_all(ADA, verdict="a")
    seen: list[dict[str, Any]] = []
    page = {**empty, "has_more": True}
    while page["has_more"]:
        parameters = {"cursor": page["next_cursor"], "limit": 2}
        page = client.get("/campaigns/tone/answers", params=parameters).json()
        seen += page["data"]
    assert [one["item"] for one in seen] == ["pair-1", "pair-2", "pair-3"]
    assert {one["label"]["type"] for one in seen} == {"preference"}
    assert ADA not in json.dumps(seen), "experts have pseudonyms"
    scenario.submit_answer(ADA, 1, verdict="tie")
    scenario.submit_answer(BOB, scenario.assign_next(BOB) or 0, verdict="b")
    later = client.get("/campaigns/tone/answers", params={"cursor": page["next_cursor"]}).json()
    assert [(one["answer"], one["version"], one["counts"]) for one in later["data"]] == [
        (1, 2, True),
        (4, 1, True),
    ]
    assert later["data"][0]["label"]["winner"] == "tie"


def test_all_answers_come_as_json_lines_with_the_cursor_last(api: RunningApi) -> None:
    scenario = api.scenario
    scenario.create_campaign("tone", overlap=1, experts=[ADA])
    scenario.import_rows("tone", [pair(1), pair(2)])
    scenario.answer_all(ADA, verdict="a")
    client = api.client(KeyScope.READ)
    response = client.get("/campaigns/tone/answers.ndjson")
    assert response.headers["Content-Type"] == "application/x-ndjson"
    *answers, last = map(json.loads, response.text.splitlines())
    assert [one["item"] for one in answers] == ["pair-1", "pair-2"]
    again = client.get("/campaigns/tone/answers.ndjson", params={"cursor": last["next_cursor"]})
    assert json.loads(again.text) == last
    assert client.get("/campaigns/jokes/answers.ndjson").status_code == 404


def test_answers_of_other_campaigns_are_passed_over(api: RunningApi) -> None:
    scenario = api.scenario
    for name in ("tone", "other"):
        scenario.create_campaign(name, overlap=1, experts=[ADA])
        scenario.import_rows(name, [pair(1), pair(2)])
    scenario.answer_all(ADA, verdict="a")
    client = api.client(KeyScope.READ)
    for name in ("tone", "other"):
        page = client.get(f"/campaigns/{name}/answers").json()
        assert [one["item"] for one in page["data"]] == ["pair-1", "pair-2"]
