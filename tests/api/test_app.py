"""Tests of what all routes have in common: keys, scopes, problems, ETags, gzip and the document."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from bot.api.app import PREFIX, openapi_document_of_routes
from bot.api.problems import MEDIA_TYPE
from bot.api.rate_limit import RateLimit
from bot.services.api_keys import keys
from bot.services.api_keys.keys import SCOPES
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

WRONG_KEY = f"lbk_{'0' * 12}_{'0' * 64}"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return openapi_document_of_routes()


def routes_of(document: dict[str, Any]) -> list[tuple[str, str, KeyScope]]:
    """Return method, path and scope of each route."""
    return [
        (method.upper(), path.removeprefix(PREFIX), scope_of(operation))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def scope_of(operation: dict[str, Any]) -> KeyScope:
    """Return the scope that a route names in the OpenAPI document."""
    ((scope,),) = (one["HTTPBearer"] for one in operation["security"])
    return KeyScope(scope)


def request(client: httpx.Client, method: str, path: str) -> httpx.Response:
    """Request a route with some values for its parameters."""
    filled = re.sub(r"\{(\w+)(:path)?\}", lambda m: "1" if m[1] == "number" else "tone", path)
    return client.request(method, filled.replace("reviews/tone", "reviews/1"))


def problem_type(response: httpx.Response) -> str:
    """Return what a problem names for programs."""
    assert response.headers["Content-Type"] == MEDIA_TYPE
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["detail"]
    return str(problem["type"])


def test_every_route_refuses_no_key_a_wrong_key_and_a_small_scope(
    api: RunningApi, document: dict[str, Any]
) -> None:
    clients = {scope: api.client(scope) for scope in SCOPES}
    nobody, stranger = api.client_with(""), api.client_with(WRONG_KEY)
    routes = routes_of(document)
    assert len(routes) > 50
    for method, path, scope in routes:
        missing, wrong = (request(client, method, path) for client in (nobody, stranger))
        assert (missing.status_code, wrong.status_code) == (401, 401), path
        assert problem_type(missing) == "urn:labelbot:missing-key"
        assert problem_type(wrong) == "urn:labelbot:invalid-key"
        assert wrong.headers["WWW-Authenticate"] == "Bearer"
        for smaller in SCOPES[: SCOPES.index(scope)]:
            refused = request(clients[smaller], method, path)
            assert (refused.status_code, problem_type(refused)) == (
                403,
                "urn:labelbot:small-scope",
            ), path
        allowed = request(clients[scope], method, path)
        assert allowed.status_code not in (401, 403, 500), (path, allowed.text)


ADMIN_READS = {"/experts/{expert}/note", "/hours"}
"""What only coordinators may read, although it changes nothing."""


def test_changes_need_more_than_reading(document: dict[str, Any]) -> None:
    for method, path, scope in routes_of(document):
        is_reading = method == "GET" and path not in ADMIN_READS
        assert (scope == KeyScope.READ) == is_reading, path
    assert ("POST", "/campaigns/{campaign}/items", KeyScope.ITEMS) in routes_of(document)


def test_every_route_has_a_description_and_names_its_errors(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"].endswith((".", "}`")), path
            assert MEDIA_TYPE in operation["responses"]["422"]["content"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_key_for_a_campaign_reaches_no_other(api: RunningApi, document: dict[str, Any]) -> None:
    for name in ("tone", "jokes"):
        api.scenario.create_campaign(name)
    client = api.client(KeyScope.ADMIN, "jokes")
    for method, path, _scope in routes_of(document):
        response = request(client, method, path)
        if path in ("/campaigns", "/formats", "/key"):
            assert "tone" not in response.text
        else:
            assert response.status_code in (403, 422, 415), (method, path, response.text)
            assert '"tone"' not in response.text
    assert client.get("/campaigns/unknown").json() == client.get("/campaigns/tone").json()
    assert [one["name"] for one in client.get("/campaigns").json()["data"]] == ["jokes"]


def test_revoked_key_is_refused_at_once_and_use_is_recorded(api: RunningApi) -> None:
    client = api.client(KeyScope.READ, name="loop")
    assert client.get("/key").json() == {"name": "loop", "scope": "read", "campaigns": []}
    (status,) = api.context.database.read_now(keys.list_keys)
    assert status.last_used_at is not None
    api.context.database.write_now(keys.revoke_key, "loop", api.scenario.actor)
    assert client.get("/key").status_code == 401


def test_limit_says_when_to_try_again(api: RunningApi) -> None:
    api.context.rate_limit = RateLimit(6)
    client, other = api.client(KeyScope.READ), api.client(KeyScope.READ, name="other")
    assert client.get("/key").status_code == 200
    refused = client.get("/key")
    assert (refused.status_code, problem_type(refused)) == (429, "urn:labelbot:too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert other.get("/key").status_code == 200


def test_unchanged_response_is_not_sent_again(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    client = api.client(KeyScope.READ)
    first = client.get("/campaigns")
    again = client.get("/campaigns", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    api.scenario.create_campaign("jokes")
    changed = client.get("/campaigns", headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, len(changed.json()["data"])) == (200, 2)


def test_long_responses_are_compressed(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", guidelines="be kind " * 1_000)
    response = api.client(KeyScope.READ).get("/campaigns/tone")
    assert response.headers["Content-Encoding"] == "gzip"
    assert int(response.headers["Content-Length"]) < 2_000
    assert response.json()["guidelines"].startswith("be kind")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("PUT", "/campaigns", 405),
        ("GET", "/campaigns/jokse", 404),
        ("GET", "/campaigns?limit=0", 422),
        ("GET", "/campaigns?cursor=nonsense", 422),
        ("GET", "/campaigns?cursor=é", 422),
        ("GET", f"/exports/{2**31}", 422),
        ("GET", "/exports/7", 404),
        ("POST", "/campaigns", 422),
    ],
)
def test_errors_are_problems(api: RunningApi, method: str, path: str, status: int) -> None:
    response = api.client(KeyScope.ADMIN).request(method, path)
    assert response.status_code == status, response.text
    assert problem_type(response).startswith("urn:labelbot:")


def test_request_that_reaches_no_route_names_the_remedy(api: RunningApi) -> None:
    client = api.client(KeyScope.ADMIN)
    assert "openapi.json describes" in client.get("/nothing").json()["detail"]
    refused = client.put("/campaigns")
    assert (refused.headers["Allow"], "Allow" in refused.json()["detail"]) == ("GET, POST", True)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/campaigns/tone/items?maps=prompt=q", "no parameter “maps”: write “map”."),
        ("/campaigns?page=2", "no parameter “page”: its parameters are cursor, limit."),
        ("/key?page=2", "no parameter “page”: it has no parameters."),
    ],
)
def test_unknown_parameter_is_an_error_with_those_that_exist(
    api: RunningApi, path: str, detail: str
) -> None:
    method = "POST" if "maps" in path else "GET"
    headers = {"Content-Type": "application/x-ndjson"}
    refused = api.client(KeyScope.ADMIN).request(method, path, headers=headers)
    assert problem_type(refused) == "urn:labelbot:unknown-parameter"
    assert detail in refused.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "body", "detail"),
    [
        ("application/json", '{"titel": "Tone"}', "no such field: write “title”."),
        ("application/json", "{title: 1}", "not JSON: Expecting property name"),
        ("application/x-www-form-urlencoded", "title=Tone", "Content-Type: application/json"),
    ],
)
def test_body_of_another_form_is_an_error_with_the_remedy(
    api: RunningApi, content_type: str, body: str, detail: str
) -> None:
    api.scenario.create_campaign("tone")
    headers = {"Content-Type": content_type}
    client = api.client(KeyScope.ADMIN)
    refused = client.patch("/campaigns/tone", content=body, headers=headers)
    assert problem_type(refused) == "urn:labelbot:invalid-request"
    assert detail in refused.json()["detail"]


def test_usual_reminders_come_before_the_lease_ends(api: RunningApi) -> None:
    body = {"name": "tone", "kind": "comparison", "lease_minutes": 300}
    created = api.client(KeyScope.ADMIN).post("/campaigns", json=body)
    assert (created.status_code, created.json()["reminder_minutes"]) == (201, [240])


def test_change_is_in_the_audit_log_with_the_name_of_its_key(api: RunningApi) -> None:
    client = api.client(KeyScope.ADMIN, name="training-loop")
    client.post("/campaigns", json={"name": "tone", "kind": "comparison"}).raise_for_status()
    client.post("/campaigns/tone/pause").raise_for_status()
    entries = client.get("/audit", params={"campaign": "tone"}).json()["data"]
    assert [(one["actor"], one["origin"], one["action"]) for one in entries] == [
        ("training-loop", "api", "paused a campaign"),
        ("training-loop", "api", "created a campaign"),
    ]


def test_campaign_changes_only_if_nobody_changed_it_meanwhile(api: RunningApi) -> None:
    api.scenario.create_campaign("tone")
    api.scenario.import_rows("tone", [pair(1)])
    client = api.client(KeyScope.ADMIN)
    tag = client.get("/campaigns/tone").headers["ETag"]
    headers = {"If-Match": tag}
    changed = client.patch("/campaigns/tone", json={"title": "Tone!"}, headers=headers)
    assert changed.json()["title"] == "Tone!"
    late = client.patch("/campaigns/tone", json={"title": "Late"}, headers=headers)
    assert (late.status_code, problem_type(late)) == (412, "urn:labelbot:changed-meanwhile")
    assert client.get("/campaigns/tone").json()["title"] == "Tone!"


@pytest.mark.parametrize("form", ["W/{}", '"other", {}', "*"])
def test_if_match_takes_several_tags_and_those_of_compressing_proxies(
    api: RunningApi, form: str
) -> None:
    client = api.client(KeyScope.ADMIN)
    body = {"name": "tone", "kind": "comparison"}
    tag = client.post("/campaigns", json=body).headers["ETag"]
    headers = {"If-Match": form.format(tag)}
    changed = client.patch("/campaigns/tone", json={"title": "Tone!"}, headers=headers)
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


def test_repeated_change_is_made_once(api: RunningApi) -> None:
    client = api.client(KeyScope.ADMIN)
    headers = {"Idempotency-Key": "one"}
    body = {"name": "tone", "kind": "comparison"}
    first = client.post("/campaigns", json=body, headers=headers)
    again = client.post("/campaigns", json=body, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post("/campaigns", json={**body, "name": "jokes"}, headers=headers)
    assert problem_type(other) == "urn:labelbot:reused-idempotency-key"
    assert api.scenario.count("campaign") == 1
    too_long = client.post("/campaigns", json=body, headers={"Idempotency-Key": "x" * 201})
    assert problem_type(too_long) == "urn:labelbot:long-idempotency-key"
