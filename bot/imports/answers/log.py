"""Answers read so far, to recognize a second answer of the same expert to the same item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import orjson

from bot.imports.answers.reader import ImportedAnswer
from bot.imports.keys import response_digest_of
from bot.kinds.content import Content

SAME_ANSWER = -1

REPETITIONS = (
    "experts answer the same models several times, and no column has the ids of items; each time "
    "counts as an item of its own (if a column tells the items, map it with --map id=COLUMN)"
)

KEY_BYTES = 10
"""Among a million answers, the chance that two of them are taken for one is 1 in 10^12."""

VALUE_BITS = 32


@dataclass(slots=True)
class AnswerLog:
    """What each expert has answered to each item: about 200 bytes per answer.

    An answer is stored as one number: its line and a digest of its value.
    """

    answers: dict[int, int] = field(default_factory=dict)
    unnamed: dict[bytes, int] = field(default_factory=dict)
    repetitions: dict[int, int] = field(default_factory=dict)

    def repetition_of(self, item: bytes, answers: Iterable[ImportedAnswer]) -> int:
        """Return how often the experts of a row have answered the same before, and count it.

        Without texts and ids, nothing else tells whether it is the same item, and nobody answers
        one item twice.
        """
        keys = [_number_of(item + a.expert.encode(), KEY_BYTES) for a in answers if a.expert]
        repetition = max((self.repetitions.get(key, 0) for key in keys), default=0)
        self.repetitions |= dict.fromkeys(keys, repetition + 1)
        return repetition

    def with_names(
        self, item: bytes, answers: Iterable[ImportedAnswer]
    ) -> Iterator[ImportedAnswer]:
        """Yield answers with a name for each expert: without one, the number of the answer."""
        for answer in answers:
            if answer.expert:
                yield answer
                continue
            number = self.unnamed.get(item, 0) + 1
            self.unnamed[item] = number
            yield replace(answer, expert=f"{number}")

    def add(self, item: bytes, content: Content, answer: ImportedAnswer, line: int) -> int | None:
        """Add an answer; return the line of another one of the expert to the item, else None.

        SAME_ANSWER is returned if that has the same value.
        """
        key = _number_of(item + answer.expert.encode(), KEY_BYTES)
        canonical = orjson.dumps(answer.value, option=orjson.OPT_SORT_KEYS)
        shown = b"".join(map(response_digest_of, content.candidates))
        value = _number_of(canonical + shown, VALUE_BITS // 8)
        earlier = self.answers.get(key)
        if earlier is None:
            self.answers[key] = line << VALUE_BITS | value
            return None
        is_same = earlier & (1 << VALUE_BITS) - 1 == value
        return SAME_ANSWER if is_same else earlier >> VALUE_BITS


def _number_of(data: bytes, size: int) -> int:
    return int.from_bytes(blake2b(data, digest_size=size).digest())
