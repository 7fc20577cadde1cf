"""Passages in messages and modals: their text as rich text, what belongs to it as images and links.

Slack itself fetches an image from its address. Audio and video are links, with their host on the
button: Slack plays only what comes from domains that an app has named beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.kinds.form import Passage
from bot.kinds.media import Media
from bot.slack.blocks import Block, actions, link, plain
from bot.slack.ids import Press
from bot.slack.richtext import rich_text
from bot.slack.text import Piece, piece

MOST_PASSAGES = 8
"""Passages in one message, so that with all their images and eight criteria to rate it has no more
than Slack's 50 blocks. Of a longer conversation the end is shown."""

MOST_IMAGES = 3
"""Images of one passage in a message; the window to read in full has all."""

LONGEST_BUTTON = 75

SAYS = {"image": "Image", "audio": "Listen", "video": "Watch"}


def shares(lengths: Sequence[int], total: int, most: int) -> list[int]:
    """Return how much of `total` each text gets, up to `most`: long ones get what short ones leave.

    Nobody gets more than they need, and nobody with a longer text gets less.
    """
    room, given = total, [0] * len(lengths)
    waiting = sorted(range(len(lengths)), key=lambda place: lengths[place])
    for position, place in enumerate(waiting):
        fair = room // (len(waiting) - position)
        given[place] = min(lengths[place], most, fair)
        room -= given[place]
    return given


def pieces_of(passages: Sequence[Passage], total: int, most: int) -> dict[str, Piece]:
    """Return what of each passage fits, by its key; of a long conversation nothing of the start."""
    late = passages[-MOST_PASSAGES:]
    early = {p.key: Piece("", len(p.text)) for p in passages[:-MOST_PASSAGES]}
    rooms = shares([len(p.text) for p in late], total, most)
    fitting = zip(late, rooms, strict=True)
    return early | {passage.key: piece(passage.text, room) for passage, room in fitting}


def shown_of(passages: Sequence[Passage]) -> Sequence[Passage]:
    """Return the passages that a message has room for: the last ones."""
    return passages[-MOST_PASSAGES:]


def hidden_media(passages: Sequence[Passage]) -> int:
    """Return how many images a message has no room for."""
    late = shown_of(passages)
    early = sum(len(p.media) for p in passages[: len(passages) - len(late)])
    return early + sum(max(len(_images(p.media)) - MOST_IMAGES, 0) for p in late)


def passage_blocks(
    passage: Passage, text: str, assignment: int, block_id: str, images: int = MOST_IMAGES
) -> list[Block]:
    """Draw as much of a passage as `text` is, with up to `images` images and all its links."""
    drawn = (
        rich_text(text, title=passage.title, markdown=passage.markdown, block_id=block_id)
        if passage.text or not passage.media
        else _titled(passage.title, block_id)
    )
    return [drawn, *_media_blocks(passage, assignment, block_id, images)]


def _titled(title: str, block_id: str) -> Block:
    """Return a title alone, for what has no text."""
    bold = {"type": "text", "text": title, "style": {"bold": True}}
    section = {"type": "rich_text_section", "elements": [bold]}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _images(media: Sequence[Media]) -> list[Media]:
    return [one for one in media if one.type == "image"]


def _media_blocks(passage: Passage, assignment: int, block_id: str, images: int) -> Iterator[Block]:
    for number, one in enumerate(_images(passage.media)[:images]):
        yield {
            "type": "image",
            "block_id": f"{block_id}:image:{number}",
            "image_url": one.url,
            "alt_text": one.alt,
            **({"title": plain(one.title)} if one.title else {}),
        }
    links = [one for one in passage.media if one.type != "image"]
    if links:
        drawn = [_link(one, assignment, passage.key, number) for number, one in enumerate(links)]
        yield actions(f"{block_id}:links", *drawn)


def _link(media: Media, assignment: int, key: str, number: int) -> Block:
    press = Press("follow", assignment, key, str(number))
    host = media.host if len(media.host) <= LONGEST_HOST else f"…{media.host[1 - LONGEST_HOST :]}"
    words = f"{SAYS[media.type]} · {host}"
    return link(words, press.action_id, press.value, media.url, says=media.alt)


LONGEST_HOST = LONGEST_BUTTON - len("Listen · ")
"""Of a longer host the end is shown: that is the part its owner cannot choose freely."""


def without_images(blocks: Sequence[Block]) -> list[Block]:
    """Return a message without images, each told in words: Slack refuses one it cannot fetch."""
    return [_in_words(block) if block["type"] == "image" else block for block in blocks]


def _in_words(image: Block) -> Block:
    press = Press("follow", option="0")
    words = "Image (Slack cannot show it)"
    shown = link(words, press.action_id, press.value, image["image_url"], says=image["alt_text"])
    return actions(image["block_id"], shown)
