"""Shapes of benchmarks and evaluations: samples, logs and questions with several choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import cast

from bot.imports.messages import is_conversation
from bot.imports.row import InvalidRowError, quote_name
from bot.imports.shapes.shape import Fields, Shape, cell, has_columns, require, without

EVENT_COLUMNS = ("spec", "final_report")


def _is_evals(row: Fields) -> bool:
    is_sample = "ideal" in row and is_conversation(cell(row, "input"))
    return is_sample or _is_event(row) or _is_run_item(row)


def _is_event(row: Fields) -> bool:
    return has_columns("run_id", "event_id", "data")(row) or row.keys() <= set(EVENT_COLUMNS)


def _is_run_item(row: Fields) -> bool:
    return all(isinstance(cell(row, name), Mapping) for name in ("item", "sample"))


def _convert_evals(row: Fields, count: int) -> Iterator[Fields]:
    if _is_run_item(row):
        item, sample = (cast("Fields", cell(row, name)) for name in ("item", "sample"))
        rest = {"sample": without(sample, "output_text", "model")}
        responses = {"candidates": [sample.get("output_text")], "models": [sample.get("model")]}
        yield {**without(row, "item", "sample"), **item, **rest, **(responses if count else {})}
        return
    if _is_event(row):
        yield _fields_of_event(row, count)
        return
    ideal = cell(row, "ideal")
    ideals = {"candidates": ideal if isinstance(ideal, list) else [ideal]}
    fields = without(row, "input", *(("ideal",) if count else ()))
    yield {**fields, "prompt": require(row, "input"), **(ideals if count else {})}


def _fields_of_event(row: Fields, count: int) -> Fields:
    """Return the prompt and the responses of an event of the type `sampling`."""
    kind = row.get("type") or next((name for name in EVENT_COLUMNS if row.get(name)), "")
    data = cell(row, "data")
    if kind != "sampling" or not isinstance(data, Mapping):
        message = f"it is an event of the type {quote_name(str(kind))}, which has no response"
        raise InvalidRowError(message)
    sampled = data.get("sampled")
    responses = {"candidates": sampled if isinstance(sampled, list) else [sampled]}
    return {
        **without(row, "data"),
        "id": f"{row.get('run_id')}-{row.get('event_id')}",
        "prompt": data.get("prompt"),
        **(responses if count else {}),
    }


EVALS = Shape(
    "evals",
    "OpenAI evals: samples, logs or results of runs",
    _is_evals,
    _convert_evals,
    has_own_columns=True,
    parts=("prompt", "candidates"),
)


def _convert_lm_eval(row: Fields, count: int) -> Iterator[Fields]:
    arguments = cell(row, "arguments")
    if isinstance(arguments, Mapping):  # newer versions name the requests and their arguments
        arguments = [list(cast("Fields", one).values()) for one in arguments.values()]
    requests = cast("Sequence[Sequence[object]]", arguments)
    responses = _flatten(cell(row, "resps"))
    if not all(isinstance(one, str) for one in responses):
        message = "it has probabilities of choices, and no text that a model wrote"
        raise InvalidRowError(message)
    rest = without(row, "arguments", *(("resps",) if count else ()))
    yield {
        **rest,
        "prompt": requests[0][0] if requests and requests[0] else None,
        **({"candidates": responses} if count else {}),
    }


def _flatten(value: object) -> list[object]:
    if not isinstance(value, list):
        return [value]
    return [part for entry in value for part in _flatten(entry)]


LM_EVAL = Shape(
    "lm-eval",
    "LM Evaluation Harness: logged samples with `arguments` and `resps`",
    has_columns("doc", "arguments", "resps"),
    _convert_lm_eval,
    is_complete=True,
)

QUESTION_COLUMNS = ("question", "question_stem", "query", "ctx", "goal", "prompt")
CHOICE_COLUMNS = ("choices", "mc1_targets", "options", "endings")
ANSWER_COLUMNS = ("answer", "answerKey", "answer_index", "label", "gold")


def _choices_of(row: Fields) -> list[str]:
    """Return the texts of the choices: a list, or an object with `text` or `choices`."""
    value = next((cell(row, name) for name in CHOICE_COLUMNS if row.get(name)), None)
    if isinstance(value, Mapping):
        value = value.get("text") or value.get("choices")
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return cast("list[str]", value) if is_list else []


def _is_multiple_choice(row: Fields) -> bool:
    has_question = any(isinstance(row.get(name), str) for name in QUESTION_COLUMNS)
    has_response = any(name in row for name in ("response", "responses", "output", "completion"))
    return has_question and len(_choices_of(row)) > 1 and not has_response


def _convert_multiple_choice(row: Fields, count: int) -> Iterator[Fields]:
    choices = _choices_of(row)
    lines = [f"{letter}. {text}" for letter, text in zip(ascii_uppercase, choices, strict=False)]
    question = str(require(row, *QUESTION_COLUMNS))
    rest = without(row, *QUESTION_COLUMNS, *CHOICE_COLUMNS)
    if count > 1:
        yield {**rest, "prompt": question, "candidates": choices}
        return
    shown = {"prompt": "\n\n".join([question, "\n".join(lines)])}
    yield {**rest, **shown, **({"candidates": [lines[_answer_of(row, lines)]]} if count else {})}


def _answer_of(row: Fields, lines: Sequence[str]) -> int:
    """Return the position of the answer: a number from 0, a letter, or a number as text."""
    targets = cell(row, "mc1_targets")
    labels = targets.get("labels") if isinstance(targets, Mapping) else None
    value = next((row[name] for name in ANSWER_COLUMNS if row.get(name) not in (None, "")), None)
    if isinstance(labels, list) and 1 in labels:
        value = labels.index(1)
    text = str(value).strip()
    number = ascii_uppercase.find(text) if len(text) == 1 and text.isalpha() else -1
    number = int(text) if text.isdecimal() else number
    if not 0 <= number < len(lines):
        message = f"the answer {quote_name(text)} is none of the choices"
        raise InvalidRowError(message)
    return number


MULTIPLE_CHOICE = Shape(
    "multiple-choice",
    "Questions with choices: MMLU, ARC, HellaSwag, TruthfulQA and others",
    _is_multiple_choice,
    _convert_multiple_choice,
    is_complete=True,
)
