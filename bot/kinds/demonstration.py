"""Demonstration: write the ideal response to a prompt, or mend a draft of one."""

from __future__ import annotations

from bot.kinds.base import (
    BadContentError,
    Example,
    Given,
    Kind,
    Reading,
    Value,
    WrongAnswerError,
)
from bot.kinds.content import Content, Order, Turn
from bot.kinds.form import Form, Passage, Text
from bot.kinds.label import Demonstration
from bot.kinds.passages import asked
from bot.kinds.remark import with_remarks
from bot.kinds.settings import KindSettings

RESPONSE = "response"
LONGEST = 100_000
"""Characters a response may have: far above any chat answer, far below what a row should hold."""


class DemonstrationSettings(KindSettings):
    """Demonstrations have nothing to choose but what every kind has."""


def _accept(content: Content, _settings: DemonstrationSettings) -> None:
    if not content.prompt:
        raise BadContentError(reason="it needs a prompt")
    if content.candidates:
        raise BadContentError(
            reason="it has candidate responses; map a first version to draft instead"
        )


def _form(content: Content, _settings: DemonstrationSettings, _order: Order) -> Form:
    draft = content.draft or ""
    return Form(
        question="Improve this draft" if draft else "Write the ideal response",
        passages=(
            *asked(content),
            *((Passage("draft", "Draft to improve", draft),) if draft else ()),
        ),
        sheet=(Text(RESPONSE, "Your response", long=True, initial=draft),),
        sheet_label="Improve the draft" if draft else "Write the response",
    )


def _read(given: Given, before: Given, _settings: DemonstrationSettings, _order: Order) -> Reading:
    response = given.get(RESPONSE, before.get(RESPONSE))
    if not isinstance(response, str) or not response.strip():
        raise WrongAnswerError(RESPONSE, "Please write a response before you send it")
    if len(response) > LONGEST:
        reason = f"A response ends at {LONGEST:,} characters; this one has {len(response):,}"
        raise WrongAnswerError(RESPONSE, reason)
    return Reading({RESPONSE: response}, complete=True)


def _receipt(value: Value, _settings: DemonstrationSettings) -> str:
    words = len(str(value[RESPONSE]).split())
    return f"your response, {words:,} word{'' if words == 1 else 's'}"


def _label(content: Content, value: Value, _order: Order) -> Demonstration:
    return Demonstration(content.prompt, str(value[RESPONSE]), content.draft)


_EXAMPLE = Example(
    content=Content(prompt=(Turn("user", "Explain tides to a child."),), draft="Tides are water."),
    settings=DemonstrationSettings(),
    given=({RESPONSE: "The moon pulls the sea, and the sea follows it."},),
    order=(),
    label=Demonstration(
        prompt=(Turn("user", "Explain tides to a child."),),
        response="The moon pulls the sea, and the sea follows it.",
        draft="Tides are water.",
    ),
)

DEMONSTRATION = with_remarks(
    Kind(
        name="demonstration",
        asks="write the ideal response to a prompt",
        settings=DemonstrationSettings,
        accept=_accept,
        form=_form,
        read=_read,
        receipt=_receipt,
        label=_label,
        example=_EXAMPLE,
        stretch_minutes=60,
    )
)
