"""Curation: keep, fix or drop a training example, with a reason."""

from __future__ import annotations

from bot.kinds.base import AnswerValue, Example, FormInput, Kind, ParsedAnswer
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import Form, Option
from bot.kinds.label import Verdict
from bot.kinds.rationale import CATEGORIES, with_rationale
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
    Category(key="factually_wrong", label="Factually wrong"),
    Category(key="incomplete", label="Incomplete"),
    Category(key="poor_formatting", label="Poor formatting"),
    Category(key="low_quality", label="Low quality"),
    Category(key="duplicate", label="Duplicate"),
    Category(key="unsafe", label="Unsafe"),
    Category(key="personal_data", label="Personal data"),
    Category(key="wrong_language", label="Wrong language"),
    Category(key="off_topic", label="Off topic"),
)
"""The reasons to pick from if a campaign names none."""

WORDING = VerdictWording(
    question="Keep this training example?",
    prompt_title="Prompt",
    text_title="Response",
    options=(
        Option("keep", "Keep"),
        Option(FIX, "Fix", modal_field_keys=(CORRECTED,)),
        Option("drop", "Drop"),
    ),
    summaries={"keep": "kept", FIX: "fixed", "drop": "dropped"},
)


class CurationSettings(KindSettings):
    """Experts give a reason for *Fix* and *Drop*."""

    reason: Requirement = "required"
    reason_categories: Categories = DEFAULT_CATEGORIES


def _validate_content(content: Content, _settings: CurationSettings) -> None:
    validate_single_text(content, "response")


def _build_form(content: Content, _settings: CurationSettings, order: Order) -> Form:
    return verdict_form(content, WORDING, order)


def _parse_answer(
    form_input: FormInput, previous: FormInput, _settings: CurationSettings, _order: Order
) -> ParsedAnswer:
    return parse_verdict(form_input, previous, WORDING)


def _summarize(value: AnswerValue, _settings: CurationSettings) -> str:
    return summarize_verdict(value, WORDING)


_PROMPT = (ConversationTurn("user", "What is the capital of Peru?"),)

_EXAMPLE = Example(
    content=Content(_PROMPT, (Candidate("Lima!!! Call me: 555 0199", "dunlin-chat"),)),
    settings=CurationSettings(),
    inputs=({VERDICT: FIX}, {CORRECTED: "Lima.", CATEGORIES: ["low_quality", "personal_data"]}),
    order=(0,),
    label=Verdict(
        prompt=_PROMPT,
        candidate=Candidate("Lima!!! Call me: 555 0199", "dunlin-chat"),
        verdict="corrected",
        corrected_text="Lima.",
    ),
)

CURATION = with_rationale(
    Kind(
        name="curation",
        task_phrase="keep, fix or drop a training example",
        settings=CurationSettings,
        validate_content=_validate_content,
        validates_texts=False,
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=verdict_label,
        example=_EXAMPLE,
    ),
    only_for={VERDICT: (FIX, "drop")},
)
