"""Near-duplicates: texts that differ in a few words are found, others are not."""

from __future__ import annotations

from bot.imports.near_duplicates import NearDuplicates
from bot.kinds.content import Candidate, Content, ConversationTurn

TEXT = " ".join(f"word{number}" for number in range(80))


def content(text: str) -> Content:
    """Return an item with a question and this response."""
    return Content((ConversationTurn("user", "Tell me about words."),), (Candidate(text),))


def test_texts_that_differ_in_a_word_are_near_duplicates() -> None:
    near = NearDuplicates()
    assert near.add(content(TEXT), "line 1") is None
    assert near.add(content(TEXT.replace("word40", "other").upper()), "line 2") == "line 1"
    assert near.add(content(" ".join(reversed(TEXT.split()))), "line 3") is None


def test_short_texts_are_compared_too() -> None:
    near = NearDuplicates()
    assert near.add(Content(candidates=(Candidate("!"),)), "line 1") is None
    assert near.add(Content(candidates=(Candidate("?"),)), "line 2") is None
    assert near.add(Content(), "line 3") is None
