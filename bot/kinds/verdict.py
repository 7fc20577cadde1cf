"""Verdicts on one text: it is good, it is bad, or it is mended. What two kinds have in common.

Validation and curation differ in their words and in what they offer as reasons; how a verdict is
tapped, how a text is mended and what becomes of it is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.kinds.base import BadContentError, Given, Reading, Value, WrongAnswerError
from bot.kinds.content import Content, Order
from bot.kinds.form import Choice, Form, Option, Passage, Text
from bot.kinds.label import Judged, Verdict
from bot.kinds.passages import asked, response

VERDICT, CORRECTED = "verdict", "corrected"
FIX = "fix"

LONGEST = 100_000
"""Characters a corrected text may have: as many as a response."""

JUDGED: dict[str, Judged] = {
    "yes": "good",
    "keep": "good",
    "no": "bad",
    "drop": "bad",
    FIX: "corrected",
}
"""What each answer says, whatever the kind calls it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind calls things: its question, its texts, its answers, and each on the receipt."""

    question: str
    prompt: str
    text: str
    options: tuple[Option, ...]
    said: dict[str, str]


def checked_content(content: Content, what: str) -> None:
    """Check that an item has a prompt and one text to judge, called `what`.

    Raises:
        BadContentError: it has not.
    """
    if not content.prompt:
        raise BadContentError(reason="it needs a prompt, the text that it came from")
    if len(content.candidates) != 1:
        raise BadContentError(reason=f"it needs one {what} and has {len(content.candidates)}")


def verdict_form(content: Content, words: Words, order: Order) -> Form:
    """Return the form: the text in question, its answers, and a sheet to mend it in."""
    (judged,) = content.shown(order)
    return Form(
        question=words.question,
        passages=(*_came_from(content, words.prompt), response("text", words.text, judged)),
        taps=(Choice(VERDICT, "Verdict", words.options),),
        sheet=(Text(CORRECTED, "Corrected text", long=True, initial=judged.text),),
        sheet_label="Write it",
    )


def _came_from(content: Content, title: str) -> tuple[Passage, ...]:
    """Return the prompt under the kind's own title; a conversation keeps the names of its roles."""
    first, *rest = asked(content)
    return (first, *rest) if rest else (replace(first, title=title),)


def read_verdict(given: Given, before: Given, words: Words) -> Reading:
    """Read a tap, or a corrected text: whoever sends one has chosen to correct.

    Raises:
        WrongAnswerError: it is none of the answers, or the corrected text is empty or too long.
    """
    verdict = given.get(VERDICT, FIX if CORRECTED in given else before.get(VERDICT))
    if verdict not in [option.value for option in words.options]:
        raise WrongAnswerError(VERDICT, "Please choose one of the answers on the task")
    if verdict != FIX:
        return Reading({VERDICT: verdict}, complete=True)
    if CORRECTED not in given and CORRECTED not in before:
        return Reading({VERDICT: verdict}, complete=False, asks=True)
    text = _corrected(given.get(CORRECTED, before.get(CORRECTED)))
    return Reading({VERDICT: verdict, CORRECTED: text}, complete=True)


def _corrected(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise WrongAnswerError(CORRECTED, "Please write the text as it should be")
    if len(text) > LONGEST:
        reason = f"A text ends at {LONGEST:,} characters; this one has {len(text):,}"
        raise WrongAnswerError(CORRECTED, reason)
    return text


def verdict_receipt(value: Value, words: Words) -> str:
    """Return the verdict in a word."""
    return words.said[str(value[VERDICT])]


def verdict_label(content: Content, value: Value, _order: Order) -> Verdict:
    """Return the verdict with the text it is about; there is one, so no order is to be undone."""
    corrected = value.get(CORRECTED)
    return Verdict(
        prompt=content.prompt,
        judged=content.candidates[0],
        verdict=JUDGED[str(value[VERDICT])],
        corrected=None if corrected is None else str(corrected),
    )
