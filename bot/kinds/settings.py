"""What a campaign may choose, whatever its kind: whether to ask why, and how sure one is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
"""What a key may be: it stands in the ids of buttons and in exports."""


class StrictModel(BaseModel):
    """Something to choose. Unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(StrictModel):
    """One reason to pick: a `key` for exports, and the words that experts read."""

    key: str = Field(pattern=KEY_PATTERN)
    label: str = Field(min_length=1, max_length=60)


def _parse_category(raw: object) -> object:
    """Read words such as "Wrong language" as the category wrong_language."""
    if not isinstance(raw, str):
        return raw
    key = re.sub(r"[^a-z0-9]+", "_", raw.lower()).strip("_")
    if not re.fullmatch(KEY_PATTERN, key):
        message = f'write it as {{"key": "…", "label": "{raw}"}}, the key in small letters'
        raise ValueError(message)
    return {"key": key, "label": raw}


def _parse_requirement(raw: object) -> object:
    """Read true and false, which settings of older campaigns hold."""
    return {True: "optional", False: "no"}[raw] if isinstance(raw, bool) else raw


Requirement = Annotated[Literal["no", "optional", "required"], BeforeValidator(_parse_requirement)]
"""Whether something is asked for at all, and whether an answer counts without it."""

Categories = tuple[Annotated[Category, BeforeValidator(_parse_category)], ...]


class KindSettings(StrictModel):
    """What a campaign of any kind may choose.

    `reason`: whether experts are asked why. `reason_categories`: reasons to pick from; where there
    are some and a reason is required, one must be picked and the words are free. `confidence`: ask
    how sure they are, one more tap. `levels`: with 2, an answer counts once another expert has
    confirmed it.
    """

    reason: Requirement = "no"
    reason_categories: Categories = Field(default=(), max_length=20)
    confidence: bool = False
    levels: Literal[1, 2] = 1

    @field_validator("reason_categories")
    @classmethod
    def _require_unique_categories(cls, categories: tuple[Category, ...]) -> tuple[Category, ...]:
        if len({category.key for category in categories}) < len(categories):
            message = "two reasons have the same key"
            raise ValueError(message)
        return categories
