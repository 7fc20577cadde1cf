"""Shapes of exports of annotation and tracing tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.imports.literals import parse_cell
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


ARGILLA = Shape(
    "argilla",
    "Argilla: records with `fields`",
    _is_argilla,
    _convert_argilla,
    has_own_columns=True,
)


LABEL_STUDIO_COLUMNS = {"id", "data", "meta", "created_at", "updated_at", "project", "inner_id"}


def _is_label_studio(row: Fields) -> bool:
    is_task = "annotations" in row or "predictions" in row or set(row) <= LABEL_STUDIO_COLUMNS
    return isinstance(cell(row, "data"), Mapping) and is_task


def _convert_label_studio(row: Fields, _count: int) -> Iterator[Fields]:
    data = cell(row, "data")
    if isinstance(data, Mapping) and isinstance(data.get("items"), list) and "text" in data:
        data = {"prompt": data["text"], **without(data, "text")}  # the template of rankings
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
    has_own_columns=True,
)


EXPECTED_OUTPUTS = ("expectedOutput", "expected_output")
LANGFUSE_COLUMNS = (
    *("traceId", "trace_id", "observationId", "projectId", "sourceTraceId", "datasetId"),
    *("dataset_id", "datasetName", "dataset_name", "expectedOutput"),
)


def _is_langfuse(row: Fields) -> bool:
    has_output = "output" in row or any(name in row for name in EXPECTED_OUTPUTS)
    return "input" in row and has_output and any(name in row for name in LANGFUSE_COLUMNS)


def _convert_langfuse(row: Fields, count: int) -> Iterator[Fields]:
    names = ("output", *EXPECTED_OUTPUTS)
    output = next((name for name in names if row.get(name) not in (None, "", {})), "output")
    yield _traced_fields(row, "input", output, count)


LANGFUSE = Shape(
    "langfuse",
    "Langfuse: traces, observations or dataset items with `input` and `output`",
    _is_langfuse,
    _convert_langfuse,
)


def _is_langsmith(row: Fields) -> bool:
    has_flat = any(f"input_{key}" in row for key in PROMPT_KEYS) and any(
        f"output_{key}" in row for key in RESPONSE_KEYS
    )
    return has_flat or has_columns("inputs", "outputs")(row)


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
    _is_langsmith,
    _convert_langsmith,
)


def _traced_fields(row: Fields, source: str, target: str, count: int) -> dict[str, object]:
    """Return the prompt in `source` and, for kinds that judge a response, the one in `target`."""
    fields = without(row, source, *([target] if count else []))
    prompt, hidden = _extract(row.get(source), PROMPT_KEYS)
    hidden = _take_earlier_turns(hidden, fields)
    if hidden:
        fields[source] = hidden
    if prompt is None:
        message = "the trace has no input"
        raise InvalidRowError(message)
    fields["prompt"] = prompt
    if count:
        response, hidden = _extract(row.get(target), RESPONSE_KEYS)
        fields["candidates"] = [response]
        if hidden:
            fields[target] = hidden
    return fields


EARLIER_KEYS = {
    "system": ("system", "system_prompt", "system_message", "instructions"),
    "history": ("chat_history", "history"),
}
"""Keys of an input with what comes before its message, by part."""


def _take_earlier_turns(hidden: object, fields: dict[str, object]) -> object:
    """Move the system message and the earlier turns of an input to their parts of the item."""
    if not isinstance(hidden, Mapping):
        return hidden
    for part, names in EARLIER_KEYS.items():
        name = next((name for name in names if hidden.get(name)), None)
        if name and part not in fields:
            fields[part] = hidden[name]
            hidden = without(hidden, name)
    return hidden


def _extract(value: object, keys: tuple[str, ...]) -> tuple[object, object]:
    """Return the text or messages of an input or output, and what else it has.

    JSON in a text is what the tool wrote, if it has a text or messages; else it is a response.
    """
    if isinstance(value, str):
        inner, hidden = _extract_value(parse_cell(value), keys)
        is_response = isinstance(inner, str) or is_conversation(inner)
        return (inner, hidden) if is_response else (value, None)
    return _extract_value(value, keys)


def _extract_value(value: object, keys: tuple[str, ...]) -> tuple[object, object]:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    if is_conversation(value) or not isinstance(value, Mapping):
        return value, None
    if isinstance(value.get("role"), str):
        return [value], None
    if nested := _nested_message(value):
        return nested
    if set(value) == {"args", "kwargs"}:
        return _extract_value(_arguments_of(value), keys)
    key = next((key for key in keys if value.get(key) not in (None, "", [])), None)
    if key is None and len(value) == 1:
        key = next(iter(value))
    if key is None:
        return "\n\n".join(f"{name}: {part}" for name, part in value.items()), None
    inner, more = _extract(value[key], keys)
    hidden = {**without(value, key), **({key: more} if more else {})}
    return inner, hidden or None


def _arguments_of(call: Fields) -> object:
    """Return the arguments of a traced function: the only one, or all by name or position."""
    args, kwargs = call["args"], call["kwargs"]
    positional = args if isinstance(args, list) else []
    named = kwargs if isinstance(kwargs, Mapping) else {}
    if len(positional) == 1 and not named:
        return positional[0]
    return {**{f"argument {number}": one for number, one in enumerate(positional, 1)}, **named}


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
