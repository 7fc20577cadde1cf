"""Texts that are filled into templates of rows: encoded together as each alone."""

from __future__ import annotations

import orjson
from hypothesis import example, given
from hypothesis import strategies as st

from bot.exports.json_lines import LINE_SEPARATORS
from bot.exports.row_templates import encode_texts

TEXTS = st.text(st.one_of(st.sampled_from('",\\\n [] \u2028'), st.characters(codec="utf-8")))


@given(st.lists(TEXTS))
@example(['ends like two strings",', '"', "\\", ',"'])
def test_texts_are_encoded_as_each_alone(texts: list[str]) -> None:
    encoded = encode_texts(texts)
    assert [orjson.loads(b'"%b"' % text) for text in encoded] == texts
    assert not any(separator in text for separator in LINE_SEPARATORS for text in encoded)
    assert all(b"\n" not in text for text in encoded)
