"""Passages in messages and modals: text as rich text, with its images and links.

Slack fetches images from their URL; the sender uploads stored ones. Linked audio and video are link
buttons that name the host, because Slack plays media only from domains that an app has registered.
Stored audio and video are in the thread of a task's message, or buttons that share them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.kinds.form import Passage
from bot.kinds.media import DEFAULT_ALT, STORED_PREFIX, Media
from bot.slack.blockkit.blocks import (
    actions,
    button,
    context,
    link_button,
    plain_text,
    rich_text_section,
    text_element,
)
from bot.slack.blockkit.rich_text import rich_text
from bot.slack.blockkit.text import Excerpt, excerpt
from bot.slack.blockkit.types import (
    ActionsBlock,
    Block,
    Button,
    ContextBlock,
    ImageBlock,
    RichTextBlock,
)
from bot.slack.parsing.action_ids import Action

MAX_PASSAGES = 8
"""Passages in one message: with their images and eight rating criteria they stay within Slack's 50
blocks. Of a longer conversation only the end is shown."""

MAX_IMAGES_PER_PASSAGE = 3
"""Images of one passage in a message. The dialog with the full text shows all of them."""

MAX_BUTTON_CHARACTERS = 75

MAX_ALT_CHARACTERS = 200
"""Characters of a description of audio or video in a message."""

MISSING_IMAGE = "An image cannot be shown here at the moment."

MEDIA_LABELS = {"image": "Image", "audio": "Listen", "video": "Watch"}


def allocate_characters(lengths: Sequence[int], total: int, max_per_text: int) -> list[int]:
    """Divide `total` characters among texts of these lengths, at most `max_per_text` for each.

    Shares are equal, except that a text gets no more than its length; longer texts share what
    shorter ones leave.
    """
    remaining, allocated = total, [0] * len(lengths)
    shortest_first = sorted(range(len(lengths)), key=lambda index: lengths[index])
    for position, index in enumerate(shortest_first):
        fair_share = remaining // (len(shortest_first) - position)
        allocated[index] = min(lengths[index], max_per_text, fair_share)
        remaining -= allocated[index]
    return allocated


def excerpts_of(
    passages: Sequence[Passage], total: int, max_per_passage: int
) -> dict[str, Excerpt]:
    """Return an excerpt of each passage, by its key; those that a message leaves out are empty."""
    visible = passages[-MAX_PASSAGES:]
    hidden = {p.key: Excerpt("", len(p.text)) for p in passages[:-MAX_PASSAGES]}
    limits = allocate_characters([len(p.text) for p in visible], total, max_per_passage)
    limited = zip(visible, limits, strict=True)
    return hidden | {passage.key: excerpt(passage.text, limit) for passage, limit in limited}


def visible_passages(passages: Sequence[Passage]) -> Sequence[Passage]:
    """Return the passages that a message shows: the last `MAX_PASSAGES`."""
    return passages[-MAX_PASSAGES:]


def count_hidden_images(passages: Sequence[Passage]) -> int:
    """Return how many images, and links of hidden passages, a message leaves out."""
    visible = visible_passages(passages)
    hidden = sum(len(p.media) for p in passages[: len(passages) - len(visible)])
    return hidden + sum(max(len(_images(p.media)) - MAX_IMAGES_PER_PASSAGE, 0) for p in visible)


def passage_blocks(
    passage: Passage,
    text: str,
    block_id: str,
    max_images: int = MAX_IMAGES_PER_PASSAGE,
    *,
    has_thread: bool = False,
) -> list[Block]:
    """Render an excerpt of a passage with at most `max_images` images and all its links.

    `has_thread`: the bot shares stored audio and video in the thread of the message.
    """
    text_block = (
        rich_text(text, title=passage.title, markdown=passage.markdown, block_id=block_id)
        if passage.text or not passage.media
        else _title_block(passage.title, block_id)
    )
    images = _image_blocks(passage.media, block_id, max_images)
    return [text_block, *images, *_player_blocks(passage, block_id, has_thread=has_thread)]


def _title_block(title: str, block_id: str) -> RichTextBlock:
    """Return the title of a passage that has media but no text."""
    section = rich_text_section([text_element(title, bold=True)])
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _images(media: Sequence[Media]) -> list[Media]:
    return [medium for medium in media if medium.type == "image"]


def _image_blocks(media: Sequence[Media], block_id: str, max_images: int) -> Iterator[Block]:
    for number, image in enumerate(_images(media)[:max_images]):
        yield _image_block(image, f"{block_id}:image:{number}")


def _player_blocks(passage: Passage, block_id: str, *, has_thread: bool) -> Iterator[Block]:
    """Yield buttons for audio and video, and what of them is in the thread."""
    players = [medium for medium in passage.media if medium.type != "image"]
    in_thread = [medium for medium in players if medium.is_stored and has_thread]
    if buttons := [
        _share_button(medium, number)
        if medium.is_stored
        else _media_link(medium, passage.key, number)
        for number, medium in enumerate(players)
        if medium not in in_thread
    ]:
        yield actions(f"{block_id}:links", *buttons)
    if in_thread:
        yield context(*map(_thread_note, in_thread))


def _thread_note(media: Media) -> str:
    alt = excerpt(media.alt, MAX_ALT_CHARACTERS).text
    described = "" if alt == DEFAULT_ALT[media.type] else f" ({alt})"
    return f"{media.type.capitalize()}{described}: play it in this message's thread."


def _share_button(media: Media, number: int) -> Button:
    """Return a button that shares a stored file with the person who presses it."""
    action = Action(
        "share_media", 0, f"{media.type}-{number}", media.url.removeprefix(STORED_PREFIX)
    )
    label = MEDIA_LABELS[media.type]
    return button(label, action.action_id, action.value, accessibility_label=media.alt[:75])


def _image_block(image: Media, block_id: str) -> ImageBlock:
    block: ImageBlock = {
        "type": "image",
        "block_id": block_id,
        "image_url": image.url,
        "alt_text": image.alt,
    }
    if image.is_stored:
        del block["image_url"]
        block["slack_file"] = {"id": image.url}
    if image.title:
        block["title"] = plain_text(image.title)
    return block


def _media_link(media: Media, key: str, number: int) -> Button:
    action = Action("open_link", 0, key, str(number))
    host = (
        media.host
        if len(media.host) <= MAX_HOST_CHARACTERS
        else f"…{media.host[1 - MAX_HOST_CHARACTERS :]}"
    )
    label = f"{MEDIA_LABELS[media.type]} · {host}"
    return link_button(
        label, action.action_id, action.value, media.url, accessibility_label=media.alt
    )


MAX_HOST_CHARACTERS = MAX_BUTTON_CHARACTERS - len("Listen · ")
"""Longest host on a button. Of a longer one the end is shown, which its owner cannot fake."""


def replace_images_with_links(blocks: Sequence[Block]) -> list[Block]:
    """Replace images by link buttons: Slack refuses a message if it cannot fetch an image.

    An image without a link is replaced by its alt text.
    """
    return [_image_link(block) if block["type"] == "image" else block for block in blocks]


def _image_link(image: ImageBlock) -> ActionsBlock | ContextBlock:
    if "image_url" not in image:
        return missing_image(image)
    action = Action("open_link", option="0")
    media_button = link_button(
        "Image (Slack cannot show it)",
        action.action_id,
        action.value,
        image["image_url"],
        accessibility_label=image["alt_text"],
    )
    return actions(image["block_id"], media_button)


def missing_image(image: ImageBlock) -> ContextBlock:
    """Return what is shown instead of an image without a link that Slack does not show."""
    shown = context(f"{MISSING_IMAGE} Description: {image['alt_text']}")
    shown["block_id"] = image["block_id"]
    return shown
