"""Corrections to a campaign: what can be corrected, the windows that ask, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.services.correcting import Excluded, Overlapped, Reassigned
from bot.slack.blocks import Block, actions, button, modal, plain_section
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.inputs import choice_input, date_input, number_input, text_input
from bot.slack.mentioning import Named, sentence, told
from bot.slack.text import counted

OVERLAP, PERSON, TO, SINCE, REASON, ITEM = (
    *("overlap", "person", "to"),
    *("since", "reason", "item"),
)

MOST_OVERLAP = 100


def ways(campaign_id: int, title: str, excluded: Sequence[Excluded]) -> Drawn:
    """Draw what can be corrected in a campaign, and whose answers are left out of it."""
    words = f"What would you like to correct in “{title}”? Nothing that was answered is ever lost."
    deeds = {
        "overlap": "Change the overlap…",
        "take_back": "Take tasks back…",
        "reopen": "Open an answer again…",
        "exclude": "Leave answers out…",
    }
    buttons = [
        button(said, Press(deed, campaign_id).action_id, Press(deed, campaign_id).value)
        for deed, said in deeds.items()
    ]
    out = [block for one in excluded for block in _excluded(campaign_id, one)]
    return Drawn(told(words), [sentence(words), actions(f"correct:{campaign_id}", *buttons), *out])


def _excluded(campaign_id: int, one: Excluded) -> list[Block]:
    press = Press("include", campaign_id, "", one.slack_id)
    again = button("Let them count again", press.action_id, press.value)
    said = (
        Named(one.slack_id),
        f": {counted(one.answers, 'answer')} left out since {one.since:%Y-%m-%d}: {one.reason}",
    )
    return [sentence(*said), actions(f"include:{one.slack_id}", again)]


def overlapping(campaign_id: int, title: str, now: int) -> dict[str, Any]:
    """Draw the window for another overlap."""
    return _window(
        "overlap",
        "Change the overlap",
        campaign_id,
        plain_section(f"Each item of “{title}” wants {counted(now, 'answer')}."),
        number_input(
            OVERLAP,
            "How many from now on?",
            least=1,
            most=MOST_OVERLAP,
            value=now,
            hint="Items that have more already keep them.",
        ),
    )


def taking_back(campaign_id: int, people: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Draw the window for taking back what somebody holds. `people` are Slack ids with names."""
    return _window(
        "take_back",
        "Take tasks back",
        campaign_id,
        plain_section("What somebody holds and has not answered goes to others."),
        choice_input(PERSON, "From whom?", people),
        choice_input(
            TO,
            "To whom?",
            people,
            hint="Leave it empty: whoever is at work and suits.",
            optional=True,
        ),
    )


def reopening(campaign_id: int, people: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Draw the window for giving an answer back to who gave it."""
    return _window(
        "reopen",
        "Open an answer again",
        campaign_id,
        text_input(ITEM, "Id of the item", hint="As it was imported.", most=200),
        choice_input(PERSON, "Whose answer?", people),
        text_input(REASON, "What should they look at?", multiline=True, most=1000),
    )


def excluding(campaign_id: int, people: Sequence[tuple[str, str]], today: date) -> dict[str, Any]:
    """Draw the window for leaving out what somebody answered."""
    return _window(
        "exclude",
        "Leave answers out",
        campaign_id,
        plain_section(
            "Their answers stay as they are, are marked as left out, and others are asked instead. "
            "You can let them count again at any time."
        ),
        choice_input(PERSON, "Whose answers?", people),
        date_input(SINCE, "From which day on?", chosen=today, hint="The day begins at 0:00 UTC."),
        text_input(REASON, "Why?", most=300),
    )


def _window(callback_id: str, title: str, campaign_id: int, *blocks: Block) -> dict[str, Any]:
    return modal(callback_id, title, list(blocks), submit="Do it", metadata=str(campaign_id))


def overlapped(title: str, done: Overlapped) -> Drawn:
    """Draw what the overlap is now."""
    above = f" {counted(done.above, 'item')} with more keep what they have." if done.above else ""
    return _said(f"Each item of “{title}” wants {counted(done.after, 'answer')} now.{above}")


def taken_back(done: Reassigned) -> Drawn:
    """Draw how many tasks were taken back, and how many went to whom was named."""
    gone = f" {counted(done.given, 'task')} went to whom you chose." if done.given else ""
    return _said(f"{counted(done.taken, 'task')} taken back.{gone}")


def reopened(item: str) -> Drawn:
    """Draw that an answer is open again."""
    return _said(f"The answer to {item} is open again, and the expert knows what to look at.")


def excluded(done: Excluded) -> Drawn:
    """Draw how many answers are left out."""
    return _said(f"{counted(done.answers, 'answer')} left out. Others are asked instead.")


def included(done: Excluded) -> Drawn:
    """Draw how many answers count again."""
    return _said(f"{counted(done.answers, 'answer')} count again.")


def _said(words: str) -> Drawn:
    return Drawn(told(words), [sentence(words)])
