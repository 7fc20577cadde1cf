"""Rendering of markdown blocks as HTML: raw HTML is escaped, images are not loaded."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

ARIA_LEVELS = {"h1": "2", "h2": "3", "h3": "4", "h4": "5", "h5": "6", "h6": "6"}


DIRECTED_TAGS = ("ul", "ol", "blockquote")
"""Tags with a marker or a bar, on the side on which their text begins."""


class MarkdownRenderer(RendererHTML):
    """Renders images as alt text and URL, and headings below the levels of the page."""

    def renderToken(  # noqa: N802 - the name of the library
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Return a tag; a list or quote of right-to-left text begins on the right."""
        if tokens[idx].nesting == 1 and tokens[idx].tag in DIRECTED_TAGS:
            tokens[idx].attrSet("dir", "auto")
        return super().renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return the alt text and URL of an image."""
        token = tokens[idx]
        alt_text = self.renderInlineAsText(token.children or [], options, env)
        html = Markup('<span class="chip">🖼 {} <span class="address">{}</span></span>')
        return str(html.format(alt_text, token.attrGet("src") or ""))

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Return the start tag of a link that opens in a new tab."""
        tokens[idx].attrSet("target", "_blank")
        tokens[idx].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, idx, options, env)

    def heading_open(
        self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        """Return the start tag of a heading."""
        tag = tokens[idx].tag
        return f'<div role="heading" aria-level="{ARIA_LEVELS[tag]}" class="md-{tag}">'

    def heading_close(
        self, _tokens: Sequence[Token], _idx: int, _options: OptionsDict, _env: EnvType
    ) -> str:
        """Return the end tag of a heading."""
        return "</div>\n"


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=MarkdownRenderer).enable(
    ["table", "strikethrough"]
)


def markdown_html(text: object) -> Markup:
    """Return the HTML of the text of a markdown block."""
    try:
        return Markup(_MARKDOWN.render(str(text)))  # noqa: S704 - the renderer escapes its input
    except RecursionError:
        return escape(str(text))
