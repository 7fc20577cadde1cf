"""The weekly summary: once a week, and not while it is turned off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from bot.sandbox import MessageSnapshot, SimulatedUser
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.reports import digest
from bot.services.settings import workspace_settings
from storage.tables import DigestSchedule
from tests.journeys.journey import Journey


def set_digest(session: Session, journey: Journey, *, on: bool) -> None:
    """Turn the summary on or off in the workspace settings."""
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    workspace_settings.update_settings(
        session, replace(workspace_settings.load_settings(session), digest=on), actor
    )


def is_digest_scheduled(session: Session) -> bool:
    """Return whether the bot has scheduled its first summary."""
    return session.exec(select(DigestSchedule)).first() is not None


def advance_weeks(journey: Journey, weeks: int) -> None:
    """Advance the clock, and wait until no summary is due."""
    journey.clock.advance(timedelta(weeks=weeks))
    journey.sandbox.wait_until(
        lambda: not journey.database.read_now(digest.is_due, journey.clock.now())
    )


def summaries(person: SimulatedUser) -> list[MessageSnapshot]:
    """Return the weekly summaries that a person got."""
    return [message for message in person.messages if "Last 7 days" in message.plain_text]


def test_weekly_summary_is_sent_once_and_can_be_turned_off(journey: Journey) -> None:
    ada, cora = journey.add_user("ada"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    journey.sandbox.wait_until(lambda: journey.database.read_now(is_digest_scheduled))
    advance_weeks(journey, 1)
    cora.wait_for_text("Last 7 days")
    cora.wait_for_text("no answers for 4 working days.")
    journey.advance_clock(minutes=5)
    advance_weeks(journey, 3)
    journey.sandbox.wait_until(lambda: len(summaries(cora)) == 2)
    journey.database.write_now(lambda session: set_digest(session, journey, on=False))
    advance_weeks(journey, 1)
    journey.advance_clock(minutes=5)
    assert len(summaries(cora)) == 2, "one for three weeks, and none once turned off"
