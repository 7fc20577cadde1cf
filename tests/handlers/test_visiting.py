"""The Home tab is drawn anew each time it is opened."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.slack.ids import Press
from handlers.visiting import draw_again
from storage.tables import Role, RoleGrant
from tests.handlers.front import Front, happened, hold, in_view
from tests.services.conftest import NOW


@pytest.mark.parametrize("is_expert", [True, False])
async def test_the_home_tab_shows_what_waits(front: Front, *, is_expert: bool) -> None:
    ada = front.line.expert()
    if is_expert:
        front.line.campaign(ada)
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    said = "3 waiting for you" if is_expert else "You are in no campaign yet"
    ada.sees(said)


async def test_the_messages_tab_is_no_business_of_ours(front: Front) -> None:
    ada = front.line.expert()
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "messages"}))
    assert front.called("views.publish") == []


async def test_a_coordinators_home_tab_shows_how_campaigns_go(front: Front) -> None:
    ada, cora = front.line.expert(), front.line.sandbox.person("cora")
    front.line.campaign(ada)
    for person in (ada, cora):
        front.line.database.write_now(grant, cora.id)
        event = {"type": "app_home_opened", "user": person.id, "tab": "home"}
        await front.sends(happened(event))
    cora.sees("no answers yet")
    ada.sees_not("no answers yet")


def grant(session: Session, slack_id: str) -> None:
    """Make somebody a coordinator."""
    session.merge(RoleGrant(slack_id=slack_id, role=Role.COORDINATOR, source="U0", created_at=NOW))


async def test_it_is_drawn_again_only_for_who_looked_at_it_lately(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await draw_again(front.desk, ada.id)
    await front.desk.finish()
    assert front.called("views.publish") == []
    await front.sends(happened({"type": "app_home_opened", "user": ada.id, "tab": "home"}))
    await draw_again(front.desk, ada.id)
    await front.desk.finish()
    assert len(front.called("views.publish")) == 2
    front.line.passes(hours=2)
    await draw_again(front.desk, ada.id)
    await front.desk.finish()
    assert len(front.called("views.publish")) == 2


async def test_an_answer_comes_back_to_be_changed(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    front.line.workshop.answers(ada.id, given, verdict="a")
    await front.sends(in_view(ada.id, Press("change", given), {"type": "home"}))
    assert (await front.line.outbox())[-1].word == "recalled"
