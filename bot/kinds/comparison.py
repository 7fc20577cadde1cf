"""Comparison: which of two candidate responses is better, blind and shuffled for each expert."""

from __future__ import annotations

from typing import cast

from bot.kinds.base import (
    BadContentError,
    Example,
    Given,
    Kind,
    Reading,
    Value,
    WrongAnswerError,
)
from bot.kinds.better import with_better
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import Choice, Form, Option
from bot.kinds.label import Preference, Winner
from bot.kinds.passages import asked, response
from bot.kinds.remark import REASON, with_remarks
from bot.kinds.settings import Asks, KindSettings

VERDICT = "verdict"
BOTH_BAD = "both_bad"

PLAIN = (
    Option("a", "A is better"),
    Option("b", "B is better"),
    Option("tie", "Tie"),
    Option(BOTH_BAD, "Both bad"),
)
GRADED = (
    Option("a3", "A is much better"),
    Option("a2", "A is better"),
    Option("a1", "A is slightly better"),
    Option("tie", "Tie"),
    Option("b1", "B is slightly better"),
    Option("b2", "B is better"),
    Option("b3", "B is much better"),
    Option(BOTH_BAD, "Both bad"),
)
LABELS = {option.value: option.label for option in (*GRADED, *PLAIN)}


class ComparisonSettings(KindSettings):
    """`strength` asks how much better (-3 to 3, still one tap).

    `write_better` offers to write a better response where both are bad.
    """

    reason: Asks = "optional"
    strength: bool = False
    write_better: bool = True


def _options(settings: ComparisonSettings) -> tuple[Option, ...]:
    return GRADED if settings.strength else PLAIN


def _accept(content: Content, _settings: ComparisonSettings) -> None:
    if len(content.candidates) != 2:  # noqa: PLR2004 - a comparison is of two
        raise BadContentError(reason=f"it needs 2 candidates and has {len(content.candidates)}")
    first, second = content.candidates
    if first.text.strip() == second.text.strip() and first.media == second.media:
        raise BadContentError(reason="its two candidates are identical")


def _form(content: Content, settings: ComparisonSettings, order: Order) -> Form:
    first, second = content.shown(order)
    return Form(
        question="Which response is better?",
        passages=(
            *asked(content),
            response("a", "Response A", first),
            response("b", "Response B", second),
        ),
        taps=(Choice(VERDICT, "Verdict", _options(settings)),),
    )


def _read(given: Given, before: Given, settings: ComparisonSettings, _order: Order) -> Reading:
    known = [option.value for option in _options(settings)]
    verdict = given.get(VERDICT, before.get(VERDICT))
    if verdict not in known:
        raise WrongAnswerError(VERDICT, "Please choose one of the answers on the task")
    return Reading({VERDICT: verdict}, complete=True)


def _receipt(value: Value, _settings: ComparisonSettings) -> str:
    return LABELS[str(value[VERDICT])]


def _label(content: Content, value: Value, order: Order) -> Preference:
    verdict = str(value[VERDICT])
    winner, strength = _undone(verdict, order)
    left, right = content.candidates
    return Preference(
        prompt=content.prompt,
        left=left,
        right=right,
        winner=winner,
        strength=strength,
    )


def _undone(verdict: str, order: Order) -> tuple[Winner, int | None]:
    """Say who won in imported order, and how strongly (None where the campaign did not ask)."""
    if verdict in ("tie", BOTH_BAD):
        return cast("Winner", verdict), None
    place = order["ab".index(verdict[0])]
    points = int(verdict[1:]) if verdict[1:] else None
    winner: Winner = "right" if place else "left"
    signed = points if points is None or place else -points
    return winner, signed


_EXAMPLE = Example(
    content=Content(
        prompt=(Turn("user", "Name a prime number."),),
        candidates=(Candidate("Nine.", "wren-mini"), Candidate("Seven.", "heron-7b")),
    ),
    settings=ComparisonSettings(strength=True),
    given=({VERDICT: "a3"}, {REASON: "Nine is three times three."}),
    order=(1, 0),
    label=Preference(
        prompt=(Turn("user", "Name a prime number."),),
        left=Candidate("Nine.", "wren-mini"),
        right=Candidate("Seven.", "heron-7b"),
        winner="right",
        strength=3,
    ),
)

COMPARISON = with_better(
    with_remarks(
        Kind(
            name="comparison",
            asks="say which of two responses is better",
            settings=ComparisonSettings,
            accept=_accept,
            form=_form,
            read=_read,
            receipt=_receipt,
            label=_label,
            example=_EXAMPLE,
        )
    ),
    field=VERDICT,
    option=BOTH_BAD,
)
