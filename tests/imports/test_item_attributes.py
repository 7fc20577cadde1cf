"""What a row says about itself: authors, domains, a language; each told where it is none."""

from __future__ import annotations

import pytest

from bot.imports.column_mapping import ColumnMapping
from bot.imports.item_content import build_content
from bot.imports.row import InvalidRowError


def test_authors_domains_and_a_language_are_read() -> None:
    mapped = [
        "prompt=p",
        "candidates=a,b",
        "authors=by.0,by.1",
        "author=who",
        "domains=d,e",
        "language=l",
    ]
    row = {
        "p": "Why?",
        "a": "A",
        "b": "B",
        "by": ["calm-otter", None],
        "who": " U0EVE ",
        "d": "Law, tax ,,law",
        "e": ["Medicine"],
        "l": "DE",
    }
    content = build_content(row, ColumnMapping.parse(mapped))
    assert [candidate.author for candidate in content.candidates] == ["calm-otter", None]
    assert (content.author, content.language) == ("U0EVE", "de")
    assert content.domains == ("law", "tax", "medicine")
    assert content.meta == {}


def test_one_column_may_hold_the_authors_of_all_candidates() -> None:
    columns = ColumnMapping.parse(["candidates=texts", "authors=by"])
    content = build_content({"texts": ["A", "B"], "by": ["ann", "bob"]}, columns)
    assert [candidate.author for candidate in content.candidates] == ["ann", "bob"]
    content = build_content({"texts": ["A"], "by": "ann"}, columns)
    assert content.candidates[0].author == "ann"


@pytest.mark.parametrize(
    ("mapping", "value", "told"),
    [
        ("author=x", 5, "its author is a number, where a name is wanted"),
        ("author=x", "x" * 81, "its author has 81 characters, where 80 are allowed"),
        ("authors=x", ["a", "b"], "it has 1 candidates and 2 authors"),
        ("authors=x", [7], "the author of candidate 1 is a number, where a name is wanted"),
        ("domains=x", {"law": 1}, "one of its domains is an object, where a name is wanted"),
        ("domains=x", [str(n) for n in range(21)], "it has 21 domains, where 20 are allowed"),
        ("language=x", ["de"], "its language is a list, where a name is wanted"),
    ],
)
def test_what_is_no_name_is_told(mapping: str, value: object, told: str) -> None:
    columns = ColumnMapping.parse(["candidates=text", mapping])
    with pytest.raises(InvalidRowError) as caught:
        build_content({"text": "A", "x": value}, columns)
    assert str(caught.value) == told


@pytest.mark.parametrize("value", [None, "", " "])
def test_nothing_is_nobody(value: object) -> None:
    columns = ColumnMapping.parse(
        ["candidates=text", "author=x", "authors=x", "domains=x", "language=x"]
    )
    content = build_content({"text": "A", "x": value}, columns)
    assert (content.author, content.domains, content.language) == (None, (), None)
    assert content.candidates[0].author is None
