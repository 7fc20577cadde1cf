"""The rationale of an answer: a reason, categories and the expert's confidence.

`with_rationale` adds these fields to a kind's own, without changes to the kind. `rationale_of`
returns them from an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    Kind,
    ParsedAnswer,
    length_error,
    text_of,
)
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
"""Maximum length of a reason: a few pages."""

ADD_REASON = "Add reason…"

CONFIDENCE_FIELD = ScaleField(
    CONFIDENCE,
    "Confidence",
    (Option("1", "1", "guessing"), Option("2", "2", "fairly sure"), Option("3", "3", "certain")),
    question="How sure are you?",
)

SettingsT = TypeVar("SettingsT", bound=KindSettings)

OptionsByField = Mapping[str, Sequence[str]]
"""The options that ask for a reason, by field key. If empty, every answer asks for one."""

EVERY_ANSWER: OptionsByField = {}


@dataclass(frozen=True, slots=True)
class Rationale:
    """The rationale of an answer. `categories` are the keys of the reasons picked.

    `confidence` is 1 (guessing) to 3 (certain), None if the campaign did not ask.
    """

    reason: str | None = None
    categories: tuple[str, ...] = ()
    confidence: int | None = None


NO_RATIONALE = Rationale()


def rationale_of(value: Mapping[str, object]) -> Rationale:
    """Return the rationale stored in an answer."""
    if value.keys().isdisjoint(RATIONALE_KEYS):
        return NO_RATIONALE
    return Rationale(
        reason=cast("str | None", value.get(REASON)),
        categories=tuple(cast("list[str]", value.get(CATEGORIES) or ())),
        confidence=cast("int | None", value.get(CONFIDENCE)),
    )


def with_rationale(
    kind: Kind[SettingsT], *, only_for: OptionsByField = EVERY_ANSWER
) -> Kind[SettingsT]:
    """Return the kind with a reason, categories and confidence, as its settings request them."""

    def build_form(content: Content, settings: SettingsT, order: Order) -> Form:
        return _add_rationale_fields(kind.build_form(content, settings, order), settings, only_for)

    def parse_answer(
        form_input: FormInput, previous: FormInput, settings: SettingsT, order: Order
    ) -> ParsedAnswer:
        previous_answer = _without_rationale(previous)
        is_confidence_first = not previous_answer and set(form_input) == {CONFIDENCE}
        answer = (
            ParsedAnswer({}, complete=False)
            if is_confidence_first
            else kind.parse_answer(form_input, previous_answer, settings, order)
        )
        return _add_rationale(answer, form_input, previous, settings, only_for)

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
    return {key: answer for key, answer in value.items() if key not in RATIONALE_KEYS}


def _add_rationale_fields(form: Form, settings: KindSettings, only_for: OptionsByField) -> Form:
    """Add the rationale fields; confidence is a message field if the form has message fields."""
    reason_fields = _reason_fields(settings)
    confidence_fields = (CONFIDENCE_FIELD,) if settings.confidence else ()
    message_fields = tuple(
        _link_reason_fields(field, only_for, reason_fields) for field in form.message_fields
    )
    return replace(
        form,
        message_fields=(*message_fields, *(confidence_fields if message_fields else ())),
        modal_fields=(
            *form.modal_fields,
            *reason_fields,
            *(() if message_fields else confidence_fields),
        ),
        modal_label=form.modal_label or (ADD_REASON if reason_fields else ""),
    )


def _reason_fields(settings: KindSettings) -> tuple[Field, ...]:
    if settings.reason == "no":
        return ()
    is_required = settings.reason == "required"
    options = tuple(Option(category.key, category.label) for category in settings.reason_categories)
    reason_field = TextField(
        REASON, "Comment" if options else "Reason", optional=not is_required or bool(options)
    )
    categories_field = MultiChoiceField(CATEGORIES, "Reason", options, optional=not is_required)
    return (categories_field, reason_field) if options else (reason_field,)


def _link_reason_fields(
    message_field: MessageField, only_for: OptionsByField, reason_fields: Iterable[Field]
) -> MessageField:
    """Make the options that ask for a reason require the reason fields."""
    if not isinstance(message_field, ChoiceField) or message_field.key not in only_for:
        return message_field
    keys = tuple(field.key for field in reason_fields)
    options = (
        replace(
            option,
            modal_field_keys=(*option.modal_field_keys, *keys),
            modal_label="" if option.modal_field_keys or not keys else ADD_REASON,
        )
        if option.value in only_for[message_field.key]
        else option
        for option in message_field.options
    )
    return replace(message_field, options=tuple(options))


def _add_rationale(
    answer: ParsedAnswer,
    form_input: FormInput,
    previous: FormInput,
    settings: KindSettings,
    only_for: OptionsByField,
) -> ParsedAnswer:
    value = dict(answer.value)
    applies = not only_for or any(
        answer.value.get(key) in options for key, options in only_for.items()
    )
    previous_reason = {} if _has_changed(answer.value, previous) else previous
    if settings.reason != "no" and applies:
        value |= _parse_categories(form_input, previous_reason, settings)
        value |= _parse_reason(form_input, previous_reason)
    if settings.confidence:
        value |= _parse_confidence(form_input, previous)
    lacks_reason = applies and settings.reason == "required" and _is_reason_missing(value, settings)
    has_confidence = not settings.confidence or CONFIDENCE in value
    return ParsedAnswer(
        value,
        complete=answer.complete and has_confidence and not lacks_reason,
        needs_text=has_confidence and (answer.needs_text or (answer.complete and lacks_reason)),
    )


def _is_reason_missing(value: AnswerValue, settings: KindSettings) -> bool:
    return (CATEGORIES if settings.reason_categories else REASON) not in value


def _has_changed(value: AnswerValue, previous: FormInput) -> bool:
    """Return whether the answer changed, so that the reason for the previous one no longer fits."""
    return any(previous[key] != answer for key, answer in value.items() if key in previous)


def _parse_categories(
    form_input: FormInput, previous: FormInput, settings: KindSettings
) -> AnswerValue:
    picked = form_input.get(CATEGORIES, previous.get(CATEGORIES)) or ()
    known_keys = [category.key for category in settings.reason_categories]
    if not isinstance(picked, list | tuple) or not set(picked) <= set(known_keys):
        raise InvalidAnswerError(CATEGORIES, "Choose from the reasons listed")
    return {CATEGORIES: [key for key in known_keys if key in picked]} if picked else {}


def _parse_reason(form_input: FormInput, previous: FormInput) -> AnswerValue:
    text = text_of(form_input if REASON in form_input else previous, REASON)
    if len(text) > MAX_REASON_CHARS:
        raise InvalidAnswerError(REASON, length_error("reason", text, MAX_REASON_CHARS))
    return {REASON: text} if text else {}


def _parse_confidence(form_input: FormInput, previous: FormInput) -> AnswerValue:
    point = form_input.get(CONFIDENCE, previous.get(CONFIDENCE))
    if point is None:
        return {}
    if str(point) not in {option.value for option in CONFIDENCE_FIELD.points}:
        reason = f"Rate your confidence from 1 to {len(CONFIDENCE_FIELD.points)}"
        raise InvalidAnswerError(CONFIDENCE, reason)
    return {CONFIDENCE: int(str(point))}
