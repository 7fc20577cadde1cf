"""Splits of an export: which rows are for training and which for tests, by a hash of the prompt.

The hash alone decides, so that a row stays in its split when the campaign gets more answers, and
all rows of one prompt are in one split, also in other exports with the same splits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.errors import BotError
from bot.exports.label_record import LabelRecord
from bot.kinds.content import Candidate, ConversationTurn
from bot.kinds.label import Demonstration, Label, Preference, Ranking

TRAIN = "train"
"""The split of all rows that no other split gets."""

SPLIT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

HASH_BYTES = 8

HINT = "Write, for example, test=0.1 or validation=0.05,test=0.1"


class InvalidSplitError(BotError):
    """“{text}” is not a list of splits: {reason}. {hint}."""


@dataclass(frozen=True, slots=True)
class Split:
    """A split that gets a share of the prompts, more than 0 and less than 1."""

    name: str
    share: float


Splits = tuple[Split, ...]
"""The splits other than `train`; empty: the export is not split."""


def parse_splits(text: str) -> Splits:
    """Return the splits that a text such as `test=0.1,validation=0.05` names.

    Raises:
        InvalidSplitError: a name or share is invalid, or nothing is left for training.
    """
    splits = tuple(_parse_split(text, part) for part in text.split(",") if part.strip())
    names = [split.name for split in splits]
    if len(set(names)) < len(names):
        raise InvalidSplitError(text=text, reason="a name occurs twice", hint=HINT)
    if sum(split.share for split in splits) >= 1:
        raise InvalidSplitError(text=text, reason="nothing is left for training", hint=HINT)
    return splits


def _parse_split(text: str, part: str) -> Split:
    name, equals, share_text = (piece.strip() for piece in part.partition("="))
    if name == TRAIN:
        reason = f"“{TRAIN}” gets what the others leave"
        raise InvalidSplitError(text=text, reason=reason, hint=HINT)
    if not equals or not SPLIT_NAME.fullmatch(name):
        reason = "a name has lowercase letters, digits and underscores, and a share after “=”"
        raise InvalidSplitError(text=text, reason=reason, hint=HINT)
    try:
        share = float(share_text)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        reason = f"“{share_text}” is not a share between 0 and 1"
        raise InvalidSplitError(text=text, reason=reason, hint=HINT)
    return Split(name, share)


def splits_text(splits: Splits) -> str:
    """Return splits as `parse_splits` reads them."""
    return ",".join(f"{split.name}={split.share!r}" for split in splits)


def split_of(record: LabelRecord, splits: Splits) -> str:
    """Return the name of the split that a label's rows belong to.

    Each split has an interval of the hashes from 0 to 1, in the given order, so that another split
    at the end takes rows only from `train`.
    """
    digest = sha256("\0".join(_key_parts(record)).encode("utf-8", "surrogatepass")).digest()
    point = int.from_bytes(digest[:HASH_BYTES]) / 2 ** (8 * HASH_BYTES)
    end = 0.0
    for split in splits:
        end += split.share
        if point < end:
            return split.name
    return TRAIN


def _key_parts(record: LabelRecord) -> Iterator[str]:
    """Yield what makes a prompt: its first user message and its media; without one, the responses.

    Later turns do not count: a row of an earlier turn of the same conversation must not be in
    another split.
    """
    first = _first_message(record.label.prompt)
    if first is None:
        yield from (_normalize(text) for text in _response_texts(record.label))
    else:
        yield _normalize(first)
    yield from (media.url for media in (record.media[0] if record.media else ()))


def _first_message(turns: Sequence[ConversationTurn]) -> str | None:
    asked = [turn.content for turn in turns if turn.role == "user"]
    return next(
        (text for text in (*asked, *(turn.content for turn in turns)) if text.strip()), None
    )


def _response_texts(label: Label) -> Iterator[str]:
    match label:
        case Demonstration():
            yield label.draft or ""
        case Preference():
            yield from sorted((label.left.text, label.right.text))
        case Ranking():
            yield from sorted(candidate.text for candidate in label.candidates)
        case _:
            yield _first_text(label.candidate)


def _first_text(candidate: Candidate) -> str:
    return next((turn.content for turn in candidate.turns if turn.content), candidate.text)


def _normalize(text: str) -> str:
    """Return a text without what does not make another prompt: case, and the kind of spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
