"""Passages: every turn readable, images and links beside them, and no more blocks than fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.kinds import KINDS
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.media import Media
from bot.kinds.rating import RatingSettings
from bot.sandbox.blockkit import check_message, check_view
from bot.services.tasks.next_task import Receipt, TaskPage, TaskView
from bot.slack.blockkit.blocks import Block
from bot.slack.blockkit.passages import allocate_characters, replace_images_with_links
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


def pair(**more: Any) -> Content:  # noqa: ANN401 - what a test wants to differ
    """Return a comparison of responses with something to see and hear."""
    candidates = (Candidate("A poem", "m", (SONG, FILM)), Candidate("", "m", (CAT,)))
    return replace(Content(TALK, candidates, media=(CAT,)), **more)


def drawn() -> list[Block]:
    """Return a message with images and links."""
    return render_task(task("comparison", pair()), 1).blocks


def test_a_conversation_with_images_and_links_looks_like_this(snapshot: SnapshotAssertion) -> None:
    assert message_yaml(render_task(task("comparison", pair()), 1)) == snapshot(name="the message")
    assert task_modals.full_text_modal(task("comparison", pair()), 0) == snapshot(name="in full")
    writing = task("demonstration", Content(TALK, media=(CAT, SONG)))
    assert task_modals.answer_modal(writing, ModalMetadata(1)) == snapshot(name="writing")


def test_a_conversation_to_rate_turn_by_turn_looks_like_this(snapshot: SnapshotAssertion) -> None:
    kind, settings = KINDS["rating"], RatingSettings(per_turn=True)
    first = {f"turn1of2_{criterion.key}": 3 for criterion in settings.criteria}
    content = Content(TALK, (Candidate("La, la, la.", "m"),))
    rated = task_of(kind, content, settings, [0], value={**first, "turn2of2_humor": 5})
    assert message_yaml(render_task(rated, 1)) == snapshot


@pytest.mark.parametrize("turns", [11, 13, 60])
@pytest.mark.parametrize("length", [5, 700, 20_000])
def test_a_long_conversation_with_much_to_see_is_taken(turns: int, length: int) -> None:
    talk = tuple(
        ConversationTurn(
            "assistant" if number % 2 else "user", f"{number} {'word ' * (length // 5)}"
        )
        for number in range(turns)
    )
    media = (CAT,) * 8 + (FILM,) * 2
    candidates = (Candidate("one", media=media), Candidate("two", media=media))
    long = task("comparison", Content(talk, candidates, media=media))
    shown = render_task(long, 1)
    assert not check_message({"text": shown.text, "blocks": shown.blocks})
    criteria = [{"key": f"c{n}", "label": "x", "anchors": ["a"] * 7} for n in range(8)]
    kind, settings = KINDS["rating"], RatingSettings.model_validate({"criteria": criteria})
    rated = task_of(kind, Content(talk, candidates[:1], media=media), settings, [0])
    page = render_task_page(TaskPage("D1", Receipt(1, "Saved", "Edit"), rated, 5))
    assert not check_message({"text": page.text, "blocks": page.blocks})
    told = str(shown.blocks)
    assert f"{turns - 1} word" in told
    assert "Read in full shows all" in told
    pages = [task_modals.full_text_modal(long, page) for page in range(turns * 3)]
    assert not any(check_view(page) for page in pages)
    read = str(pages)
    assert all(f"{number} word" in read for number in range(turns))
    demonstration = task("demonstration", Content(talk, media=media))
    assert not check_view(task_modals.answer_modal(demonstration, ModalMetadata(1)))


def test_what_slack_cannot_fetch_becomes_a_link() -> None:
    plainer = replace_images_with_links(drawn())
    assert not any(block["type"] == "image" for block in plainer)
    assert CAT.url in str(plainer)
    assert not check_message({"text": "x", "blocks": plainer})


@given(
    lengths=st.lists(st.integers(0, 5_000), max_size=12),
    total=st.integers(0, 20_000),
    most=st.integers(1, 4_000),
)
def test_shares_are_fair_and_no_more_than_there_is(
    lengths: list[int], total: int, most: int
) -> None:
    given_out = allocate_characters(lengths, total, most)
    assert sum(given_out) <= total
    assert all(share <= min(most, length) for share, length in zip(given_out, lengths, strict=True))
    fits = sum(min(length, most) for length in lengths) <= total
    assert not fits or given_out == [min(length, most) for length in lengths]
    in_order = sorted(zip(lengths, given_out, strict=True))
    assert [share for _length, share in in_order] == sorted(given_out)
