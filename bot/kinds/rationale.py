"""What an expert may say beside any answer: why, in which category, and how sure they are.

Every kind gets it from here: `with_remarks` puts its fields beside the kind's own, and the kind
never hears of them. `remark_of` reads them out of an answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, Kind, ParsedAnswer, text_of
from bot.kinds.content import Content, Order
from bot.kinds.form import (
    ChoiceField,
    Field,
    Form,
    MessageField,
    MultiChoiceField,
    Option,
    ScaleField,
    TextField,
)
from bot.kinds.label import Label
from bot.kinds.settings import KindSettings

REASON, CATEGORIES, CONFIDENCE = "reason", "categories", "confidence"
RATIONALE_KEYS = (CATEGORIES, REASON, CONFIDENCE)

MAX_REASON_CHARS = 10_000
"""Characters of a reason: a few pages, more than anybody writes."""

CONFIDENCE_FIELD = ScaleField(
    CONFIDENCE,
    "Confidence",
    (Option("1", "1", "guessing"), Option("2", "2", "fairly sure"), Option("3", "3", "certain")),
    question="How sure are you?",
)

SettingsT = TypeVar("SettingsT", bound=KindSettings)

OptionsByField = Mapping[str, Sequence[str]]
"""The options of a field that a reason goes with, by field; none: it goes with every answer."""

EVERY_ANSWER: OptionsByField = {}


@dataclass(frozen=True, slots=True)
class Rationale:
    """What was said beside an answer; `confidence` is 1 (guessing) to 3 (certain), None: not asked.

    `categories` are the keys of the reasons picked.
    """

    reason: str | None = None
    categories: tuple[str, ...] = ()
    confidence: int | None = None


NO_RATIONALE = Rationale()


def rationale_of(value: Mapping[str, object]) -> Rationale:
    """Return what an answer says beside itself."""
    return Rationale(
        reason=cast("str | None", value.get(REASON)),
        categories=tuple(cast("list[str]", value.get(CATEGORIES) or ())),
        confidence=cast("int | None", value.get(CONFIDENCE)),
    )


def with_rationale(
    kind: Kind[SettingsT], *, only_for: OptionsByField = EVERY_ANSWER
) -> Kind[SettingsT]:
    """Return the kind with a reason, categories and confidence, as its campaigns choose them."""

    def build_form(content: Content, settings: SettingsT, order: Order) -> Form:
        return _add_rationale_fields(kind.build_form(content, settings, order), settings, only_for)

    def parse_answer(
        given: FormInput, before: FormInput, settings: SettingsT, order: Order
    ) -> ParsedAnswer:
        own_before = _without_rationale(before)
        is_confidence_first = not own_before and set(given) == {CONFIDENCE}
        own = (
            ParsedAnswer({}, complete=False)
            if is_confidence_first
            else kind.parse_answer(given, own_before, settings, order)
        )
        return _parse_rationale(own, given, before, settings, only_for)

    def summarize(value: AnswerValue, settings: SettingsT) -> str:
        return kind.summarize(_without_rationale(value), settings)

    def to_label(content: Content, value: AnswerValue, order: Order) -> Label:
        return kind.to_label(content, _without_rationale(value), order)

    return replace(
        kind,
        build_form=build_form,
        parse_answer=parse_answer,
        summarize=summarize,
        to_label=to_label,
    )


def _without_rationale(value: FormInput) -> AnswerValue:
    return {key: its for key, its in value.items() if key not in RATIONALE_KEYS}


def _add_rationale_fields(form: Form, settings: KindSettings, only_for: OptionsByField) -> Form:
    """Put the fields beside those of the form; how sure one is is a tap where there are taps."""
    reason_fields = _reason_fields(settings)
    confidence_fields = (CONFIDENCE_FIELD,) if settings.confidence else ()
    message_fields = tuple(
        _link_reason_fields(tap, only_for, reason_fields) for tap in form.message_fields
    )
    return replace(
        form,
        message_fields=(*message_fields, *(confidence_fields if message_fields else ())),
        modal_fields=(
            *form.modal_fields,
            *reason_fields,
            *(() if message_fields else confidence_fields),
        ),
        modal_label=form.modal_label or ("Add a reason" if reason_fields else ""),
    )


def _reason_fields(settings: KindSettings) -> tuple[Field, ...]:
    if settings.reason == "no":
        return ()
    is_required = settings.reason == "required"
    options = tuple(Option(one.key, one.label) for one in settings.reason_categories)
    reason_field = TextField(
        REASON, "In your words" if options else "Why?", optional=not is_required or bool(options)
    )
    categories_field = MultiChoiceField(CATEGORIES, "Why?", options, optional=not is_required)
    return (categories_field, reason_field) if options else (reason_field,)


def _link_reason_fields(
    message_field: MessageField, only_for: OptionsByField, reason_fields: Iterable[Field]
) -> MessageField:
    """Let the options that a reason goes with open its fields."""
    if not isinstance(message_field, ChoiceField) or message_field.key not in only_for:
        return message_field
    keys = tuple(field.key for field in reason_fields)
    options = (
        replace(option, modal_field_keys=(*option.modal_field_keys, *keys))
        if option.value in only_for[message_field.key]
        else option
        for option in message_field.options
    )
    return replace(message_field, options=tuple(options))


def _parse_rationale(
    own: ParsedAnswer,
    given: FormInput,
    before: FormInput,
    settings: KindSettings,
    only_for: OptionsByField,
) -> ParsedAnswer:
    value = dict(own.value)
    applies = not only_for or any(own.value.get(key) in its for key, its in only_for.items())
    previous = {} if _has_changed(own.value, before) else before
    if settings.reason != "no" and applies:
        value |= _parse_categories(given, previous, settings) | _parse_reason(given, previous)
    if settings.confidence:
        value |= _parse_confidence(given, before)
    lacks_reason = applies and settings.reason == "required" and _is_reason_missing(value, settings)
    has_confidence = not settings.confidence or CONFIDENCE in value
    return ParsedAnswer(
        value,
        complete=own.complete and has_confidence and not lacks_reason,
        needs_text=has_confidence and (own.needs_text or (own.complete and lacks_reason)),
    )


def _is_reason_missing(value: AnswerValue, settings: KindSettings) -> bool:
    return (CATEGORIES if settings.reason_categories else REASON) not in value


def _has_changed(value: AnswerValue, before: FormInput) -> bool:
    """Say whether an answer became another: a reason is for one answer, not for its opposite."""
    return any(before[key] != its for key, its in value.items() if key in before)


def _parse_categories(given: FormInput, before: FormInput, settings: KindSettings) -> AnswerValue:
    picked = given.get(CATEGORIES, before.get(CATEGORIES)) or ()
    known = [one.key for one in settings.reason_categories]
    if not isinstance(picked, list | tuple) or not set(picked) <= set(known):
        raise InvalidAnswerError(CATEGORIES, "Please choose among the reasons that are offered")
    return {CATEGORIES: [one for one in known if one in picked]} if picked else {}


def _parse_reason(given: FormInput, before: FormInput) -> AnswerValue:
    text = text_of(given if REASON in given else before, REASON)
    if len(text) > MAX_REASON_CHARS:
        reason = f"A reason ends at {MAX_REASON_CHARS:,} characters; this one has {len(text):,}"
        raise InvalidAnswerError(REASON, reason)
    return {REASON: text} if text else {}


def _parse_confidence(given: FormInput, before: FormInput) -> AnswerValue:
    point = given.get(CONFIDENCE, before.get(CONFIDENCE))
    if point is None:
        return {}
    if str(point) not in {option.value for option in CONFIDENCE_FIELD.points}:
        raise InvalidAnswerError(
            CONFIDENCE, f"Confidence runs from 1 to {len(CONFIDENCE_FIELD.points)}"
        )
    return {CONFIDENCE: int(str(point))}
