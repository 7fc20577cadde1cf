"""Candidates become items: each alone, in pairs, or all of a prompt to be ranked. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.candidates.collection import CandidateResult
from bot.candidates.request import Order, SourcePrompt
from bot.errors import BotError
from bot.imports.item_reader import items_of, read_items
from bot.imports.mapping import ColumnMapping, CompiledMapping
from bot.imports.plan import ImportOptions, ImportPlan
from bot.imports.read_item import ImportedItem, ReadItem
from bot.imports.row import InvalidRow, Row
from bot.kinds.base import Kind
from bot.kinds.demonstration import DEMONSTRATION
from bot.kinds.ranking import MAX_CANDIDATES, MIN_CANDIDATES
from bot.kinds.settings import KindSettings
from bot.kinds.validation import ValidationSettings

COLUMNS = ColumnMapping(
    prompt=("prompt",),
    candidates=("candidates",),
    id=("id",),
    author=("author",),
    domains=("domains",),
    language=("language",),
)
"""The columns of a row. A column of the prompts with such a name gets the prefix `prompt_`."""

GENERATED_BY = "generated_by"
"""The column that says how the candidates of an item were made; it becomes `meta`."""

MAX_PROMPT_KEY_CHARS = 160
DIGEST_BYTES = 8

PAIR = 2


class NoCandidatesKindError(BotError):
    """The kind {kind} has no candidates: use comparison, ranking, rating, validation, curation."""


class CandidateCountError(BotError):
    """A {kind} needs {needed} per prompt, not {count}. Name more models, or use --samples."""


@dataclass(frozen=True, slots=True)
class IncompleteItem:
    """An item that lacks a candidate: its prompt, and the models whose candidates exist."""

    prompt: SourcePrompt
    models: tuple[str, ...]


def read_prompts(path: Path, columns: ColumnMapping, options: ImportOptions) -> Iterator[ReadItem]:
    """Return the rows of a file of prompts, as `labelbot import` reads them for demonstrations."""
    return read_items(path, columns, DEMONSTRATION, DEMONSTRATION.settings(), options)


def source_prompt(item: ImportedItem) -> SourcePrompt:
    """Return the prompt of a row."""
    place = InvalidRow(item.line, "", item.file).place
    return SourcePrompt(item.key, item.content, item.line, place)


def usual_task(settings: KindSettings) -> str | None:
    """Return the task whose candidates the experts of a campaign judge; None if it may be any."""
    return settings.task if isinstance(settings, ValidationSettings) else None


def require_count(kind: Kind[Any], order: Order) -> None:
    """Check that the models and samples make items of the kind.

    Raises:
        NoCandidatesKindError: the kind has no candidates.
        CandidateCountError: there are too few or too many candidates.
    """
    size = len(kind.example.content.candidates)
    count = _group_size(order)
    if not size:
        raise NoCandidatesKindError(kind=kind.name)
    if size == PAIR and count < PAIR:
        raise CandidateCountError(kind=kind.name, needed="two candidates", count=count)
    if size > PAIR and not MIN_CANDIDATES <= count <= MAX_CANDIDATES:
        needed = f"{MIN_CANDIDATES} to {MAX_CANDIDATES} candidates"
        raise CandidateCountError(kind=kind.name, needed=needed, count=count)


def _group_size(order: Order) -> int:
    """Return how many candidates are compared: of all models, or the samples of the only one."""
    return len(order.generators) if len(order.generators) > 1 else order.samples


def build_rows(
    kind: Kind[Any], order: Order, results: Iterable[CandidateResult]
) -> tuple[list[Row], list[IncompleteItem]]:
    """Return a row for each item, and the items that lack a candidate.

    A comparison has each two models, with the same sample of each, or each two samples of the only
    model. A ranking has all models or samples. Other kinds have one candidate per item.
    """
    size = len(kind.example.content.candidates)
    rows: list[Row] = []
    incomplete: list[IncompleteItem] = []
    for group in _groups(order, results):
        for wanted in _selections(group, size):
            found = [result for result in wanted if result.text is not None]
            if len(found) == len(wanted):
                rows.append(Row(found[0].request.prompt.line, _fields_of(order, found)))
            elif found:
                models = tuple(result.request.generator.name for result in found)
                incomplete.append(IncompleteItem(found[0].request.prompt, models))
    return rows, incomplete


def items_in(rows: Sequence[Row], kind: Kind[Any], settings: KindSettings) -> Iterator[ReadItem]:
    """Return the items of rows, or what is wrong with them."""
    size = len(kind.example.content.candidates)
    plan = ImportPlan(iter(rows), None, CompiledMapping(COLUMNS), COLUMNS.mapped_columns(), size)
    return items_of(plan, kind, settings)


def _groups(order: Order, results: Iterable[CandidateResult]) -> Iterator[list[CandidateResult]]:
    """Yield the candidates that are compared with each other, in the order of the file."""
    is_one_model = len(order.generators) == 1
    models = {generator.name: number for number, generator in enumerate(order.generators)}
    groups: defaultdict[tuple[int, str, int], list[CandidateResult]] = defaultdict(list)
    for result in results:
        prompt, sample = result.request.prompt, result.request.sample
        groups[prompt.line, prompt.key, 0 if is_one_model else sample].append(result)
    for _, group in sorted(groups.items()):
        yield sorted(
            group, key=lambda one: (one.request.sample, models[one.request.generator.name])
        )


def _selections(group: Sequence[CandidateResult], size: int) -> Iterable[Sequence[CandidateResult]]:
    if size == 1:
        return ([result] for result in group)
    return combinations(group, PAIR) if size == PAIR else [group]


def _fields_of(order: Order, results: Sequence[CandidateResult]) -> Mapping[str, object]:
    prompt = results[0].request.prompt
    content = prompt.content
    own: dict[str, object] = {
        "id": _item_key(order, results),
        "prompt": content.prompt_messages(),
        "candidates": [
            {"text": result.text, "model": result.request.generator.name} for result in results
        ],
    }
    if content.author:
        own["author"] = content.author
    if content.domains:
        own["domains"] = list(content.domains)
    if content.language:
        own["language"] = content.language
    meta = {**content.meta, **({"draft": content.draft} if content.draft else {})}
    reserved = {*COLUMNS.mapped_columns(), GENERATED_BY}
    return {
        **own,
        **{f"prompt_{name}" if name in reserved else name: meta[name] for name in meta},
        GENERATED_BY: {
            "task": order.task.name,
            "parameters": order.sampling.to_json(),
            **({"instruction": order.wording.instruction} if order.wording.instruction else {}),
            "candidates": [
                {
                    "model": result.request.generator.name,
                    "sample": result.request.sample,
                    "input_tokens": result.usage[0],
                    "output_tokens": result.usage[1],
                }
                for result in results
            ],
        },
    }


def _item_key(order: Order, results: Sequence[CandidateResult]) -> str:
    """Return an id that is the same in each run, so that no item is imported twice."""
    prompt = results[0].request.prompt
    requests = [order.key_of(one.request, order.messages_of(one.request)) for one in results]
    digest = blake2b("".join(requests).encode(), digest_size=DIGEST_BYTES).hexdigest()
    return f"{prompt.key[:MAX_PROMPT_KEY_CHARS]}-{digest}"
