"""Axe finds no serious accessibility problem on any page, in light and dark."""

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


async def axe_problems(page: Page) -> list[str]:
    """Return the serious and critical problems that axe finds."""
    results = await Axe().run(page)
    violations: list[dict[str, Any]] = results.response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in violations
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"][:3]
    ]


@SCHEMES
async def test_workspace_modal_and_home_tab_are_accessible(
    journey: Journey, open_page: OpenPage, scheme: str
) -> None:
    ada = journey.add_user()
    journey.sandbox.add_channel("general", members=[ada])
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    page = await open_page(f"{journey.sandbox.url}/?as={ada.id}", scheme=scheme)
    opener = page.get_by_role("button", name="Write the response…")
    await expect(opener).to_be_visible()
    await page.locator("#my-status > summary").click()
    assert await axe_problems(page) == []
    await opener.click()
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.locator(".error:not(:empty)")).to_be_visible()
    assert await axe_problems(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("heading", name="Your tasks")).to_be_visible()
    await page.get_by_label("Advance clock").click()
    assert await axe_problems(page) == []
    await page.get_by_role("link", name="general").click()
    await page.get_by_text("2 members").click()
    assert await axe_problems(page) == []


@SCHEMES
async def test_gallery_is_accessible(journey: Journey, open_page: OpenPage, scheme: str) -> None:
    page = await open_page(f"{journey.sandbox.url}/gallery", scheme=scheme)
    assert await axe_problems(page) == []


@SCHEMES
async def test_traffic_is_accessible(journey: Journey, open_page: OpenPage, scheme: str) -> None:
    ada = journey.add_user()
    journey.start_bot()
    ada.send_message("/label help")
    page = await open_page(f"{journey.sandbox.url}/traffic", scheme=scheme)
    await page.locator(".record summary").first.click()
    assert await axe_problems(page) == []
