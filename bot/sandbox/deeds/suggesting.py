"""Menus whose options the app tells while somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.sandbox.deeds.actor import Actor
from bot.sandbox.deeds.entering import Entry
from bot.sandbox.deeds.interacting import interact
from bot.sandbox.deeds.looking import Spot
from bot.sandbox.errors import NotAcknowledged
from bot.sandbox.payloads import suggestion
from bot.sandbox.state_values import Target
from bot.sandbox.wire import Json, as_object

SUGGESTION = "block_suggestion"
MOST_OPTIONS = 100
"""Slack: "a maximum of 100 options" or groups in one answer."""


async def suggested(actor: Actor, spot: Spot, target: Target, picked: Sequence[Entry]) -> Target:
    """Return `target` with the options that the app offers after each of `picked` was typed.

    Raises:
        NotAcknowledged: if the app offers nothing that Slack could show.
    """
    offered: list[Json] = []
    for typed in picked:
        payload = suggestion(actor.world, actor.id, spot.place, target, str(typed))
        sent = await interact(actor.world, payload)
        offered += _options(sent.ack.body)
    return replace(target, element=target.element | {"options": offered})


def _options(body: object) -> list[Json]:
    answer = as_object(body)
    groups = answer.get("option_groups")
    if isinstance(groups, list):
        _check_count(groups)
        return [option for group in groups for option in _list(as_object(group).get("options"))]
    return _list(answer.get("options"))


def _list(options: object) -> list[Json]:
    if not isinstance(options, list):
        raise NotAcknowledged(SUGGESTION, f"no list of options but {options!r}")
    _check_count(options)
    return options


def _check_count(found: list[Any]) -> None:
    if len(found) > MOST_OPTIONS:
        raise NotAcknowledged(SUGGESTION, f"{len(found)} options, more than 100")
