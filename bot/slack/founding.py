"""What is said of a campaign that was just made, and of people who were sent for."""

from __future__ import annotations

from bot.services.founding import Founded
from bot.services.inviting import Invitation, Invited
from bot.slack.blocks import Block, actions, button
from bot.slack.cards import Drawn
from bot.slack.gathering import Gathered
from bot.slack.ids import Press
from bot.slack.mentioning import Named, Part, sentence
from bot.slack.text import counted, escaped

WAYS = (
    ("preview", "Preview"),
    ("try", "Send me one as a test"),
    ("invite", "Invite people"),
    ("pause", "Pause"),
)
"""What can be done with a campaign that is there, beside importing: the deed and its words."""


def ready(now: Founded) -> Drawn:
    """Draw that a campaign is there, and what can be done with it."""
    people = counted(now.experts, "expert") if now.experts else "nobody"
    items = counted(now.items, "item") if now.items else "no items yet"
    called = f" In commands it is called {now.name}." if now.name != now.title else ""
    missing = [what for what, there in (("items", now.items), ("people", now.experts)) if not there]
    next_step = f" Tasks go out as soon as it has {' and '.join(missing)}." if missing else ""
    words = f"“{now.title}” is ready: {now.kind}, {people} in it, {items}.{called}{next_step}"
    return Drawn(escaped(words), [sentence(words), actions(f"ready:{now.id}", *_ways(now.id))])


def _ways(campaign_id: int) -> list[Block]:
    items = Press("bring_items", 0, "", str(campaign_id))
    return [
        button("Import items", items.action_id, items.value, style="primary"),
        *(
            button(words, (press := Press(deed, campaign_id)).action_id, press.value)
            for deed, words in WAYS
        ),
    ]


def gathered(found: Gathered, invited: Invited, invitation: Invitation) -> Drawn:
    """Draw who was let in, who was left out, and what went wrong."""
    said: list[Part] = []
    if invitation.campaign and found.people:
        said += _joined(invited)
    else:
        said += ["Noted of ", *_named(found.people), "."] if found.people else []
    if invitation.role:
        said.append(f" They are {_role(invitation)} now.")
    if found.left_out:
        said.append(f" Left out: {counted(found.left_out, 'app or person')} who left.")
    said += [f" {problem}" for problem in found.problems]
    parts = said or ["Nobody was found."]
    text = "".join(part if isinstance(part, str) else "" for part in parts)
    return Drawn(escaped(" ".join(text.split())), [sentence(*parts)])


def _joined(invited: Invited) -> list[Part]:
    there = f"; {counted(len(invited.there), 'person')} of them in it already"
    was = there if invited.there else ""
    if not invited.new:
        return [f"Nobody new joined “{invited.campaign}”{was}."]
    people = counted(len(invited.new), "person")
    return [f"{people} joined “{invited.campaign}”: ", *_named(invited.new), f"{was}."]


MOST_NAMED = 20


def _named(people: list[str] | tuple[str, ...]) -> list[Part]:
    parts: list[Part] = []
    for number, person in enumerate(people[:MOST_NAMED]):
        parts += [", "] * bool(number) + [Named(person)]
    left = len(people) - MOST_NAMED
    return [*parts, *([f" and {left} more"] if left > 0 else [])]


def _role(invitation: Invitation) -> str:
    return "coordinators" if invitation.role == "coordinator" else "senior experts"
