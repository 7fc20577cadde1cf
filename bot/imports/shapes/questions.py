"""Shapes of questions with answers of people: HC3, SQuAD, programming problems, translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import Fields, Shape, cell, has_columns, require, without

PAIR_COUNT = 2
HUMAN, MACHINE = "human_answers", "chatgpt_answers"


def _texts(value: object) -> list[str]:
    """Return the texts in a value that are not blank, each once, in order."""
    found = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(one for one in found if isinstance(one, str) and one.strip()))


def _convert_hc3(row: Fields, count: int) -> Iterator[Fields]:
    """Yield all answers; for a pair, an item for each answer of a person with each of ChatGPT."""
    human, machine = _texts(cell(row, HUMAN)), _texts(cell(row, MACHINE))
    fields = {**without(row, "question", HUMAN, MACHINE), "prompt": require(row, "question")}
    if count != PAIR_COUNT:
        models = ["human"] * len(human) + ["chatgpt"] * len(machine)
        yield {**fields, **({"candidates": human + machine, "models": models} if count else {})}
        return
    pairs = [[ours, theirs] for ours in human for theirs in machine]
    if not pairs:
        message = "it has no answer of a person or none of ChatGPT"
        raise InvalidRowError(message)
    for number, pair in enumerate(pairs, 1):
        own_id = {"id": f"{row['id']}-{number}"} if row.get("id") else {}
        yield {**fields, **own_id, "candidates": pair, "models": ["human", "chatgpt"]}


HC3 = Shape(
    "hc3",
    "HC3: answers of people and of ChatGPT to a question",
    has_columns("question", HUMAN, MACHINE),
    _convert_hc3,
    is_complete=True,
)


def _is_squad(row: Fields) -> bool:
    answers = cell(row, "answers")
    return has_columns("context", "question")(row) and isinstance(answers, Mapping)


def _convert_squad(row: Fields, count: int) -> Iterator[Fields]:
    passage = {"system": row["context"], "prompt": require(row, "question")}
    fields = {**without(row, "context", "question"), **passage}
    if not count:
        yield fields
        return
    answers = _texts(cast("Fields", cell(row, "answers")).get("text"))
    if not answers:
        message = "the passage does not answer the question"
        raise InvalidRowError(message)
    yield {**fields, "candidates": answers}


SQUAD = Shape(
    "squad",
    "SQuAD: a passage, a question, and the answers in the passage",
    _is_squad,
    _convert_squad,
    parts=("system", "prompt", "candidates"),
)

SOLUTIONS = ("canonical_solution", "code")


def _is_program(row: Fields) -> bool:
    is_mbpp = has_columns("code", "test_list")(row) and ("text" in row or "prompt" in row)
    return has_columns("prompt", "canonical_solution")(row) or is_mbpp


def _convert_program(row: Fields, count: int) -> Iterator[Fields]:
    problem, solution = require(row, "prompt", "text"), require(row, *SOLUTIONS)
    used = {"prompt", "text", *(SOLUTIONS if count else ())}
    ids = {"id": str(row["task_id"])} if row.get("task_id") is not None else {}
    response = {"candidates": [solution]} if count else {}
    yield {**without(row, *used), **ids, "prompt": problem, **response}


PROGRAMS = Shape(
    "programs",
    "Programming problems with a solution: HumanEval and MBPP",
    _is_program,
    _convert_program,
    is_complete=True,
)


def _translation(row: Fields) -> Mapping[str, object]:
    value = cell(row, "translation")
    return value if isinstance(value, Mapping) else {}


def _is_translation(row: Fields) -> bool:
    texts = _translation(row)
    return len(texts) == PAIR_COUNT and all(isinstance(text, str) for text in texts.values())


def _convert_translation(row: Fields, count: int) -> Iterator[Fields]:
    (source, text), (target, translated) = _translation(row).items()
    languages = {"source_language": source, "target_language": target}
    response = {"candidates": [translated]} if count else {"translation": translated}
    yield {**without(row, "translation"), **languages, "prompt": text, **response}


TRANSLATIONS = Shape(
    "translations",
    "WMT and others: a text by language in `translation`; the first is the source",
    _is_translation,
    _convert_translation,
    is_complete=True,
)
