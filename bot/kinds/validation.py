"""Validation: check whether a paraphrase, summary, back-translation or perturbation is faithful."""

from __future__ import annotations

from typing import Literal

from bot.kinds.base import AnswerValue, Example, FormInput, Kind, ParsedAnswer
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import Form, Option
from bot.kinds.label import Verdict
from bot.kinds.rationale import with_rationale
from bot.kinds.settings import Categories, Category, KindSettings, Requirement
from bot.kinds.verdict import (
    CORRECTED,
    FIX,
    VERDICT,
    VerdictWording,
    parse_verdict,
    summarize_verdict,
    validate_single_text,
    verdict_form,
    verdict_label,
)

DEFAULT_CATEGORIES: Categories = (
    Category(key="changes_meaning", label="Changes the meaning"),
    Category(key="omits_information", label="Omits information"),
    Category(key="adds_information", label="Adds information"),
    Category(key="poor_language", label="Poor grammar or wording"),
)
"""The reasons to pick from if a campaign names none."""


class ValidationSettings(KindSettings):
    """`task` is the type of text to judge. Experts give a reason for *No* only."""

    reason: Requirement = "required"
    reason_categories: Categories = DEFAULT_CATEGORIES
    task: Literal["paraphrase", "summary", "back-translation", "perturbation"] = "paraphrase"


def _wording(settings: ValidationSettings) -> VerdictWording:
    return VerdictWording(
        question=f"Is this {settings.task} faithful?",
        prompt_title="Original",
        text_title=settings.task.capitalize(),
        options=(
            Option("yes", "Yes"),
            Option("no", "No"),
            Option(FIX, "Correct it", modal_field_keys=(CORRECTED,)),
        ),
        summaries={"yes": "faithful", "no": "not faithful", FIX: "corrected"},
    )


def _validate_content(content: Content, settings: ValidationSettings) -> None:
    validate_single_text(content, settings.task)


def _build_form(content: Content, settings: ValidationSettings, order: Order) -> Form:
    return verdict_form(content, _wording(settings), order)


def _parse_answer(
    form_input: FormInput, previous: FormInput, settings: ValidationSettings, _order: Order
) -> ParsedAnswer:
    return parse_verdict(form_input, previous, _wording(settings))


def _summarize(value: AnswerValue, settings: ValidationSettings) -> str:
    return summarize_verdict(value, _wording(settings))


_SOURCE = (ConversationTurn("user", "The ferry sails at nine unless there is fog."),)

_EXAMPLE = Example(
    content=Content(_SOURCE, (Candidate("The ferry always sails at nine.", "wren-mini"),)),
    settings=ValidationSettings(),
    inputs=({VERDICT: FIX}, {CORRECTED: "Without fog, the ferry sails at nine."}),
    order=(0,),
    label=Verdict(
        prompt=_SOURCE,
        candidate=Candidate("The ferry always sails at nine.", "wren-mini"),
        verdict="corrected",
        corrected_text="Without fog, the ferry sails at nine.",
    ),
)

VALIDATION = with_rationale(
    Kind(
        name="validation",
        task_phrase="say whether a paraphrase or summary is faithful",
        settings=ValidationSettings,
        validate_content=_validate_content,
        validates_texts=False,
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=verdict_label,
        example=_EXAMPLE,
    ),
    only_for={VERDICT: ("no",)},
)
