"""Options of an export's rows: how answers become rows, which are included, and what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pkgutil import resolve_name
from typing import Any, cast, get_args

from bot.errors import BotError
from bot.exports.dataset_details import parse_languages, parse_licenses
from bot.exports.export_choices import (
    FLAG_TEXTS,
    Evidence,
    Pseudonyms,
    choice_parser,
    parse_flag,
    parse_names,
    parse_since,
    write_since,
)
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
        splits: the splits other than the one for training; empty: the rows are not split.
        ties, both_bad: what happens to undecided pairs; None: as usual for the format.
        gap: difference of two scores from which one response is better, as a share of the scale;
            None: as usual.
        licenses, languages: of the dataset, for its card; empty: those of the imported rows and of
            the campaign.
        since: only answers since this time, or since the `LAST` export; None: all.
        deduplicates: rows that train the same as an earlier row are left out.
        meta: columns of the imported rows that become columns.
        pseudonyms: how far the pseudonym of an expert reaches.
        redact: names of patterns, and patterns, that are replaced in all texts.
        evidence: which answers have enough evidence that the expert could see all text.
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
    since: datetime | str | None = None
    deduplicates: bool = False
    meta: tuple[str, ...] = ()
    pseudonyms: Pseudonyms = Pseudonyms.WORKSPACE
    redact: tuple[str, ...] = ()
    evidence: Evidence = Evidence.ANY

    def to_texts(self) -> dict[str, str]:
        """Return the options that differ from the defaults, as `parse_row_options` reads them."""
        return {
            name: option.write(getattr(self, option.field))
            for name, option in ROW_OPTIONS.items()
            if getattr(self, option.field) != getattr(DEFAULT_OPTIONS, option.field)
        }

    def __str__(self) -> str:
        """Return the options as people write them, empty for the defaults."""
        return " ".join(f"{name}={text}" for name, text in self.to_texts().items())

    @property
    def name_suffix(self) -> str:
        """Return what distinguishes the name of an export with these options."""
        return "".join(
            f"-{ROW_OPTIONS[name].suffix(text)}"
            for name, text in self.to_texts().items()
            if name not in CARD_OPTIONS
        )


@dataclass(frozen=True, slots=True)
class RowOption:
    """An option as text: how it is read and written, and what the name of an export has of it."""

    field: str
    parse: Callable[[str], Any]
    write: Callable[[Any], str] = str
    suffix: Callable[[str], str] = lambda text: text.replace(",", "+")


def parse_row_options(texts: Mapping[str, str]) -> RowOptions:
    """Return options from their texts by name, such as `aggregate` or `min-agreement`.

    Raises:
        BotError: a name or value is invalid; nothing else was wrong with the request.
    """
    values = {name.replace("_", "-"): text for name, text in texts.items()}
    for name in values:
        if name not in ROW_OPTIONS:
            raise UnknownRowOptionError(name=name, known=", ".join(ROW_OPTIONS))
    parsed = {
        ROW_OPTIONS[name].field: ROW_OPTIONS[name].parse(text) for name, text in values.items()
    }
    return RowOptions(**parsed)


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


def _parse_undecided(text: str) -> Undecided:
    try:
        return Undecided(text.strip().lower())
    except ValueError:
        raise UnknownUndecidedError(text=text) from None


def _parse_gap(text: str) -> float:
    try:
        gap = float(text)
    except ValueError:
        gap = -1.0
    if not 0 <= gap <= 1:
        raise InvalidGapError(text=text)
    return gap


def _parse_sources(text: str) -> tuple[ConsensusSource, ...]:
    """Return sources in their usual order, each once."""
    names = [name.strip().lower() for name in text.split(",")]
    for name in names:
        if name not in SOURCES:
            raise UnknownSourceError(name=name, known=", ".join(SOURCES))
    return tuple(source for source in SOURCES if source in names)


PARSE_PATTERNS = "bot.exports.redaction:parse_patterns"
"""Imported on first use: RE2 is rarely needed."""


def _parse_patterns(text: str) -> tuple[str, ...]:
    parse = cast("Callable[[str], tuple[str, ...]]", resolve_name(PARSE_PATTERNS))
    return parse(text)


def _digest(name: str) -> Callable[[str], str]:
    """Return the suffix of an option whose text may be anything."""
    return lambda text: f"{name}-{sha256(text.encode()).hexdigest()[:6]}"


ROW_OPTIONS: dict[str, RowOption] = {
    "aggregate": RowOption("aggregate", _parse_aggregate),
    "min-agreement": RowOption("min_agreement", _parse_agreement, lambda share: f"{share:g}"),
    "source": RowOption("sources", _parse_sources, ",".join),
    "split": RowOption("splits", parse_splits, splits_text),
    "ties": RowOption("ties", _parse_undecided, suffix=lambda text: f"ties-{text}"),
    "both-bad": RowOption("both_bad", _parse_undecided, suffix=lambda text: f"both-bad-{text}"),
    "gap": RowOption("gap", _parse_gap, lambda gap: f"{gap:g}", suffix=lambda text: f"gap-{text}"),
    "license": RowOption("licenses", parse_licenses, ",".join),
    "language": RowOption("languages", parse_languages, ",".join),
    "since": RowOption(
        "since",
        parse_since,
        write_since,
        lambda text: f"since-{text.replace('-', '').replace(':', '')}",
    ),
    "deduplicate": RowOption(
        "deduplicates", parse_flag, FLAG_TEXTS.__getitem__, lambda _text: "deduplicated"
    ),
    "meta": RowOption("meta", parse_names, ",".join, _digest("meta")),
    "pseudonyms": RowOption(
        "pseudonyms", choice_parser("pseudonyms", Pseudonyms), str, lambda text: f"per-{text}"
    ),
    "redact": RowOption("redact", _parse_patterns, "\n".join, _digest("redacted")),
    "evidence": RowOption("evidence", choice_parser("evidence", Evidence)),
}
"""All options by their name in commands."""

DEFAULT_OPTIONS = RowOptions()
