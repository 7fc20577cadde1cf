"""Options of an export's rows: how answers become one row, and which items are included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from bot.errors import BotError
from bot.exports.splits import Splits, parse_splits, splits_text
from bot.quality.consensus import ConsensusSource

SOURCES: tuple[ConsensusSource, ...] = get_args(ConsensusSource)


class Aggregate(StrEnum):
    """How the answers to an item become rows.

    none: a row per answer. majority: the most frequent answer, the median of scores, the Kemeny
    consensus of rankings. weighted: the same, with votes weighted by the reliability of each
    expert. dawid-skene: the most probable answer by the model of Dawid and Skene.
    """

    NONE = "none"
    MAJORITY = "majority"
    WEIGHTED = "weighted"
    DAWID_SKENE = "dawid-skene"


class UnknownAggregateError(BotError):
    """Unknown aggregation “{name}”; use {known}."""


class UnknownSourceError(BotError):
    """Unknown consensus source “{name}”; use {known}."""


class InvalidAgreementError(BotError):
    """“{text}” is not an agreement; write a number from 0 to 1, such as 0.8."""


class UnknownRowOptionError(BotError):
    """Unknown option “{name}”; exports have {known}."""


@dataclass(frozen=True, slots=True)
class RowOptions:
    """Options of an export's rows.

    Attributes:
        aggregate: how answers become rows; None: as usual for the format.
        min_agreement: share of an item's answers that must agree with a row, 0 to 1.
        sources: consensus sources of the items to include; empty: all.
        splits: the splits beside the one for training; empty: the rows are not split.
    """

    aggregate: Aggregate | None = None
    min_agreement: float = 0.0
    sources: tuple[ConsensusSource, ...] = ()
    splits: Splits = ()

    def to_texts(self) -> dict[str, str]:
        """Return the options that differ from the defaults, as `parse_row_options` reads them."""
        texts = {
            "aggregate": self.aggregate.value if self.aggregate else "",
            "min-agreement": f"{self.min_agreement:g}" if self.min_agreement else "",
            "source": ",".join(self.sources),
            "split": splits_text(self.splits),
        }
        return {name: text for name, text in texts.items() if text}

    def __str__(self) -> str:
        """Return the options as people write them, empty for the defaults."""
        return " ".join(f"{name}={text}" for name, text in self.to_texts().items())

    @property
    def name_suffix(self) -> str:
        """Return what distinguishes the name of an export with these options."""
        return "".join(f"-{text.replace(',', '+')}" for text in self.to_texts().values())


DEFAULT_OPTIONS = RowOptions()


def parse_row_options(texts: Mapping[str, str]) -> RowOptions:
    """Return options from their texts; `source` and `split` are lists with commas.

    Raises:
        UnknownRowOptionError, UnknownAggregateError, UnknownSourceError, InvalidAgreementError,
            InvalidSplitError: a name or value is invalid.
    """
    values = {name.replace("_", "-"): text for name, text in texts.items()}
    known = ("aggregate", "min-agreement", "source", "split")
    for name in values:
        if name not in known:
            raise UnknownRowOptionError(name=name, known=", ".join(known))
    aggregate = values.get("aggregate")
    return RowOptions(
        aggregate=_parse_aggregate(aggregate) if aggregate is not None else None,
        min_agreement=_parse_agreement(values.get("min-agreement", "0")),
        sources=_parse_sources(values.get("source")),
        splits=parse_splits(values.get("split", "")),
    )


def _parse_aggregate(text: str) -> Aggregate:
    try:
        return Aggregate(text.strip().lower())
    except ValueError:
        raise UnknownAggregateError(name=text, known=", ".join(Aggregate)) from None


def _parse_agreement(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise InvalidAgreementError(text=text)
    return number


def _parse_sources(text: str | None) -> tuple[ConsensusSource, ...]:
    """Return sources in their usual order, each once."""
    names = [name.strip().lower() for name in text.split(",")] if text is not None else []
    for name in names:
        if name not in SOURCES:
            raise UnknownSourceError(name=name, known=", ".join(SOURCES))
    return tuple(source for source in SOURCES if source in names)
