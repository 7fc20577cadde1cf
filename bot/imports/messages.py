"""Chat messages as datasets write them: roles and keys of several conventions, content parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.imports.literals import parse_cell
from bot.imports.row import InvalidRowError, describe_type, quote_name
from bot.kinds.content import EXTRA_KEYS, ChatRole, ConversationTurn
from bot.kinds.media import MediaType

ROLES: dict[str, ChatRole] = {
    "system": "system",
    "developer": "developer",
    "user": "user",
    "human": "user",
    "prompter": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "function_call": "assistant",
    "tool_call": "assistant",
    "tool": "tool",
    "function": "tool",
    "function_response": "tool",
    "observation": "tool",
    "ipython": "tool",
}
"""The role of a chat template for each name of a role in datasets."""

ROLE_KEYS = ("role", "from", "speaker", "type", "author")
CONTENT_KEYS = ("content", "value", "text", "message")
PAIR_KEYS = ("input", "output")
"""Keys of a turn that has both messages."""

CALL_KEYS = ("tool_calls", "function_call")
WRAPPER_KEYS = ("kwargs", "data")
"""Keys under which LangChain stores a message."""

TEXT_PARTS = ("text", "input_text", "output_text")
REASONING_PARTS = ("thinking", "reasoning")
MEDIA_PARTS: dict[str, MediaType] = {
    "image_url": "image",
    "input_image": "image",
    "image": "image",
    "audio_url": "audio",
    "input_audio": "audio",
    "audio": "audio",
    "video_url": "video",
    "video": "video",
}

Message = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Parsed messages. `media` are links by type; `rest` has what no turn has, by message."""

    turns: tuple[ConversationTurn, ...]
    media: tuple[tuple[MediaType, object], ...] = ()
    rest: tuple[Message, ...] = ()


def is_conversation(value: object) -> bool:
    """Return whether a value is a list of chat messages."""
    return isinstance(value, list) and (
        any(isinstance(part, Mapping) and find_role(part) is not None for part in value)
        or _has_pairs(value)
    )


def _has_pairs(value: Sequence[object]) -> bool:
    """Return whether a list has a pair of texts, what was said and the answer, for each turn."""
    return bool(value) and all(
        isinstance(part, Mapping) and all(isinstance(part.get(key), str) for key in PAIR_KEYS)
        for part in value
    )


def expand_pairs(value: Sequence[object]) -> Sequence[object]:
    """Return the messages in a list of pairs; other lists are returned as they are."""
    if not _has_pairs(value):
        return value
    return [
        {"role": role, "content": part[key], **(rest if role == "assistant" else {})}
        for part in cast("Sequence[Message]", value)
        for rest in [{name: more for name, more in part.items() if name not in PAIR_KEYS}]
        for role, key in zip(("user", "assistant"), PAIR_KEYS, strict=True)
    ]


def find_role(message: Message) -> str | None:
    """Return what a message has as its role, None if it has none and so is no message."""
    if isinstance(message.get("role"), str):
        return cast("str", message["role"])
    message = unwrap(message)
    for key in ROLE_KEYS[1:]:
        role = message.get(key)
        if isinstance(role, str) and role.lower() in ROLES and _content_key(message):
            return role
    return None


def unwrap(message: Message) -> Message:
    """Return a message of LangChain without what surrounds it, another one unchanged."""
    for key in WRAPPER_KEYS:
        inner = message.get(key)
        if isinstance(inner, Mapping) and ("id" in message or "type" in message):
            return {"type": _class_role(message), **inner}
    return message


def _class_role(message: Message) -> object:
    names = message.get("id")
    if isinstance(names, list) and names:
        return str(names[-1]).removesuffix("Chunk").removesuffix("Message").lower()
    return message.get("type")


def _content_key(message: Message) -> str | None:
    return next((key for key in CONTENT_KEYS if key in message), None)


def parse_conversation(value: Sequence[object], subject: str) -> Conversation:
    """Parse chat messages; `subject` is what has them: “the prompt”, “candidate 1”.

    Raises:
        InvalidRowError: a message has an unknown role, or content that cannot be shown.
    """
    messages = expand_pairs(value)
    parsed = [_parse_message(n, part, subject) for n, part in enumerate(messages, start=1)]
    return Conversation(
        tuple(message.turn for message in parsed),
        tuple(entry for message in parsed for entry in message.media),
        tuple(message.rest for message in parsed) if any(m.rest for m in parsed) else (),
    )


@dataclass(frozen=True, slots=True)
class _ParsedMessage:
    turn: ConversationTurn
    media: Sequence[tuple[MediaType, object]]
    rest: Message


