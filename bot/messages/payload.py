"""Converts message dataclasses to payloads, which are stored as JSON, and back; checks all types.

Only this module uses the keys of a payload: they are the names of the fields. A field
that has its default is not stored, so a field with a default can be added later: messages that
were queued before the upgrade are still delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

Parser = Callable[[object], Any]

PLAIN_TYPES: tuple[type, ...] = (str, int, bool, NoneType)
"""Types that are stored as they are."""


class PayloadError(Exception):
    """A payload does not have the keys or types of its message type. This is a bug."""

    def __init__(self, message_type: str, problem: str) -> None:
        """Name the message type and the problem."""
        super().__init__(f"message type “{message_type}”: {problem}")


@dataclass(frozen=True, slots=True)
class _PayloadKey:
    """A key of a payload; values of the `plain_types` are stored without conversion."""

    name: str
    has_default: bool
    default: object
    plain_types: frozenset[type]
    parse: Parser


def serialize(message: object, message_type: str) -> dict[str, Any]:
    """Return the payload of a message dataclass.

    Raises:
        PayloadError: a field has a value of the wrong type.
    """
    payload = {}
    cls: Any = type(message)
    for key in _keys_of(cls):
        value = getattr(message, key.name)
        if key.has_default and value == key.default:
            continue
        is_plain = type(value) in key.plain_types
        payload[key.name] = value if is_plain else _to_json(_parse(key, value, message_type))
    return payload


def deserialize(cls: type[T], payload: Mapping[str, object], message_type: str) -> T:
    """Return the message dataclass of a payload.

    Raises:
        PayloadError: a key is unknown or missing, or has a value of the wrong type.
    """
    message_class: Any = cls
    keys = {key.name: key for key in _keys_of(message_class)}
    if unknown := payload.keys() - keys.keys():
        raise PayloadError(message_type, f"unknown key {_join_quoted(unknown)}")
    required = {name for name, key in keys.items() if not key.has_default}
    if missing := required - payload.keys():
        raise PayloadError(message_type, f"missing key {_join_quoted(missing)}")
    return cls(**{name: _parse(keys[name], value, message_type) for name, value in payload.items()})


def _join_quoted(names: set[str]) -> str:
    return ", ".join(f"“{name}”" for name in sorted(names))


@cache
def _keys_of(cls: type) -> tuple[_PayloadKey, ...]:
    hints = get_type_hints(cls)
    return tuple(
        _PayloadKey(
            field.name,
            field.default is not MISSING,
            field.default,
            _plain_types_of(hints[field.name]),
            _parser_of(hints[field.name]),
        )
        for field in fields(cls)
    )


def _plain_types_of(hint: Any) -> frozenset[type]:  # noqa: ANN401 - a type hint
    alternatives = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return frozenset(plain for plain in PLAIN_TYPES if plain in alternatives)


def _parse(key: _PayloadKey, value: object, message_type: str) -> Any:  # noqa: ANN401 - the type of the field
    try:
        return key.parse(value)
    except (TypeError, ValueError) as error:
        problem = f"key “{key.name}” has the wrong value {value!r}"
        raise PayloadError(message_type, problem) from error


def _parser_of(hint: Any) -> Parser:  # noqa: ANN401 - a type hint
    """Return a function that converts a JSON value to this type, or raises a TypeError."""
    if isinstance(hint, UnionType):
        return partial(_parse_optional, _parser_of(get_args(hint)[0]))
    if get_origin(hint) is tuple:
        return partial(_parse_tuple, _parser_of(get_args(hint)[0]))
    if get_origin(hint) is dict:
        return partial(_parse_exact, dict)
    if issubclass(hint, StrEnum):
        return partial(_parse_enum, hint)
    if hint not in PLAIN_TYPES:
        message = f"a payload cannot have a value of type {hint}"
        raise TypeError(message)
    return partial(_parse_exact, hint)


def _parse_exact(expected: type, value: object) -> object:
    if expected is str and isinstance(value, StrEnum):
        return str(value)
    if type(value) is not expected:
        raise TypeError
    return value


def _parse_enum(enum: type[StrEnum], value: object) -> StrEnum:
    return enum(str(value))


def _parse_optional(parse: Parser, value: object) -> object:
    return None if value is None else parse(value)


def _parse_tuple(parse: Parser, value: object) -> tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(map(parse, value))


def _to_json(value: object) -> object:
    if isinstance(value, tuple):
        return list(map(_to_json, value))
    return str(value) if isinstance(value, StrEnum) else value
