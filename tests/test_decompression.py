"""Tests of decompression: any valid stream is restored, in small pieces and within a limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decompression import (
    PIECE_BYTES,
    ContentEncodingError,
    SizeLimitError,
    decompress,
    parse_encodings,
)

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}
LIMIT = 1_000_000


def cut(data: bytes, size: int) -> list[bytes]:
    """Return the data in pieces of this size."""
    return [data[start : start + size] for start in range(0, len(data), size)]


@given(
    data=st.binary(max_size=3000),
    encodings=st.lists(st.sampled_from(sorted(COMPRESSORS)), max_size=2),
    size=st.integers(1, 400),
)
def test_compressed_data_is_restored_from_pieces_of_any_size(
    data: bytes, encodings: list[str], size: int
) -> None:
    compressed = data
    for encoding in encodings:
        compressed = COMPRESSORS[encoding](compressed)
    assert b"".join(decompress(cut(compressed, size), encodings, LIMIT)) == data


@pytest.mark.parametrize("encodings", [["gzip"], ["deflate"]])
def test_limit_is_exact(encodings: list[str]) -> None:
    at_limit = COMPRESSORS[encodings[0]](bytes(LIMIT))
    assert sum(map(len, decompress([at_limit], encodings, LIMIT))) == LIMIT
    above = COMPRESSORS[encodings[0]](bytes(LIMIT + 1))
    with pytest.raises(SizeLimitError):
        list(decompress([above], encodings, LIMIT))


def test_every_layer_has_the_limit() -> None:
    inner = gzip.compress(bytes(LIMIT * 20), 1)
    assert len(inner) < LIMIT
    padded = gzip.compress(gzip.compress(bytes(10)) + bytes(LIMIT * 20))
    with pytest.raises(ContentEncodingError):
        list(decompress([padded], ["gzip", "gzip"], LIMIT))
    with pytest.raises(SizeLimitError):
        list(decompress([gzip.compress(inner)], ["gzip", "gzip"], LIMIT))


@pytest.mark.parametrize("encodings", [["gzip"], ["deflate"], ["gzip", "gzip"]])
def test_pieces_are_small(encodings: list[str]) -> None:
    data = bytes(20 * PIECE_BYTES)
    for encoding in encodings:
        data = COMPRESSORS[encoding](data)
    assert max(map(len, decompress([data], encodings, 10**9))) <= PIECE_BYTES


@given(data=st.binary(max_size=300), encoding=st.sampled_from(["gzip", "deflate"]))
def test_other_bytes_are_an_expected_error_or_data(data: bytes, encoding: str) -> None:
    with suppress(ContentEncodingError):
        assert len(b"".join(decompress([data], [encoding], LIMIT))) <= LIMIT


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_incomplete_data_is_an_error(encoding: str) -> None:
    compressed = COMPRESSORS[encoding](b"some text that is long enough to be cut")
    with pytest.raises(ContentEncodingError, match="only a part"):
        list(decompress([compressed[:-5]], [encoding], LIMIT))


@pytest.mark.parametrize(
    ("header", "encodings"),
    [
        ("", ()),
        ("identity", ()),
        ("gzip", ("gzip",)),
        (" GZip , identity", ("gzip",)),
        ("deflate, x-gzip", ("deflate", "x-gzip")),
    ],
)
def test_header_lists_the_encodings(header: str, encodings: tuple[str, ...]) -> None:
    assert parse_encodings(header) == encodings


@pytest.mark.parametrize("header", ["br", "zstd", "gzip, br", "gzip, gzip, gzip", "x" * 500])
def test_other_encodings_are_refused(header: str) -> None:
    with pytest.raises(ContentEncodingError) as info:
        parse_encodings(header)
    assert len(str(info.value)) < 100
