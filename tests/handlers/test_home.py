"""The Home tab is drawn anew each time it is opened."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.slack.parsing.action_ids import Action
from handlers.home import refresh_home
from storage.tables import Role, RoleGrant
from tests.handlers.bolt_app import BoltApp, assign_next_task, event_payload, view_button_payload
from tests.services.conftest import NOW


@pytest.mark.parametrize("is_expert", [True, False])
async def test_the_home_tab_shows_what_waits(bolt: BoltApp, *, is_expert: bool) -> None:
    ada = bolt.slack.add_expert()
    if is_expert:
        bolt.slack.create_campaign(ada)
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    said = "3 waiting for you" if is_expert else "You are in no campaign yet"
    ada.wait_for_text(said)


async def test_the_messages_tab_is_no_business_of_ours(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    await bolt.send(event_payload({"type": "app_home_opened", "user": ada.id, "tab": "messages"}))
    assert bolt.api_calls("views.publish") == []


async def test_a_coordinators_home_tab_shows_how_campaigns_go(bolt: BoltApp) -> None:
    ada, cora = bolt.slack.add_expert(), bolt.slack.sandbox.add_user("cora")
    bolt.slack.create_campaign(ada)
    for person in (ada, cora):
        bolt.slack.database.write_now(grant, cora.id)
        event = {"type": "app_home_opened", "user": person.id, "tab": "home"}
        await bolt.send(event_payload(event))
    cora.wait_for_text("no answers yet")
    ada.wait_until_gone("no answers yet")


def grant(session: Session, slack_id: str) -> None:
    """Make somebody a coordinator."""
    session.merge(RoleGrant(slack_id=slack_id, role=Role.COORDINATOR, source="U0", created_at=NOW))


async def test_it_is_drawn_again_only_for_who_looked_at_it_lately(bolt: BoltApp) -> None:
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


async def test_an_answer_comes_back_to_be_changed(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, given, verdict="a")
    await bolt.send(view_button_payload(ada.id, Action("change_answer", given), {"type": "home"}))
    assert (await bolt.slack.outbox())[-1].message_type == "recent_answer"
