"""Verdicts on one text (good, bad or corrected): the common part of validation and curation.

The two kinds differ only in their wording and in the reasons that they offer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    ParsedAnswer,
    length_error,
)
from bot.kinds.content import Content, Order
from bot.kinds.form import ChoiceField, Form, Option, Passage, TextField
from bot.kinds.label import Judgment, Verdict
from bot.kinds.passages import prompt_passages, response_passage

VERDICT, CORRECTED = "verdict", "corrected"
FIX = "fix"

MAX_CORRECTED_CHARS = 100_000
"""Maximum length of a corrected text, the same as of a response."""

JUDGMENT_BY_OPTION: dict[str, Judgment] = {
    "yes": "good",
    "keep": "good",
    "no": "bad",
    "drop": "bad",
    FIX: "corrected",
}
"""The judgment that each option of either kind stands for."""


@dataclass(frozen=True, slots=True)
class VerdictWording:
    """A kind's texts: its question, passage titles, options, and a summary of each option."""

    question: str
    prompt_title: str
    text_title: str
    options: tuple[Option, ...]
    summaries: dict[str, str]


def validate_single_text(content: Content, noun: str) -> None:
    """Check that an item has a prompt and one text to judge, which `noun` names.

    Raises:
        InvalidContentError: it does not.
    """
    if not content.prompt:
        raise InvalidContentError(reason="it needs a prompt, the source of the text")
    if len(content.candidates) != 1:
        raise InvalidContentError(reason=f"it needs one {noun} and has {len(content.candidates)}")


def verdict_form(content: Content, wording: VerdictWording, order: Order) -> Form:
    """Return the form: the text to judge, the options, and a field for the corrected text."""
    (judged,) = content.candidates_in_order(order)
    return Form(
        question=wording.question,
        passages=(
            *_prompt_passages(content, wording.prompt_title),
            response_passage("text", wording.text_title, judged),
        ),
        message_fields=(ChoiceField(VERDICT, "Verdict", wording.options),),
        modal_fields=(TextField(CORRECTED, "Corrected text", long=True, initial=judged.text),),
        modal_label="Correct the text…",
    )


def _prompt_passages(content: Content, title: str) -> tuple[Passage, ...]:
    """Return the prompt under the kind's own title, or a conversation under its roles."""
    first, *rest = prompt_passages(content)
    return (first, *rest) if rest else (replace(first, title=title),)


def parse_verdict(
    form_input: FormInput, previous: FormInput, wording: VerdictWording
) -> ParsedAnswer:
    """Parse a tap, or a corrected text, which implies the verdict FIX.

    Raises:
        InvalidAnswerError: the option is unknown, or the corrected text is empty or too long.
    """
    verdict = form_input.get(VERDICT, FIX if CORRECTED in form_input else previous.get(VERDICT))
    if verdict not in [option.value for option in wording.options]:
        raise InvalidAnswerError(VERDICT, "Choose one of the options shown")
    if verdict != FIX:
        return ParsedAnswer({VERDICT: verdict}, complete=True)
    if CORRECTED not in form_input and CORRECTED not in previous:
        return ParsedAnswer({VERDICT: verdict}, complete=False, needs_text=True)
    text = _validate_corrected(form_input.get(CORRECTED, previous.get(CORRECTED)))
    return ParsedAnswer({VERDICT: verdict, CORRECTED: text}, complete=True)


def _validate_corrected(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidAnswerError(CORRECTED, "Enter the corrected text")
    if len(text) > MAX_CORRECTED_CHARS:
        reason = length_error("corrected text", text, MAX_CORRECTED_CHARS)
        raise InvalidAnswerError(CORRECTED, reason)
    return text


def summarize_verdict(value: AnswerValue, wording: VerdictWording) -> str:
    """Return the verdict in a word or two."""
    return wording.summaries[str(value[VERDICT])]


def verdict_label(content: Content, value: AnswerValue, _order: Order) -> Verdict:
    """Return the verdict as training data; with one candidate, there is no order to undo."""
    corrected = value.get(CORRECTED)
    return Verdict(
        prompt=content.prompt,
        candidate=content.candidates[0],
        verdict=JUDGMENT_BY_OPTION[str(value[VERDICT])],
        corrected_text=None if corrected is None else str(corrected),
    )
