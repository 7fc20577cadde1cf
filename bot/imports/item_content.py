"""Builds the content of an item from the fields of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from bot.imports.checks import MAX_FIELD_CHARS
from bot.imports.item_attributes import author_of, authors_of, domains_of, language_of
from bot.imports.literals import parse_cell
from bot.imports.mapping import CompiledMapping
from bot.imports.media import (
    candidate_media,
    check_media_count,
    find_leaked_model,
    parse_media,
    prompt_media,
)
from bot.imports.media_bytes import ReadMedia, without_bytes, without_files
from bot.imports.messages import Conversation, is_conversation, parse_conversation
from bot.imports.responses import (
    ParsedResponse,
    Turns,
    is_blank,
    parse_model,
    parse_response,
    share_turns,
    split_dialogues,
    split_list,
)
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.imports.transcripts import parse_transcript
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media

NO_TURNS = Conversation(())


def build_content(
    row: Mapping[str, object], mapping: CompiledMapping, read_media: ReadMedia = without_files
) -> Content:
    """Return the content of the item in a row; unmapped columns become its `meta`.

    `read_media` reads the files that its columns of media name.

    Raises:
        InvalidRowError: with the reason, such as a blank candidate.
    """
    if mapping.plain and (content := mapping.plain.content_of(row, unmapped_values(row, mapping))):
        return content
    return interpret_row(row, mapping, read_media)


def interpret_row(
    row: Mapping[str, object], mapping: CompiledMapping, read_media: ReadMedia = without_files
) -> Content:
    """Return the content of the item in any row.

    A candidate is text, an object with its text and optionally its model, or a list of messages
    whose last message is the response. If media are the response, its text is empty. The turns that
    the conversations of all candidates share are the prompt, each candidate keeps the others.

    Raises:
        InvalidRowError: with the reason, such as a blank candidate.
    """
    conversation = _parse_prompt(mapping.values(row, "prompt"))
    turns = (*_parse_history(mapping.value(row, "history")), *conversation.turns)
    has_responses = mapping.has("candidates", *_MEDIA_PARTS)
    responses = _parse_responses(row, mapping, read_media) if has_responses else []
    candidates: Sequence[Candidate] = [response.candidate for response in responses]
    if mapping.textless_candidates:
        candidates = _textless_candidates(row, mapping)
    if responses:
        candidates = (
            split_dialogues(candidates) if not turns or _is_whole(candidates) else candidates
        )
        turns, candidates = share_turns(turns, candidates)
    turns = _add_system(mapping.values(row, "system"), turns)
    _require_end(turns, candidates)
    _reject_data_urls(turns, candidates)
    media = _add_links(prompt_media(row, mapping, read_media), conversation, read_media)
    _reject_model_leak(media, candidates)
    return Content(
        prompt=turns,
        candidates=tuple(candidates),
        draft=_parse_draft(mapping.value(row, "draft")),
        meta=_meta_of(row, mapping, conversation, responses),
        media=media,
        author=author_of(row, mapping) if mapping.has("author") else None,
        domains=domains_of(row, mapping) if mapping.has("domains") else (),
        language=language_of(row, mapping) if mapping.has("language") else None,
    )


_MEDIA_PARTS = ("candidate_images", "candidate_audio", "candidate_video")


def _is_whole(candidates: Sequence[Candidate]) -> bool:
    """Return whether each text is a dialogue of several turns, which repeats the prompt."""
    return all((parse_transcript(candidate.text) or ())[1:] for candidate in candidates)


def _parse_prompt(values: Sequence[object]) -> Conversation:
    present = [value for value in values if not is_blank(value)]
    if not present:
        return NO_TURNS
    if len(values) == 1:
        return parse_prompt(present[0])
    other = next((value for value in present if not isinstance(value, str)), None)
    if other is not None:
        message = f"every prompt column must be text, and one is {describe_type(other)}"
        raise InvalidRowError(message)
    return parse_prompt("\n\n".join(cast("str", value).strip() for value in present))


def parse_prompt(value: object) -> Conversation:
    """Parse a prompt: a text, a whole dialogue, a list of consecutive texts, or messages.

    Consecutive texts become one user turn, separated by blank lines, because chat templates require
    that user and assistant alternate.

    Raises:
        InvalidRowError: the prompt is invalid; the message says why.
    """
    if isinstance(value, str):
        return Conversation(parse_transcript(value) or _user_turns(value))
    if isinstance(value, Mapping):
        nested = next((value[key] for key in ("messages", "turns") if key in value), None)
        value = nested if nested is not None else [value] if "role" in value else value
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        joined = "\n\n".join(part.strip() for part in cast("list[str]", value))
        return Conversation(_user_turns(joined))
    if isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        return parse_conversation(value, "the prompt")
    message = f"the prompt must be text or a list of messages, not {_describe_prompt(value)}"
    raise InvalidRowError(message)


def _describe_prompt(value: object) -> str:
    if value is None or value == []:
        return "an empty value"
    return "a list of other values" if isinstance(value, list) else describe_type(value)


def _user_turns(text: str) -> Turns:
    if is_blank(text):
        message = "the prompt is empty"
        raise InvalidRowError(message)
    return (ConversationTurn("user", text),)


def _add_system(values: Sequence[object], turns: Turns) -> Turns:
    """Return the prompt after the system message in the columns of the row."""
    texts = [value for value in values if not is_blank(value)]
    if not texts:
        return turns
    if len(texts) == 1 and is_conversation(texts[0]):
        return (*parse_prompt(texts[0]).turns, *turns)
    other = next((text for text in texts if not isinstance(text, str)), None)
    if other is not None:
        message = f"the system message must be text, not {describe_type(other)}"
        raise InvalidRowError(message)
    system = ConversationTurn("system", "\n\n".join(cast("list[str]", texts)))
    return turns if turns[:1] == (system,) else (system, *turns)


def _parse_history(value: object) -> Turns:
    """Return earlier turns: messages, or pairs of what the user and the assistant said."""
    value = parse_cell(value)
    if is_blank(value):
        return ()
    if is_conversation(value):
        return parse_prompt(value).turns
    pairs = value if isinstance(value, list) else []
    if not all(isinstance(pair, list) and all(isinstance(t, str) for t in pair) for pair in pairs):
        pairs = []
    if not pairs:
        message = "the history must be a list of messages or of pairs of texts"
        raise InvalidRowError(message)
    return tuple(
        ConversationTurn("assistant" if index % 2 else "user", text)
        for pair in pairs
        for index, text in enumerate(cast("list[str]", pair))
    )


def _require_end(turns: Turns, candidates: Sequence[Candidate]) -> None:
    """Check that a response can follow the prompt."""
    if not turns or turns[-1].role in ("user", "tool"):
        return
    if candidates and all(candidate.turns for candidate in candidates):
        return
    message = "the prompt must end with a user message"
    raise InvalidRowError(message)


def _add_links(
    media: tuple[Media, ...], conversation: Conversation, read_media: ReadMedia
) -> tuple[Media, ...]:
    links = [
        entry
        for kind, link in conversation.media
        for entry in parse_media(kind, link, None, "", read_media)
    ]
    return check_media_count([*media, *links], "the prompt") if links else media


def _reject_model_leak(media: Sequence[Media], candidates: Sequence[Candidate]) -> None:
    all_media = [*media, *(entry for candidate in candidates for entry in candidate.media)]
    if not all_media:
        return
    if model_name := find_leaked_model(all_media, [candidate.model for candidate in candidates]):
        message = f"a link or description reveals the model {quote_name(model_name)}"
        raise InvalidRowError(message)


def _reject_data_urls(turns: Turns, candidates: Sequence[Candidate]) -> None:
    """Refuse a `data:` URL where a text is expected: only as media may it be longer than texts."""
    lengths = [len(turn.content) for turn in turns]
    for candidate in candidates:
        lengths.append(len(candidate.text))
        lengths.extend(len(turn.content) for turn in candidate.turns)
    if lengths and max(lengths) > MAX_FIELD_CHARS:
        message = "a file as a data: URL is where a text should be; map its column to images"
        raise InvalidRowError(message)


def _parse_draft(value: object) -> str | None:
    if is_blank(value):
        return None
    if not isinstance(value, str):
        message = f"the draft must be text, not {describe_type(value)}"
        raise InvalidRowError(message)
    return value


def _parse_responses(
    row: Mapping[str, object], mapping: CompiledMapping, read_media: ReadMedia
) -> list[ParsedResponse]:
    values = split_list(mapping.values(row, "candidates"))
    media = candidate_media(row, mapping, len(values), read_media)
    values = values or [None] * len(media)
    models = _model_values(mapping.values(row, "models"), len(values))
    authors = (
        authors_of(row, mapping, len(values)) if mapping.has("authors") else [None] * len(values)
    )
    return [
        parse_response(number, value, model, entries, author, read_media)
        for number, (value, model, entries, author) in enumerate(
            zip(values, models, media, authors, strict=True), start=1
        )
    ]


def _textless_candidates(row: Mapping[str, object], mapping: CompiledMapping) -> list[Candidate]:
    """Return candidates that have a model and no text: the file has only answers to them."""
    values = mapping.values(row, "models")
    listed = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    count = len(listed) or mapping.textless_candidates
    models = _model_values(values, count)
    return [
        Candidate("", parse_model(number, model)) for number, model in enumerate(models, start=1)
    ]


def _model_values(models: Sequence[object], count: int) -> Sequence[object]:
    if len(models) == 1 and (isinstance(models[0], list) or is_blank(models[0])):
        models = models[0] if isinstance(models[0], list) else []
    if models and len(models) != count:
        message = f"expected one model per candidate ({count}), found {len(models)}"
        raise InvalidRowError(message)
    return models or [None] * count


def _meta_of(
    row: Mapping[str, object],
    mapping: CompiledMapping,
    conversation: Conversation,
    responses: Sequence[ParsedResponse],
) -> dict[str, object]:
    """Return the unmapped columns, and the other keys of messages and candidates."""
    meta = unmapped_values(row, mapping)
    if conversation.rest:
        meta["prompt_keys"] = [dict(part) for part in conversation.rest]
    if any(response.rest for response in responses):
        meta["candidate_keys"] = [response.rest or {} for response in responses]
    return meta


def unmapped_values(row: Mapping[str, object], mapping: CompiledMapping) -> dict[str, object]:
    """Return the unmapped columns of a row as they are stored: without the bytes of files."""
    return {name: without_bytes(value) for name, value in mapping.rest_of(row).items()}
