"""Build the content of an item from the fields of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.imports.column_mapping import ColumnMapping, unmapped_fields, value_at
from bot.imports.item_attributes import author_of, authors_of, domains_of, language_of
from bot.imports.media import candidate_media, find_leaked_model, prompt_media
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.kinds.content import Candidate, Content, ConversationTurn, parse_turns
from bot.kinds.media import Media

TEXT_KEYS = ("text", "content", "response")
"""Keys of the text in a candidate that is an object; the first that exists is used."""


def build_content(row: Mapping[str, object], columns: ColumnMapping) -> Content:
    """Return the content of the item in a row; unmapped columns become its `meta`.

    A candidate is text, an object with its text and optionally its model, or a list of messages
    whose last message is the response. If media are the response, its text is empty.

    Raises:
        InvalidRowError: with the reason, such as a blank candidate.
    """
    media, candidates = prompt_media(row, columns), _parse_candidates(row, columns)
    _reject_model_leak(media, candidates)
    return Content(
        prompt=_parse_prompt(_prompt_values(row, columns)),
        candidates=candidates,
        draft=_parse_draft([value_at(row, column) for column in columns.draft]),
        meta=unmapped_fields(row, columns.mapped_columns()),
        media=media,
        author=author_of(row, columns),
        domains=domains_of(row, columns),
        language=language_of(row, columns),
    )


def _prompt_values(row: Mapping[str, object], columns: ColumnMapping) -> list[object]:
    """Return the mapped prompt columns, else the conversation that all candidates share.

    Many datasets store a whole conversation in each candidate; its last message is the response.
    """
    if columns.prompt:
        return [value_at(row, column) for column in columns.prompt]
    values = [value_at(row, column) for column in columns.candidates]
    prompts = [cast("list[object]", value)[:-1] for value in values if _is_conversation(value)]
    is_shared = len(prompts) == len(values) and all(prompt == prompts[0] for prompt in prompts)
    return [prompts[0]] if is_shared and prompts and prompts[0] else []


def _reject_model_leak(media: Sequence[Media], candidates: Sequence[Candidate]) -> None:
    all_media = [*media, *(entry for candidate in candidates for entry in candidate.media)]
    if model_name := find_leaked_model(all_media, [candidate.model for candidate in candidates]):
        message = f"a link or description reveals the model {quote_name(model_name)}"
        raise InvalidRowError(message)


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _parse_prompt(values: Sequence[object]) -> tuple[ConversationTurn, ...]:
    present = [value for value in values if not _is_blank(value)]
    if not present:
        return ()
    if len(values) == 1:
        return _parse_turns(present[0])
    other = next((value for value in present if not isinstance(value, str)), None)
    if other is not None:
        message = f"every prompt column must be text, and one is {describe_type(other)}"
        raise InvalidRowError(message)
    return _parse_turns("\n\n".join(cast("str", value).strip() for value in present))


def _parse_turns(value: object) -> tuple[ConversationTurn, ...]:
    try:
        return parse_turns(value)
    except ValueError as error:
        raise InvalidRowError(str(error)) from error


def _parse_draft(values: Sequence[object]) -> str | None:
    if not values or _is_blank(values[0]):
        return None
    if not isinstance(values[0], str):
        message = f"the draft must be text, not {describe_type(values[0])}"
        raise InvalidRowError(message)
    return values[0]


def _parse_candidates(row: Mapping[str, object], columns: ColumnMapping) -> tuple[Candidate, ...]:
    values: Sequence[object] = [value_at(row, column) for column in columns.candidates]
    if len(values) == 1 and isinstance(values[0], list) and not _is_conversation(values[0]):
        values = values[0]
    media = candidate_media(row, columns, len(values))
    values = values or [None] * len(media)
    models = _model_values([value_at(row, column) for column in columns.models], len(values))
    authors = authors_of(row, columns, len(values))
    return tuple(
        _parse_candidate(number, value, model, entries, author)
        for number, (value, model, entries, author) in enumerate(
            zip(values, models, media, authors, strict=True), start=1
        )
    )


def _model_values(models: Sequence[object], count: int) -> Sequence[object]:
    if len(models) == 1 and (isinstance(models[0], list) or _is_blank(models[0])):
        models = models[0] if isinstance(models[0], list) else []
    if models and len(models) != count:
        message = f"expected one model per candidate ({count}), found {len(models)}"
        raise InvalidRowError(message)
    return models or [None] * count


def _is_conversation(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(part, Mapping) and "role" in part for part in value
    )


def _parse_candidate(
    number: int, value: object, model: object, media: tuple[Media, ...], author: str | None
) -> Candidate:
    if _is_conversation(value):
        value = _last_message(number, cast("list[object]", value))
    if isinstance(value, Mapping):
        model = value.get("model") if _is_blank(model) else model
        value = _text_value(number, value)
    text = "" if media and _is_blank(value) else _require_text(number, value)
    return Candidate(text, _parse_model(number, model), media, author)


def _last_message(number: int, messages: list[object]) -> object:
    last = messages[-1]
    if not isinstance(last, Mapping) or last.get("role") != "assistant":
        message = f"candidate {number} must end with an assistant message"
        raise InvalidRowError(message)
    return last


def _text_value(number: int, candidate: Mapping[str, object]) -> object:
    key = next((key for key in TEXT_KEYS if key in candidate), None)
    if key is None:
        *others, last = map(quote_name, TEXT_KEYS)
        message = f"candidate {number} is an object without {', '.join(others)} or {last}"
        raise InvalidRowError(message)
    return candidate[key]


def _require_text(number: int, value: object) -> str:
    if _is_blank(value):
        message = f"candidate {number} is blank"
        raise InvalidRowError(message)
    if not isinstance(value, str):
        message = f"candidate {number} must be text, not {describe_type(value)}"
        raise InvalidRowError(message)
    return value


def _parse_model(number: int, value: object) -> str | None:
    if _is_blank(value):
        return None
    if not isinstance(value, str):
        message = f"the model of candidate {number} must be a name, not {describe_type(value)}"
        raise InvalidRowError(message)
    return value.strip()
