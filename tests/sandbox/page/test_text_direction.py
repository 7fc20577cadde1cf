"""Right-to-left paragraphs begin on the right, also between English ones; code on the left."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from tests.sandbox.page.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="session")

HEBREW = "שלום Ada, קוד"
ENGLISH = "Hello שלום."

FIRST_SIDES = """
message => {
  const sides = {};
  const walker = document.createTreeWalker(message.querySelector('.body'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const match of node.data.matchAll(/\\[(\\w+)\\]/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const line = range.getBoundingClientRect();
      const box = message.querySelector('.body').getBoundingClientRect();
      const isRight = box.right - line.right < line.left - box.left;
      sides[match[1]] = isRight ? 'right' : 'left';
    }
  }
  return sides;
}
"""
"""Returns the side of the message on which each mark, such as `[a]`, is shown."""


def rich_text(*elements: dict[str, Any]) -> dict[str, Any]:
    """Return a rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


def container(kind: str, text: str) -> dict[str, Any]:
    """Return a rich text element with a text."""
    return {"type": kind, "elements": [{"type": "text", "text": text}]}


async def test_each_paragraph_has_the_direction_of_its_first_letter(
    ada: SimulatedUser, sandbox: Sandbox, client: WebClient, open_page: OpenPage
) -> None:
    section = "rich_text_section"
    items = [container(section, f"{HEBREW} [item]")]
    client.chat_postMessage(
        channel=ada.dm,
        text="Text",
        blocks=[
            rich_text(
                container(section, f"{ENGLISH} [english]\n{HEBREW} [hebrew]\n{ENGLISH} [again]"),
                {"type": "rich_text_list", "style": "bullet", "elements": items},
                container("rich_text_quote", f"{HEBREW} [quote]"),
                container("rich_text_preformatted", f"{HEBREW} [code]"),
            ),
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{HEBREW} [mrkdwn]"}},
            {"type": "markdown", "text": f"- {HEBREW} [markdown]"},
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": f"x [context] {HEBREW}"}],
            },
        ],
    )
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    message = page.locator(".message").last
    await expect(message).to_contain_text("[markdown]")
    assert await message.evaluate(FIRST_SIDES) == {
        **dict.fromkeys(["english", "again", "code", "context"], "left"),
        **dict.fromkeys(["hebrew", "item", "quote", "mrkdwn", "markdown"], "right"),
    }
