"""Shape of batches of requests to OpenAI and Anthropic: requests and responses by `custom_id`.

A response does not repeat its request. Both files are read together, as a folder or an archive;
the responses of several models to one request are its candidates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import GROUP, Fields, Shape, cell, without

ID_COLUMN = "custom_id"
REQUEST_COLUMNS = ("body", "params")
RESPONSE_COLUMNS = ("response", "result")
NO_REQUEST = (
    "it has a response and not its request; put the file of requests next to it, and import both "
    "as a folder or a ZIP archive"
)
SYSTEM_KEYS = ("instructions", "system")
MESSAGE_KEYS = ("messages", "input", "prompt")


def _is_batch(row: Fields) -> bool:
    parts = (*REQUEST_COLUMNS, *RESPONSE_COLUMNS)
    has_failed = "response" in row and isinstance(cell(row, "error"), Mapping)
    has_part = any(isinstance(cell(row, name), Mapping) for name in parts)
    return ID_COLUMN in row and (has_part or has_failed)


def _convert(group: Fields, count: int) -> Iterator[Fields]:
    rows = cast("Sequence[Fields]", group[GROUP])
    requests = [request for row in rows if (request := _request_of(row))]
    if not requests:
        raise InvalidRowError(_failure_of(rows[0]) or NO_REQUEST)
    fields: dict[str, object] = {"id": rows[0][ID_COLUMN], **_prompt_fields(requests[0])}
    if count:
        answered = [row for row in rows if not _request_of(row)]
        if failure := next(filter(None, map(_failure_of, answered)), ""):
            raise InvalidRowError(failure)
        found = [_response_of(row) for row in answered]
        fields |= {"candidates": [one[0] for one in found], "models": [one[1] for one in found]}
    yield fields


def _request_of(row: Fields) -> Fields | None:
    bodies = (cell(row, name) for name in REQUEST_COLUMNS)
    return next((body for body in bodies if isinstance(body, Mapping)), None)


def _prompt_fields(body: Fields) -> dict[str, object]:
    prompt = next((body[key] for key in MESSAGE_KEYS if body.get(key)), None)
    system = next((body[key] for key in SYSTEM_KEYS if body.get(key)), None)
    settings = without(body, *MESSAGE_KEYS, *SYSTEM_KEYS)
    parts: dict[str, object] = {"prompt": prompt, "request": settings}
    return parts | ({"system": _text_of(system)} if system else {})


def _text_of(system: object) -> object:
    """Return a system message as text; Anthropic also takes a list of parts."""
    if not isinstance(system, list):
        return system
    return "\n\n".join(str(part.get("text", "")) for part in system if isinstance(part, Mapping))


def _failure_of(row: Fields) -> str:
    """Return why a request has no response, "" if it has one."""
    if _request_of(row):
        return ""
    outcome = cell(row, "result")
    error = cell(row, "error") or (outcome.get("error") if isinstance(outcome, Mapping) else None)
    while isinstance(error, Mapping) and isinstance(error.get("error"), Mapping):
        error = error["error"]
    if isinstance(error, Mapping):
        reason = error.get("message") or error.get("code") or error.get("type")
        return f"the request failed: {reason}"
    message = _message_of(row)
    return "" if message else "the request has no response"


def _message_of(row: Fields) -> Fields | None:
    """Return the body of a response, or the message of Anthropic."""
    response, result = cell(row, "response"), cell(row, "result")
    found = response.get("body") if isinstance(response, Mapping) else None
    found = result.get("message") if isinstance(result, Mapping) else found
    return found if isinstance(found, Mapping) and any(map(found.get, CONTENT_KEYS)) else None


CONTENT_KEYS = ("choices", "output", "content")


def _response_of(row: Fields) -> tuple[object, object]:
    """Return the response in a row as messages or text, and its model."""
    message = cast("Fields", _message_of(row))
    choices, output = message.get("choices"), message.get("output")
    content: object = [{"role": "assistant", "content": message.get("content")}]
    if isinstance(choices, list):
        first = choices[0] if isinstance(choices[0], Mapping) else {}
        content = [first["message"]] if first.get("message") else first.get("text")
    elif isinstance(output, list):
        said = [one for one in output if isinstance(one, Mapping) and one.get("type") == "message"]
        content = [{"role": "assistant", "content": one.get("content")} for one in said]
    return content, message.get("model")


BATCH = Shape(
    "batch",
    "Batches of OpenAI and Anthropic: requests and responses by `custom_id`",
    _is_batch,
    _convert,
    group_by=ID_COLUMN,
    parts=("id", "prompt", "candidates", "models"),
)
