"""Passages: every turn can be read, images and links are shown, and the block limit is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import DEFAULT_ALT, Media
from bot.kinds.rating import RatingSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.tasks.next_task import Receipt, TaskPage, TaskView
from bot.slack.blockkit.passages import allocate_characters, replace_images_with_links
from bot.slack.blockkit.types import Block
from bot.slack.views import task_modals
from bot.slack.views.task_message import render_task, render_task_page
from bot.slack.views.task_modals import ModalMetadata
from tests.slack.conftest import message_yaml, task_of

CAT = Media("image", "https://pictures.example/cat.png", "A cat on a mat", "Tom")
SONG = Media("audio", "https://sounds.example/song.mp3", "A song about a cat")
FILM = Media("video", f"https://{'long.' * 30}films.example/film.mp4", "x" * 2_000)
TALK = (
    ConversationTurn("system", "Be brief."),
    ConversationTurn("user", "What is *this*?"),
    ConversationTurn("assistant", "A `cat`."),
    ConversationTurn("user", "Sing of it."),
)


def task(name: str, content: Content) -> TaskView:
    """Return a task of a kind with this content."""
    kind = KINDS[name]
    return task_of(kind, content, kind.settings(), range(len(content.candidates)))


def pair(**fields: Any) -> Content:  # noqa: ANN401 - any fields of `Content`
    """Return a comparison of responses with an image, audio and video."""
    candidates = (Candidate("A poem", "m", (SONG, FILM)), Candidate("", "m", (CAT,)))
    return replace(Content(TALK, candidates, media=(CAT,)), **fields)


def blocks_with_media() -> list[Block]:
    """Return the blocks of a message with images and links."""
    return render_task(task("comparison", pair()), 1).blocks


def test_conversation_with_media_snapshot(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(task("comparison", pair()), 1)) == snapshot(name="message")
    assert task_modals.full_text_modal(task("comparison", pair()), 0) == snapshot(name="full text")
    demonstration = task("demonstration", Content(TALK, media=(CAT, SONG)))
    assert task_modals.answer_modal(demonstration, ModalMetadata(1)) == snapshot(
        name="answer modal"
    )


def test_rating_per_turn_snapshot(snapshot: SnapshotAssertion) -> None:
    kind, settings = KINDS["rating"], RatingSettings(per_turn=True)
    first_turn = {f"turn1of2_{criterion.key}": 3 for criterion in settings.criteria}
    content = Content(TALK, (Candidate("La, la, la.", "m"),))
    rated = task_of(kind, content, settings, [0], value={**first_turn, "turn2of2_humor": 5})
    assert message_yaml(render_task(rated, 1)) == snapshot


@pytest.mark.parametrize("turns", [11, 13, 60])
@pytest.mark.parametrize("length", [5, 700, 20_000])
def test_long_conversation_with_media_is_valid(turns: int, length: int) -> None:
    talk = tuple(
        ConversationTurn(
            "assistant" if number % 2 else "user", f"{number} {'word ' * (length // 5)}"
        )
        for number in range(turns)
    )
    media = (CAT,) * 8 + (FILM,) * 2
    candidates = (Candidate("one", media=media), Candidate("two", media=media))
    long = task("comparison", Content(talk, candidates, media=media))
    message = render_task(long, 1)
    assert not check_message({"text": message.text, "blocks": message.blocks})
    criteria = [{"key": f"c{n}", "label": "x", "anchors": ["a"] * 7} for n in range(8)]
    kind, settings = KINDS["rating"], RatingSettings.model_validate({"criteria": criteria})
    rated = task_of(kind, Content(talk, candidates[:1], media=media), settings, [0])
    page = render_task_page(TaskPage("D1", Receipt(1, "Saved", "Edit…"), rated, 5))
    assert not check_message({"text": page.text, "blocks": page.blocks})
    assert f"{turns - 1} word" in str(message.blocks)
    assert "Choose Show full text to see everything" in str(message.blocks)
    pages = [task_modals.full_text_modal(long, page) for page in range(turns * 3)]
    assert not any(check_view(page) for page in pages)
    full_text = str(pages)
    assert all(f"{number} word" in full_text for number in range(turns))
    demonstration = task("demonstration", Content(talk, media=media))
    assert not check_view(task_modals.answer_modal(demonstration, ModalMetadata(1)))


def test_images_can_be_replaced_with_links() -> None:
    blocks = replace_images_with_links(blocks_with_media())
    assert not any(block["type"] == "image" for block in blocks)
    assert CAT.url in str(blocks)
    assert CAT.alt in str(blocks)
    assert not check_message({"text": "x", "blocks": blocks})


def test_every_image_has_alt_text() -> None:
    images = [block for block in blocks_with_media() if block["type"] == "image"]
    assert [image["alt_text"] for image in images] == [CAT.alt] * 2


@given(
    lengths=st.lists(st.integers(0, 5_000), max_size=12),
    total=st.integers(0, 20_000),
    maximum=st.integers(1, 4_000),
)
def test_characters_are_allocated_fairly(lengths: list[int], total: int, maximum: int) -> None:
    shares = allocate_characters(lengths, total, maximum)
    needs = [min(length, maximum) for length in lengths]
    assert sum(shares) <= total
    assert all(share <= need for share, need in zip(shares, needs, strict=True))
    assert shares == needs or sum(needs) > total
    by_length = sorted(zip(lengths, shares, strict=True))
    assert [share for _length, share in by_length] == sorted(shares)


def task_with_stored_files() -> TaskView:
    """Return a task with a stored song and film."""
    song = Media("audio", f"media:{'a' * 64}.mp3", "A song about a cat")
    film = Media("video", f"media:{'b' * 64}.mp4", DEFAULT_ALT["video"])
    return task("comparison", pair(media=(song, film)))


def test_stored_audio_and_video_are_in_the_thread_of_the_task_and_buttons_elsewhere() -> None:
    blocks = str(render_task(task_with_stored_files(), 1).blocks)
    assert "Audio (A song about a cat): play it in this message's thread." in blocks
    assert "Video: play it in this message's thread." in blocks
    assert "share_media" not in blocks
    dialog = str(task_modals.full_text_modal(task_with_stored_files(), 0))
    assert f"0:audio-0:{'a' * 64}.mp3" in dialog
    assert f"0:video-1:{'b' * 64}.mp4" in dialog
    assert "in this message's thread" not in dialog
