"""Rich text as HTML, with all its leaves and styles."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from bot.sandbox.page.emoji import shown_emoji
from bot.sandbox.page.words import Reader, dated, link, mention
from bot.sandbox.wire import Json, as_list, as_object

_STYLES = {
    "bold": "strong",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "code": "code",
    "highlight": "mark",
    "client_highlight": "mark",
}


def rich_html(block: object, reader: Reader) -> Markup:
    """Return the rich text `block`."""
    return joined(_container(one, reader) for one in as_list(as_object(block).get("elements")))


def joined(parts: Iterable[Markup]) -> Markup:
    """Return `parts` one after the other."""
    return Markup().join(parts)


def _container(element: Json, reader: Reader) -> Markup:
    inside = as_list(element.get("elements"))
    kind = str(element.get("type"))
    if kind == "rich_text_list":
        return _list(element, reader)
    words = joined(_leaf(leaf, reader) for leaf in inside)
    if kind == "rich_text_preformatted":
        language = element.get("language")
        label = Markup('<span class="language">{}</span>').format(language) if language else ""
        return Markup('<div class="rich-code">{}<pre>{}</pre></div>').format(label, words)
    if kind == "rich_text_quote":
        return Markup("<blockquote>{}</blockquote>").format(words)
    return Markup('<p class="rich">{}</p>').format(words)


def _list(element: Json, reader: Reader) -> Markup:
    indent = min(int(element.get("indent") or 0), 8)
    border = " bordered" if element.get("border") else ""
    items = joined(
        Markup("<li>{}</li>").format(
            joined(_leaf(leaf, reader) for leaf in as_list(as_object(item).get("elements")))
        )
        for item in as_list(element.get("elements"))
    )
    if element.get("style") == "ordered":
        html = Markup('<ol class="rich in{}{}" start="{}">{}</ol>')
        return html.format(indent, border, int(element.get("offset") or 0) + 1, items)
    return Markup('<ul class="rich in{}{}">{}</ul>').format(indent, border, items)


def _leaf(leaf: Json, reader: Reader) -> Markup:
    draw = _LEAVES.get(str(leaf.get("type")), _other)
    return _styled(draw(leaf, reader), as_object(leaf.get("style")))


def _styled(words: Markup, style: Json) -> Markup:
    for flag, tag in _STYLES.items():
        if style.get(flag):
            words = Markup(f"<{tag}>{{}}</{tag}>").format(words)  # noqa: S704 - the tag is ours
    return words


def _link(leaf: Json, _reader: Reader) -> Markup:
    url = str(leaf.get("url", ""))
    words = str(leaf.get("text") or url.removeprefix("mailto:"))
    if as_object(leaf.get("style")).get("unlink"):
        return escape(words)
    return link(url, words)


def _date(leaf: Json, reader: Reader) -> Markup:
    try:
        shown = dated(float(leaf["timestamp"]), str(leaf.get("format", "")), reader)
    except (KeyError, ValueError, OverflowError, OSError):
        shown = str(leaf.get("fallback", ""))
    words = Markup("<time>{}</time>").format(shown)
    return link(str(leaf["url"]), words) if leaf.get("url") else words


def _color(leaf: Json, _reader: Reader) -> Markup:
    value = "#" + str(leaf.get("value", "")).removeprefix("#")
    html = Markup(
        '<span class="color"><svg width="12" height="12" aria-hidden="true">'
        '<rect width="12" height="12" rx="3" fill="{}"></rect></svg>{}</span>'
    )
    return html.format(value, value)


def _mention_of(key: str) -> Callable[[Json, Reader], Markup]:
    return lambda leaf, reader: mention(reader, str(leaf.get(key, "")))


def _chip(icon: str, *keys: str) -> Callable[[Json, Reader], Markup]:
    """Return what draws a mention of something that lives elsewhere: an icon and its name."""

    def draw(leaf: Json, _reader: Reader) -> Markup:
        words = next((str(leaf[key]) for key in keys if leaf.get(key)), str(leaf.get("type")))
        chip = Markup('<span class="chip"><span aria-hidden="true">{}</span> {}</span>')
        shown = chip.format(icon, words)
        return link(str(leaf["url"]), shown) if leaf.get("url") else shown

    return draw


def _other(leaf: Json, _reader: Reader) -> Markup:
    kind = str(leaf.get("type"))
    words = str(leaf.get("text") or kind)
    return Markup('<span class="chip" title="{}">{}</span>').format(f"a leaf {kind}", words)


_LEAVES: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": lambda leaf, _reader: escape(str(leaf.get("text", ""))),
    "link": _link,
    "user": _mention_of("user_id"),
    "channel": _mention_of("channel_id"),
    "usergroup": _mention_of("usergroup_id"),
    "team": _mention_of("team_id"),
    "broadcast": lambda leaf, reader: mention(reader, "", f"@{leaf.get('range')}"),
    "emoji": lambda leaf, _reader: escape(
        shown_emoji(
            str(leaf.get("name", "")), str(leaf.get("unicode", "")), int(leaf.get("skin_tone") or 1)
        )
    ),
    "date": _date,
    "color": _color,
    "attachment_mention": _chip("🔗", "text", "url"),
    "canvas": _chip("📄", "text", "label", "file_id"),
    "canvas_message_unfurl": _chip("💬", "root_message_ts"),
    "canvas_user_mention": _mention_of("user_id"),
    "citation": lambda leaf, _reader: link(
        str(leaf.get("url", "")), Markup("<sup>[{}]</sup>").format(leaf.get("text", ""))
    ),
    "file": _chip("📎", "text", "file_id"),
    "list_record": _chip("🗂", "text", "record_id", "file_id"),
    "message_mention": _chip("💬", "text", "message_ts"),
    "salesforce_data_field": _chip("☁", "salesforce_field_label", "salesforce_record_id"),
    "work_object_mention": _chip("🧩", "text"),
    "workflow_mention": _chip("⚡", "text"),
}
