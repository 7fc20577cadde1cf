"""Confirmation: a second expert looks at an answer of any kind, and confirms it or sends it back.

The options carry the version that was on the screen, so that nobody confirms what they did not see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.kinds.base import Given, Kind, Reading, Value, WrongAnswerError, text_of
from bot.kinds.form import Choice, Choices, Form, Option, Passage, Text
from bot.kinds.remark import LONGEST_REASON
from bot.kinds.settings import KindSettings

CONFIRM, WHY = "confirm", "why"
YES, BACK = "yes", "back"


def confirmation_form(form: Form, value: Mapping[str, object], version: int, words: str) -> Form:
    """Return what a second expert sees: the task, the answer to it (no name), and two taps.

    `words` is the answer as its receipt puts it, `version` the version of it.
    """
    return Form(
        question="Is this answer right?",
        passages=(
            *(replace(passage, page=0) for passage in form.passages),  # all at once
            Passage("answer", "A colleague's answer", words, markdown=False),
            *_written(form, value),
        ),
        taps=(
            Choice(
                CONFIRM,
                "Verdict",
                (
                    Option(f"{YES}_{version}", "Confirm"),
                    Option(f"{BACK}_{version}", "Send back", opens=(WHY,)),
                ),
            ),
        ),
        sheet=(Text(WHY, "What should they look at again?"),),
        sheet_label="Write it",
    )


def _written(form: Form, value: Mapping[str, object]) -> tuple[Passage, ...]:
    """Return what the answer says at length, a passage each, and the reasons it picked.

    A better response is among it: nobody confirms what they cannot read.
    """
    found = []
    better = form.better_for(value)
    for field in (*form.sheet, *([better.text] if better else ())):
        said = value.get(field.key)
        if isinstance(field, Text) and said:
            found.append(Passage(f"answer_{field.key}", f"Their words: {field.label}", str(said)))
        if isinstance(field, Choices) and isinstance(said, list):
            picked = ", ".join(one.label for one in field.options if one.value in said)
            title = f"Their reasons: {field.label}"
            found.append(Passage(f"answer_{field.key}", title, picked, markdown=False))
    return tuple(found)


def read_confirmation(given: Given, before: Given, version: int) -> Reading:
    """Read a tap, or the reason for which an answer goes back, about this version of it.

    Raises:
        WrongAnswerError: it is neither, or the reason is too long.
    """
    verdict = given.get(CONFIRM, before.get(CONFIRM))
    if verdict == f"{YES}_{version}":
        return Reading({CONFIRM: verdict}, complete=True)
    if verdict != f"{BACK}_{version}":
        raise WrongAnswerError(CONFIRM, "Please confirm the answer or send it back")
    why = text_of(given if WHY in given else before, WHY)
    if len(why) > LONGEST_REASON:
        raise WrongAnswerError(WHY, f"A reason ends at {LONGEST_REASON:,} characters")
    if not why:
        return Reading({CONFIRM: verdict}, complete=False, asks=True)
    return Reading({CONFIRM: verdict, WHY: why}, complete=True)


def seen_version(answer: Given) -> int | None:
    """Return the version that a tap is about; None where it says none."""
    said = str(answer.get(CONFIRM) or "").rpartition("_")[2]
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else None  # noqa: PLR2004 - more than anybody answers


def is_confirmed(value: Mapping[str, object]) -> bool:
    """Say whether a second expert agrees."""
    return str(value.get(CONFIRM, "")).startswith(f"{YES}_")


def receipt_words(kind: Kind[Any], value: Value, settings: KindSettings) -> str:
    """Return an answer in a few words, also one that is a look at another."""
    if CONFIRM in value:
        return "confirmed" if is_confirmed(value) else "sent back"
    return kind.receipt(value, settings)
