"""Two coordinators in the same moment: one does it, the other hears of it, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlmodel import Session

from bot.errors import BotError
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import SLACK
from bot.services.campaigns import campaigns, lifecycle
from bot.services.campaigns.campaigns import NewCampaign, campaign_by_name
from bot.services.exports import request
from bot.services.exports.jobs import ExportRequest
from bot.services.reviews import decisions
from bot.services.tasks import manual_assignment
from bot.services.tasks.manual_assignment import AssignmentRequest
from storage.tables import Campaign, CampaignState, Decision, ExportRun
from tests.services.conftest import Scenario, pair
from tests.services.invariants import check_counts
from tests.services.reviews.test_review_queue import PEOPLE, texts

HANDS = ("U0CORA", "U0BOSS")


def at_once(workshop: Scenario, deed: Callable[[Session, Actor], Any]) -> list[Any]:
    """Let two coordinators do the same, each in a transaction; return what both heard."""
    ready = Barrier(2, timeout=20)

    def heard(person: str) -> object:
        ready.wait()
        try:
            return workshop.database.write_now(deed, Actor(person, SLACK, workshop.now))
        except BotError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(heard, HANDS))


def refusal(heard: list[Any]) -> str:
    """Return what the one was told who came second."""
    (said,) = (one for one in heard if isinstance(one, str) and one.endswith("."))
    return str(said)


def test_both_pause_and_it_is_paused_once(workshop: Scenario) -> None:
    workshop.create_campaign()
    heard = at_once(
        workshop,
        lambda session, by: lifecycle.change_state_by_name(
            session, "tone", CampaignState.PAUSED, by
        ),
    )
    first, second = sorted(heard, key=lambda moved: bool(moved.was_so))
    assert (first.was_so, second.was_so) == (False, True)
    assert second.actor == first.actor
    assert workshop.audit_log() == [("created", "campaign tone"), ("paused", "campaign tone")]


def test_one_pauses_while_the_other_closes_and_both_hear_how_it_is(workshop: Scenario) -> None:
    workshop.create_campaign()

    def move(session: Session, by: Actor) -> CampaignState:
        to = CampaignState.CLOSED if by.name == HANDS[0] else CampaignState.PAUSED
        return lifecycle.change_state_by_name(session, "tone", to, by).state

    heard = at_once(workshop, move)
    assert heard[0] == CampaignState.CLOSED
    assert heard[1] == CampaignState.PAUSED or "create another one" in heard[1]
    assert workshop.rows(Campaign)[0].state == CampaignState.CLOSED


def test_both_export_and_one_export_is_on_its_way(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U01"], overlap=1)
    workshop.import_rows("tone", [pair(1)])
    workshop.answer_all("U01", verdict="tie")

    def export(session: Session, by: Actor) -> str:
        campaign = campaign_by_name(session, "tone", lock=True)
        return request.request_export(session, campaign, ExportRequest("", workshop.folder), by)

    assert "it is on its way" in refusal(at_once(workshop, export))
    assert len(workshop.rows(ExportRun)) == 1


def test_both_decide_and_one_decision_stands(workshop: Scenario) -> None:
    workshop.create_campaign(experts=PEOPLE, overlap=3)
    workshop.import_rows("tone", [pair(1)])
    texts(workshop, "a", "a", "b")

    def decide(session: Session, by: Actor) -> None:
        verdict = "tie" if by.name == HANDS[0] else "a"
        decisions.override_answer(session, 1, {"verdict": verdict}, "", by)

    said = refusal(at_once(workshop, decide))
    assert said.startswith("This was decided already, by somebody else")
    assert len(workshop.rows(Decision)) == 1


def test_both_found_a_campaign_of_the_same_name_and_one_chooses_another(workshop: Scenario) -> None:
    wanted = NewCampaign("tone", "comparison")
    said = refusal(
        at_once(workshop, lambda session, by: campaigns.create_campaign(session, wanted, by).name)
    )
    assert "choose another name" in said
    assert len(workshop.rows(Campaign)) == 1


def test_both_hand_the_same_task_to_the_same_person_who_gets_it_once(workshop: Scenario) -> None:
    workshop.create_campaign(experts=["U01"], overlap=2)
    workshop.import_rows("tone", [pair(number) for number in range(1, 9)])

    def handed(item: str) -> list[int]:
        def hand(session: Session, by: Actor) -> int:
            campaign = campaign_by_name(session, "tone")
            return manual_assignment.assign_tasks(
                session, campaign, "U01", AssignmentRequest(item), by
            ).assigned_count

        return sorted(at_once(workshop, hand))

    assert [handed(f"pair-{number}") for number in range(1, 9)] == [[0, 1]] * 8
    check_counts(workshop)
