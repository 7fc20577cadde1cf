"""Shapes of solutions in steps: ProcessBench and PRM800K."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from bot.imports.row import InvalidRowError
from bot.imports.shapes.shape import Fields, Shape, cell, require, without

PROBLEM_COLUMNS = ("problem", "question", "prompt")


def _is_solution(row: Fields) -> bool:
    steps = cell(row, "steps")
    has_problem = any(isinstance(row.get(name), str) for name in PROBLEM_COLUMNS)
    is_list = isinstance(steps, list) and all(isinstance(step, str) for step in steps)
    return (has_problem and is_list) or _labeled_steps(row) is not None


def _labeled_steps(row: Fields) -> Sequence[Fields] | None:
    """Return the steps of PRM800K, each with several completions; None for other rows."""
    question, label = cell(row, "question"), cell(row, "label")
    if not (isinstance(question, Mapping) and isinstance(label, Mapping)):
        return None
    steps = label.get("steps")
    return steps if isinstance(steps, list) and "problem" in question else None


def _convert(row: Fields, count: int) -> Iterator[Fields]:
    labeled = _labeled_steps(row)
    if labeled is None:
        steps = cast("list[str]", cell(row, "steps"))
        rest = without(row, *PROBLEM_COLUMNS, "steps", "generator")
        prompt, models = require(row, *PROBLEM_COLUMNS), [row.get("generator")]
    else:
        steps = [text for step in labeled if (text := _chosen_text(step))]
        question = cast("Fields", cell(row, "question"))
        rest = {**without(row, "question"), **without(question, "problem")}
        prompt, models = question["problem"], [None]
    if not steps:
        message = "the solution has no steps"
        raise InvalidRowError(message)
    response = {"candidates": ["\n\n".join(steps)], "models": models}
    yield {**rest, "prompt": prompt, **(response if count else {"steps": steps})}


def _chosen_text(step: Fields) -> str:
    """Return the text of a step: written by a person, chosen, or the first one."""
    person, completions = step.get("human_completion"), step.get("completions")
    chosen = step.get("chosen_completion")
    if isinstance(person, Mapping):
        return str(person.get("text") or "")
    entries = completions if isinstance(completions, list) else []
    position = chosen if isinstance(chosen, int) and chosen < len(entries) else 0
    return str(entries[position].get("text") or "") if entries else ""


STEPS = Shape(
    "steps",
    "Solutions in steps: ProcessBench and PRM800K",
    _is_solution,
    _convert,
    is_complete=True,
)
