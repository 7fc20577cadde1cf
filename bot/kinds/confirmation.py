"""Confirmation: a second expert looks at an answer of any kind, and confirms it or sends it back.

The options carry the version that was on the screen, so that nobody confirms what they did not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.kinds.base import AnswerValue, FormInput, InvalidAnswerError, Kind, ParsedAnswer, text_of
from bot.kinds.form import ChoiceField, Form, MultiChoiceField, Option, Passage, TextField
from bot.kinds.rationale import MAX_REASON_CHARS
from bot.kinds.settings import KindSettings

CONFIRM, SENT_BACK_REASON = "confirm", "why"
CONFIRM_OPTION, SEND_BACK_OPTION = "yes", "back"


def confirmation_form(form: Form, value: Mapping[str, object], version: int, summary: str) -> Form:
    """Return what a second expert sees: the task, the answer to it (no name), and two taps.

    `words` is the answer as its receipt puts it, `version` the version of it.
    """
    return Form(
        question="Is this answer right?",
        passages=(
            *(replace(passage, page=0) for passage in form.passages),  # all at once
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
        modal_fields=(TextField(SENT_BACK_REASON, "What should they look at again?"),),
        modal_label="Write it",
    )


def _answer_passages(form: Form, value: Mapping[str, object]) -> tuple[Passage, ...]:
    """Return what the answer says at length, a passage each, and the reasons it picked.

    A better response is among it: nobody confirms what they cannot read.
    """
    passages = []
    better = form.better_response_for(value)
    for field in (*form.modal_fields, *([better.text_field] if better else ())):
        answer = value.get(field.key)
        if isinstance(field, TextField) and answer:
            passages.append(
                Passage(f"answer_{field.key}", f"Their words: {field.label}", str(answer))
            )
        if isinstance(field, MultiChoiceField) and isinstance(answer, list):
            labels = ", ".join(one.label for one in field.options if one.value in answer)
            title = f"Their reasons: {field.label}"
            passages.append(Passage(f"answer_{field.key}", title, labels, markdown=False))
    return tuple(passages)


def parse_confirmation(given: FormInput, before: FormInput, version: int) -> ParsedAnswer:
    """Read a tap, or the reason for which an answer goes back, about this version of it.

    Raises:
        WrongAnswerError: it is neither, or the reason is too long.
    """
    verdict = given.get(CONFIRM, before.get(CONFIRM))
    if verdict == f"{CONFIRM_OPTION}_{version}":
        return ParsedAnswer({CONFIRM: verdict}, complete=True)
    if verdict != f"{SEND_BACK_OPTION}_{version}":
        raise InvalidAnswerError(CONFIRM, "Please confirm the answer or send it back")
    reason = text_of(given if SENT_BACK_REASON in given else before, SENT_BACK_REASON)
    if len(reason) > MAX_REASON_CHARS:
        raise InvalidAnswerError(
            SENT_BACK_REASON, f"A reason ends at {MAX_REASON_CHARS:,} characters"
        )
    if not reason:
        return ParsedAnswer({CONFIRM: verdict}, complete=False, needs_text=True)
    return ParsedAnswer({CONFIRM: verdict, SENT_BACK_REASON: reason}, complete=True)


def reviewed_version(answer: FormInput) -> int | None:
    """Return the version that a tap is about; None where it says none."""
    version = str(answer.get(CONFIRM) or "").rpartition("_")[2]
    return int(version) if version.isascii() and version.isdigit() and len(version) <= 9 else None  # noqa: PLR2004 - more than anybody answers


def is_confirmed(value: Mapping[str, object]) -> bool:
    """Say whether a second expert agrees."""
    return str(value.get(CONFIRM, "")).startswith(f"{CONFIRM_OPTION}_")


def summarize_answer(kind: Kind[Any], value: AnswerValue, settings: KindSettings) -> str:
    """Return an answer in a few words, also one that is a look at another."""
    if CONFIRM in value:
        return "confirmed" if is_confirmed(value) else "sent back"
    return kind.summarize(value, settings)
