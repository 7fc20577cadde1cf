"""What an expert may say beside any answer: why, in which category, and how sure they are.

Every kind gets it from here: `with_remarks` puts its fields beside the kind's own, and the kind
never hears of them. `remark_of` reads them out of an answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from bot.kinds.base import Given, Kind, Reading, Value, WrongAnswerError, text_of
from bot.kinds.content import Content, Order
from bot.kinds.form import Choice, Choices, Field, Form, Option, Scale, Tap, Text
from bot.kinds.label import Label
from bot.kinds.settings import KindSettings

REASON, CATEGORIES, CONFIDENCE = "reason", "categories", "confidence"
KEYS = (CATEGORIES, REASON, CONFIDENCE)

LONGEST_REASON = 10_000
"""Characters of a reason: a few pages, more than anybody writes."""

SURE = Scale(
    CONFIDENCE,
    "Confidence",
    (Option("1", "1", "guessing"), Option("2", "2", "fairly sure"), Option("3", "3", "certain")),
    question="How sure are you?",
)

SettingsT = TypeVar("SettingsT", bound=KindSettings)

OnlyFor = Mapping[str, Sequence[str]]
"""The options of a field that a reason goes with, by field; none: it goes with every answer."""

ALWAYS: OnlyFor = {}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was said beside an answer; `confidence` is 1 (guessing) to 3 (certain), None: not asked.

    `categories` are the keys of the reasons picked.
    """

    reason: str | None = None
    categories: tuple[str, ...] = ()
    confidence: int | None = None


NOTHING_SAID = Remark()


def remark_of(value: Mapping[str, object]) -> Remark:
    """Return what an answer says beside itself."""
    return Remark(
        reason=cast("str | None", value.get(REASON)),
        categories=tuple(cast("list[str]", value.get(CATEGORIES) or ())),
        confidence=cast("int | None", value.get(CONFIDENCE)),
    )


def with_remarks(kind: Kind[SettingsT], *, only_for: OnlyFor = ALWAYS) -> Kind[SettingsT]:
    """Return the kind with a reason, categories and confidence, as its campaigns choose them."""

    def form(content: Content, settings: SettingsT, order: Order) -> Form:
        return _beside(kind.form(content, settings, order), settings, only_for)

    def read(given: Given, before: Given, settings: SettingsT, order: Order) -> Reading:
        said = _without(before)
        is_early = not said and set(given) == {CONFIDENCE}
        own = Reading({}, complete=False) if is_early else kind.read(given, said, settings, order)
        return _read(own, given, before, settings, only_for)

    def receipt(value: Value, settings: SettingsT) -> str:
        return kind.receipt(_without(value), settings)

    def label(content: Content, value: Value, order: Order) -> Label:
        return kind.label(content, _without(value), order)

    return replace(kind, form=form, read=read, receipt=receipt, label=label)


def _without(value: Given) -> Value:
    return {key: its for key, its in value.items() if key not in KEYS}


def _beside(form: Form, settings: KindSettings, only_for: OnlyFor) -> Form:
    """Put the fields beside those of the form; how sure one is is a tap where there are taps."""
    why = _reason_fields(settings)
    sure = (SURE,) if settings.confidence else ()
    taps = tuple(_opening(tap, only_for, why) for tap in form.taps)
    return replace(
        form,
        taps=(*taps, *(sure if taps else ())),
        sheet=(*form.sheet, *why, *(() if taps else sure)),
        sheet_label=form.sheet_label or ("Add a reason" if why else ""),
    )


def _reason_fields(settings: KindSettings) -> tuple[Field, ...]:
    if settings.reason == "no":
        return ()
    needed = settings.reason == "required"
    options = tuple(Option(one.key, one.label) for one in settings.reason_categories)
    words = Text(
        REASON, "In your words" if options else "Why?", optional=not needed or bool(options)
    )
    picks = Choices(CATEGORIES, "Why?", options, optional=not needed)
    return (picks, words) if options else (words,)


def _opening(tap: Tap, only_for: OnlyFor, why: Iterable[Field]) -> Tap:
    """Let the options that a reason goes with open its fields."""
    if not isinstance(tap, Choice) or tap.key not in only_for:
        return tap
    keys = tuple(field.key for field in why)
    options = (
        replace(option, opens=(*option.opens, *keys))
        if option.value in only_for[tap.key]
        else option
        for option in tap.options
    )
    return replace(tap, options=tuple(options))


def _read(
    own: Reading, given: Given, before: Given, settings: KindSettings, only_for: OnlyFor
) -> Reading:
    value = dict(own.value)
    goes = not only_for or any(own.value.get(key) in its for key, its in only_for.items())
    kept = {} if _says_other(own.value, before) else before
    if settings.reason != "no" and goes:
        value |= _categories(given, kept, settings) | _reason(given, kept)
    if settings.confidence:
        value |= _confidence(given, before)
    is_silent = goes and settings.reason == "required" and _says_nothing(value, settings)
    is_sure = not settings.confidence or CONFIDENCE in value
    return Reading(
        value,
        complete=own.complete and is_sure and not is_silent,
        asks=is_sure and (own.asks or (own.complete and is_silent)),
    )


def _says_nothing(value: Value, settings: KindSettings) -> bool:
    return (CATEGORIES if settings.reason_categories else REASON) not in value


def _says_other(value: Value, before: Given) -> bool:
    """Say whether an answer became another: a reason is for one answer, not for its opposite."""
    return any(before[key] != its for key, its in value.items() if key in before)


def _categories(given: Given, before: Given, settings: KindSettings) -> Value:
    picked = given.get(CATEGORIES, before.get(CATEGORIES)) or ()
    known = [one.key for one in settings.reason_categories]
    if not isinstance(picked, list | tuple) or not set(picked) <= set(known):
        raise WrongAnswerError(CATEGORIES, "Please choose among the reasons that are offered")
    return {CATEGORIES: [one for one in known if one in picked]} if picked else {}


def _reason(given: Given, before: Given) -> Value:
    words = text_of(given if REASON in given else before, REASON)
    if len(words) > LONGEST_REASON:
        reason = f"A reason ends at {LONGEST_REASON:,} characters; this one has {len(words):,}"
        raise WrongAnswerError(REASON, reason)
    return {REASON: words} if words else {}


def _confidence(given: Given, before: Given) -> Value:
    point = given.get(CONFIDENCE, before.get(CONFIDENCE))
    if point is None:
        return {}
    if str(point) not in {option.value for option in SURE.points}:
        raise WrongAnswerError(CONFIDENCE, f"Confidence runs from 1 to {len(SURE.points)}")
    return {CONFIDENCE: int(str(point))}
