"""The size of messages: nothing that the sender posts exceeds what Slack accepts."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.blockkit import check_message
from bot.services.tasks.next_task import TaskView
from bot.slack.blockkit.blocks import actions, button, context, divider, plain_section
from bot.slack.blockkit.message import Message
from bot.slack.blockkit.message_size import (
    MAX_BLOCKS,
    MAX_MESSAGE_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    count_characters,
    fit_message,
    shorten_blocks,
    split_message,
)
from bot.slack.blockkit.rich_text import plain_rich_text
from bot.slack.blockkit.types import Block
from bot.slack.views.task_message import render_task
from tests.slack.conftest import KIND_NAMES, tasks

LONG_TEXTS = st.integers(1, 30_000).map(lambda length: "word " * (length // 5) + "x")
LONG_BLOCKS = st.one_of(
    LONG_TEXTS.map(plain_rich_text),
    LONG_TEXTS.map(lambda text: plain_section(text[:3_000])),
    LONG_TEXTS.map(lambda text: context(text[:2_000])),
    st.just(divider()),
    st.just(actions("a", button("Button", "action", "value"))),
)


def with_unique_ids(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks, each row of buttons with an id of its own."""
    go = button("Button", "action", "value")
    return [
        actions(f"row{number}", go) if block["type"] == "actions" else block
        for number, block in enumerate(blocks)
    ]


@given(blocks=st.lists(LONG_BLOCKS, min_size=1, max_size=12).map(with_unique_ids))
def test_shortened_blocks_fit_and_short_ones_stay_as_they_are(blocks: list[Block]) -> None:
    shortened = shorten_blocks(blocks)
    assert count_characters(shortened) <= MAX_MESSAGE_CHARACTERS
    assert [block["type"] for block in shortened] == [block["type"] for block in blocks]
    if count_characters(blocks) <= MAX_MESSAGE_CHARACTERS:
        assert shortened == blocks
    else:
        assert count_characters(shortened) > MAX_MESSAGE_CHARACTERS * 0.9
        assert check_message({"text": "x", "blocks": [plain_rich_text("x"), *shortened[:10]]}) == []


@given(length=st.integers(0, 40_000), fixed=st.integers(0, 9_000), factor=st.integers(1, 3))
def test_message_is_rendered_with_as_much_as_fits(length: int, fixed: int, factor: int) -> None:
    def render(max_characters: int) -> Message:
        text = "x" * min(length, max_characters) * factor
        return Message("x", [plain_rich_text("y" * (fixed + 1)), plain_rich_text(text or "-")])

    message = fit_message(render, 9_000)
    assert count_characters(message.blocks) <= MAX_MESSAGE_CHARACTERS
    if length * factor + fixed < MAX_MESSAGE_CHARACTERS - 10 and length <= 9_000:
        assert count_characters(message.blocks) >= length * factor + fixed


def test_what_nobody_sees_does_not_count() -> None:
    assert count_characters(actions("row", button("Go", "action", "value"))) == len("Go")
    assert count_characters(plain_section("four")) == len("four")


@given(task=st.sampled_from(KIND_NAMES).flatmap(tasks))
def test_task_of_any_length_fits(task: TaskView) -> None:
    message = render_task(task, 3)
    assert count_characters(message.blocks) <= MAX_MESSAGE_CHARACTERS
    is_cut = any(part["shown"] < part["characters"] for part in message.shown.values())
    assert is_cut == ("Show full text" in str(message.blocks))


@given(blocks=st.lists(LONG_BLOCKS, max_size=120).map(with_unique_ids))
def test_parts_of_a_message_fit_and_have_all_of_its_blocks(blocks: list[Block]) -> None:
    parts = split_message(Message("x" * 50_000, blocks))
    assert all(len(part.blocks) <= MAX_BLOCKS for part in parts)
    assert all(count_characters(part.blocks) <= MAX_MESSAGE_CHARACTERS for part in parts)
    assert {len(part.text) for part in parts} == {MAX_TEXT_CHARACTERS}
    shown = [block for part in parts for block in part.blocks]
    assert len(shown) == len(blocks)
    if all(count_characters(block) <= MAX_MESSAGE_CHARACTERS for block in blocks):
        assert shown == blocks
