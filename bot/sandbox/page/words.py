"""Texts as HTML: mrkdwn, plain text, mentions and links. Everything in them is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.sandbox.page.emoji import shown_emoji
from bot.sandbox.wire import Json, as_object
from bot.sandbox.workspace import Workspace

_TOKEN = re.compile(
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
_QUOTE = re.compile(r"(?:^|(?<=\n))(?:&gt;|>) ?(.*(?:\n(?:&gt;|>) ?.*)*)")
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: what names and times are shown as depends on that."""

    workspace: Workspace
    id: str
    tz: str

    def local(self, seconds: float) -> datetime:
        """Return a moment, in seconds since 1970, by her clock."""
        return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(self.tz))


def link(url: str, words: str | Markup) -> Markup:
    """Return a link that opens elsewhere; an address that a browser should not follow is text."""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in SCHEMES:
        return Markup("<span class='address'>{}</span>").format(words)
    html = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>')
    return html.format(url, words)


def mention(reader: Reader, one: str, words: str = "") -> Markup:
    """Return the person, channel or group with this id, as it is shown when mentioned."""
    workspace = reader.workspace
    if one in workspace.users:
        shown = f"@{words or workspace.users[one].real_name}"
    elif one in workspace.channels:
        shown = f"#{workspace.channels[one].name or words or 'a direct message'}"
    else:
        shown = words or f"@{one}"
    kind = "mention mine" if one == reader.id else "mention"
    return Markup('<span class="{}">{}</span>').format(kind, shown)


def text_html(words: object, reader: Reader) -> Markup:
    """Return a text object; the bare string that a few blocks have instead is plain text."""
    if isinstance(words, str):
        return plain(words, emoji=False)
    text = as_object(words)
    raw = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(raw, reader, verbatim=text.get("verbatim") is True)
    return plain(raw, emoji=text.get("emoji") is not False)


def plain(raw: str, *, emoji: bool = True) -> Markup:
    """Return a plain text, with its emoji names replaced."""
    if emoji:
        raw = re.sub(r":([a-z0-9_+-]+):", lambda found: shown_emoji(found[1]), raw)
    return escape(raw)


def mrkdwn(raw: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    """Return what Slack shows for `raw`; bare links stay text in a `verbatim` one."""
    html, start = Markup(), 0
    for found in _QUOTE.finditer(raw):
        html += _inline(raw[start : found.start()], reader, verbatim=verbatim)
        inside = re.sub(r"\n(?:&gt;|>) ?", "\n", found[1])
        quoted = _inline(inside, reader, verbatim=verbatim)
        html += Markup('<span class="quote">{}</span>').format(quoted)
        start = found.end() + raw[found.end() :].startswith("\n")
    return html + _inline(raw[start:], reader, verbatim=verbatim)


def _inline(raw: str, reader: Reader, *, verbatim: bool) -> Markup:
    html, start = Markup(), 0
    for found in _TOKEN.finditer(raw):
        html += escape(_unescaped(raw[start : found.start()]))
        kind = str(found.lastgroup)
        html += _TOKENS[kind](found[kind], reader, verbatim)
        start = found.end()
    return html + escape(_unescaped(raw[start:]))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _angle(inside: str, reader: Reader, _verbatim: bool) -> Markup:  # noqa: FBT001 - as all tokens
    target, _, label = _unescaped(inside).partition("|")
    if target.startswith(("@", "#")):
        return mention(reader, target[1:], label)
    if target.startswith("!date^"):
        return Markup("<time>{}</time>").format(_date(target, label, reader))
    if target.startswith("!"):
        shown = label or f"@{target[1:].partition('^')[0]}"
        return Markup('<span class="mention">{}</span>').format(shown)
    return link(target, label or target.removeprefix("mailto:"))


def _date(target: str, label: str, reader: Reader) -> str:
    parts = target.split("^")
    try:
        return dated(float(parts[1]), parts[2], reader)
    except (IndexError, ValueError, OverflowError, OSError):
        return label


def dated(seconds: float, form: str, reader: Reader) -> str:
    """Return a moment as Slack's date tokens ({date}, {time}, …) ask for it."""
    moment = reader.local(seconds)
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
        form = form.replace(token, shown)
    return form


def _bare(url: str, _reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - as all tokens
    shown = _unescaped(url)
    return escape(shown) if verbatim else link(shown, shown)


def _tagged(kind: str) -> Callable[[str, Reader, bool], Markup]:
    tag = _TAGS[kind]
    html = Markup(f"<{tag}>{{}}</{tag}>")  # noqa: S704 - the tag is one of ours

    def token(inside: str, reader: Reader, verbatim: bool) -> Markup:  # noqa: FBT001 - as all
        return html.format(_inline(inside, reader, verbatim=verbatim))

    return token


_TOKENS: dict[str, Callable[[str, Reader, bool], Markup]] = {
    "pre": lambda inside, _reader, _verbatim: Markup("<pre>{}</pre>").format(
        _unescaped(inside.strip("\n"))
    ),
    "code": lambda inside, _reader, _verbatim: Markup("<code>{}</code>").format(_unescaped(inside)),
    "angle": _angle,
    "bare": _bare,
    "emoji": lambda inside, _reader, _verbatim: escape(shown_emoji(inside)),
    "bold": _tagged("bold"),
    "italic": _tagged("italic"),
    "strike": _tagged("strike"),
}


def words_of(element: Json, key: str) -> str:
    """Return the bare characters of a text object of `element`, for labels of controls."""
    return str(as_object(element.get(key)).get("text", ""))
