"""Comparison: choose the better of two candidate responses, blind and shuffled per expert."""

from __future__ import annotations

from typing import cast

from bot.kinds.base import (
    AnswerValue,
    Example,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    Kind,
    ParsedAnswer,
)
from bot.kinds.better_response import with_better_response
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.form import ChoiceField, Form, Option
from bot.kinds.label import Preference, Winner
from bot.kinds.passages import prompt_passages, response_passage
from bot.kinds.rationale import REASON, with_rationale
from bot.kinds.settings import KindSettings, Requirement

VERDICT = "verdict"
BOTH_BAD = "both_bad"

PLAIN_OPTIONS = (
    Option("a", "A is better"),
    Option("b", "B is better"),
    Option("tie", "Tie"),
    Option(BOTH_BAD, "Both are bad"),
)
GRADED_OPTIONS = (
    Option("a3", "A is much better"),
    Option("a2", "A is better"),
    Option("a1", "A is slightly better"),
    Option("tie", "Tie"),
    Option("b1", "B is slightly better"),
    Option("b2", "B is better"),
    Option("b3", "B is much better"),
    Option(BOTH_BAD, "Both are bad"),
)
LABEL_BY_OPTION = {option.value: option.label for option in (*GRADED_OPTIONS, *PLAIN_OPTIONS)}


class ComparisonSettings(KindSettings):
    """`strength` asks how much better (-3 to 3, still one tap).

    `write_better` offers to write a better response if both are bad.
    """

    reason: Requirement = "optional"
    strength: bool = False
    write_better: bool = True


def _options(settings: ComparisonSettings) -> tuple[Option, ...]:
    return GRADED_OPTIONS if settings.strength else PLAIN_OPTIONS


def _validate_content(content: Content, _settings: ComparisonSettings) -> None:
    if len(content.candidates) != 2:  # noqa: PLR2004 - a comparison has two candidates
        raise InvalidContentError(reason=f"it needs 2 candidates and has {len(content.candidates)}")
    first, second = content.candidates
    if _is_same(first, second):
        raise InvalidContentError(reason="its two candidates are identical")


def _is_same(first: Candidate, second: Candidate) -> bool:
    return first.text.strip() == second.text.strip() and (
        (first.media, first.turns, first.extra) == (second.media, second.turns, second.extra)
    )


def _build_form(content: Content, settings: ComparisonSettings, order: Order) -> Form:
    first, second = content.candidates_in_order(order)
    return Form(
        question="Which response is better?",
        passages=(
            *prompt_passages(content),
            response_passage("a", "Response A", first),
            response_passage("b", "Response B", second),
        ),
        message_fields=(ChoiceField(VERDICT, "Verdict", _options(settings)),),
    )


def _parse_answer(
    form_input: FormInput, previous: FormInput, settings: ComparisonSettings, _order: Order
) -> ParsedAnswer:
    known_verdicts = [option.value for option in _options(settings)]
    verdict = form_input.get(VERDICT, previous.get(VERDICT))
    if verdict not in known_verdicts:
        raise InvalidAnswerError(VERDICT, "Choose one of the options shown")
    return ParsedAnswer({VERDICT: verdict}, complete=True)


def _summarize(value: AnswerValue, _settings: ComparisonSettings) -> str:
    return LABEL_BY_OPTION[str(value[VERDICT])]


def _to_label(content: Content, value: AnswerValue, order: Order) -> Preference:
    verdict = str(value[VERDICT])
    winner, strength = _winner_and_strength(verdict, order)
    left, right = content.candidates
    return Preference(
        prompt=content.prompt,
        left=left,
        right=right,
        winner=winner,
        strength=strength,
    )


def _winner_and_strength(verdict: str, order: Order) -> tuple[Winner, int | None]:
    """Return the winner in imported order and the strength, None if the campaign did not ask."""
    if verdict in ("tie", BOTH_BAD):
        return cast("Winner", verdict), None
    position = order["ab".index(verdict[0])]
    points = int(verdict[1:]) if verdict[1:] else None
    winner: Winner = "right" if position else "left"
    strength = points if points is None or position else -points
    return winner, strength


_EXAMPLE = Example(
    content=Content(
        prompt=(ConversationTurn("user", "Name a prime number."),),
        candidates=(Candidate("Nine.", "wren-mini"), Candidate("Seven.", "heron-7b")),
    ),
    settings=ComparisonSettings(strength=True),
    inputs=({VERDICT: "a3"}, {REASON: "Nine is three times three."}),
    order=(1, 0),
    label=Preference(
        prompt=(ConversationTurn("user", "Name a prime number."),),
        left=Candidate("Nine.", "wren-mini"),
        right=Candidate("Seven.", "heron-7b"),
        winner="right",
        strength=3,
    ),
)

COMPARISON = with_better_response(
    with_rationale(
        Kind(
            name="comparison",
            task_phrase="say which of two responses is better",
            settings=ComparisonSettings,
            validate_content=_validate_content,
            build_form=_build_form,
            parse_answer=_parse_answer,
            summarize=_summarize,
            to_label=_to_label,
            example=_EXAMPLE,
        )
    ),
    field=VERDICT,
    option=BOTH_BAD,
)