def _parse_message(number: int, value: object, subject: str) -> _ParsedMessage:
    place = f"message {number} of {subject}"
    if not isinstance(value, Mapping):
        message = f"{place} must be an object, not {describe_type(value)}"
        raise InvalidRowError(message)
    found = find_role(value)
    role = ROLES.get(found.lower()) if found else None
    if role is None:
        message = f"{place} needs a role: system, developer, user, assistant or tool"
        raise InvalidRowError(message)
    fields = unwrap(value)
    key = _content_key(fields)
    content = _parse_content(fields.get(key) if key else None, place)
    known = {name: _read_extra(name, fields[name]) for name in EXTRA_KEYS if fields.get(name)}
    extra = {**known, **content.extra}
    if not content.text.strip() and not content.media and not extra.keys() - {"name"}:
        message = f"{place} needs text as its content"
        raise InvalidRowError(message)
    used = {key, *ROLE_KEYS, *EXTRA_KEYS}
    rest = {name: part for name, part in fields.items() if name not in used and not _is_empty(part)}
    return _ParsedMessage(ConversationTurn(role, content.text, extra), content.media, rest)


def _read_extra(name: str, value: object) -> object:
    """Return tool calls as objects: exports write them as JSON in a text."""
    return parse_cell(value) if name in CALL_KEYS else value


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


@dataclass(slots=True)
class _Parts:
    texts: list[str] = field(default_factory=list)
    media: list[tuple[MediaType, object]] = field(default_factory=list)
    tool_calls: list[object] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text)

    @property
    def extra(self) -> dict[str, object]:
        reasoning = "\n\n".join(self.reasoning)
        return {
            **({"tool_calls": self.tool_calls} if self.tool_calls else {}),
            **({"reasoning_content": reasoning} if reasoning else {}),
        }


def _parse_content(value: object, place: str) -> _Parts:
    parts = _Parts()
    if isinstance(value, str):
        parts.texts.append(value)
    elif isinstance(value, (list, Mapping)):
        for part in value if isinstance(value, list) else [value]:
            _parse_part(part, parts, place)
    elif value is not None:
        message = f"{place} needs text as its content, not {describe_type(value)}"
        raise InvalidRowError(message)
    return parts


def _parse_part(part: object, parts: _Parts, place: str) -> None:
    if isinstance(part, str):
        parts.texts.append(part)
        return
    kind = part.get("type") if isinstance(part, Mapping) else None
    if not isinstance(part, Mapping) or not isinstance(kind, str):
        message = f"{place} has a content part without a type"
        raise InvalidRowError(message)
    if kind in TEXT_PARTS and isinstance(part.get("text"), str):
        parts.texts.append(cast("str", part["text"]))
    elif kind in REASONING_PARTS and isinstance(part.get(kind), str):
        parts.reasoning.append(cast("str", part[kind]))
    elif kind == "tool_use":
        arguments = part.get("input", {})
        parts.tool_calls.append({"name": part.get("name"), "arguments": arguments})
    elif kind == "tool_result":
        inner = _parse_content(part.get("content"), place)
        parts.texts.extend(inner.texts)
        parts.media.extend(inner.media)
    elif kind in MEDIA_PARTS:
        parts.media.extend(_find_link(kind, part, place))
    else:
        message = f"{place} has a content part of the type {quote_name(kind)}, which is not shown"
        raise InvalidRowError(message)


def _find_link(kind: str, part: Message, place: str) -> list[tuple[MediaType, object]]:
    """Return the link or file of a part.

    TRL writes a bare `{"type": "image"}` for a column of images.
    """
    value = next((part[key] for key in (kind, "url", "source", "path") if part.get(key)), None)
    if isinstance(value, Mapping) and "bytes" in value:
        return [(MEDIA_PARTS[kind], value)]
    link = (value.get("url") or _data_url(kind, value)) if isinstance(value, Mapping) else value
    if link is None and set(part) <= {"type", "text", kind, "index"}:
        return []
    if not isinstance(link, str):
        message = f"{place} contains the {MEDIA_PARTS[kind]} itself; use a link to it"
        raise InvalidRowError(message)
    return [(MEDIA_PARTS[kind], link)]


def _data_url(kind: str, value: Message) -> str | None:
    """Return the base64 data of a part as a data: URL, as Anthropic and OpenAI write it."""
    media_type, data = value.get("media_type", value.get("format")), value.get("data")
    if not isinstance(media_type, str) or not isinstance(data, str):
        return None
    full_type = media_type if "/" in media_type else f"{MEDIA_PARTS[kind]}/{media_type}"
    return f"data:{full_type};base64,{data}"
