"""Answers that name candidates by letter, as an expert saw them and in imported order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

from bot.kinds.content import Order
from bot.kinds.ranking import RANKS

VERDICT = "verdict"

NAMED_CANDIDATES = re.compile(r"[a-z]\d?|[a-z]([>=][a-z])*")
"""A verdict such as `a` or `b2`, or a ranking such as `b>a=c`."""


def in_imported_order(value: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Return an answer with candidates named as imported, given how an expert saw them.

    Args:
        value: the answer as the expert gave it.
        order: imported positions of the candidates, in the order in which the expert saw them.
    """
    return _rename(value, {ascii_lowercase[i]: ascii_lowercase[p] for i, p in enumerate(order)})


def as_shown(value: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Return an answer with candidates named as the expert saw them; see `in_imported_order`."""
    return _rename(value, {ascii_lowercase[p]: ascii_lowercase[i] for i, p in enumerate(order)})


def _rename(value: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {key: _renamed_text(key, given, names) for key, given in value.items()}


def _renamed_text(key: str, given: object, names: Mapping[str, str]) -> object:
    is_named = isinstance(given, str) and NAMED_CANDIDATES.fullmatch(given)
    if key not in (VERDICT, RANKS) or not isinstance(given, str) or not is_named:
        return given
    return "".join(names.get(letter, letter) for letter in given)
