"""Campaigns to choose from, what became of one, and the question before one is closed for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.services.steering import Ending, Moved, Named
from bot.slack.blocks import Block, actions, button, context, modal, plain_section
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.manifest import COMMAND
from bot.slack.mentioning import ago, hand, sentence, told
from bot.slack.text import counted
from storage.tables import CampaignState

MOST_LISTED = 20
"""Campaigns in one list: well within the 50 blocks of a message."""

VERBS = {
    CampaignState.OPEN: "Resume",
    CampaignState.PAUSED: "Pause",
    CampaignState.CLOSED: "Close",
}
DEEDS = {
    CampaignState.OPEN: "resume",
    CampaignState.PAUSED: "pause",
    CampaignState.CLOSED: "close",
}
MEANS = {
    CampaignState.OPEN: "Tasks go out again.",
    CampaignState.PAUSED: "Nothing more goes out; what experts hold can still be answered.",
    CampaignState.CLOSED: (
        "It takes no more answers; its scheduled exports run once more, and you can export it "
        "by hand at any time."
    ),
}
UNDONE_BY = {CampaignState.OPEN: CampaignState.PAUSED, CampaignState.PAUSED: CampaignState.OPEN}


def pick(verb: str, deed: str, campaigns: Sequence[Named]) -> Drawn:
    """Draw the campaigns that a deed may be done to, with a button each."""
    if not campaigns:
        words = f"There is no campaign to {verb.lower()}. {COMMAND} new makes one."
        new = Press("new")
        make = actions("none", button("New campaign", new.action_id, new.value))
        return Drawn(words, [sentence(words), make])
    words = f"{verb} which campaign?"
    rows = [_row(verb, deed, one) for one in campaigns[:MOST_LISTED]]
    left = len(campaigns) - len(rows)
    more = f"… and {left} more: type the name, as in {COMMAND} {deed} {campaigns[-1].name}"
    return Drawn(words, [sentence(words), *rows, *([context(more)] if left else [])])


def _row(verb: str, deed: str, one: Named) -> Block:
    press = Press(deed, one.id)
    go = button(verb, press.action_id, press.value, says=f"{verb} {one.name}")
    title = "" if one.title == one.name else f"{one.title} · "
    return plain_section(f"{title}{one.name} · {one.kind} · {one.state}", go)


def moved(what: Moved, now: datetime) -> Drawn:
    """Draw what a campaign is now, and the way back if there is one."""
    state = what.state.value
    if what.was_so:
        who = hand(what.actor, what.through)
        since = f", {ago(what.at, now)}. {MEANS[what.state]}"
        parts = (f"“{what.name}” was {state} already, by ", *who, since)
    else:
        parts = (f"“{what.name}” is {state}. {MEANS[what.state]}",)
    back = UNDONE_BY.get(what.state)
    ways = [actions(f"moved:{what.id}", _way(back, what.id))] if back else []
    return Drawn(told(*parts), [sentence(*parts), *ways])


def _way(to: CampaignState, campaign_id: int) -> Block:
    press = Press(DEEDS[to], campaign_id)
    return button(VERBS[to], press.action_id, press.value)


def closing(what: Ending) -> dict[str, Any]:
    """Draw the question before a campaign is closed: what ends, and that nothing brings it back."""
    tasks = "1 open task is" if what.open_tasks == 1 else f"{what.open_tasks:,} open tasks are"
    last = f" {counted(what.schedules, 'scheduled export')} will run a last time."
    words = (
        f"Closing cannot be undone. {tasks} taken back, and answers that come later are refused "
        f"with a word of thanks.{last if what.schedules else ''}\n\n"
        "Not sure? Cancel and pause it instead: a paused campaign can be resumed."
    )
    return modal(
        "close",
        "Close for good?",
        [plain_section(f"“{what.name}”"), plain_section(words)],
        submit="Close it",
        metadata=str(what.id),
    )
