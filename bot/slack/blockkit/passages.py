"""Passages in messages and modals: their text as rich text, what belongs to it as images and links.

Slack itself fetches an image from its address. Audio and video are links, with their host on the
button: Slack plays only what comes from domains that an app has named beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.kinds.form import Passage
from bot.kinds.media import Media
from bot.slack.blockkit.blocks import Block, actions, link_button, plain_text
from bot.slack.blockkit.rich_text import rich_text
from bot.slack.blockkit.text import Excerpt, excerpt
from bot.slack.parsing.action_ids import Action

MAX_PASSAGES = 8
"""Passages in one message, so that with all their images and eight criteria to rate it has no more
than Slack's 50 blocks. Of a longer conversation the end is shown."""

MAX_IMAGES_PER_PASSAGE = 3
"""Images of one passage in a message; the window to read in full has all."""

MAX_BUTTON_CHARACTERS = 75

MEDIA_LABELS = {"image": "Image", "audio": "Listen", "video": "Watch"}


def allocate_characters(lengths: Sequence[int], total: int, max_per_text: int) -> list[int]:
    """Return how much of `total` each text gets, up to `most`: long ones get what short ones leave.

    Nobody gets more than they need, and nobody with a longer text gets less.
    """
    remaining, allocated = total, [0] * len(lengths)
    shortest_first = sorted(range(len(lengths)), key=lambda place: lengths[place])
    for position, index in enumerate(shortest_first):
        fair_share = remaining // (len(shortest_first) - position)
        allocated[index] = min(lengths[index], max_per_text, fair_share)
        remaining -= allocated[index]
    return allocated


def excerpts_of(
    passages: Sequence[Passage], total: int, max_per_passage: int
) -> dict[str, Excerpt]:
    """Return what of each passage fits, by its key; of a long conversation nothing of the start."""
    visible = passages[-MAX_PASSAGES:]
    hidden = {p.key: Excerpt("", len(p.text)) for p in passages[:-MAX_PASSAGES]}
    limits = allocate_characters([len(p.text) for p in visible], total, max_per_passage)
    fitting = zip(visible, limits, strict=True)
    return hidden | {passage.key: excerpt(passage.text, room) for passage, room in fitting}


def visible_passages(passages: Sequence[Passage]) -> Sequence[Passage]:
    """Return the passages that a message has room for: the last ones."""
    return passages[-MAX_PASSAGES:]


def count_hidden_images(passages: Sequence[Passage]) -> int:
    """Return how many images a message has no room for."""
    visible = visible_passages(passages)
    hidden = sum(len(p.media) for p in passages[: len(passages) - len(visible)])
    return hidden + sum(max(len(_images(p.media)) - MAX_IMAGES_PER_PASSAGE, 0) for p in visible)


def passage_blocks(
    passage: Passage,
    text: str,
    assignment: int,
    block_id: str,
    max_images: int = MAX_IMAGES_PER_PASSAGE,
) -> list[Block]:
    """Draw as much of a passage as `text` is, with up to `images` images and all its links."""
    text_block = (
        rich_text(text, title=passage.title, markdown=passage.markdown, block_id=block_id)
        if passage.text or not passage.media
        else _title_block(passage.title, block_id)
    )
    return [text_block, *_media_blocks(passage, assignment, block_id, max_images)]


def _title_block(title: str, block_id: str) -> Block:
    """Return a title alone, for what has no text."""
    bold = {"type": "text", "text": title, "style": {"bold": True}}
    section = {"type": "rich_text_section", "elements": [bold]}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _images(media: Sequence[Media]) -> list[Media]:
    return [one for one in media if one.type == "image"]


def _media_blocks(
    passage: Passage, assignment: int, block_id: str, max_images: int
) -> Iterator[Block]:
    for number, one in enumerate(_images(passage.media)[:max_images]):
        yield {
            "type": "image",
            "block_id": f"{block_id}:image:{number}",
            "image_url": one.url,
            "alt_text": one.alt,
            **({"title": plain_text(one.title)} if one.title else {}),
        }
    links = [one for one in passage.media if one.type != "image"]
    if links:
        link_buttons = [
            _media_link(one, assignment, passage.key, number) for number, one in enumerate(links)
        ]
        yield actions(f"{block_id}:links", *link_buttons)


def _media_link(media: Media, assignment: int, key: str, number: int) -> Block:
    payload = Action("follow", assignment, key, str(number))
    host = (
        media.host
        if len(media.host) <= MAX_HOST_CHARACTERS
        else f"…{media.host[1 - MAX_HOST_CHARACTERS :]}"
    )
    label = f"{MEDIA_LABELS[media.type]} · {host}"
    return link_button(
        label, payload.action_id, payload.value, media.url, accessibility_label=media.alt
    )


MAX_HOST_CHARACTERS = MAX_BUTTON_CHARACTERS - len("Listen · ")
"""Of a longer host the end is shown: that is the part its owner cannot choose freely."""


def replace_images_with_links(blocks: Sequence[Block]) -> list[Block]:
    """Return a message without images, each told in words: Slack refuses one it cannot fetch."""
    return [_image_link(block) if block["type"] == "image" else block for block in blocks]


def _image_link(image: Block) -> Block:
    payload = Action("follow", option="0")
    label = "Image (Slack cannot show it)"
    media_button = link_button(
        label,
        payload.action_id,
        payload.value,
        image["image_url"],
        accessibility_label=image["alt_text"],
    )
    return actions(image["block_id"], media_button)
