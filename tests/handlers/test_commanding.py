"""What can be typed after /label, by experts, by coordinators and by strangers."""

from __future__ import annotations

import json

import pytest

from bot.slack.home import NOBODY
from storage.tables import Expert
from tests.handlers.front import COORDINATOR, Front, hold, leave, typed


async def says(front: Front, person: str, text: str) -> str:
    """Return what is answered to a command."""
    answer = await front.sends(typed(person, text))
    assert answer.status == 200
    return str(json.loads(answer.body)["text"]) if answer.body.startswith("{") else answer.body


async def test_help_tells_everybody_what_they_can_do(front: Front) -> None:
    mine, theirs = await says(front, "U1", "help"), await says(front, COORDINATOR, "help")
    assert "/label next" in mine
    assert "export" not in mine
    assert "/label export CAMPAIGN" in theirs


@pytest.mark.parametrize("text", ["nonsense", "nonsense next", "<@U1|ada>"])
async def test_an_unknown_word_is_answered_with_the_known_ones(front: Front, text: str) -> None:
    said = await says(front, "U1", text)
    assert said.startswith("I do not know “")
    assert "<@" not in said
    assert "/label next" in said


async def test_a_mistyped_word_is_answered_with_the_nearest(front: Front) -> None:
    assert "perhaps you mean */label next*" in await says(front, "U1", "nxet")
    assert "export" not in (await says(front, "U1", "exprot tone")).partition("”")[2]
    assert "perhaps you mean */label export*" in await says(front, COORDINATOR, "exprot tone")


async def test_next_brings_a_task_and_says_that_one_is_back(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    leave(front)
    assert "direct messages" in await says(front, ada.id, "next")
    (row,) = await front.line.outbox()
    assert (row.word, row.lane, row.facts) == ("task", ada.id, {"asked": True})
    assert front.line.workshop.rows(Expert)[0].away_since is None
    assert front.woken == ["now"]


@pytest.mark.parametrize("text", ["next", "status"])
async def test_a_stranger_hears_how_to_take_part(front: Front, text: str) -> None:
    assert await says(front, "U1", text) == NOBODY
    assert await front.line.outbox() == []


async def test_status_is_about_oneself_and_for_coordinators_about_everything(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    given = await hold(front, ada)
    front.line.workshop.answers(ada.id, given, verdict="a")
    own = await says(front, ada.id, "status")
    assert own == "2 waiting for you. You answered 1 today and 1 in all."
    theirs = await says(front, COORDINATOR, "status")
    assert theirs.startswith("• tone: 1 of 3 answers (33%)")


async def test_only_coordinators_export(front: Front) -> None:
    front.line.campaign(front.line.expert())
    assert "Only coordinators" in await says(front, "U1", "export tone")
    assert front.line.workshop.count("exportrun") == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export", "Say which campaign: `/label export CAMPAIGN`. The campaigns are tone."),
        ("export jokes", "“jokes”"),
        ("export tone sft", "sft"),
        ("export tone nonsense", "“nonsense”"),
    ],
)
async def test_what_cannot_be_exported_is_said_and_nothing_is_begun(
    front: Front, text: str, said: str
) -> None:
    front.line.campaign(front.line.expert())
    assert said in await says(front, COORDINATOR, text)
    assert front.line.workshop.count("exportrun") == 0


async def test_without_any_campaign_there_is_nothing_to_name(front: Front) -> None:
    assert "none yet" in await says(front, COORDINATOR, "export")
