"""Item attributes: authors, domains and language of a row, and invalid values."""

from __future__ import annotations

import pytest

from bot.imports.mapping import ColumnMapping
from bot.imports.row import InvalidRowError
from tests.imports.conftest import content_of_row


def test_authors_domains_and_language_are_read() -> None:
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
    content = content_of_row(row, ColumnMapping.parse(mapped))
    assert [candidate.author for candidate in content.candidates] == ["calm-otter", None]
    assert (content.author, content.language) == ("U0EVE", "de")
    assert content.domains == ("law", "tax", "medicine")
    assert content.meta == {}


def test_one_column_may_list_the_authors_of_all_candidates() -> None:
    columns = ColumnMapping.parse(["candidates=texts", "authors=by"])
    content = content_of_row({"texts": ["A", "B"], "by": ["ann", "bob"]}, columns)
    assert [candidate.author for candidate in content.candidates] == ["ann", "bob"]
    content = content_of_row({"texts": ["A"], "by": "ann"}, columns)
    assert content.candidates[0].author == "ann"


@pytest.mark.parametrize(
    ("mapping", "value", "reason"),
    [
        ("author=x", 5, "the author must be a name, not a number"),
        ("author=x", "x" * 81, "the author has 81 characters; the limit is 80"),
        ("authors=x", ["a", "b"], "expected one author per candidate (1), found 2"),
        ("authors=x", [7], "the author of candidate 1 must be a name, not a number"),
        ("domains=x", {"law": 1}, "a domain must be a name, not an object"),
        ("domains=x", [str(n) for n in range(21)], "the item has 21 domains; the limit is 20"),
        ("language=x", ["de"], "the language must be a name, not a list"),
    ],
)
def test_invalid_attribute_makes_the_row_invalid(mapping: str, value: object, reason: str) -> None:
    columns = ColumnMapping.parse(["candidates=text", mapping])
    with pytest.raises(InvalidRowError) as caught:
        content_of_row({"text": "A", "x": value}, columns)
    assert str(caught.value) == reason


@pytest.mark.parametrize("value", [None, "", " "])
def test_blank_attribute_is_none(value: object) -> None:
    columns = ColumnMapping.parse(
        ["candidates=text", "author=x", "authors=x", "domains=x", "language=x"]
    )
    content = content_of_row({"text": "A", "x": value}, columns)
    assert (content.author, content.domains, content.language) == (None, (), None)
    assert content.candidates[0].author is None
