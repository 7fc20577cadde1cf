"""The Home tab: published when a person opens it, and again when its content changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError

from bot.app_context import AppContext
from bot.services.home import home_tab
from bot.services.reports import overview as overview_report
from bot.services.tasks import recent_answers
from bot.slack.blockkit.types import Block
from bot.slack.client.web_client import retry_after_seconds
from bot.slack.views import campaigns_overview, home
from handlers.payloads import ActionPayload, Body
from storage.tables import Role

PUBLISH = "views.publish"

HOME_OPEN_FOR = timedelta(hours=1)
"""How long an opened Home tab is assumed to stay open."""


async def show_home(app: AppContext, event: Body) -> None:
    """Publish the Home tab each time a person opens it."""
    if event.get("tab") == "home":
        now = app.clock.now()
        forget_viewers(app, now)
        app.home_viewers.pop(event["user"], None)  # a new entry is the last one
        app.home_viewers[event["user"]] = now
        app.run_in_background(publish_home(app, event["user"]))


def forget_viewers(app: AppContext, now: datetime) -> None:
    """Forget the people whose Home tab is no longer open; the oldest ones come first."""
    for slack_id, opened_at in list(app.home_viewers.items()):
        if now - opened_at <= HOME_OPEN_FOR:
            return
        del app.home_viewers[slack_id]


async def refresh_home(app: AppContext, slack_id: str) -> None:
    """Publish the Home tab again if the person opened it recently."""
    opened_at = app.home_viewers.get(slack_id)
    if opened_at is None:
        return
    if app.clock.now() - opened_at > HOME_OPEN_FOR:
        del app.home_viewers[slack_id]
    else:
        app.run_in_background(publish_home(app, slack_id))


async def publish_home(app: AppContext, slack_id: str) -> None:
    """Publish a person's Home tab as soon as the rate limit allows, with what is true then.

    Several requests for one person wait together and need one call. A request that comes after the
    tab was read needs another.
    """
    if slack_id in app.outdated_homes:
        app.outdated_homes[slack_id] = True
        return
    app.outdated_homes[slack_id] = True
    try:
        while app.outdated_homes[slack_id]:
            await app.sender.wait_for_limit(PUBLISH)
            app.outdated_homes[slack_id] = False
            await _publish_current(app, slack_id)
    finally:
        del app.outdated_homes[slack_id]


async def _publish_current(app: AppContext, slack_id: str) -> None:
    """Render and publish a person's Home tab. If Slack names a time to wait, it stays outdated."""
    tab = await app.db.read(home_tab.load_home_tab, slack_id, app.clock.now())
    view = home.render_home(tab, *await coordinator_blocks(app, slack_id))
    try:
        await app.sender.call_at_once(PUBLISH, {"user_id": slack_id, "view": view})
    except SlackApiError as error:
        if retry_after_seconds(error) is None:
            raise
        app.outdated_homes[slack_id] = True


async def coordinator_blocks(app: AppContext, slack_id: str) -> list[list[Block]]:
    """Return the campaign overview for a coordinator's Home tab; nothing for others."""
    if await app.role_of(slack_id) != Role.COORDINATOR:
        return []
    overviews = await app.db.read(overview_report.list_overviews, app.clock.now())
    return [campaigns_overview.home_blocks(overviews)]


async def change_answer(app: AppContext, payload: ActionPayload) -> None:
    """Queue a recent answer as a message, so that the expert can change it."""
    await app.db.write(
        recent_answers.show_recent_answer, payload.action.target_id, payload.interaction
    )
