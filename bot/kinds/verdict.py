"""Verdicts on one text: it is good, it is bad, or it is mended. What two kinds have in common.

Validation and curation differ in their words and in what they offer as reasons; how a verdict is
tapped, how a text is mended and what becomes of it is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    ParsedAnswer,
)
from bot.kinds.content import Content, Order
from bot.kinds.form import ChoiceField, Form, Option, Passage, TextField
from bot.kinds.label import Judgment, Verdict
from bot.kinds.passages import prompt_passages, response_passage

VERDICT, CORRECTED = "verdict", "corrected"
FIX = "fix"

MAX_CORRECTED_CHARS = 100_000
"""Characters a corrected text may have: as many as a response."""

JUDGMENT_BY_OPTION: dict[str, Judgment] = {
    "yes": "good",
    "keep": "good",
    "no": "bad",
    "drop": "bad",
    FIX: "corrected",
}
"""What each answer says, whatever the kind calls it."""


@dataclass(frozen=True, slots=True)
class VerdictWording:
    """What a kind calls things: its question, its texts, its answers, and each on the receipt."""

    question: str
    prompt_title: str
    text_title: str
    options: tuple[Option, ...]
    summaries: dict[str, str]


def validate_single_text(content: Content, noun: str) -> None:
    """Check that an item has a prompt and one text to judge, called `what`.

    Raises:
        BadContentError: it has not.
    """
    if not content.prompt:
        raise InvalidContentError(reason="it needs a prompt, the text that it came from")
    if len(content.candidates) != 1:
        raise InvalidContentError(reason=f"it needs one {noun} and has {len(content.candidates)}")


def verdict_form(content: Content, wording: VerdictWording, order: Order) -> Form:
    """Return the form: the text in question, its answers, and a sheet to mend it in."""
    (judged,) = content.candidates_in_order(order)
    return Form(
        question=wording.question,
        passages=(
            *_prompt_passages(content, wording.prompt_title),
            response_passage("text", wording.text_title, judged),
        ),
        message_fields=(ChoiceField(VERDICT, "Verdict", wording.options),),
        modal_fields=(TextField(CORRECTED, "Corrected text", long=True, initial=judged.text),),
        modal_label="Write it",
    )


def _prompt_passages(content: Content, title: str) -> tuple[Passage, ...]:
    """Return the prompt under the kind's own title; a conversation keeps the names of its roles."""
    first, *rest = prompt_passages(content)
    return (first, *rest) if rest else (replace(first, title=title),)


def parse_verdict(given: FormInput, before: FormInput, wording: VerdictWording) -> ParsedAnswer:
    """Read a tap, or a corrected text: whoever sends one has chosen to correct.

    Raises:
        WrongAnswerError: it is none of the answers, or the corrected text is empty or too long.
    """
    verdict = given.get(VERDICT, FIX if CORRECTED in given else before.get(VERDICT))
    if verdict not in [option.value for option in wording.options]:
        raise InvalidAnswerError(VERDICT, "Please choose one of the answers on the task")
    if verdict != FIX:
        return ParsedAnswer({VERDICT: verdict}, complete=True)
    if CORRECTED not in given and CORRECTED not in before:
        return ParsedAnswer({VERDICT: verdict}, complete=False, needs_text=True)
    text = _validate_corrected(given.get(CORRECTED, before.get(CORRECTED)))
    return ParsedAnswer({VERDICT: verdict, CORRECTED: text}, complete=True)


def _validate_corrected(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidAnswerError(CORRECTED, "Please write the text as it should be")
    if len(text) > MAX_CORRECTED_CHARS:
        reason = f"A text ends at {MAX_CORRECTED_CHARS:,} characters; this one has {len(text):,}"
        raise InvalidAnswerError(CORRECTED, reason)
    return text


def summarize_verdict(value: AnswerValue, wording: VerdictWording) -> str:
    """Return the verdict in a word."""
    return wording.summaries[str(value[VERDICT])]


def verdict_label(content: Content, value: AnswerValue, _order: Order) -> Verdict:
    """Return the verdict with the text it is about; there is one, so no order is to be undone."""
    corrected = value.get(CORRECTED)
    return Verdict(
        prompt=content.prompt,
        candidate=content.candidates[0],
        verdict=JUDGMENT_BY_OPTION[str(value[VERDICT])],
        corrected_text=None if corrected is None else str(corrected),
    )
