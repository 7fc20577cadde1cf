"""Settings that every kind has: reasons, confidence and confirmation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from bot.kinds.reason_presets import expand_preset

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
"""The pattern of keys, which are parts of button ids and exports."""


class StrictModel(BaseModel):
    """Base of all settings: immutable, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(StrictModel):
    """One reason to pick: a `key` for exports, and the `label` that experts read."""

    key: str = Field(pattern=KEY_PATTERN)
    label: str = Field(min_length=1, max_length=60)


def _parse_category(raw: object) -> object:
    """Convert a label such as "Wrong language" to a category with the key wrong_language."""
    if not isinstance(raw, str):
        return raw
    key = re.sub(r"[^a-z0-9]+", "_", raw.lower()).strip("_")
    if not re.fullmatch(KEY_PATTERN, key):
        message = f'write it as {{"key": "…", "label": "{raw}"}} with a lowercase key'
        raise ValueError(message)
    return {"key": key, "label": raw}


def _parse_requirement(raw: object) -> object:
    """Convert a boolean: true means "optional", false means "no"."""
    return {True: "optional", False: "no"}[raw] if isinstance(raw, bool) else raw


Requirement = Annotated[Literal["no", "optional", "required"], BeforeValidator(_parse_requirement)]
"""Whether experts are asked for something, and whether an answer is complete without it."""

Categories = tuple[Annotated[Category, BeforeValidator(_parse_category)], ...]


class KindSettings(StrictModel):
    """The settings of a campaign of any kind.

    `reason`: whether experts are asked for a reason. `reason_categories`: reasons to pick from,
    or the name of a preset of reasons; if there are some and a reason is required, one must be
    picked and the comment is optional.
    `confidence`: ask how sure experts are, with one more tap. `levels`: with 2, an answer counts
    once another expert has confirmed it.
    """

    reason: Requirement = "no"
    reason_categories: Categories = Field(default=(), max_length=20)
    confidence: bool = False
    levels: Literal[1, 2] = 1

    EDITABLE: ClassVar[frozenset[str]] = frozenset({"reason", "reason_categories", "confidence"})
    """Settings that can change while a campaign runs: answers so far keep their meaning."""

    @property
    def scales(self) -> Mapping[str, int]:
        """Return the number of points of each criterion; empty if the kind has no scales."""
        return {}

    _expand_preset = field_validator("reason_categories", mode="before")(expand_preset)

    @field_validator("reason_categories")
    @classmethod
    def _require_unique_categories(cls, categories: tuple[Category, ...]) -> tuple[Category, ...]:
        if len({category.key for category in categories}) < len(categories):
            message = "two reasons have the same key"
            raise ValueError(message)
        return categories
