"""Options of an export's rows: how answers become one row, and which items are included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from bot.errors import BotError
from bot.exports.dataset_details import parse_languages, parse_licenses
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


CARD_OPTIONS = ("license", "language")
"""Options that change the card alone, and no row."""


class Undecided(StrEnum):
    """What happens to a tie, or to a pair with two bad responses.

    keep: it has rows. drop: it is left out and counted.
    """

    KEEP = "keep"
    DROP = "drop"


class UnknownAggregateError(BotError):
    """Unknown aggregation “{name}”; use {known}."""


class UnknownSourceError(BotError):
    """Unknown consensus source “{name}”; use {known}."""


class InvalidAgreementError(BotError):
    """“{text}” is not an agreement; write a number from 0 to 1, such as 0.8."""


class UnknownUndecidedError(BotError):
    """“{text}” is neither keep nor drop."""


class InvalidGapError(BotError):
    """“{text}” is not a gap; write a share of the scale from 0 to 1, such as 0.25."""


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
        ties, both_bad: what happens to undecided pairs; None: as usual for the format.
        gap: difference of two scores from which one response is better, as a share of the scale;
            None: as usual.
        licenses, languages: of the dataset, for its card; empty: those of the imported rows and of
            the campaign.
    """

    aggregate: Aggregate | None = None
    min_agreement: float = 0.0
    sources: tuple[ConsensusSource, ...] = ()
    splits: Splits = ()
    ties: Undecided | None = None
    both_bad: Undecided | None = None
    gap: float | None = None
    licenses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def to_texts(self) -> dict[str, str]:
        """Return the options that differ from the defaults, as `parse_row_options` reads them."""
        texts = {
            "aggregate": self.aggregate.value if self.aggregate else "",
            "min-agreement": f"{self.min_agreement:g}" if self.min_agreement else "",
            "source": ",".join(self.sources),
            "split": splits_text(self.splits),
            "ties": self.ties or "",
            "both-bad": self.both_bad or "",
            "gap": "" if self.gap is None else f"{self.gap:g}",
            "license": ",".join(self.licenses),
            "language": ",".join(self.languages),
        }
        return {name: text for name, text in texts.items() if text}

    def __str__(self) -> str:
        """Return the options as people write them, empty for the defaults."""
        return " ".join(f"{name}={text}" for name, text in self.to_texts().items())

    @property
    def name_suffix(self) -> str:
        """Return what distinguishes the name of an export with these options."""
        return "".join(
            f"-{text.replace(',', '+')}"
            for name, text in self.to_texts().items()
            if name not in CARD_OPTIONS
        )


DEFAULT_OPTIONS = RowOptions()


def parse_row_options(texts: Mapping[str, str]) -> RowOptions:
    """Return options from their texts; `source` and `split` are lists with commas.

    Raises:
        UnknownRowOptionError, UnknownAggregateError, UnknownSourceError, InvalidAgreementError,
            InvalidSplitError, UnknownUndecidedError, InvalidGapError: a name or value is invalid.
    """
    values = {name.replace("_", "-"): text for name, text in texts.items()}
    known = ("aggregate", "min-agreement", "source", "split", "ties", "both-bad", "gap")
    known_names = (*known, *CARD_OPTIONS)
    for name in values:
        if name not in known_names:
            raise UnknownRowOptionError(name=name, known=", ".join(known_names))
    aggregate = values.get("aggregate")
    return RowOptions(
        aggregate=_parse_aggregate(aggregate) if aggregate is not None else None,
        min_agreement=_parse_agreement(values.get("min-agreement", "0")),
        sources=_parse_sources(values.get("source")),
        splits=parse_splits(values.get("split", "")),
        ties=_parse_undecided(values.get("ties")),
        both_bad=_parse_undecided(values.get("both-bad")),
        gap=_parse_gap(values.get("gap")),
        licenses=parse_licenses(values.get("license", "")),
        languages=parse_languages(values.get("language", "")),
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


def _parse_undecided(text: str | None) -> Undecided | None:
    if text is None:
        return None
    try:
        return Undecided(text.strip().lower())
    except ValueError:
        raise UnknownUndecidedError(text=text) from None


def _parse_gap(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        gap = float(text)
    except ValueError:
        gap = -1.0
    if not 0 <= gap <= 1:
        raise InvalidGapError(text=text)
    return gap


def _parse_sources(text: str | None) -> tuple[ConsensusSource, ...]:
    """Return sources in their usual order, each once."""
    names = [name.strip().lower() for name in text.split(",")] if text is not None else []
    for name in names:
        if name not in SOURCES:
            raise UnknownSourceError(name=name, known=", ".join(SOURCES))
    return tuple(source for source in SOURCES if source in names)
