"""Rendering of rich text blocks as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from ..emoji import emoji_character
from ..json_codec import Json, as_list, as_object
from .mrkdwn import Reader, format_date, link_html, mention_html

_STYLE_TAGS = {
    "bold": "strong",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "code": "code",
    "highlight": "mark",
    "client_highlight": "mark",
}


def rich_text_html(block: object, reader: Reader) -> Markup:
    """Return the HTML of a rich text block or of one of its fields."""
    elements = as_list(as_object(block).get("elements"))
    return join_html(_container_html(element, reader) for element in elements)


def join_html(parts: Iterable[Markup]) -> Markup:
    """Return the concatenation of `parts`."""
    return Markup().join(parts)


def _container_html(element: Json, reader: Reader) -> Markup:
    kind = str(element.get("type"))
    if kind == "rich_text_list":
        return _list_html(element, reader)
    leaves = as_list(element.get("elements"))
    html = join_html(_element_html(leaf, reader) for leaf in leaves)
    if kind == "rich_text_preformatted":
        language = element.get("language")
        label = Markup('<span class="language">{}</span>').format(language) if language else ""
        return Markup('<div class="rich-code">{}<pre>{}</pre></div>').format(label, html)
    if kind == "rich_text_quote":
        return Markup('<blockquote dir="auto">{}</blockquote>').format(html)
    return Markup('<p class="rich">{}</p>').format(html)


def _list_html(element: Json, reader: Reader) -> Markup:
    indent = min(int(element.get("indent") or 0), 8)
    border = " bordered" if element.get("border") else ""
    items = join_html(
        Markup("<li>{}</li>").format(
            join_html(
                _element_html(leaf, reader) for leaf in as_list(as_object(item).get("elements"))
            )
        )
        for item in as_list(element.get("elements"))
    )
    if element.get("style") == "ordered":
        html = Markup('<ol dir="auto" class="rich in{}{}" start="{}">{}</ol>')
        return html.format(indent, border, int(element.get("offset") or 0) + 1, items)
    return Markup('<ul dir="auto" class="rich in{}{}">{}</ul>').format(indent, border, items)


def _element_html(leaf: Json, reader: Reader) -> Markup:
    render = _ELEMENT_RENDERERS.get(str(leaf.get("type")), _unknown_html)
    return _apply_styles(render(leaf, reader), as_object(leaf.get("style")))


def _apply_styles(html: Markup, style: Json) -> Markup:
    for flag, tag in _STYLE_TAGS.items():
        if style.get(flag):
            html = Markup(f"<{tag}>{{}}</{tag}>").format(html)  # noqa: S704 - the tag is a constant
    return html


def _link_html(leaf: Json, _reader: Reader) -> Markup:
    url = str(leaf.get("url", ""))
    text = str(leaf.get("text") or url.removeprefix("mailto:"))
    if as_object(leaf.get("style")).get("unlink"):
        return escape(text)
    return link_html(url, text)


def _date_html(leaf: Json, reader: Reader) -> Markup:
    try:
        text = format_date(float(leaf["timestamp"]), str(leaf.get("format", "")), reader)
    except (KeyError, ValueError, OverflowError, OSError):
        text = str(leaf.get("fallback", ""))
    html = Markup("<time>{}</time>").format(text)
    return link_html(str(leaf["url"]), html) if leaf.get("url") else html


def _color_html(leaf: Json, _reader: Reader) -> Markup:
    value = "#" + str(leaf.get("value", "")).removeprefix("#")
    html = Markup(
        '<span class="color"><svg width="12" height="12" aria-hidden="true">'
        '<rect width="12" height="12" rx="3" fill="{}"></rect></svg>{}</span>'
    )
    return html.format(value, value)


def _mention_renderer(key: str) -> Callable[[Json, Reader], Markup]:
    return lambda leaf, reader: mention_html(reader, str(leaf.get(key, "")))


def _chip_renderer(icon: str, *keys: str) -> Callable[[Json, Reader], Markup]:
    """Return a renderer that shows an icon and the first of these fields that has a value."""

    def render(leaf: Json, _reader: Reader) -> Markup:
        text = next((str(leaf[key]) for key in keys if leaf.get(key)), str(leaf.get("type")))
        chip = Markup('<span class="chip"><span aria-hidden="true">{}</span> {}</span>')
        html = chip.format(icon, text)
        return link_html(str(leaf["url"]), html) if leaf.get("url") else html

    return render


def _unknown_html(leaf: Json, _reader: Reader) -> Markup:
    kind = str(leaf.get("type"))
    text = str(leaf.get("text") or kind)
    return Markup('<span class="chip" title="Unsupported element: {}">{}</span>').format(kind, text)


_ELEMENT_RENDERERS: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": lambda leaf, _reader: escape(str(leaf.get("text", ""))),
    "link": _link_html,
    "user": _mention_renderer("user_id"),
    "channel": _mention_renderer("channel_id"),
    "usergroup": _mention_renderer("usergroup_id"),
    "team": _mention_renderer("team_id"),
    "broadcast": lambda leaf, reader: mention_html(reader, "", f"@{leaf.get('range')}"),
    "emoji": lambda leaf, _reader: escape(
        emoji_character(
            str(leaf.get("name", "")), str(leaf.get("unicode", "")), int(leaf.get("skin_tone") or 1)
        )
    ),
    "date": _date_html,
    "color": _color_html,
    "attachment_mention": _chip_renderer("🔗", "text", "url"),
    "canvas": _chip_renderer("📄", "text", "label", "file_id"),
    "canvas_message_unfurl": _chip_renderer("💬", "root_message_ts"),
    "canvas_user_mention": _mention_renderer("user_id"),
    "citation": lambda leaf, _reader: link_html(
        str(leaf.get("url", "")), Markup("<sup>[{}]</sup>").format(leaf.get("text", ""))
    ),
    "file": _chip_renderer("📎", "text", "file_id"),
    "list_record": _chip_renderer("🗂", "text", "record_id", "file_id"),
    "message_mention": _chip_renderer("💬", "text", "message_ts"),
    "salesforce_data_field": _chip_renderer("☁", "salesforce_field_label", "salesforce_record_id"),
    "work_object_mention": _chip_renderer("🧩", "text"),
    "workflow_mention": _chip_renderer("⚡", "text"),
}
