"""Curation: keep, fix or drop a training example, and say what is wrong with it."""

from __future__ import annotations

from bot.kinds.base import Example, Given, Kind, Reading, Value
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import Form, Option
from bot.kinds.label import Verdict
from bot.kinds.remark import CATEGORIES, with_remarks
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

FLAWS: Categories = (
    Category(key="noise", label="Noise"),
    Category(key="duplicate", label="Duplicate"),
    Category(key="unsafe", label="Unsafe"),
    Category(key="personal_data", label="Personal data"),
    Category(key="wrong_language", label="Wrong language"),
    Category(key="off_topic", label="Off topic"),
)
"""What may be wrong, where a campaign names nothing else."""

WORDS = Words(
    question="Keep this training example?",
    prompt="Prompt",
    text="Response",
    options=(
        Option("keep", "Keep"),
        Option(FIX, "Fix", opens=(CORRECTED,)),
        Option("drop", "Drop"),
    ),
    said={"keep": "kept", FIX: "fixed", "drop": "dropped"},
)


class CurationSettings(KindSettings):
    """A reason is asked for with a fix or a drop."""

    reason: Asks = "required"
    reason_categories: Categories = FLAWS


def _accept(content: Content, _settings: CurationSettings) -> None:
    checked_content(content, "response")


def _form(content: Content, _settings: CurationSettings, order: Order) -> Form:
    return verdict_form(content, WORDS, order)


def _read(given: Given, before: Given, _settings: CurationSettings, _order: Order) -> Reading:
    return read_verdict(given, before, WORDS)


def _receipt(value: Value, _settings: CurationSettings) -> str:
    return verdict_receipt(value, WORDS)


_PROMPT = (Turn("user", "What is the capital of Peru?"),)

_EXAMPLE = Example(
    content=Content(_PROMPT, (Candidate("Lima!!! Call me: 555 0199", "dunlin-chat"),)),
    settings=CurationSettings(),
    given=({VERDICT: FIX}, {CORRECTED: "Lima.", CATEGORIES: ["noise", "personal_data"]}),
    order=(0,),
    label=Verdict(
        prompt=_PROMPT,
        judged=Candidate("Lima!!! Call me: 555 0199", "dunlin-chat"),
        verdict="corrected",
        corrected="Lima.",
    ),
)

CURATION = with_remarks(
    Kind(
        name="curation",
        asks="keep, fix or drop a training example",
        settings=CurationSettings,
        accept=_accept,
        form=_form,
        read=_read,
        receipt=_receipt,
        label=verdict_label,
        example=_EXAMPLE,
    ),
    only_for={VERDICT: (FIX, "drop")},
)
