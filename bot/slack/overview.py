"""How campaigns go, for coordinators: all at a glance, and their part of the Home tab."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.clock import named_day
from bot.services.overviewing import Overview
from bot.slack import ways
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    header,
    menu,
    plain_section,
    table,
)
from bot.slack.cards import Drawn
from bot.slack.ids import Press
from bot.slack.manifest import COMMAND
from bot.slack.richtext import words as rich_words
from bot.slack.text import counted, escaped
from storage.tables import CampaignState

BAR = 10
"""Squares of a progress bar."""

NEARLY = 0.99
"""The most that is told of what is not all there."""

MOST_ROWS = 40
"""Campaigns or experts in one table: it may hold 10,000 characters."""

MOST_AT_HOME = 12
"""Campaigns in the Home tab, which may hold 100 blocks and has others, too."""

LONGEST = 60
"""Characters of a name in a cell."""

NONE_YET = f"There is no campaign yet. {COMMAND} new makes one."


def bar(done: int, of: int) -> str:
    """Return how far something is, as a row of squares: full only when all is done."""
    full = done * BAR // of if of else 0
    return "▰" * min(full, BAR) + "▱" * (BAR - min(full, BAR))


def percent(share: float | None) -> str:
    """Return a share as people read it, never 100 % where something is missing."""
    if share is None:
        return "-"
    return f"{min(share, NEARLY) if share < 1 else share:.0%}"


def campaigns(found: Sequence[Overview], own: str) -> Drawn:
    """Draw all campaigns, those that need somebody first; `own` is about the person themselves."""
    above = [rich_words(own)] if own else []
    if not found:
        begin = actions("campaigns", *ways.of_all())
        return Drawn(escaped(f"{own} {NONE_YET}".strip()), [*above, rich_words(NONE_YET), begin])
    ordered = by_need(found)
    text = "\n".join([*([own] if own else []), *map(in_words, ordered)])
    look = Press("status")
    chosen = [(short(one.status.name), Press("status", one.status.id).value) for one in ordered]
    return Drawn(
        escaped(text),
        [
            *above,
            _campaign_table(ordered[:MOST_ROWS]),
            *left_out(len(ordered) - MOST_ROWS, "campaign"),
            *trouble(ordered),
            actions(
                "campaigns",
                menu("Look at a campaign", look.action_id, chosen[:100]),
                *ways.of_all(),
            ),
        ],
    )


def by_need(found: Iterable[Overview]) -> list[Overview]:
    """Return campaigns with trouble first, then those that go well, then those that are over."""

    def need(one: Overview) -> tuple[bool, bool, bool]:
        status = one.status
        return (status.state == CampaignState.CLOSED, not one.worries, not one.outlook.left)

    return sorted(found, key=need)


def _campaign_table(found: Sequence[Overview]) -> Block:
    head = ("Campaign", "Progress", "Answers", "A day", "Done")
    rows = [
        (
            short(_named(one)),
            bar(one.status.answered, one.status.wanted),
            f"{one.status.answered:,} of {one.status.wanted:,}",
            per_day(one),
            end(one),
        )
        for one in found
    ]
    return table(head, rows, right=(2, 3))


def _named(one: Overview) -> str:
    state = one.status.state
    return one.status.name if state == CampaignState.OPEN else f"{one.status.name} ({state})"


def trouble(ordered: Sequence[Overview]) -> list[Block]:
    """Draw what needs somebody, a line each, if anything does."""
    said = [
        f"⚠ {short(one.status.name)}: {sentence(worry.says)}"
        for one in ordered[:MOST_ROWS]
        for worry in one.worries
    ]
    return [rich_words("\n".join(said))] if said else []


def per_day(one: Overview) -> str:
    """Say how many answers come on a working day."""
    pace = one.outlook.pace.per_day
    return f"{pace:,.0f}" if pace >= 1 or not pace else f"{pace:.1f}"


def end(one: Overview) -> str:
    """Say on which day a campaign will be done, in a cell."""
    if not one.outlook.left:
        return "done" if one.status.wanted else "-"
    found = one.outlook.forecast
    return named_day(found.likely) if found else "not in sight" if one.status.answered else "-"


def in_words(one: Overview) -> str:
    """Say in a line how far a campaign is, for a notification or a screen reader."""
    status = one.status
    share = status.answered / status.wanted if status.wanted else None
    worry = f"; {one.worries[0].says}" if one.worries else ""
    return (
        f"• {_named(one)}: {status.answered:,} of {status.wanted:,} answers ({percent(share)}), "
        f"{forecast_in_words(one)}{worry}"
    )


def forecast_in_words(one: Overview) -> str:
    """Say when a campaign will be done, and how sure that is."""
    found, status = one.outlook.forecast, one.status
    if not one.outlook.left:
        return "all there" if status.wanted else "nothing to answer"
    if found is None:
        return "no end in sight" if status.answered else "no answers yet"
    if found.early == found.late:
        return f"done {named_day(found.likely)}"
    early, late = named_day(found.early), named_day(found.late)
    return f"done around {named_day(found.likely)} ({early} to {late})"


def left_out(count: int, noun: str) -> list[Block]:
    """Say how many more there are than are shown, if any."""
    return [context(f"… and {counted(count, noun)} more.")] if count > 0 else []


def short(text: str) -> str:
    """Return what somebody wrote on one line, no longer than a cell bears."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def home(found: Sequence[Overview]) -> list[Block]:
    """Draw the coordinators' part of the Home tab: what needs somebody first, a button each."""
    ordered = [one for one in by_need(found) if one.status.state != CampaignState.CLOSED]
    if not ordered:
        return [header("Campaigns"), plain_section(NONE_YET), ways.at_home()]
    shown = [block for one in ordered[:MOST_AT_HOME] for block in _at_home(one)]
    left = len(ordered) - MOST_AT_HOME
    more = [context(f"… and {left} more: {COMMAND} status lists them all.")] if left > 0 else []
    return [header("Campaigns"), *shown, *more, ways.at_home()]


def _at_home(one: Overview) -> list[Block]:
    status, press = one.status, Press("status", one.status.id, option=str(one.status.id))
    look = button("Look", press.action_id, press.value, says=f"Look at {short(status.name)}")
    progress = f"{bar(status.answered, status.wanted)} {state_in_words(one)}"
    said = f"{short(status.title)}\n{progress} · {forecast_in_words(one)}"
    trouble = " ".join(f"⚠ {sentence(worry.says)}" for worry in one.worries)
    away = f"{counted(len(one.away), 'expert')} away. " if one.away else ""
    below = f"{trouble} {away}".strip()
    return [plain_section(said, look), *([context(below[:2000])] if below else [])]


def state_in_words(one: Overview) -> str:
    """Say how far a campaign is in a word or two."""
    status = one.status
    share = percent(status.answered / status.wanted) if status.wanted else "empty"
    return share if status.state == CampaignState.OPEN else f"{share}, {status.state}"


def sentence(says: str) -> str:
    """Return what a worry says as a sentence."""
    return f"{says[:1].upper()}{says[1:]}."


def progress_in_words(one: Overview) -> str:
    """Return how far a campaign is, as squares and numbers."""
    answered, wanted = one.status.answered, one.status.wanted
    return f"{bar(answered, wanted)} {answered:,} of {wanted:,}"
