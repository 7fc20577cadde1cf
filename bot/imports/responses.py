"""Candidate responses of a row: texts, objects, conversations, or whole dialogues in one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.imports.mapping import format_names
from bot.imports.media import parse_media
from bot.imports.media_bytes import ReadMedia, without_files
from bot.imports.messages import Message, is_conversation, parse_conversation
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.imports.transcripts import parse_transcript
from bot.imports.visible_text import has_visible
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.media import Media

TEXT_KEYS = (
    *("text", "content", "response"),
    *("answer", "completion", "output", "generation", "body", "value"),
)
"""Keys of the text in a candidate that is an object; the first that exists is used."""

MAX_NAMED_KEYS = 5

USUAL_KEYS = 3
"""How many of them an error names."""

CONVERSATION_KEYS = ("messages", "conversation", "conversations", "turns")
"""Keys of the messages in a candidate that is an object."""

Turns = tuple[ConversationTurn, ...]


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """A candidate with its whole conversation, and what no candidate has, for `meta`."""

    candidate: Candidate
    rest: object = None


def split_list(values: Sequence[object]) -> Sequence[object]:
    """Return the candidates of the mapped columns: one each, or one column with a list."""
    if len(values) == 1 and isinstance(values[0], list) and not is_conversation(values[0]):
        return values[0]
    return values


def parse_response(  # noqa: PLR0913, PLR0917 - what the columns have about one candidate
    number: int,
    value: object,
    model: object,
    media: tuple[Media, ...],
    author: str | None,
    read_media: ReadMedia = without_files,
) -> ParsedResponse:
    """Return one candidate; its `turns` are its conversation up to the response.

    Raises:
        InvalidRowError: it is blank, or not in a known form.
    """
    rest: dict[str, object] = {}
    if isinstance(value, str):  # as in most files; no other test is needed
        text = "" if media and is_blank(value) else _require_text(number, value)
        return ParsedResponse(Candidate(text, parse_model(number, model), media, author))
    if isinstance(value, Mapping):
        model = value.get("model") if is_blank(model) else model
        rest = {key: part for key, part in value.items() if key != "model"}
        key = next((key for key in CONVERSATION_KEYS if is_conversation(value.get(key))), None)
        value = rest.pop(key) if key else _pop_text(number, value, rest)
        rest = {key: part for key, part in rest.items() if not is_blank(part)}
    if is_conversation(value):
        messages = cast("list[object]", value)
        return _parse_messages(number, messages, model, media, author, read_media)
    text = "" if media and is_blank(value) else _require_text(number, value)
    candidate = Candidate(text, parse_model(number, model), media, author)
    return ParsedResponse(candidate, rest or None)


def _pop_text(number: int, value: Message, rest: dict[str, object]) -> object:
    if "role" in value or "from" in value:
        rest.clear()
        return [value]
    key = next((key for key in TEXT_KEYS if key in value), None)
    if key is None:
        *others, last = map(quote_name, TEXT_KEYS[:USUAL_KEYS])
        message = (
            f"candidate {number} is an object without {', '.join(others)} or {last}; to use one of "
            f"its keys ({format_names(value, MAX_NAMED_KEYS)}), write it after the column and a dot"
        )
        raise InvalidRowError(message)
    return rest.pop(key)


def _parse_messages(  # noqa: PLR0913, PLR0917 - as parse_response
    number: int,
    messages: list[object],
    model: object,
    media: tuple[Media, ...],
    author: str | None,
    read_media: ReadMedia,
) -> ParsedResponse:
    subject = f"candidate {number}"
    conversation = parse_conversation(messages, subject)
    *before, last = conversation.turns
    if last.role != "assistant":
        message = f"{subject} must end with an assistant message"
        raise InvalidRowError(message)
    if is_blank(model) and conversation.rest:
        model = conversation.rest[-1].get("model")
    links = [
        entry
        for kind, link in conversation.media
        for entry in parse_media(kind, link, None, f" of {subject}", read_media)
    ]
    candidate = Candidate(
        last.content,
        parse_model(number, model),
        (*media, *links),
        author,
        tuple(before),
        last.extra,
    )
    rest = [{k: v for k, v in part.items() if k != "model"} for part in conversation.rest]
    return ParsedResponse(candidate, rest if any(rest) else None)


def is_blank(value: object) -> bool:
    """Return whether a value is empty: null, an empty list, or only white space."""
    return value is None or value == [] or (isinstance(value, str) and not has_visible(value))


def _require_text(number: int, value: object) -> str:
    if is_blank(value):
        message = f"candidate {number} is blank"
        raise InvalidRowError(message)
    if not isinstance(value, str):
        message = f"candidate {number} must be text, not {describe_type(value)}"
        raise InvalidRowError(message)
    return value


def parse_model(number: int, value: object) -> str | None:
    """Return the model of a candidate, None if it is blank."""
    if is_blank(value):
        return None
    if not isinstance(value, str):
        message = f"the model of candidate {number} must be a name, not {describe_type(value)}"
        raise InvalidRowError(message)
    return value.strip()


def split_dialogues(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with whole dialogues in their text split into turns.

    Texts are only split if all are dialogues that end with the assistant: a response may quote one.
    """
    dialogues = [
        None if candidate.turns else parse_transcript(candidate.text) for candidate in candidates
    ]
    if not all(turns and turns[-1].role == "assistant" for turns in dialogues):
        if all((turns or ())[1:] for turns in dialogues):
            _reject_unfinished(dialogues)
        return list(candidates)
    return [
        replace(candidate, text=turns[-1].content, turns=turns[:-1])
        for candidate, turns in zip(candidates, dialogues, strict=True)
        if turns
    ]


def _reject_unfinished(dialogues: Sequence[Turns | None]) -> None:
    """Raise an error for the first of several dialogues that has no response."""
    for number, turns in enumerate(dialogues, start=1):
        if turns and turns[-1].role != "assistant":
            message = f"candidate {number} is a dialogue without a response at its end"
            raise InvalidRowError(message)


def share_turns(prompt: Turns, candidates: Sequence[Candidate]) -> tuple[Turns, list[Candidate]]:
    """Move the turns that all candidates begin with to the prompt; each keeps what only it has.

    If the conversations of the candidates contain the prompt, they replace it: they may have a
    system message or earlier turns that the prompt lacks.
    """
    conversations = [candidate.turns for candidate in candidates]
    if not any(conversations):
        return prompt, list(candidates)
    if prompt and all(_contains(turns, prompt) for turns in conversations):
        prompt = ()
    elif prompt:
        conversations = [
            turns[len(prompt) :] if turns[: len(prompt)] == prompt else turns
            for turns in conversations
        ]
    count = _shared_count(conversations)
    shared = (*prompt, *conversations[0][:count])
    return shared, [
        replace(candidate, turns=turns[count:])
        for candidate, turns in zip(candidates, conversations, strict=True)
    ]


def _contains(turns: Turns, prompt: Turns) -> bool:
    """Return whether a conversation contains the prompt, with other turns before or after it."""
    starts = range(len(turns) - len(prompt) + 1)
    return any(turns[start : start + len(prompt)] == prompt for start in starts)


def _shared_count(conversations: Sequence[Turns]) -> int:
    """Return how many turns all conversations share; of several, up to a user's or a tool's."""
    shortest = min(map(len, conversations))
    count = next(
        (
            index
            for index in range(shortest)
            if any(turns[index] != conversations[0][index] for turns in conversations)
        ),
        shortest,
    )
    if len(conversations) > 1:
        while count and conversations[0][count - 1].role == "assistant":
            count -= 1
    return count
