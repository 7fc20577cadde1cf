"""Rendering of mrkdwn and plain text as HTML; all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from ..emoji import emoji_character, show_emoji
from ..json_codec import as_object
from ..workspace import Workspace

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
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@dataclass(frozen=True, slots=True)
class Reader:
    """The user who reads a text: mentions and times are shown for this user."""

    workspace: Workspace
    id: str
    tz: str

    def local_time(self, seconds: float) -> datetime:
        """Return a Unix time in the user's time zone."""
        return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(self.tz))


def link_html(url: str, text: str | Markup) -> Markup:
    """Return a link that opens in a new tab; a URL with another scheme is shown as text."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in LINK_SCHEMES:
        return Markup("<span class='address'>{}</span>").format(text)
    html = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return html.format(url, text)


def mention_html(reader: Reader, target_id: str, label: str = "") -> Markup:
    """Return the HTML of a mention of a user, channel or group."""
    workspace = reader.workspace
    if target_id in workspace.users:
        text = f"@{label or workspace.users[target_id].real_name}"
    elif target_id in workspace.channels:
        text = f"#{workspace.channels[target_id].name or label or 'a direct message'}"
    elif target_id in workspace.usergroups:
        text = f"@{workspace.usergroups[target_id].handle}"
    else:
        text = label or f"@{target_id}"
    css_class = "mention mine" if target_id == reader.id else "mention"
    return Markup('<span class="{}">{}</span>').format(css_class, text)


def text_html(text_object: object, reader: Reader) -> Markup:
    """Return the HTML of a text object; a string, which a few blocks allow, is plain text."""
    if isinstance(text_object, str):
        return plain_text_html(text_object, emoji=False)
    text = as_object(text_object)
    raw = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn_html(raw, reader, verbatim=text.get("verbatim") is True)
    return plain_text_html(raw, emoji=text.get("emoji") is not False)


def plain_text_html(raw: str, *, emoji: bool = True) -> Markup:
    """Return the HTML of a plain text, with emoji names replaced unless `emoji` is false."""
    if emoji:
        raw = show_emoji(raw)
    return escape(raw)


def mrkdwn_html(raw: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """Return the HTML of mrkdwn; in `verbatim` text, bare URLs are not links."""
    html, start = Markup(), 0
    for match in _QUOTE_PATTERN.finditer(raw):
        html += _inline_html(raw[start : match.start()], reader, verbatim=verbatim)
        quote = re.sub(r"\n(?:&gt;|>) ?", "\n", match[1])
        quoted = _inline_html(quote, reader, verbatim=verbatim)
        html += Markup('<span dir="auto" class="quote">{}</span>').format(quoted)
        start = match.end() + raw[match.end() :].startswith("\n")
    return html + _inline_html(raw[start:], reader, verbatim=verbatim)


def _inline_html(raw: str, reader: Reader, *, verbatim: bool) -> Markup:
    html, start = Markup(), 0
    for match in _TOKEN_PATTERN.finditer(raw):
        html += escape(_unescape(raw[start : match.start()]))
        kind = str(match.lastgroup)
        html += _TOKEN_RENDERERS[kind](match[kind], reader, verbatim)
        start = match.end()
    return html + escape(_unescape(raw[start:]))


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _angle_brackets_html(content: str, reader: Reader, _verbatim: bool) -> Markup:  # noqa: FBT001 - signature of token renderers
    target, _, label = _unescape(content).partition("|")
    if target.startswith(("@", "#")):
        return mention_html(reader, target[1:], label)
    if target.startswith("!date^"):
        return Markup("<time>{}</time>").format(_date_text(target, label, reader))
    if target.startswith("!"):
        if target.startswith("!subteam^"):
            return mention_html(reader, target.removeprefix("!subteam^"), label)
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
    """Return a Unix time formatted by Slack's date tokens ({date}, {time}, …)."""
    time = reader.local_time(seconds)
    tokens = {
        "{date_num}": time.strftime("%Y-%m-%d"),
        "{date_slash}": time.strftime("%d/%m/%Y"),
        "{date_long}": time.strftime("%A, %d %B %Y"),
        "{date_long_pretty}": time.strftime("%A, %d %B %Y"),
        "{date_pretty}": time.strftime("%d %B %Y"),
        "{date_short}": time.strftime("%d %b %Y"),
        "{date_short_pretty}": time.strftime("%d %b %Y"),
        "{date}": time.strftime("%d %B %Y"),
        "{time}": time.strftime("%H:%M"),
        "{time_secs}": time.strftime("%H:%M:%S"),
        "{ago}": time.strftime("%d %B %Y, %H:%M"),
    }
    for token, text in tokens.items():
        pattern = pattern.replace(token, text)
    return pattern


def _bare_url_html(url: str, _reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - signature of token renderers
    text = _unescape(url)
    return escape(text) if verbatim else link_html(text, text)


def _style_renderer(kind: str) -> Callable[[str, Reader, bool], Markup]:
    tag = _STYLE_TAGS[kind]
    html = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - the tag is a constant

    def render(content: str, reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - likewise
        return html.format(_inline_html(content, reader, verbatim=verbatim))

    return render


_TOKEN_RENDERERS: dict[str, Callable[[str, Reader, bool], Markup]] = {
    "pre": lambda content, _reader, _verbatim: Markup("<pre>{}</pre>").format(
        _unescape(content.strip("\n"))
    ),
    "code": lambda content, _reader, _verbatim: Markup("<code>{}</code>").format(
        _unescape(content)
    ),
    "angle": _angle_brackets_html,
    "bare": _bare_url_html,
    "emoji": lambda name, _reader, _verbatim: escape(emoji_character(name)),
    "bold": _style_renderer("bold"),
    "italic": _style_renderer("italic"),
    "strike": _style_renderer("strike"),
}
