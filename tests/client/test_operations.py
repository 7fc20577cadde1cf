"""Every operation of the API has a method of the client, which sends what the API expects."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from bot.api.app import openapi_document_of_routes
from bot.client import AsyncLabelbotClient, ItemSearch, LabelbotClient
from bot.client.calls import ApiCall
from bot.client.models.base import TaggedModel

METHODS = {
    "list_campaigns": "campaigns",
    "create_campaign": "create_campaign",
    "get_campaign": "campaign",
    "change_campaign": "change_campaign",
    "clone_campaign": "clone_campaign",
    "pause_campaign": "pause_campaign",
    "resume_campaign": "resume_campaign",
    "close_campaign": "close_campaign",
    "change_guidelines": "change_guidelines",
    "change_audience": "change_audience",
    "change_practice": "change_practice",
    "change_quality": "change_quality",
    "qualify_expert": "qualify_expert",
    "list_templates": "templates",
    "save_template": "save_template",
    "use_template": "use_template",
    "delete_template": "delete_template",
    "list_items": "items",
    "get_item": "item",
    "delete_item": "delete_item",
    "hold_item": "hold_item",
    "release_item": "release_item",
    "list_imports": "imports",
    "undo_import": "undo_import",
    "list_answers": "read_answers",
    "list_experts": "experts",
    "invite_experts": "invite_experts",
    "change_role": "change_role",
    "list_messages": "messages",
    "get_note": "note",
    "change_note": "change_note",
    "list_hours": "hours",
    "add_members": "add_experts",
    "remove_member": "remove_expert",
    "list_tasks": "tasks",
    "assign_tasks": "assign_tasks",
    "assign_many": "assign_many",
    "remind_experts": "remind_experts",
    "list_formats": "formats",
    "list_exports": "exports",
    "start_export": "start_export",
    "get_export": "export",
    "list_files": "export_files",
    "deliver_export": "deliver_export",
    "verify_export": "verify_export",
    "replay_files": "replay_export",
    "compare_exports": "compare_exports",
    "list_schedules": "schedules",
    "add_schedule": "add_schedule",
    "remove_schedule": "remove_schedule",
    "get_status": "progress",
    "get_report": "report",
    "get_leaderboard": "leaderboard",
    "list_cases": "cases",
    "get_case": "case",
    "list_decisions": "decisions",
    "decide": "decide_case",
    "keep": "keep_answers",
    "send_back": "send_back_case",
    "return_to_queue": "return_task_to_queue",
    "undo": "undo_decision",
    "accept": "accept_answer",
    "change_overlap": "change_overlap",
    "unassign": "unassign_tasks",
    "reassign": "reassign_tasks",
    "reopen": "reopen_answer",
    "exclude": "exclude_answers",
    "include": "include_answers",
    "list_excluded": "exclusions",
    "list_webhooks": "webhooks",
    "add_webhook": "add_webhook",
    "rotate_secret": "rotate_secret",
    "remove_webhook": "remove_webhook",
    "enable_webhook": "enable_webhook",
    "test_webhook": "test_webhook",
    "list_deliveries": "deliveries",
    "replay": "replay_events",
    "get_key": "key",
    "get_settings": "settings",
    "change_settings": "change_settings",
    "get_digest": "digest",
    "change_digest": "change_digest",
    "list_undelivered": "undelivered_messages",
    "retry_messages": "retry_messages",
    "drop_messages": "drop_messages",
    "list_entries": "audit_log",
}
"""The method of each operation that is one request with a small body."""

LARGE = {
    "push_items": "push",
    "check_items": "check_items",
    "stream_answers": "download_answers",
    "download_file": "download_export",
}
"""The methods that send or receive large bodies; the other tests of the client call them."""

PAGING = {"cursor", "limit"}

DOCUMENT = openapi_document_of_routes()

OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}

EXAMPLES: dict[str, object] = {
    "str": "a b/c?",
    "int": 1,
    "float": 0.5,
    "bool": True,
    "datetime": datetime(2026, 3, 2, tzinfo=UTC),
    "Sequence[str]": ["x"],
    "Sequence[int]": [1],
    "ItemSearch": ItemSearch("x", "x", "x", "new", "x", "x"),
}
"""An argument for each type of parameter; a mapping is empty."""


def test_every_operation_has_a_method_of_both_clients() -> None:
    assert METHODS.keys() | LARGE.keys() == OPERATIONS.keys()
    for name in (METHODS | LARGE).values():
        assert callable(getattr(LabelbotClient, name)), name
        assert callable(getattr(AsyncLabelbotClient, name)), name


def build_call(name: str) -> tuple[ApiCall[object], bool]:
    """Return the request of a method with all its arguments, and whether it takes further ones."""
    build: Callable[..., ApiCall[object]] = getattr(LabelbotClient, name)
    takes_more = False
    positional, keywords = [], {}
    for parameter in list(inspect.signature(build).parameters.values())[1:]:
        example = EXAMPLES.get(str(parameter.annotation).removesuffix(" | None"), {})
        if parameter.kind is parameter.VAR_KEYWORD:
            takes_more = True
        elif parameter.kind is parameter.KEYWORD_ONLY:
            keywords[parameter.name] = example
        else:
            positional.append(example)
    return build(None, *positional, **keywords), takes_more


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema, or the one that it refers to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name] if name else schema


@pytest.mark.parametrize("operation_id", METHODS)
def test_method_sends_what_the_operation_takes(operation_id: str) -> None:
    method, path, operation = OPERATIONS[operation_id]
    call, takes_more = build_call(METHODS[operation_id])
    assert call.method == method.upper()
    pattern = re.sub(r"\\\{[^{}]+\\\}", "[^/?]+", re.escape(path))
    assert re.fullmatch(pattern, call.path), call.path
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    assert known - PAGING <= call.parameters.keys() <= known
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    body = resolve(content["schema"]) if content else {}
    sent = json.loads(call.content or "{}").keys()
    assert set(body.get("required", ())) <= sent <= body.get("properties", {}).keys()
    assert takes_more or sent == body.get("properties", {}).keys()


@pytest.mark.parametrize("operation_id", METHODS)
def test_result_has_fields_of_the_response(operation_id: str) -> None:
    _method, _path, operation = OPERATIONS[operation_id]
    (response,) = (one for code, one in operation["responses"].items() if code.startswith("2"))
    call, _takes_more = build_call(METHODS[operation_id])
    check_result(call.result, response["content"]["application/json"]["schema"])


def check_result(result: Any, schema: dict[str, Any]) -> None:  # noqa: ANN401 - a type
    """Check that a type of the client describes a schema, and its fields those of the schema."""
    schema = resolve(schema)
    if get_origin(result) is list:
        assert schema["type"] == "array"
        check_result(get_args(result)[0], schema["items"])
        return
    assert schema["type"] == "object"
    if get_origin(result) is dict or "properties" not in schema:
        return
    assert issubclass(result, BaseModel)
    for name, field in result.model_fields.items():
        if name in TaggedModel.model_fields:
            continue  # it is in a header
        found = schema["properties"][str(field.validation_alias or name)]
        inner = field.annotation
        if get_origin(inner) is list and isinstance(get_args(inner)[0], type):
            entry = get_args(inner)[0]
            if issubclass(entry, BaseModel):
                check_result(inner, found)
