"""The clock, the fault switches and the traffic page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Page, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox import Sandbox, SimulatedUser
from bot.sandbox.clock import AdjustableClock
from tests.sandbox.page.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="session")


def auth_test(sandbox: Sandbox) -> httpx.Response:
    """Call auth.test as an app does and return the response."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    url = f"{sandbox.api_url}auth.test"
    return httpx.post(url, headers=headers, trust_env=False, timeout=20)


async def switch(page: Page, name: str, *, on: bool) -> None:
    """Switch a fault on or off."""
    menu = page.locator("#faults-menu")
    if await menu.get_attribute("open") is None:
        await menu.locator("summary").click()
    button = page.get_by_role("switch", name=name)
    await button.click()
    await expect(button).to_have_attribute("aria-checked", "true" if on else "false")


@pytest.mark.parametrize(("name", "status"), [("Rate limits", 429), ("Slack is down", 503)])
async def test_a_fault_affects_every_call_and_appears_in_the_traffic(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage, name: str, status: int
) -> None:
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    assert auth_test(sandbox).status_code == 200
    await switch(page, name, on=True)
    response = auth_test(sandbox)
    assert response.status_code == status
    assert ("Retry-After" in response.headers) is (status == 429)
    await switch(page, name, on=False)
    assert auth_test(sandbox).status_code == 200
    await page.goto(f"{sandbox.url}/traffic")
    await page.get_by_label("Filter").fill("auth.test")
    await expect(page.locator(".record:visible")).to_have_count(3)
    await page.get_by_label("Problems only").check()
    await expect(page.locator(".record:visible")).to_have_count(1)


async def test_slow_responses_take_two_seconds_longer(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    await switch(page, "Slow responses", on=True)
    auth_test(sandbox)
    assert sandbox.traffic[-1].duration_seconds > 1.99, "timers may fire up to one clock tick early"


async def test_lost_acknowledgments_show_a_warning_until_switched_off(
    sandbox: Sandbox, ada: SimulatedUser, socket_app: App, client: WebClient, open_page: OpenPage
) -> None:
    @socket_app.action("go")
    def go(ack: Callable[[], None]) -> None:
        ack()

    text = {"type": "plain_text", "text": "Go"}
    button = {"type": "button", "action_id": "go", "text": text}
    client.chat_postMessage(
        channel=ada.id, text="go", blocks=[{"type": "actions", "elements": [button]}]
    )
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    await switch(page, "Lost acknowledgments", on=True)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Go", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("This app is not responding")
    await page.get_by_role("button", name="Dismiss").click()
    await switch(page, "Lost acknowledgments", on=False)
    await page.keyboard.press("Escape")
    before = sandbox.request_counts["block_actions"]
    await page.get_by_role("button", name="Go", exact=True).click()
    sandbox.wait_until(lambda: sandbox.request_counts["block_actions"] > before)
    await expect(page.locator("[data-busy]")).to_have_count(0)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_an_app_reconnects_after_its_sockets_are_dropped(
    sandbox: Sandbox, ada: SimulatedUser, socket_app: App, open_page: OpenPage
) -> None:
    assert socket_app
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    before = sandbox.request_counts["apps.connections.open"]
    await page.locator("#faults-menu > summary").click()
    await page.get_by_role("button", name="Disconnect the app").click()
    sandbox.wait_until(
        lambda: (
            sandbox.request_counts["apps.connections.open"] > before and sandbox.connection_count
        ),
        within=30,
    )
    await expect(page.get_by_text("No app is connected")).to_have_count(0)


async def test_page_says_that_no_app_is_connected(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    await expect(page.get_by_text("No app is connected")).to_be_visible()


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("+15 minutes", "Wed 25 Nov 12:15"),
        ("+1 hour", "Wed 25 Nov 13:00"),
        ("Next workday", "Thu 26 Nov 09:00"),
        ("Next Monday", "Mon 30 Nov 09:00"),
    ],
)
async def test_advancing_the_clock_affects_all_users(
    open_sandbox: Callable[..., Sandbox], open_page: OpenPage, step: str, shown: str
) -> None:
    clock = AdjustableClock(datetime(2026, 11, 25, 12, tzinfo=UTC))
    sandbox = open_sandbox(clock=clock)
    ada = sandbox.add_user("ada")
    sandbox.add_user("kenji", tz="Asia/Tokyo")
    page = await open_page(f"{sandbox.url}/?as={ada.id}")
    await page.get_by_label("Advance clock").click()
    await page.get_by_role("button", name=step).click()
    await expect(page.locator("#clock")).to_contain_text(shown)
    hour = clock.now().astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M")
    await expect(page.get_by_role("link", name="Kenji")).to_contain_text(f"{hour} Tokyo")


async def test_a_response_can_be_copied(
    sandbox: Sandbox, ada: SimulatedUser, open_page: OpenPage
) -> None:
    auth_test(sandbox)
    page = await open_page(f"{sandbox.url}/traffic")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.locator(".record summary").first.click()
    response = page.get_by_role("region", name="Response")
    await response.get_by_role("button", name="Copy").click()
    await expect(response.get_by_role("button", name="Copied")).to_be_visible()
    copied = json.loads(await page.evaluate("navigator.clipboard.readText()"))
    assert copied["user_id"] == sandbox.bot_user_id
    assert ada.name == "ada"
