"""Redaction: texts that match a pattern are replaced by a marker, and counted by pattern.

Patterns are untrusted. RE2 takes time proportional to the text for every pattern, so no pattern
can stop an export, and the result does not depend on the load of the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import re2

from bot.errors import BotError
from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import LabelRecord
from bot.exports.phone_numbers import PHONE_CANDIDATE, is_phone_number

MAX_PATTERNS = 20
MAX_PATTERN_CHARACTERS = 500
MAX_PATTERN_MEMORY = 8 * 1024 * 1024
"""Bytes that RE2 may use for one pattern; it refuses larger ones."""

EMAIL = (
    r"""(?:"[^"\r\n]{1,64}"|[\pL\pN.!#$%&'*+/=?^_`{|}~-]+)@[\pL\pN](?:[\pL\pN-]*[\pL\pN])?"""
    r"(?:\.[\pL\pN](?:[\pL\pN-]*[\pL\pN])?)+"
)
"""Addresses such as name@example.org. The local part is what RFC 5322 calls a dot-atom, or quoted;
letters of all scripts count, as RFC 6531 allows."""

CUSTOM_MARKER = "[redacted]"


class InvalidPatternError(BotError):
    """“{pattern}” is not a pattern for --redact: {reason}. Use email, phone or an RE2 pattern."""


class TooManyPatternsError(BotError):
    """--redact takes at most {limit} patterns. Join some with “|”."""


@dataclass(frozen=True, slots=True)
class NamedPattern:
    """A pattern with a name; `accepts` says whether text that matches it is what it looks for."""

    pattern: str
    accepts: Callable[[str, int, int], bool] = lambda _text, _start, _end: True


NAMED_PATTERNS = {
    "email": NamedPattern(EMAIL),
    "phone": NamedPattern(PHONE_CANDIDATE, is_phone_number),
}


def parse_patterns(text: str) -> tuple[str, ...]:
    """Return the patterns of a text: in each line, names with commas, or one RE2 pattern.

    Raises:
        InvalidPatternError, TooManyPatternsError: a pattern is invalid, or there are too many.
    """
    patterns = tuple(dict.fromkeys(part for line in text.split("\n") for part in _split(line)))
    if not patterns:
        raise InvalidPatternError(pattern=text, reason="it is empty")
    if len(patterns) > MAX_PATTERNS:
        raise TooManyPatternsError(limit=MAX_PATTERNS)
    for pattern in patterns:
        _compile(pattern)
    return patterns


def _split(line: str) -> list[str]:
    names = [name.strip().lower() for name in line.split(",")]
    if all(name in NAMED_PATTERNS for name in names):
        return names
    return [line] if line.strip() else []


def _compile(pattern: str) -> Any:  # noqa: ANN401 - RE2 has no types
    if pattern in NAMED_PATTERNS:
        return re2.compile(NAMED_PATTERNS[pattern].pattern)
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        reason = f"it is longer than {MAX_PATTERN_CHARACTERS} characters"
        raise InvalidPatternError(pattern=f"{pattern[:40]}…", reason=reason)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PATTERN_MEMORY
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        (detail,) = error.args
        reason = detail.decode() if isinstance(detail, bytes) else str(detail)
        raise InvalidPatternError(pattern=pattern, reason=reason) from None
    except UnicodeEncodeError:
        raise InvalidPatternError(pattern=pattern, reason="it is not valid Unicode") from None
    if compiled.fullmatch(""):
        raise InvalidPatternError(pattern=pattern, reason="it matches an empty text")
    return compiled


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    pattern: str


UNREDACTED_FIELDS = frozenset(
    (
        *("campaign", "kind", "expert", "item_key", "answered_at", "order", "source", "shares"),
        *("categories", "author", "role", "type", "url", "thumbnail", "content_type"),
        *("winner", "started_from", "criteria", "scores", "verdict", "shown"),
    )
)
"""Fields of records, labels and their parts that hold no text of people, files or models: names,
codes, numbers, links. Every other text is redacted, also that of fields added later."""


@dataclass(slots=True)
class Redaction:
    """Redacts texts and counts by pattern what was replaced."""

    patterns: Sequence[str]
    counts: dict[str, int] = field(default_factory=dict)
    _compiled: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Compile the patterns."""
        self._compiled = {pattern: _compile(pattern) for pattern in self.patterns}
        self.counts.update(dict.fromkeys(self.patterns, 0))

    def with_own_counts(self) -> Redaction:
        """Return the same redaction with counts of its own, for texts that are not in rows."""
        return Redaction(self.patterns)

    def redact_labels(
        self, labels: Iterable[LabelRecord | LeftOutLabel]
    ) -> Iterator[LabelRecord | LeftOutLabel]:
        """Yield labels whose texts are redacted."""
        for label in labels:
            yield label if isinstance(label, LeftOutLabel) else self.redact_record(label)

    def redact_record(self, record: LabelRecord) -> LabelRecord:
        """Return a record whose texts are redacted, and its key if a pattern matches it."""
        redacted: LabelRecord = self._redact_fields(record)
        return replace(redacted, item_key=self._redact_key(record))

    def redact_value(self, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return a value with all texts in it redacted; keys of mappings stay."""
        if isinstance(value, str):
            return self.redact_text(value)
        if isinstance(value, Mapping):
            return {key: self.redact_value(entry) for key, entry in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.redact_value(entry) for entry in value)
        if is_dataclass(value):
            return self._redact_fields(value)
        return value

    def redact_text(self, text: str) -> str:
        """Return a text with each match replaced by the marker of its pattern.

        Matches that overlap are replaced together, by the marker of the first, so that no part of
        any of them is left.
        """
        matches = sorted(self._matches(text), key=lambda match: (match.start, -match.end))
        parts: list[str] = []
        end = 0
        for match in matches:
            self.counts[match.pattern] += 1
            if not parts or match.start >= end:
                parts += [text[end : match.start], marker_of(match.pattern)]
            end = max(end, match.end)
        return "".join([*parts, text[end:]]) if parts else text

    def _matches(self, text: str) -> Iterator[_Match]:
        readable = text.encode("utf-8", "replace").decode()  # RE2 reads no lone surrogates
        for pattern, compiled in self._compiled.items():
            named = NAMED_PATTERNS.get(pattern)
            for match in compiled.finditer(readable):
                start, end = match.span()
                if start < end and (named is None or named.accepts(readable, start, end)):
                    yield _Match(start, end, pattern)

    def _redact_fields(self, value: Any) -> Any:  # noqa: ANN401 - any dataclass
        changes = {
            one.name: self.redact_value(getattr(value, one.name))
            for one in fields(value)
            if one.init and one.name not in UNREDACTED_FIELDS
        }
        return replace(value, **changes)

    def _redact_key(self, record: LabelRecord) -> str:
        """Return the key of a record, with the item's number if a pattern matches: still unique."""
        redacted = self.redact_text(record.item_key)
        return record.item_key if redacted == record.item_key else f"{redacted}-{record.item_id}"


def marker_of(pattern: str) -> str:
    """Return what replaces a match of a pattern."""
    return f"[{pattern}]" if pattern in NAMED_PATTERNS else CUSTOM_MARKER
