"""Confirmation: a second expert confirms an answer of any kind or sends it back.

The option values carry the version shown, so that nobody confirms a version they have not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    Kind,
    ParsedAnswer,
    length_error,
    text_of,
)
from bot.kinds.form import ChoiceField, Form, MultiChoiceField, Option, Passage, TextField
from bot.kinds.rationale import ADD_REASON, MAX_REASON_CHARS
from bot.kinds.settings import KindSettings

CONFIRM, SENT_BACK_REASON = "confirm", "sent_back_reason"
CONFIRM_OPTION, SEND_BACK_OPTION = "confirm", "send_back"


def confirmation_form(form: Form, value: Mapping[str, object], version: int, summary: str) -> Form:
    """Return the second expert's form: the task, the anonymous answer, and two options.

    `summary` is the answer as on its receipt; `version` is the version to confirm.
    """
    return Form(
        question="Is this answer correct?",
        passages=(
            *(replace(passage, page=0) for passage in form.passages),  # no paging
            Passage("answer", "A colleague's answer", summary, markdown=False),
            *_answer_passages(form, value),
        ),
        message_fields=(
            ChoiceField(
                CONFIRM,
                "Verdict",
                (
                    Option(f"{CONFIRM_OPTION}_{version}", "Confirm"),
                    Option(
                        f"{SEND_BACK_OPTION}_{version}",
                        "Send back",
                        modal_field_keys=(SENT_BACK_REASON,),
                    ),
                ),
            ),
        ),
        modal_fields=(
            TextField(SENT_BACK_REASON, "Reason", hint="Say what your colleague should change."),
        ),
        modal_label=ADD_REASON,
    )


def _answer_passages(form: Form, value: Mapping[str, object]) -> tuple[Passage, ...]:
    """Return a passage for each text and for the reasons picked in the answer.

    A better response is included: nobody can confirm what they cannot read.
    """
    passages = []
    better = form.better_response_for(value)
    for field in (*form.modal_fields, *([better.text_field] if better else ())):
        answer = value.get(field.key)
        key, title = f"answer_{field.key}", f"Answer: {field.label}"
        if isinstance(field, TextField) and answer:
            passages.append(Passage(key, title, str(answer)))
        if isinstance(field, MultiChoiceField) and isinstance(answer, list):
            labels = ", ".join(option.label for option in field.options if option.value in answer)
            passages.append(Passage(key, title, labels, markdown=False))
    return tuple(passages)


def parse_confirmation(form_input: FormInput, previous: FormInput, version: int) -> ParsedAnswer:
    """Parse a tap or the reason for sending an answer back, for this version of the answer.

    Raises:
        InvalidAnswerError: the option is unknown or for another version, or the reason is too long.
    """
    verdict = form_input.get(CONFIRM, previous.get(CONFIRM))
    if verdict == f"{CONFIRM_OPTION}_{version}":
        return ParsedAnswer({CONFIRM: verdict}, complete=True)
    if verdict != f"{SEND_BACK_OPTION}_{version}":
        raise InvalidAnswerError(CONFIRM, "Confirm the answer or send it back")
    reason = text_of(form_input if SENT_BACK_REASON in form_input else previous, SENT_BACK_REASON)
    if len(reason) > MAX_REASON_CHARS:
        raise InvalidAnswerError(SENT_BACK_REASON, length_error("reason", reason, MAX_REASON_CHARS))
    if not reason:
        return ParsedAnswer({CONFIRM: verdict}, complete=False, needs_text=True)
    return ParsedAnswer({CONFIRM: verdict, SENT_BACK_REASON: reason}, complete=True)


def reviewed_version(answer: FormInput) -> int | None:
    """Return the version that a tap confirms or sends back, None if it names none."""
    version = str(answer.get(CONFIRM) or "").rpartition("_")[2]
    return int(version) if version.isascii() and version.isdigit() and len(version) <= 9 else None  # noqa: PLR2004 - fits any integer column


def is_confirmed(value: Mapping[str, object]) -> bool:
    """Return whether the second expert confirmed the answer."""
    return str(value.get(CONFIRM, "")).startswith(f"{CONFIRM_OPTION}_")


def summarize_answer(kind: Kind[Any], value: AnswerValue, settings: KindSettings) -> str:
    """Return an answer, or the confirmation of an answer, in a few words."""
    if CONFIRM in value:
        return "confirmed" if is_confirmed(value) else "sent back"
    return kind.summarize(value, settings)
