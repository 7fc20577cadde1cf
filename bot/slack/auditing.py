"""The audit trail in plain words, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.services.auditing import SLACK, Event
from bot.slack.blocks import actions, button
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.mentioning import CHANNEL, PERSON, Named, Part, ago, hand, lines, sentence

PAGE = 10
"""Events on one page."""

DEEDS = {"open": "resumed"}
"""Deeds that are recorded under the name of a state."""

LONGEST_FACT = 120

NOTHING = "Nothing has happened yet."
NO_MORE = "That was all."


def page(events: Sequence[Event], campaign_id: int, now: datetime, *, is_first: bool) -> Drawn:
    """Draw one page (`events` may be one longer: then there is another) of a campaign (0: all)."""
    if not events:
        words = NOTHING if is_first else NO_MORE
        return Drawn(words, [sentence(words)])
    shown = events[:PAGE]
    rows = [_row(event, now) for event in shown]
    older = Press("trail", campaign_id, "", str(shown[-1].id))
    more = actions("trail", button("Older", older.action_id, older.value))
    blocks = [lines(rows), *([more] if len(events) > PAGE else [])]
    return Drawn("What happened, the newest first", blocks)


def _row(event: Event, now: datetime) -> tuple[Part, ...]:
    way = "" if event.through in (SLACK, "clock") else f" through the {event.through}"
    who = hand(event.actor, SLACK) if event.through == SLACK else (event.actor,)
    deed = DEEDS.get(event.deed, event.deed)
    return (
        *who,
        f" {deed} ({event.subject})",
        *_facts(event.facts),
        f"{way}, {ago(event.at, now)} ({event.at:%Y-%m-%d %H:%M} UTC)",
    )


def _facts(facts: dict[str, object]) -> list[Part]:
    said: list[Part] = []
    for name, value in facts.items():
        said += [": " if not said else "; ", f"{name} ", *_value(value)]
    return said


def _value(value: object) -> list[Part]:
    if isinstance(value, list) and value:
        return [part for one in value for part in (*_value(one), " ")][:-1]
    if isinstance(value, str) and (PERSON.fullmatch(value) or CHANNEL.fullmatch(value)):
        return [Named(value)]
    said = "nothing" if value in (None, "", []) else str(value)
    return [said if len(said) <= LONGEST_FACT else f"{said[: LONGEST_FACT - 1]}…"]
