"""Inviting people and seeing to experts, typed and by modals."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services import inviting as service
from bot.services.inviting import Invitation
from bot.slack import inviting as drawn
from bot.slack.ids import Press
from bot.slack.inviting import Sent
from storage.tables import Role
from tests.handlers.front import COORDINATOR, Front, submitted
from tests.slack.conftest import sent


def modal(name: str, view: dict[str, Any], metadata: str = "", **entries: object) -> dict[str, Any]:
    """Return a modal that is sent as it was opened, but for these entries."""
    body = submitted(COORDINATOR, name, metadata)
    body["view"]["state"]["values"] = sent(view, **entries)
    return body


async def test_who_is_typed_is_sent_for(front: Front) -> None:
    front.line.campaign()
    text = "<@U0ADA|ada> @linguists <#C1|general> domain=law language=en,de role=senior tone"
    assert "I ask Slack" in await front.says(COORDINATOR, f"invite {text}")
    (row,) = await front.line.outbox()
    assert row.facts == {
        "people": ["U0ADA"],
        "groups": ["@linguists"],
        "channels": ["C1"],
        "campaign": "tone",
        "domains": ["law"],
        "languages": ["en", "de"],
        "role": "senior",
    }


@pytest.mark.parametrize("text", ["", "tone", "<@U0ADA|ada>"])
async def test_with_less_the_modal_asks_for_the_rest(front: Front, text: str) -> None:
    front.line.campaign()
    await front.says(COORDINATOR, f"invite {text}")
    (opened,) = front.called("views.open")
    assert ("U0ADA" in str(opened)) == ("U0ADA" in text)


async def test_what_is_wrong_is_said_before_anybody_is_sent_for(front: Front) -> None:
    assert "I do not know “colour=”" in await front.says(COORDINATOR, "invite colour=red")
    assert "no campaign" in await front.says(COORDINATOR, "invite <@U0ADA> nowhere")
    empty = modal("invite", drawn.window([], Sent(Invitation(()), (), ())))
    assert '"errors":{"people":"Choose somebody' in (await front.sends(empty)).body
    assert await front.line.outbox() == []


async def test_the_modal_sends_for_people_too(front: Front) -> None:
    front.line.campaign()
    await front.presses(COORDINATOR, Press("invite", 1))
    assert "tone" in str(front.called("views.open"))
    view = drawn.window([], Sent(Invitation(("U0ADA",)), (), ()))
    answer = await front.sends(modal("invite", view))
    assert "I ask Slack" in answer.body
    (row,) = await front.line.outbox()
    assert row.word == "gather"


async def test_an_expert_is_edited(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    await front.presses(COORDINATOR, Press("expert", 1))
    assert ada.id in str(front.called("views.open"))
    one = front.line.database.read_now(service.known_by_id, 1, ())
    view = drawn.expert(one, [])
    role = {"value": "senior"}
    await front.sends(modal("expert", view, "1", domains="law", role=role))
    changed = front.line.database.read_now(service.known_by_id, 1, ())
    assert (changed.domains, changed.role, changed.campaigns) == (("law",), Role.SENIOR, ("tone",))
    gone = await front.sends(modal("expert", view, "nonsense"))
    assert "not there any more" in gone.body


async def test_the_list_goes_on(front: Front) -> None:
    front.line.campaign(front.line.expert("ada"), front.line.expert("bo"))
    assert await front.says(COORDINATOR, "experts") == "2 experts"
    await front.presses(COORDINATOR, Press("roster", 1, "", "1"))
    await front.presses(COORDINATOR, Press("roster", 0, "", "x"))
    first, second = (str(said["blocks"]) for said in front.line.hook.posted)
    assert first.count("expert:") < second.count("expert:")
