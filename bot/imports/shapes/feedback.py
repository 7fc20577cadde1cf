"""Shapes of published feedback: nested questions, several turns, lists of responses, judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import cast

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import Fields, Shape, cell, has_columns, require, without

SIDES = (0, 1)
PAIR_COUNT = 2


def _is_webgpt(row: Fields) -> bool:
    question = cell(row, "question")
    return isinstance(question, Mapping) and has_columns("answer_0", "answer_1")(row)


def _convert_webgpt(row: Fields, _count: int) -> Iterator[Fields]:
    question = cast("Fields", cell(row, "question"))
    answers = [f"answer_{side}" for side in SIDES]
    yield {
        **without(row, "question", *answers),
        **without(question, "full_text", "id"),
        "prompt": question.get("full_text"),
        "candidates": [require(row, name) for name in answers],
    }


WEBGPT = Shape(
    "webgpt",
    "WebGPT comparisons: a question and two answers with their quotes",
    _is_webgpt,
    _convert_webgpt,
    is_complete=True,
)

POST_KEYS = ("post", "article")


def _is_summary(row: Fields) -> bool:
    info = cell(row, "info")
    has_summary = "summaries" in row or "summary" in row
    return has_summary and isinstance(info, Mapping) and any(map(info.get, POST_KEYS))


def _convert_summary(row: Fields, count: int) -> Iterator[Fields]:
    info = cast("Fields", cell(row, "info"))
    found = cell(row, "summaries") if "summaries" in row else [cell(row, "summary")]
    summaries = cast("Sequence[Fields]", found)
    post = next(info[key] for key in POST_KEYS if info.get(key))
    parts = [info.get("title"), post]
    responses = {
        "candidates": [without(one, "policy") for one in summaries],
        "models": [one.get("policy") for one in summaries],
    }
    yield {
        **without(row, "info", "summaries", "summary"),
        "info": without(info, "title", *POST_KEYS),
        "prompt": "\n\n".join(str(part) for part in parts if part),
        **(responses if count else {}),
    }


SUMMARIES = Shape(
    "summaries",
    "OpenAI summarize_from_feedback: summaries of a post",
    _is_summary,
    _convert_summary,
    is_complete=True,
)


def _is_prism(row: Fields) -> bool:
    history = cell(row, "conversation_history")
    return isinstance(history, list) and any(
        isinstance(entry, Mapping) and "within_turn_id" in entry for entry in history
    )


def _convert_prism(row: Fields, count: int) -> Iterator[Fields]:
    """Yield an item for each turn whose responses are enough; the chosen one continues."""
    history = cast("Sequence[Fields]", cell(row, "conversation_history"))
    rest = without(row, "conversation_history", "conversation_id")
    path: list[Fields] = []
    found = 0
    for turn, entries in groupby(history, key=lambda entry: entry.get("turn")):
        messages = list(entries)
        path += [_message(entry) for entry in messages if entry.get("role") == "user"]
        responses = [entry for entry in messages if entry.get("role") != "user"]
        item = {**rest, "id": f"{row.get('conversation_id')}-{turn}", "prompt": list(path)}
        shown = responses[:count] if count == PAIR_COUNT else responses
        if len(responses) >= count:
            found += 1
            judged = {
                "candidates": [without(one, "role", "model_name", "turn") for one in shown],
                "models": [one.get("model_name") for one in shown],
                "other_responses": responses[len(shown) :],
            }
            yield {**item, **(judged if count else {})}
        chosen = [entry for entry in responses if entry.get("if_chosen")] or responses
        path += [_message(entry) for entry in chosen[:1]]
    if not found:
        message = f"no turn of the conversation has {count} responses"
        raise InvalidRowError(message)


def _message(entry: Fields) -> Fields:
    role = "user" if entry.get("role") == "user" else "assistant"
    return {"role": role, "content": entry.get("content")}


PRISM = Shape(
    "prism",
    "PRISM: conversations with several responses in each turn",
    _is_prism,
    _convert_prism,
    is_complete=True,
)

PAIR = ("chosen", "rejected")


def _is_response_lists(row: Fields) -> bool:
    values = [cell(row, name) for name in PAIR]
    return "prompt" in row and all(
        isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        for value in values
    )


def _convert_response_lists(row: Fields, count: int) -> Iterator[Fields]:
    """Yield all responses; for a pair, an item for each chosen with each rejected one."""
    chosen, rejected = (cast("list[str]", cell(row, name)) for name in PAIR)
    responses = [*chosen, *rejected]
    listed = cell(row, "models")
    models = listed if isinstance(listed, list) and len(listed) == len(responses) else None
    names = models or [None] * len(responses)
    fields = {**without(row, *PAIR, *(("models",) if models else ()))}
    if count != PAIR_COUNT:
        judged = {"candidates": responses, **({"models": names} if models else {})}
        yield {**fields, **(judged if count else {})}
        return
    first, number = len(chosen), 0
    for better in range(first):
        for worse in range(first, len(responses)):
            number += 1
            own_id = {"id": f"{row['id']}-{number}"} if row.get("id") else {}
            pair = [responses[better], responses[worse]]
            yield {**fields, **own_id, "candidates": pair, "models": [names[better], names[worse]]}


RESPONSE_LISTS = Shape(
    "response-lists",
    "RewardBench 2: lists of chosen and rejected responses",
    _is_response_lists,
    _convert_response_lists,
    is_complete=True,
)

JUDGED_COLUMNS = ("orig_instruction", "orig_response", "orig_response_A", "orig_response_B")


def _convert_judged(row: Fields, count: int) -> Iterator[Fields]:
    names = [name for name in JUDGED_COLUMNS[1:] if row.get(name)]
    responses = {"candidates": [require(row, name) for name in names]}
    yield {
        **without(row, *JUDGED_COLUMNS),
        "prompt": require(row, "orig_instruction"),
        **(responses if count else {}),
    }


PROMETHEUS = Shape(
    "prometheus",
    "Prometheus: what a judge was asked to score, not what it wrote",
    has_columns("orig_instruction"),
    _convert_judged,
    is_complete=True,
)
