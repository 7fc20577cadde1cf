"""Shapes of exports of annotation and tracing tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.imports.mapping import parse_json_cell
from bot.imports.messages import is_conversation
from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import Fields, Shape, cell, has_columns, without

PROMPT_KEYS = ("messages", "question", "prompt", "query", "input", "text", "instruction", "content")
RESPONSE_KEYS = (
    "output",
    "answer",
    "response",
    "content",
    "text",
    "completion",
    "result",
    "messages",
)


ANSWER_COLUMNS = ("responses", "suggestions")
"""Columns of Argilla with what people and models answered, not with responses to judge."""


def _convert_argilla(row: Fields, _count: int) -> Iterator[Fields]:
    fields = cell(row, "fields")
    if not isinstance(fields, Mapping):
        yield row
        return
    answers = {f"given_{name}": row[name] for name in ANSWER_COLUMNS if row.get(name)}
    yield {**without(row, "fields", *ANSWER_COLUMNS), **answers, **fields}


def _is_argilla(row: Fields) -> bool:
    has_answers = "responses" in row or "suggestions" in row
    return isinstance(cell(row, "fields"), Mapping) and has_answers


ARGILLA = Shape("argilla", "Argilla: records with `fields`", _is_argilla, _convert_argilla)


def _is_label_studio(row: Fields) -> bool:
    has_answers = "annotations" in row or "predictions" in row
    return isinstance(cell(row, "data"), Mapping) and has_answers


def _convert_label_studio(row: Fields, _count: int) -> Iterator[Fields]:
    data = cell(row, "data")
    if not isinstance(data, Mapping):
        yield row  # the short export has the data beside the answers
        return
    rest = without(row, "data")
    yield {
        **{f"task_{name}" if name in data else name: part for name, part in rest.items()},
        **data,
    }


LABEL_STUDIO = Shape(
    "labelstudio",
    "Label Studio: tasks with `data`",
    _is_label_studio,
    _convert_label_studio,
)


def _is_langfuse(row: Fields) -> bool:
    names = ("input", "output")
    tools = ("traceId", "trace_id", "observationId", "projectId", "expectedOutput", "sourceTraceId")
    return has_columns(*names)(row) and any(name in row for name in tools)


def _convert_langfuse(row: Fields, count: int) -> Iterator[Fields]:
    output = "output" if row.get("output") not in (None, "", {}) else "expectedOutput"
    yield _traced_fields(row, "input", output, count)


LANGFUSE = Shape(
    "langfuse",
    "Langfuse: traces, observations or dataset items with `input` and `output`",
    _is_langfuse,
    _convert_langfuse,
)


def _convert_langsmith(row: Fields, count: int) -> Iterator[Fields]:
    if "inputs" in row:
        yield _traced_fields(row, "inputs", "outputs", count)
        return
    groups = {
        prefix: {
            name.removeprefix(prefix): value
            for name, value in row.items()
            if name.startswith(prefix)
        }
        for prefix in ("input_", "output_")
    }
    rest = {name: value for name, value in row.items() if not name.startswith(tuple(groups))}
    joined = {**rest, "inputs": groups["input_"], "outputs": groups["output_"]}
    yield _traced_fields(joined, "inputs", "outputs", count)


LANGSMITH = Shape(
    "langsmith",
    "LangSmith: runs or examples with `inputs` and `outputs`",
    has_columns("inputs", "outputs"),
    _convert_langsmith,
)


def _traced_fields(row: Fields, source: str, target: str, count: int) -> dict[str, object]:
    """Return the prompt in `source` and, for kinds that judge a response, the one in `target`."""
    fields = without(row, source, *([target] if count else []))
    prompt, hidden = _extract(cell(row, source), PROMPT_KEYS)
    if hidden:
        fields[source] = hidden
    if prompt is None:
        message = "the trace has no input"
        raise InvalidRowError(message)
    fields["prompt"] = prompt
    if count:
        response, hidden = _extract(cell(row, target), RESPONSE_KEYS)
        fields["candidates"] = [response]
        if hidden:
            fields[target] = hidden
    return fields


def _extract(value: object, keys: tuple[str, ...]) -> tuple[object, object]:
    """Return the text or messages of an input or output, and what else it has."""
    value = parse_json_cell(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if is_conversation(value) or not isinstance(value, Mapping):
        return value, None
    if isinstance(value.get("role"), str):
        return [value], None
    if nested := _nested_message(value):
        return nested
    key = next((key for key in keys if value.get(key) not in (None, "", [])), None)
    if key is None and len(value) == 1:
        key = next(iter(value))
    if key is None:
        return "\n\n".join(f"{name}: {part}" for name, part in value.items()), None
    inner, more = _extract(value[key], keys)
    hidden = {**without(value, key), **({key: more} if more else {})}
    return inner, hidden or None


def _nested_message(value: Fields) -> tuple[object, object] | None:
    """Return the message in a response of a chat model: `choices` or `generations`."""
    for name in ("choices", "generations"):
        entries = value.get(name)
        while isinstance(entries, list) and entries:
            entries = entries[0]
        if isinstance(entries, Mapping):
            message = entries.get("message") or entries.get("text")
            found = [message] if isinstance(message, Mapping) else message
            return found, without(value, name) or None
    return None
