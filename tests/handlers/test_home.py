"""Tests of the Home tab."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.slack.client.call_budget import ProcessBudget
from bot.slack.client.rate_limiter import limit_of
from bot.slack.parsing.action_ids import Action
from handlers.home import PUBLISH, refresh_home
from storage.tables import Role, RoleGrant
from tests.handlers.bolt_app import BoltApp, assign_next_task, event_payload, view_button_payload
from tests.services.conftest import NOW


@pytest.mark.parametrize("is_expert", [True, False])
async def test_home_tab_shows_waiting_tasks(bolt: BoltApp, *, is_expert: bool) -> None:
    ada = bolt.slack.add_expert()
    if is_expert:
        bolt.slack.create_campaign(ada)
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    expected = "3 tasks are waiting for you" if is_expert else "You are not in a campaign yet"
    ada.wait_for_text(expected)


async def test_messages_tab_publishes_nothing(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "messages"}))
    assert bolt.api_calls("views.publish") == []


async def test_home_tab_shows_campaigns_to_coordinators_only(bolt: BoltApp) -> None:
    ada, cora = bolt.slack.add_expert(), bolt.slack.sandbox.add_user("cora")
    bolt.slack.create_campaign(ada)
    for person in (ada, cora):
        bolt.slack.database.write_now(make_coordinator, cora.id)
        event = {"type": "app_home_opened", "user": person.id, "tab": "home"}
        await bolt.send(event_payload(event))
    cora.wait_for_text("no answers yet")
    ada.wait_until_gone("no answers yet")


def make_coordinator(session: Session, slack_id: str) -> None:
    """Grant a person the coordinator role."""
    session.merge(RoleGrant(slack_id=slack_id, role=Role.COORDINATOR, source="U0", created_at=NOW))


async def test_refresh_reaches_only_people_who_opened_it_recently(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await refresh_home(bolt.app, ada.id)
    await bolt.app.wait_for_background_tasks()
    assert bolt.api_calls("views.publish") == []
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    await refresh_home(bolt.app, ada.id)
    await bolt.app.wait_for_background_tasks()
    assert len(bolt.api_calls("views.publish")) == 2
    bolt.slack.advance_clock(hours=2)
    await refresh_home(bolt.app, ada.id)
    await bolt.app.wait_for_background_tasks()
    assert len(bolt.api_calls("views.publish")) == 2


async def test_people_whose_home_tab_is_closed_are_forgotten(bolt: BoltApp) -> None:
    """Otherwise everyone who ever opened it would stay in memory."""
    for number in range(3):
        event = {"type": "app_home_opened", "user": f"U{number}", "tab": "home"}
        await bolt.send(event_payload(event))
        bolt.slack.advance_clock(minutes=45)
    assert list(bolt.app.home_viewers) == ["U1", "U2"]


async def test_change_button_queues_the_recent_answer(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, assignment_id, verdict="a")
    action = Action("change_answer", assignment_id)
    await bolt.send(view_button_payload(ada.id, action, {"type": "home"}))
    assert (await bolt.slack.outbox())[-1].message_type == "recent_answer"


WAIT = timedelta(seconds=0.2)
"""How long the next call has to wait for its rate limit."""


async def use_up_limit(bolt: BoltApp) -> None:
    """Count so many calls that the next one may be made after `WAIT`."""
    limit = limit_of((PUBLISH, ""))
    assert limit is not None
    calls, window = limit
    bolt.app.sender.budget = ProcessBudget(bolt.slack.clock)
    for _ in range(calls):
        await bolt.app.sender.budget.reserve(PUBLISH, "", None, is_update=False)
    bolt.slack.clock.advance(window - WAIT)


async def wait_until_outdated(bolt: BoltApp, slack_id: str, *, outdated: bool) -> None:
    """Wait until a Home tab waits for its rate limit, or until it is read."""
    while bolt.app.outdated_homes.get(slack_id) is not outdated:  # noqa: ASYNC110 - it has no event
        await asyncio.sleep(0)


async def test_openings_that_wait_for_the_limit_need_one_call_with_the_newest_view(
    bolt: BoltApp,
) -> None:
    ada = bolt.slack.add_expert()
    await use_up_limit(bolt)
    event = {"type": "app_home_opened", "user": ada.id, "tab": "home"}
    first = asyncio.create_task(bolt.send(event_payload(event)))
    await wait_until_outdated(bolt, ada.id, outdated=True)
    bolt.slack.create_campaign(ada)
    await bolt.send(event_payload(event))
    await first
    assert len(bolt.api_calls(PUBLISH)) == 1
    ada.wait_for_text("3 tasks are waiting for you")


async def test_opening_while_the_previous_view_is_sent_publishes_another(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.sandbox.faults.slow(PUBLISH, WAIT.total_seconds())
    event = {"type": "app_home_opened", "user": ada.id, "tab": "home"}
    first = asyncio.create_task(bolt.send(event_payload(event)))
    await wait_until_outdated(bolt, ada.id, outdated=False)
    bolt.slack.create_campaign(ada)
    await bolt.send(event_payload(event))
    await first
    assert len(bolt.api_calls(PUBLISH)) == 2
    ada.wait_for_text("3 tasks are waiting for you")


async def test_view_that_slack_refuses_for_its_rate_limit_is_published_later(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.sandbox.faults.ratelimit(PUBLISH, 1)
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    ada.wait_for_text("You are not in a campaign yet")
    assert bolt.app.outdated_homes == {}
