"""Demonstration: write the ideal response to a prompt, or improve a draft."""

from __future__ import annotations

from bot.kinds.base import (
    AnswerValue,
    Example,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    Kind,
    ParsedAnswer,
    length_error,
)
from bot.kinds.content import Content, ConversationTurn, Order
from bot.kinds.form import Form, Passage, TextField
from bot.kinds.label import Demonstration
from bot.kinds.passages import prompt_passages
from bot.kinds.rationale import with_rationale
from bot.kinds.settings import KindSettings

RESPONSE = "response"
MAX_RESPONSE_CHARS = 100_000
"""Maximum length of a response: far above any chat answer, well below what a row can hold."""

MISSING_RESPONSE = "Enter your response"


class DemonstrationSettings(KindSettings):
    """A demonstration has only the settings that every kind has."""


def _validate_content(content: Content, _settings: DemonstrationSettings) -> None:
    if not content.prompt:
        raise InvalidContentError(reason="it needs a prompt")
    if content.candidates:
        raise InvalidContentError(
            reason="it has candidate responses; map a first version to draft instead"
        )


def _build_form(content: Content, _settings: DemonstrationSettings, _order: Order) -> Form:
    draft = content.draft or ""
    return Form(
        question="Improve this draft" if draft else "Write the ideal response",
        passages=(
            *prompt_passages(content),
            *((Passage("draft", "Draft to improve", draft),) if draft else ()),
        ),
        modal_fields=(TextField(RESPONSE, "Your response", long=True, initial=draft),),
        modal_label="Improve the draft…" if draft else "Write the response…",
    )


def _parse_answer(
    form_input: FormInput, previous: FormInput, _settings: DemonstrationSettings, _order: Order
) -> ParsedAnswer:
    response = form_input.get(RESPONSE, previous.get(RESPONSE))
    if not isinstance(response, str) or not response.strip():
        raise InvalidAnswerError(RESPONSE, MISSING_RESPONSE)
    if len(response) > MAX_RESPONSE_CHARS:
        raise InvalidAnswerError(RESPONSE, length_error("response", response, MAX_RESPONSE_CHARS))
    return ParsedAnswer({RESPONSE: response}, complete=True)


def _summarize(value: AnswerValue, _settings: DemonstrationSettings) -> str:
    return f"your response, {count_words(str(value[RESPONSE]))}"


def count_words(text: str) -> str:
    """Return the number of words with its noun: “1 word”, “1,234 words”."""
    count = len(text.split())
    return f"{count:,} word{'' if count == 1 else 's'}"


def _to_label(content: Content, value: AnswerValue, _order: Order) -> Demonstration:
    return Demonstration(content.prompt, str(value[RESPONSE]), content.draft)


_EXAMPLE = Example(
    content=Content(
        prompt=(ConversationTurn("user", "Explain tides to a child."),), draft="Tides are water."
    ),
    settings=DemonstrationSettings(),
    inputs=({RESPONSE: "The moon pulls the sea, and the sea follows it."},),
    order=(),
    label=Demonstration(
        prompt=(ConversationTurn("user", "Explain tides to a child."),),
        response="The moon pulls the sea, and the sea follows it.",
        draft="Tides are water.",
    ),
)

DEMONSTRATION = with_rationale(
    Kind(
        name="demonstration",
        task_phrase="write the ideal response to a prompt",
        settings=DemonstrationSettings,
        validate_content=_validate_content,
        validates_texts=False,
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=_to_label,
        example=_EXAMPLE,
        max_active_minutes=60,
    )
)
