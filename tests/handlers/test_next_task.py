"""Tests of the `next` subcommand."""

from __future__ import annotations

from sqlmodel import Session

from bot.slack.parsing.action_ids import Action
from bot.slack.views.home import NO_CAMPAIGN_TEXT
from storage.tables import Assignment, Expert, Membership
from tests.handlers.bolt_app import BoltApp, assign_next_task, mark_experts_away


async def test_next_queues_a_task_and_ends_the_absence(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    mark_experts_away(bolt)
    assert await bolt.send_command(ada.id, "next") == "Sent to your DMs."
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.recipient, row.payload) == (
        "new_task",
        ada.id,
        {"is_requested": True},
    )
    assert bolt.slack.scenario.rows(Expert)[0].away_since is None
    assert bolt.wake_calls == ["now"]


async def test_next_in_the_dm_has_no_reply(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)

    def set_channel(session: Session) -> None:
        session.get_one(Assignment, assignment_id).channel = "D1"

    bolt.slack.database.write_now(set_channel)
    assert await bolt.send_command(ada.id, "next") == ""


async def test_person_without_campaign_gets_an_explanation(bolt: BoltApp) -> None:
    assert await bolt.send_command("U1", "next") == NO_CAMPAIGN_TEXT
    assert await bolt.slack.outbox() == []


async def test_named_campaign_comes_first(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assert await bolt.send_command(ada.id, "next Tone") == "Sent to your DMs."
    (membership,) = bolt.slack.scenario.rows(Membership)
    assert membership.chosen_at is not None
    await bolt.send_command(ada.id, "next")
    (membership,) = bolt.slack.scenario.rows(Membership)
    assert membership.chosen_at is None


async def test_unknown_campaign_is_explained(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    text = await bolt.send_command(ada.id, "next tune")
    assert text == "You have no open campaign called “tune”. Your campaigns: tone."
    assert await bolt.slack.outbox() == []


async def test_button_of_a_campaign_chooses_it_and_queues_its_next_task(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    await bolt.click_button(ada.id, Action("start_campaign", 1))
    (membership,) = bolt.slack.scenario.rows(Membership)
    (row,) = await bolt.slack.outbox()
    assert (membership.chosen_at is not None, row.message_type) == (True, "task_page")
