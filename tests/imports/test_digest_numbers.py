"""Numbers of digests are those that a dictionary would give them."""

from __future__ import annotations

from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from bot.imports.digest_numbers import MIN_SLOTS, DigestNumbers
from bot.imports.keys import DIGEST_BYTES


def digest_of(number: int) -> bytes:
    return blake2b(number.to_bytes(4), digest_size=DIGEST_BYTES).digest()


@given(numbers=st.lists(st.integers(0, 20)))
def test_a_digest_keeps_the_number_that_it_first_got(numbers: list[int]) -> None:
    expected: dict[int, int] = {}
    found = DigestNumbers()
    for number in numbers:
        assert found.number_of(digest_of(number)) == expected.get(number)
        assert found.add(digest_of(number)) == expected.setdefault(number, len(expected))
        assert found.number_of(digest_of(number)) == expected[number]


def test_numbers_stay_the_same_when_the_table_grows() -> None:
    count = 5 * MIN_SLOTS
    found = DigestNumbers()
    assert [found.add(digest_of(number)) for number in range(count)] == list(range(count))
    assert [found.number_of(digest_of(number)) for number in range(count)] == list(range(count))
    assert found.number_of(digest_of(count)) is None
