"""What a campaign may choose, whatever its kind: whether to ask why, and how sure one is."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

KEY = r"^[a-z][a-z0-9_]{0,39}$"
"""What a key may be: it stands in the ids of buttons and in exports."""


class Strict(BaseModel):
    """Something to choose. Unknown words are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(Strict):
    """One reason to pick: a `key` for exports, and the words that experts read."""

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=60)


def _category(written: object) -> object:
    """Read words such as "Wrong language" as the category wrong_language."""
    if not isinstance(written, str):
        return written
    key = re.sub(r"[^a-z0-9]+", "_", written.lower()).strip("_")
    if not re.fullmatch(KEY, key):
        message = f'write it as {{"key": "…", "label": "{written}"}}, the key in small letters'
        raise ValueError(message)
    return {"key": key, "label": written}


def _asks(written: object) -> object:
    """Read true and false, which settings of older campaigns hold."""
    return {True: "optional", False: "no"}[written] if isinstance(written, bool) else written


Asks = Annotated[Literal["no", "optional", "required"], BeforeValidator(_asks)]
"""Whether something is asked for at all, and whether an answer counts without it."""

Categories = tuple[Annotated[Category, BeforeValidator(_category)], ...]


class KindSettings(Strict):
    """What a campaign of any kind may choose.

    `reason`: whether experts are asked why. `reason_categories`: reasons to pick from; where there
    are some and a reason is required, one must be picked and the words are free. `confidence`: ask
    how sure they are, one more tap. `levels`: with 2, an answer counts once another expert has
    confirmed it.
    """

    reason: Asks = "no"
    reason_categories: Categories = Field(default=(), max_length=20)
    confidence: bool = False
    levels: Literal[1, 2] = 1

    @field_validator("reason_categories")
    @classmethod
    def _keys_differ(cls, categories: tuple[Category, ...]) -> tuple[Category, ...]:
        if len({category.key for category in categories}) < len(categories):
            message = "two reasons have the same key"
            raise ValueError(message)
        return categories
