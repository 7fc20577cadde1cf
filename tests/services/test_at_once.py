"""Two coordinators in the same moment: one does it, the other hears of it, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services import allotting, campaigning, deciding, requesting, steering
from bot.services.allotting import Portion
from bot.services.auditing import SLACK
from bot.services.campaigning import NewCampaign, campaign_named
from bot.services.directing import By
from bot.services.scheduling import Wanted
from storage.tables import Campaign, CampaignState, Decision, ExportRun
from tests.services.conftest import Workshop, pair
from tests.services.keeping_count import check_counts
from tests.services.test_reviewing import PEOPLE, texts

HANDS = ("U0CORA", "U0BOSS")


def at_once(workshop: Workshop, deed: Callable[[Session, By], Any]) -> list[Any]:
    """Let two coordinators do the same, each in a transaction; return what both heard."""
    ready = Barrier(2, timeout=20)

    def heard(person: str) -> object:
        ready.wait()
        try:
            return workshop.database.write_now(deed, By(person, SLACK, workshop.now))
        except BotError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(heard, HANDS))


def refusal(heard: list[Any]) -> str:
    """Return what the one was told who came second."""
    (said,) = (one for one in heard if isinstance(one, str) and one.endswith("."))
    return str(said)


def test_both_pause_and_it_is_paused_once(workshop: Workshop) -> None:
    workshop.creates()
    heard = at_once(
        workshop,
        lambda session, by: steering.steer_named(session, "tone", CampaignState.PAUSED, by),
    )
    first, second = sorted(heard, key=lambda moved: bool(moved.was_so))
    assert (first.was_so, second.was_so) == (False, True)
    assert second.actor == first.actor
    assert workshop.deeds() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_one_pauses_while_the_other_closes_and_both_hear_how_it_is(workshop: Workshop) -> None:
    workshop.creates()

    def move(session: Session, by: By) -> CampaignState:
        to = CampaignState.CLOSED if by.actor == HANDS[0] else CampaignState.PAUSED
        return steering.steer_named(session, "tone", to, by).state

    heard = at_once(workshop, move)
    assert heard[0] == CampaignState.CLOSED
    assert heard[1] == CampaignState.PAUSED or "create another one" in heard[1]
    assert workshop.rows(Campaign)[0].state == CampaignState.CLOSED


def test_both_export_and_one_export_is_on_its_way(workshop: Workshop) -> None:
    workshop.creates(experts=["U01"], overlap=1)
    workshop.imports("tone", [pair(1)])
    workshop.does_all("U01", verdict="tie")

    def export(session: Session, by: By) -> str:
        campaign = campaign_named(session, "tone", lock=True)
        return requesting.request(session, campaign, Wanted("", workshop.folder), by)

    assert "it is on its way" in refusal(at_once(workshop, export))
    assert len(workshop.rows(ExportRun)) == 1


def test_both_decide_and_one_decision_stands(workshop: Workshop) -> None:
    workshop.creates(experts=PEOPLE, overlap=3)
    workshop.imports("tone", [pair(1)])
    texts(workshop, "a", "a", "b")

    def decide(session: Session, by: By) -> None:
        verdict = "tie" if by.actor == HANDS[0] else "a"
        deciding.settle(session, 1, {"verdict": verdict}, "", by)

    said = refusal(at_once(workshop, decide))
    assert said.startswith("This was decided already, by somebody else")
    assert len(workshop.rows(Decision)) == 1


def test_both_found_a_campaign_of_the_same_name_and_one_chooses_another(workshop: Workshop) -> None:
    wanted = NewCampaign("tone", "comparison")
    said = refusal(
        at_once(workshop, lambda session, by: campaigning.create(session, wanted, by).name)
    )
    assert "choose another name" in said
    assert len(workshop.rows(Campaign)) == 1


def test_both_hand_the_same_task_to_the_same_person_who_gets_it_once(workshop: Workshop) -> None:
    workshop.creates(experts=["U01"], overlap=2)
    workshop.imports("tone", [pair(number) for number in range(1, 9)])

    def handed(item: str) -> list[int]:
        def hand(session: Session, by: By) -> int:
            campaign = campaign_named(session, "tone")
            return allotting.allot(session, campaign, "U01", Portion(item), by).given

        return sorted(at_once(workshop, hand))

    assert [handed(f"pair-{number}") for number in range(1, 9)] == [[0, 1]] * 8
    check_counts(workshop)
