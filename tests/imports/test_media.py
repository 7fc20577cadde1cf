"""Links to images, audio and video are read in every shape, and bad ones are told."""

from __future__ import annotations

import pytest

from bot.imports.column_mapping import ColumnMapping
from bot.imports.item_content import build_content
from bot.imports.media import is_link
from bot.imports.row import InvalidRowError
from bot.kinds.media import Media

CAT = "https://pictures.example/cat.png"
DOG = "https://pictures.example/dog.png"


def _media(value: object, *, alt: object = None) -> tuple[Media, ...]:
    columns = ColumnMapping.parse(["prompt=p", "images=image", "alt=alt"])
    return build_content({"p": "Look.", "image": value, "alt": alt}, columns).media


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
def test_links_come_alone_in_lists_and_as_objects(
    value: object, alt: object, media: tuple[Media, ...] | None
) -> None:
    two = (Media("image", CAT, "A cat"), Media("image", DOG, "A dog"))
    assert _media(value, alt=alt) == (two if media is None else media)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("http://pictures.example/cat.png", "does not begin with https://"),
        ("javascript:alert(1)", "does not begin with https://"),
        ("cat.png", "does not begin with https://"),
        ("https://", "is no link"),
        ("https://[half", "is no link"),
        ("https://pictures.example:many/", "is no link"),
        ("https://pictures.example/a cat.png", "is no link"),
        ("https://pictures.example/\u202e.png", "is no link"),
        ("https://ann:secret@pictures.example/", "holds a name or password"),
        (f"{CAT}?{'x' * 3_000}", "characters, where 3,000 are allowed"),
        (7, "its image is a number, where a link is wanted"),
        ({"alt": "A cat"}, "its image is null, where a link is wanted"),
        ({"url": CAT, "alt": 3}, "the description of its image is a number"),
        ({"url": CAT, "alt": "x" * 2_001}, "has 2,001 characters, where 2,000 are allowed"),
        ({"url": CAT, "title": "x" * 151}, "the title of its image has 151 characters"),
        ({"url": CAT, "thumbnail": "x"}, "the thumbnail of its image “x” does not begin"),
        ([CAT] * 11, "it has 11 images, audio and video, where 10 are allowed"),
    ],
)
def test_a_link_that_cannot_be_shown_is_told(value: object, told: str) -> None:
    with pytest.raises(InvalidRowError) as caught:
        _media(value)
    assert told in str(caught.value)


def test_each_candidate_has_its_own() -> None:
    mapped = ["candidates=a,b", "candidate_images=ia,ib", "candidate_alt=da,db"]
    row = {"a": "A", "b": "B", "ia": CAT, "ib": [DOG, CAT], "da": "A cat", "db": "Pets"}
    first, second = build_content(row, ColumnMapping.parse(mapped)).candidates
    assert first.media == (Media("image", CAT, "A cat"),)
    assert second.media == (Media("image", DOG, "Pets"), Media("image", CAT, "Pets"))


def test_one_column_may_hold_a_link_for_each_candidate() -> None:
    columns = ColumnMapping.parse(["candidates=texts", "candidate_audio=sounds"])
    row = {"texts": ["A", "B"], "sounds": [None, "https://sounds.example/b.mp3"]}
    first, second = build_content(row, columns).candidates
    assert (first.media, second.media[0].type) == ((), "audio")


def test_media_alone_are_a_candidate() -> None:
    columns = ColumnMapping.parse(["prompt=p", "candidate_images=a,b", "models=ma,mb"])
    row = {"p": "Draw a pet.", "a": CAT, "b": DOG, "ma": "wren", "mb": "heron"}
    content = build_content(row, columns)
    assert [(one.text, one.model) for one in content.candidates] == [("", "wren"), ("", "heron")]
    assert content.meta == {}


def test_another_number_of_links_than_candidates_is_told() -> None:
    columns = ColumnMapping.parse(["candidates=a,b", "candidate_images=image"])
    row = {"a": "A", "b": "B", "image": CAT}
    with pytest.raises(InvalidRowError, match="it has 2 candidates and 1 images"):
        build_content(row, columns)


@pytest.mark.parametrize("image", ["https://x.example/Wren-mini/1.png", "https://wrenmini.example"])
def test_a_link_that_names_the_model_is_told(image: str) -> None:
    columns = ColumnMapping.parse(["candidates=text", "models=model", "candidate_images=image"])
    row = {"text": "A", "model": "wren_mini", "image": image}
    with pytest.raises(InvalidRowError, match="tells the model “wren_mini”"):
        build_content(row, columns)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (CAT, True),
        ([CAT, DOG], True),
        ("a cat", False),
        ([CAT, "x"], False),
        ([], False),
        (3, False),
    ],
)
def test_links_are_told_from_other_things(value: object, is_one: object) -> None:
    assert is_link(value) is is_one
