"""The parsed settings of a campaign's kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.settings import KindSettings


@lru_cache(maxsize=1024)
def _parse_settings(kind: str, settings: bytes) -> KindSettings:
    parse: Callable[[bytes], KindSettings] = kind_named(kind).settings.model_validate_json
    return parse(settings)


def settings_of(kind: Kind[Any], settings: dict[str, Any]) -> KindSettings:
    """Return a campaign's parsed settings, cached because every click needs them."""
    return _parse_settings(kind.name, orjson.dumps(settings))


def needs_confirmation(settings: Mapping[str, Any]) -> bool:
    """Return whether a second expert has to confirm each answer, by the settings of a campaign."""
    return int(settings.get("levels", 1)) > 1
