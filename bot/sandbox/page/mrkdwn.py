"""Texts as HTML: mrkdwn, plain text, mentions and links. Everything in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.sandbox.json_codec import Json, as_object
from bot.sandbox.page.emoji import emoji_character
from bot.sandbox.workspace import Workspace

_TOKEN_PATTERN = re.compile(
    r"```(?P<pre>.+?)```"
    r"|(?<![\w`])`(?P<code>[^`\n]+)`(?![\w`])"
    r"|<(?P<angle>[^<>\n]*)>"
    r"|(?P<bare>https?://[^\s<>|&]+(?:&amp;[^\s<>|&]+)*)"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*])\*(?P<bold>\S(?:[^\n*]*\S)?)\*(?![\w*])"
    r"|(?<!\w)_(?P<italic>\S(?:[^\n_]*\S)?)_(?!\w)"
    r"|(?<![\w~])~(?P<strike>\S(?:[^\n~]*\S)?)~(?![\w~])",
    re.DOTALL,
)
_QUOTE_PATTERN = re.compile(r"(?:^|(?<=\n))(?:&gt;|>) ?(.*(?:\n(?:&gt;|>) ?.*)*)")
_STYLE_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
LINK_SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what names and times are shown as depends on that."""

    workspace: Workspace
    id: str
    tz: str

    def local_time(self, seconds: float) -> datetime:
        """Return a moment, in seconds since 1970, by her clock."""
        return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(self.tz))


def link_html(url: str, text: str | Markup) -> Markup:
    """Return a link that opens elsewhere; an address that a browser should not follow is text."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in LINK_SCHEMES:
        return Markup("<span class='address'>{}</span>").format(text)
    html = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return html.format(url, text)


def mention_html(reader: Reader, target_id: str, label: str = "") -> Markup:
    """Return the person, channel or group with this id, as it is shown when mentioned."""
    workspace = reader.workspace
    if target_id in workspace.users:
        text = f"@{label or workspace.users[target_id].real_name}"
    elif target_id in workspace.channels:
        text = f"#{workspace.channels[target_id].name or label or 'a direct message'}"
    else:
        text = label or f"@{target_id}"
    css_class = "mention mine" if target_id == reader.id else "mention"
    return Markup('<span class="{}">{}</span>').format(css_class, text)


def text_html(text_object: object, reader: Reader) -> Markup:
    """Return a text object; the bare string that a few blocks have instead is plain text."""
    if isinstance(text_object, str):
        return plain_text_html(text_object, emoji=False)
    text = as_object(text_object)
    raw = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn_html(raw, reader, verbatim=text.get("verbatim") is True)
    return plain_text_html(raw, emoji=text.get("emoji") is not False)


def plain_text_html(raw: str, *, emoji: bool = True) -> Markup:
    """Return a plain text, with its emoji names replaced."""
    if emoji:
        raw = re.sub(r":([a-z0-9_+-]+):", lambda found: emoji_character(found[1]), raw)
    return escape(raw)


def mrkdwn_html(raw: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """Return what Slack shows for `raw`; bare links stay text in a `verbatim` one."""
    html, start = Markup(), 0
    for found in _QUOTE_PATTERN.finditer(raw):
        html += _inline_html(raw[start : found.start()], reader, verbatim=verbatim)
        inside = re.sub(r"\n(?:&gt;|>) ?", "\n", found[1])
        quoted = _inline_html(inside, reader, verbatim=verbatim)
        html += Markup('<span class="quote">{}</span>').format(quoted)
        start = found.end() + raw[found.end() :].startswith("\n")
    return html + _inline_html(raw[start:], reader, verbatim=verbatim)


def _inline_html(raw: str, reader: Reader, *, verbatim: bool) -> Markup:
    html, start = Markup(), 0
    for found in _TOKEN_PATTERN.finditer(raw):
        html += escape(_unescape(raw[start : found.start()]))
        kind = str(found.lastgroup)
        html += _TOKEN_RENDERERS[kind](found[kind], reader, verbatim)
        start = found.end()
    return html + escape(_unescape(raw[start:]))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _angle_brackets_html(inside: str, reader: Reader, _verbatim: bool) -> Markup:  # noqa: FBT001 - as all tokens
    target, _, label = _unescape(inside).partition("|")
    if target.startswith(("@", "#")):
        return mention_html(reader, target[1:], label)
    if target.startswith("!date^"):
        return Markup("<time>{}</time>").format(_date_text(target, label, reader))
    if target.startswith("!"):
        text = label or f"@{target[1:].partition('^')[0]}"
        return Markup('<span class="mention">{}</span>').format(text)
    return link_html(target, label or target.removeprefix("mailto:"))


def _date_text(target: str, label: str, reader: Reader) -> str:
    parts = target.split("^")
    try:
        return format_date(float(parts[1]), parts[2], reader)
    except (IndexError, ValueError, OverflowError, OSError):
        return label


def format_date(seconds: float, pattern: str, reader: Reader) -> str:
    """Return a moment as Slack's date tokens ({date}, {time}, …) ask for it."""
    moment = reader.local_time(seconds)
    tokens = {
        "{date_num}": moment.strftime("%Y-%m-%d"),
        "{date_slash}": moment.strftime("%d/%m/%Y"),
        "{date_long}": moment.strftime("%A, %d %B %Y"),
        "{date_long_pretty}": moment.strftime("%A, %d %B %Y"),
        "{date_pretty}": moment.strftime("%d %B %Y"),
        "{date_short}": moment.strftime("%d %b %Y"),
        "{date_short_pretty}": moment.strftime("%d %b %Y"),
        "{date}": moment.strftime("%d %B %Y"),
        "{time}": moment.strftime("%H:%M"),
        "{time_secs}": moment.strftime("%H:%M:%S"),
        "{ago}": moment.strftime("%d %B %Y, %H:%M"),
    }
    for token, shown in tokens.items():
        pattern = pattern.replace(token, shown)
    return pattern


def _bare_url_html(url: str, _reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - as all tokens
    text = _unescape(url)
    return escape(text) if verbatim else link_html(text, text)


def _style_renderer(kind: str) -> Callable[[str, Reader, bool], Markup]:
    tag = _STYLE_TAGS[kind]
    html = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - the tag is one of ours

    def render(inside: str, reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - as all
        return html.format(_inline_html(inside, reader, verbatim=verbatim))

    return render


_TOKEN_RENDERERS: dict[str, Callable[[str, Reader, bool], Markup]] = {
    "pre": lambda inside, _reader, _verbatim: Markup("<pre>{}</pre>").format(
        _unescape(inside.strip("\n"))
    ),
    "code": lambda inside, _reader, _verbatim: Markup("<code>{}</code>").format(_unescape(inside)),
    "angle": _angle_brackets_html,
    "bare": _bare_url_html,
    "emoji": lambda inside, _reader, _verbatim: escape(emoji_character(inside)),
    "bold": _style_renderer("bold"),
    "italic": _style_renderer("italic"),
    "strike": _style_renderer("strike"),
}


def text_of(element: Json, key: str) -> str:
    """Return the bare characters of a text object of `element`, for labels of controls."""
    return str(as_object(element.get(key)).get("text", ""))
