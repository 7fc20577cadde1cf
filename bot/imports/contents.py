"""From the fields of a row to the content of an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.imports.columns import Columns, rest_of, value_at
from bot.imports.media import candidate_media, prompt_media, told_model
from bot.imports.row import UnusableRowError, kind_of_value, quoted
from bot.imports.tags import author_of, authors_of, domains_of, language_of
from bot.kinds.content import Candidate, Content, Turn, turns_from
from bot.kinds.media import Media

TEXT_KEYS = ("text", "content", "response")
"""Where a candidate that is an object keeps its text, the first that is there."""


def content_from(row: Mapping[str, object], columns: Columns) -> Content:
    """Return the item that the row holds; every other column becomes its meta.

    A candidate is a text, an object with its text (and perhaps its model), or a list of messages
    of which the last is the response. It has no text where media are the response.

    Raises:
        UnusableRowError: with the reason.
    """
    prompt_has, candidates = prompt_media(row, columns), _candidates(row, columns)
    _check_blind(prompt_has, candidates)
    return Content(
        prompt=_prompt(_asked(row, columns)),
        candidates=candidates,
        draft=_draft([value_at(row, column) for column in columns.draft]),
        meta=rest_of(row, columns.every()),
        media=prompt_has,
        author=author_of(row, columns),
        domains=domains_of(row, columns),
        language=language_of(row, columns),
    )


def _asked(row: Mapping[str, object], columns: Columns) -> list[object]:
    """Return what makes the prompt: what is mapped, else what the candidates say before they part.

    Many datasets keep a whole conversation in each candidate, its last message being the response.
    """
    if columns.prompt:
        return [value_at(row, column) for column in columns.prompt]
    whole = [value_at(row, column) for column in columns.candidates]
    before = [cast("list[object]", one)[:-1] for one in whole if _is_conversation(one)]
    agree = len(before) == len(whole) and all(one == before[0] for one in before)
    return [before[0]] if agree and before and before[0] else []


def _check_blind(prompt_has: Sequence[Media], candidates: Sequence[Candidate]) -> None:
    shown = [*prompt_has, *(one for candidate in candidates for one in candidate.media)]
    if told := told_model(shown, [candidate.model for candidate in candidates]):
        message = f"a link or description in it tells the model {quoted(told)}"
        raise UnusableRowError(message)


def _is_blank(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _prompt(values: Sequence[object]) -> tuple[Turn, ...]:
    there = [value for value in values if not _is_blank(value)]
    if not there:
        return ()
    if len(values) == 1:
        return _turns(there[0])
    other = next((value for value in there if not isinstance(value, str)), None)
    if other is not None:
        message = f"its prompt is joined of texts, and one of them is {kind_of_value(other)}"
        raise UnusableRowError(message)
    return _turns("\n\n".join(cast("str", value).strip() for value in there))


def _turns(value: object) -> tuple[Turn, ...]:
    try:
        return turns_from(value)
    except ValueError as error:
        raise UnusableRowError(str(error)) from error


def _draft(values: Sequence[object]) -> str | None:
    if not values or _is_blank(values[0]):
        return None
    if not isinstance(values[0], str):
        message = f"its draft is {kind_of_value(values[0])}, where a text is wanted"
        raise UnusableRowError(message)
    return values[0]


def _candidates(row: Mapping[str, object], columns: Columns) -> tuple[Candidate, ...]:
    values: Sequence[object] = [value_at(row, column) for column in columns.candidates]
    if len(values) == 1 and isinstance(values[0], list) and not _is_conversation(values[0]):
        values = values[0]
    media = candidate_media(row, columns, len(values))
    values = values or [None] * len(media)
    models = _models([value_at(row, column) for column in columns.models], len(values))
    authors = authors_of(row, columns, len(values))
    return tuple(
        _candidate(number, value, model, has, author)
        for number, (value, model, has, author) in enumerate(
            zip(values, models, media, authors, strict=True), start=1
        )
    )


def _models(models: Sequence[object], count: int) -> Sequence[object]:
    if len(models) == 1 and (isinstance(models[0], list) or _is_blank(models[0])):
        models = models[0] if isinstance(models[0], list) else []
    if models and len(models) != count:
        message = f"it has {count} candidates and {len(models)} models"
        raise UnusableRowError(message)
    return models or [None] * count


def _is_conversation(value: object) -> bool:
    return isinstance(value, list) and any(
        isinstance(part, Mapping) and "role" in part for part in value
    )


def _candidate(
    number: int, value: object, model: object, media: tuple[Media, ...], author: str | None
) -> Candidate:
    if _is_conversation(value):
        value = _response(number, cast("list[object]", value))
    if isinstance(value, Mapping):
        model = value.get("model") if _is_blank(model) else model
        value = _text_inside(number, value)
    text = "" if media and _is_blank(value) else _text(number, value)
    return Candidate(text, _model(number, model), media, author)


def _response(number: int, messages: list[object]) -> object:
    last = messages[-1]
    if not isinstance(last, Mapping) or last.get("role") != "assistant":
        message = f"candidate {number} must end with what the assistant says"
        raise UnusableRowError(message)
    return last


def _text_inside(number: int, candidate: Mapping[str, object]) -> object:
    key = next((key for key in TEXT_KEYS if key in candidate), None)
    if key is None:
        known = " or ".join(quoted(key) for key in TEXT_KEYS)
        message = f"candidate {number} is an object without a {known}"
        raise UnusableRowError(message)
    return candidate[key]


def _text(number: int, value: object) -> str:
    if _is_blank(value):
        message = f"candidate {number} is blank"
        raise UnusableRowError(message)
    if not isinstance(value, str):
        message = f"candidate {number} is {kind_of_value(value)}, where a text is wanted"
        raise UnusableRowError(message)
    return value


def _model(number: int, value: object) -> str | None:
    if _is_blank(value):
        return None
    if not isinstance(value, str):
        message = f"the model of candidate {number} is {kind_of_value(value)}, not a name"
        raise UnusableRowError(message)
    return value.strip()
