"""Media of a row: links, lists and objects; invalid links and model names are rejected."""

from __future__ import annotations

import pytest

from bot.imports.mapping import ColumnMapping
from bot.imports.media import is_media
from bot.imports.row import InvalidRowError
from bot.kinds.media import Media
from tests.imports.conftest import content_of_row

CAT = "https://pictures.example/cat.png"
DOG = "https://pictures.example/dog.png"


def _media(value: object, *, alt: object = None) -> tuple[Media, ...]:
    columns = ColumnMapping.parse(["prompt=p", "images=image", "alt=alt"])
    return content_of_row({"p": "Look.", "image": value, "alt": alt}, columns).media


@pytest.mark.parametrize(
    ("value", "alt", "media"),
    [
        (f" {CAT} ", "A cat", (Media("image", CAT, "A cat"),)),
        (CAT, None, (Media("image", CAT, "Image without a description"),)),
        ([CAT, None, DOG], ["A cat", "", "A dog"], None),
        (
            {"url": CAT, "alt": "A\ncat", "title": "Tom"},
            "x",
            (Media("image", CAT, "A cat", "Tom"),),
        ),
        ("", None, ()),
        (None, "nothing to describe", ()),
        ([], None, ()),
    ],
)
def test_media_may_be_a_link_a_list_or_an_object(
    value: object, alt: object, media: tuple[Media, ...] | None
) -> None:
    both = (Media("image", CAT, "A cat"), Media("image", DOG, "A dog"))
    assert _media(value, alt=alt) == (both if media is None else media)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("http://pictures.example/cat.png", "does not begin with https://"),
        ("javascript:alert(1)", "is neither the path of a media file nor a link that begins"),
        ("cat", "the image “cat” is neither the path of a media file nor a link"),
        ("cat.png", "the file “cat.png” cannot be read: only the data file was given"),
        ("https://", "is not a valid link"),
        ("https://[half", "is not a valid link"),
        ("https://pictures.example:many/", "is not a valid link"),
        ("https://pictures.example/a cat.png", "is not a valid link"),
        ("https://pictures.example/\u202e.png", "is not a valid link"),
        ("https://ann:secret@pictures.example/", "contains a user name or password"),
        (f"{CAT}?{'x' * 3_000}", "characters; the limit is 3,000"),
        (7, "the image must be a link, not a number"),
        ({"alt": "A cat"}, "the image must be a link, not null"),
        ({"url": CAT, "alt": 3}, "the description of the image must be text, not a number"),
        ({"url": CAT, "alt": "x" * 2_001}, "has 2,001 characters; the limit is 2,000"),
        ({"url": CAT, "title": "x" * 151}, "the title of the image has 151 characters"),
        ({"url": CAT, "thumbnail": "x"}, "the thumbnail of the image “x” does not begin"),
        ([CAT] * 11, "the prompt has 11 images, audio and video; the limit is 10"),
    ],
)
def test_invalid_media_makes_the_row_invalid(value: object, reason: str) -> None:
    with pytest.raises(InvalidRowError) as caught:
        _media(value)
    assert reason in str(caught.value)


def test_each_candidate_has_its_own_media() -> None:
    mapped = ["candidates=a,b", "candidate_images=ia,ib", "candidate_alt=da,db"]
    row = {"a": "A", "b": "B", "ia": CAT, "ib": [DOG, CAT], "da": "A cat", "db": "Pets"}
    first, second = content_of_row(row, ColumnMapping.parse(mapped)).candidates
    assert first.media == (Media("image", CAT, "A cat"),)
    assert second.media == (Media("image", DOG, "Pets"), Media("image", CAT, "Pets"))


def test_one_column_may_list_a_link_per_candidate() -> None:
    columns = ColumnMapping.parse(["candidates=texts", "candidate_audio=sounds"])
    row = {"texts": ["A", "B"], "sounds": [None, "https://sounds.example/b.mp3"]}
    first, second = content_of_row(row, columns).candidates
    assert (first.media, second.media[0].type) == ((), "audio")


def test_candidate_may_be_media_without_text() -> None:
    columns = ColumnMapping.parse(["prompt=p", "candidate_images=a,b", "models=ma,mb"])
    row = {"p": "Draw a pet.", "a": CAT, "b": DOG, "ma": "wren", "mb": "heron"}
    content = content_of_row(row, columns)
    candidates = [(candidate.text, candidate.model) for candidate in content.candidates]
    assert candidates == [("", "wren"), ("", "heron")]
    assert content.meta == {}


def test_number_of_links_must_match_the_candidates() -> None:
    columns = ColumnMapping.parse(["candidates=a,b", "candidate_images=image"])
    row = {"a": "A", "b": "B", "image": CAT}
    with pytest.raises(
        InvalidRowError, match=r"expected one image entry per candidate \(2\), found 1"
    ):
        content_of_row(row, columns)


@pytest.mark.parametrize("image", ["https://x.example/Wren-mini/1.png", "https://wrenmini.example"])
def test_link_that_reveals_the_model_is_rejected(image: str) -> None:
    columns = ColumnMapping.parse(["candidates=text", "models=model", "candidate_images=image"])
    row = {"text": "A", "model": "wren_mini", "image": image}
    with pytest.raises(InvalidRowError, match="reveals the model “wren_mini”"):
        content_of_row(row, columns)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (CAT, True),
        ([CAT, DOG], True),
        ("a cat", False),
        ([CAT, "x"], False),
        ([], False),
        (3, False),
    ],
)
def test_links_are_recognised(value: object, *, expected: bool) -> None:
    assert is_media(value) is expected
