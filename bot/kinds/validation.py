"""Validation: does a paraphrase, summary or back-translation say what its original says?"""

from __future__ import annotations

from typing import Literal

from bot.kinds.base import Example, Given, Kind, Reading, Value
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import Form, Option
from bot.kinds.label import Verdict
from bot.kinds.remark import with_remarks
from bot.kinds.settings import Asks, Categories, Category, KindSettings
from bot.kinds.verdict import (
    CORRECTED,
    FIX,
    VERDICT,
    Words,
    checked_content,
    read_verdict,
    verdict_form,
    verdict_label,
    verdict_receipt,
)

UNFAITHFUL: Categories = (
    Category(key="changes_meaning", label="Changes the meaning"),
    Category(key="leaves_out", label="Leaves something out"),
    Category(key="adds", label="Adds something"),
    Category(key="bad_language", label="Bad language"),
)
"""What may be wrong, where a campaign names nothing else."""


class ValidationSettings(KindSettings):
    """`task` is what is judged. A reason is asked for with a no only."""

    reason: Asks = "required"
    reason_categories: Categories = UNFAITHFUL
    task: Literal["paraphrase", "summary", "back-translation"] = "paraphrase"


def _words(settings: ValidationSettings) -> Words:
    return Words(
        question=f"Is this {settings.task} faithful?",
        prompt="Original",
        text=settings.task.capitalize(),
        options=(
            Option("yes", "Yes"),
            Option("no", "No"),
            Option(FIX, "Correct it", opens=(CORRECTED,)),
        ),
        said={"yes": "faithful", "no": "not faithful", FIX: "corrected"},
    )


def _accept(content: Content, settings: ValidationSettings) -> None:
    checked_content(content, settings.task)


def _form(content: Content, settings: ValidationSettings, order: Order) -> Form:
    return verdict_form(content, _words(settings), order)


def _read(given: Given, before: Given, settings: ValidationSettings, _order: Order) -> Reading:
    return read_verdict(given, before, _words(settings))


def _receipt(value: Value, settings: ValidationSettings) -> str:
    return verdict_receipt(value, _words(settings))


_SOURCE = (Turn("user", "The ferry sails at nine unless there is fog."),)

_EXAMPLE = Example(
    content=Content(_SOURCE, (Candidate("The ferry always sails at nine.", "wren-mini"),)),
    settings=ValidationSettings(),
    given=({VERDICT: FIX}, {CORRECTED: "Without fog, the ferry sails at nine."}),
    order=(0,),
    label=Verdict(
        prompt=_SOURCE,
        judged=Candidate("The ferry always sails at nine.", "wren-mini"),
        verdict="corrected",
        corrected="Without fog, the ferry sails at nine.",
    ),
)

VALIDATION = with_remarks(
    Kind(
        name="validation",
        asks="say whether a paraphrase or summary is faithful",
        settings=ValidationSettings,
        accept=_accept,
        form=_form,
        read=_read,
        receipt=_receipt,
        label=verdict_label,
        example=_EXAMPLE,
    ),
    only_for={VERDICT: ("no",)},
)
