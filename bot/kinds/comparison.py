"""Comparison: choose the better of two candidate responses, blind and shuffled per expert."""

from __future__ import annotations

from typing import ClassVar, cast

from pydantic import Field, field_validator

from bot.kinds.base import (
    AnswerValue,
    Example,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    Kind,
    ParsedAnswer,
)
from bot.kinds.better_response import VALUE_KEYS, with_better_response
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.differences import are_close
from bot.kinds.form import PAGE_KEY, ChoiceField, Form, Option
from bot.kinds.label import Preference, Winner
from bot.kinds.passages import prompt_passages, response_passage
from bot.kinds.rationale import RATIONALE_KEYS, REASON, with_rationale
from bot.kinds.response_criteria import (
    MAX_CRITERIA,
    criterion_fields,
    criterion_winners,
    parse_criterion_verdicts,
    require_distinct_criteria,
    summarize_criteria,
)
from bot.kinds.settings import Categories, Category, KindSettings, Requirement

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
RESERVED_KEYS = {VERDICT, PAGE_KEY, *RATIONALE_KEYS, *VALUE_KEYS}
"""Keys of an answer that no criterion may have."""


class ComparisonSettings(KindSettings):
    """`strength` asks how much better (-3 to 3, still one tap).

    `criteria` ask which response is better on each of them, with one more tap each.
    `write_better` offers to write a better response if both are bad.
    """

    reason: Requirement = "optional"
    strength: bool = False
    criteria: Categories = Field(default=(), max_length=MAX_CRITERIA)
    write_better: bool = True

    EDITABLE: ClassVar[frozenset[str]] = KindSettings.EDITABLE | {"write_better"}

    @field_validator("criteria")
    @classmethod
    def _require_distinct_criteria(cls, criteria: tuple[Category, ...]) -> tuple[Category, ...]:
        require_distinct_criteria(criteria, RESERVED_KEYS)
        return criteria


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
        message_fields=(
            ChoiceField(
                VERDICT, "Verdict", _options(settings), shows_label=bool(settings.criteria)
            ),
            *criterion_fields(settings.criteria),
        ),
        close_passages=("a", "b") if are_close(first.text, second.text) else (),
    )


def _parse_answer(
    form_input: FormInput, previous: FormInput, settings: ComparisonSettings, _order: Order
) -> ParsedAnswer:
    """Parse the verdict and those on the criteria, which may come before it."""
    known_verdicts = [option.value for option in _options(settings)]
    on_criteria = parse_criterion_verdicts(form_input, previous, settings.criteria)
    verdict = form_input.get(VERDICT, previous.get(VERDICT))
    if verdict is None and on_criteria:
        return ParsedAnswer(on_criteria, complete=False)
    if verdict not in known_verdicts:
        raise InvalidAnswerError(VERDICT, "Choose one of the options shown")
    is_complete = len(on_criteria) == len(settings.criteria)
    return ParsedAnswer({VERDICT: verdict, **on_criteria}, complete=is_complete)


def _summarize(value: AnswerValue, settings: ComparisonSettings) -> str:
    verdict = LABEL_BY_OPTION[str(value[VERDICT])]
    on_criteria = summarize_criteria(value, settings.criteria)
    return f"{verdict} ({on_criteria})" if on_criteria else verdict


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
        criteria=tuple(criterion_winners(_without_verdict(value), order)),
    )


def _without_verdict(value: AnswerValue) -> AnswerValue:
    return {key: answer for key, answer in value.items() if key != VERDICT}


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
            validates_texts=False,
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
