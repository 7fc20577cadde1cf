"""Check that every response conforms to the OpenAPI document, and that none is a server error.

`make check-api` runs this with many generated requests for every route: valid ones, and ones that
do not conform to the document, which must be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from bot.api.app import openapi_document_of_routes
from storage.database import Database
from storage.tables import KeyScope
from tests.api.conftest import RunningApi, build_context, run_api
from tests.services.conftest import Scenario, database, pair, postgresql_database

__all__ = ["database", "postgresql_database"]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]

ROW_ROUTES = ("/campaigns/{campaign}/items", "/campaigns/{campaign}/items/check")
"""Routes whose bodies are any text: invalid rows are counted, not refused."""


@schemathesis.serializer("application/x-ndjson", "application/jsonl", "text/csv")
def send_as_text(_context: object, value: object) -> bytes:
    """Send a generated body as it is."""
    return str(value).encode("utf-8", "surrogatepass")


@schemathesis.serializer("application/vnd.apache.parquet")
def send_as_bytes(_context: object, value: object) -> bytes:
    """Send a generated body as it is."""
    return str(value).encode("utf-8", "surrogatepass")


NAMES = ["tone", "jokes", "unknown"]
"""Names of campaigns in generated requests, so that most reach one."""


@pytest.fixture
def api(database: Database, tmp_path: Path) -> Iterator[RunningApi]:
    """Return a server, once on SQLite and once on PostgreSQL."""
    with run_api(context := build_context(database, tmp_path)) as url:
        yield RunningApi(url, context, Scenario(database, tmp_path))


def load_schema(api: RunningApi) -> schemathesis.BaseSchema:
    """Return the document of a server with two campaigns."""
    for name in NAMES[:2]:
        api.scenario.create_campaign(name, experts=["U0ADA"])
        api.scenario.import_rows(name, [pair(1), pair(2)])
    document = openapi_document_of_routes()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "campaign":
                    parameter["schema"] = {"enum": NAMES, "type": "string"}
    loaded = schemathesis.openapi.from_dict(document)
    loaded.config.update(base_url=api.url)
    return loaded


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_responses_conform_to_the_document(api: RunningApi, mode: GenerationMode) -> None:
    schema = load_schema(api)
    headers = {"Authorization": f"Bearer {api.create_key(KeyScope.ADMIN)}"}
    checked = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        checks = list(CHECKS)
        if not (operation.method == "post" and operation.path.endswith(ROW_ROUTES)):
            checks.append(negative_data_rejection)
        check_operation(operation.as_strategy(generation_mode=mode), headers, checks)
        checked.append(operation.label)
    assert len(checked) > 50


def check_operation(
    cases: st.SearchStrategy[Case[Any]], headers: dict[str, str], checks: list[CheckFunction]
) -> None:
    """Send generated requests to one route."""

    @given(cases)
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: Case[Any]) -> None:
        case.call_and_validate(checks=checks, headers=headers)

    check()
