"""The weekly summary, with the clock turned: once a week, and not when it is switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from bot.services import choosing, digesting
from bot.services.auditing import COMMAND_LINE
from bot.services.directing import By
from storage.tables import Digest
from tests.journeys.story import Story


def switch(session: Session, story: Story, *, on: bool) -> None:
    """Switch the summary on or off, as the settings do."""
    by = By("tests", COMMAND_LINE, story.clock.now())
    choosing.choose(session, replace(choosing.choices(session), digest=on), by)


def is_planned(session: Session) -> bool:
    """Say whether the bot has planned its first summary."""
    return session.exec(select(Digest)).first() is not None


def passes_weeks(story: Story, weeks: int) -> None:
    """Let weeks pass, and wait until the bot has looked."""
    story.clock.turn(timedelta(weeks=weeks))
    story.sandbox.wait_until(
        lambda: not story.database.read_now(digesting.is_due, story.clock.now())
    )


def test_the_weekly_summary_comes_once_and_can_be_switched_off(story: Story) -> None:
    ada, cora = story.person("ada"), story.person("cora")
    story.coordinators = (cora.id,)
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    story.sandbox.wait_until(lambda: story.database.read_now(is_planned))
    passes_weeks(story, 1)
    cora.sees("The last seven days")
    cora.sees("comparison: There was no answer for 4 working days.")
    story.passes(minutes=5)
    passes_weeks(story, 3)
    story.sandbox.wait_until(lambda: len(cora.messages) == 2)
    story.database.write_now(lambda session: switch(session, story, on=False))
    passes_weeks(story, 1)
    story.passes(minutes=5)
    assert len(cora.messages) == 2, "four weeks, one of them away: two summaries, and then none"
