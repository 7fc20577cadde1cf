"""The weekly summary, with the clock turned: once a week, and not when it is switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.reports import digest
from bot.services.settings import workspace_settings
from storage.tables import DigestSchedule
from tests.journeys.journey import Journey


def switch(session: Session, journey: Journey, *, on: bool) -> None:
    """Switch the summary on or off, as the settings do."""
    actor = Actor("tests", COMMAND_LINE, journey.clock.now())
    workspace_settings.update_settings(
        session, replace(workspace_settings.load_settings(session), digest=on), actor
    )


def is_planned(session: Session) -> bool:
    """Say whether the bot has planned its first summary."""
    return session.exec(select(DigestSchedule)).first() is not None


def passes_weeks(journey: Journey, weeks: int) -> None:
    """Let weeks pass, and wait until the bot has looked."""
    journey.clock.advance(timedelta(weeks=weeks))
    journey.sandbox.wait_until(
        lambda: not journey.database.read_now(digest.is_due, journey.clock.now())
    )


def test_the_weekly_summary_comes_once_and_can_be_switched_off(journey: Journey) -> None:
    ada, cora = journey.add_user("ada"), journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    journey.sandbox.wait_until(lambda: journey.database.read_now(is_planned))
    passes_weeks(journey, 1)
    cora.wait_for_text("The last seven days")
    cora.wait_for_text("comparison: There was no answer for 4 working days.")
    journey.advance_clock(minutes=5)
    passes_weeks(journey, 3)
    journey.sandbox.wait_until(lambda: len(cora.messages) == 2)
    journey.database.write_now(lambda session: switch(session, journey, on=False))
    passes_weeks(journey, 1)
    journey.advance_clock(minutes=5)
    assert len(cora.messages) == 2, "four weeks, one of them away: two summaries, and then none"
