"""What axe finds on every page, in light and dark: nothing serious."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # it ships none
    Axe,
)
from playwright.async_api import Page, expect

from tests.journeys.journey import Journey
from tests.sandbox.page.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="session")
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


async def problems(page: Page) -> list[str]:
    """Return what axe finds, as far as it matters."""
    results = await Axe().run(page)
    found: list[dict[str, Any]] = results.response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]


@SCHEMES
async def test_the_workspace_a_modal_and_the_home_tab(
    story: Journey, look: OpenPage, scheme: str
) -> None:
    ada = story.add_user()
    story.sandbox.add_channel("general", members=[ada])
    story.create_campaign("demonstration", [ada])
    story.start_bot()
    page = await look(f"{story.sandbox.url}/?as={ada.id}", scheme=scheme)
    opener = page.get_by_role("button", name="Write the response")
    await expect(opener).to_be_visible()
    await page.locator("#about-me > summary").click()
    assert await problems(page) == []
    await opener.click()
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.locator(".error:not(:empty)")).to_be_visible()
    assert await problems(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    await page.get_by_label("Turn the clock").click()
    assert await problems(page) == []
    await page.get_by_role("link", name="general").click()
    await page.get_by_text("2 members").click()
    assert await problems(page) == []


@SCHEMES
async def test_the_gallery(story: Journey, look: OpenPage, scheme: str) -> None:
    page = await look(f"{story.sandbox.url}/gallery", scheme=scheme)
    assert await problems(page) == []


@SCHEMES
async def test_the_traffic(story: Journey, look: OpenPage, scheme: str) -> None:
    ada = story.add_user()
    story.start_bot()
    ada.send_message("/label help")
    page = await look(f"{story.sandbox.url}/traffic", scheme=scheme)
    await page.locator(".record summary").first.click()
    assert await problems(page) == []
