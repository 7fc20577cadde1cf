"""Shape of requests to Gemini, with or without the response: tuning files and batches.

A message has `parts`, each with one key that says what it is, such as `text` or `functionCall`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import orjson

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import Fields, Shape, cell, fields_of_conversation, without

SYSTEM_KEYS = ("systemInstruction", "system_instruction")
VERSION_KEYS = ("modelVersion", "model_version")


def _is_gemini(row: Fields) -> bool:
    request = cell(row, "request")
    contents = cell(request if isinstance(request, Mapping) else row, "contents")
    return bool(_messages(contents)) and all("parts" in one for one in _messages(contents))


def _messages(value: object) -> list[Fields]:
    """Return the messages of `contents`: a list, or one alone."""
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, Mapping)]


def _convert(row: Fields, count: int) -> Iterator[Fields]:
    found = cell(row, "request")
    request = cast("Fields", found if isinstance(found, Mapping) else row)
    messages = [_message(one) for one in _messages(cell(request, "contents"))]
    settings = without(request, "contents", *SYSTEM_KEYS)
    rest = {"request": settings, **without(row, "request", "response")} if found else settings
    system = next((cell(request, key) for key in SYSTEM_KEYS if request.get(key)), None)
    fields = {**rest, **({"system": _text_of(system)} if system else {})}
    if "key" in row:
        fields["id"] = row["key"]
    if "response" not in row:
        yield {**fields, **fields_of_conversation(messages, count)}
        return
    responses = _responses(row) if count else {}
    yield {**fields, "prompt": messages, **responses}


def _responses(row: Fields) -> Fields:
    """Return the candidates of the response, with their model."""
    found = cell(row, "response")
    response: Fields = found if isinstance(found, Mapping) else {}
    contents = [one.get("content") for one in _messages(response.get("candidates"))]
    candidates = [[_message(one)] for one in _messages(contents)]
    if not candidates:
        status = row.get("error") or row.get("status")
        message = f"the request has no response{f': {status}' if status else ''}"
        raise InvalidRowError(message)
    model = next((response[key] for key in VERSION_KEYS if response.get(key)), None)
    return {"candidates": candidates, "models": [model] * len(candidates)}


def _text_of(instruction: object) -> object:
    """Return a system instruction as text: it has parts, like a message."""
    parts = instruction.get("parts") if isinstance(instruction, Mapping) else None
    if parts is None:
        return instruction
    return "\n\n".join(str(one.get("text", "")) for one in _messages(parts))


def _message(message: Fields) -> Fields:
    """Return a message with a role and content parts as OpenAI and Anthropic write them."""
    parts = [_part(one) for one in _messages(message.get("parts"))]
    is_result = bool(parts) and all(one["type"] == "tool_result" for one in parts)
    role = "tool" if is_result else message.get("role") or "user"
    return {**without(message, "parts"), "role": role, "content": parts}


def _part(part: Fields) -> Fields:
    text = part.get("text")
    if text is not None:
        kind = "thinking" if part.get("thought") else "text"
        return {"type": kind, kind: text}
    name, value = next(
        ((name, value) for name, value in part.items() if isinstance(value, Mapping)), ("", {})
    )
    match name.replace("_", "").lower():
        case "functioncall":
            return {"type": "tool_use", "name": value.get("name"), "input": value.get("args")}
        case "functionresponse":
            result = orjson.dumps(value.get("response")).decode()
            return {"type": "tool_result", "content": result}
        case "inlinedata" | "filedata":
            return _media(value)
    return {"type": name or next(iter(part), "")}


def _media(value: Mapping[str, object]) -> Fields:
    mime = str(_either(value, "mimeType", "mime_type") or "")
    kind = mime.partition("/")[0]
    link = _either(value, "fileUri", "file_uri")
    source: object = link or {"media_type": mime, "data": value.get("data")}
    return {"type": kind, "source": source}


def _either(value: Mapping[str, object], *names: str) -> object:
    return next((value[name] for name in names if value.get(name)), None)


GEMINI = Shape(
    "gemini",
    "Gemini: `contents` with `parts`, in tuning files and in batches with responses",
    _is_gemini,
    _convert,
    parts=("prompt", "candidates"),
)
