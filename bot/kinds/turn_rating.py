"""Rating of a conversation turn by turn: each assistant turn on the same criteria.

The message shows one assistant turn at a time with the conversation before it; each tap is stored.
A field's key has the turn and the number of turns, so that an answer is parsed without its item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from bot.kinds.base import (
    AnswerValue,
    FormInput,
    InvalidAnswerError,
    InvalidContentError,
    ParsedAnswer,
)
from bot.kinds.content import Candidate, Content, ConversationTurn
from bot.kinds.form import PAGE_KEY, ChoiceField, Form, MessageField, Option, Passage, ScaleField
from bot.kinds.label import RatedTurn, Rating
from bot.kinds.media import Media
from bot.kinds.passages import turn_text, turn_title

MAX_TURNS = 20
"""Maximum number of assistant turns in one task, to keep tasks short."""

MAX_POINTS = 40
"""Maximum number of ratings (turns times criteria) in one task; a review dialog must fit all."""

UNKNOWN_TURN = "Choose one of the turns shown"

FIELD_KEY = re.compile(r"turn([1-9]\d?)of([1-9]\d?)_([a-z0-9_]+)")
"""The key of a field: turn, number of turns, criterion."""


def validate_turns(content: Content, criteria_count: int) -> None:
    """Check that an item has assistant turns to rate on so many criteria.

    Raises:
        InvalidContentError: it has none, too many, or several conversations.
    """
    if len(content.candidates) > 1:
        reason = f"it needs one conversation to rate and has {len(content.candidates)} responses"
        raise InvalidContentError(reason=reason)
    count = len(_rated_positions(content))
    if not count:
        raise InvalidContentError(reason="it has no assistant turn to rate")
    if count > MAX_TURNS:
        reason = f"it has {count} assistant turns; the maximum is {MAX_TURNS}"
        raise InvalidContentError(reason=reason)
    if count * criteria_count > MAX_POINTS:
        ratings = f"{count} turns with {criteria_count} criteria each"
        reason = f"it needs more than {MAX_POINTS} ratings ({ratings}); use fewer criteria"
        raise InvalidContentError(reason=reason)


def build_turns_form(content: Content, scales: Sequence[ScaleField]) -> Form:
    """Return the form of a conversation with one page per assistant turn."""
    count = len(_rated_positions(content))
    return Form(
        question="Rate this conversation, turn by turn",
        passages=tuple(_turn_passages(content, count)),
        message_fields=tuple(
            field for number in range(1, count + 1) for field in _turn_fields(number, count, scales)
        ),
    )


def parse_turn_points(
    form_input: FormInput, previous: FormInput, max_points: Mapping[str, int]
) -> ParsedAnswer:
    """Merge new input into the previous answer; `max_points` is the top of each criterion's scale.

    Raises:
        InvalidAnswerError: the task has no such turn, point or page.
    """
    points = {**_parse_points(previous, max_points), **_parse_points(form_input, max_points)}
    counts = {count for _turn, count, _criterion in points}
    if len(counts) > 1:
        raise InvalidAnswerError(next(iter(form_input)), UNKNOWN_TURN)
    value: AnswerValue = {
        f"turn{turn}of{count}_{criterion}": point
        for turn in range(1, MAX_TURNS + 1)
        for count in counts
        for criterion in max_points
        if (point := points.get((turn, count, criterion))) is not None
    }
    is_complete = bool(counts) and len(value) == max(counts) * len(max_points)
    return ParsedAnswer(
        value if is_complete else {**value, **_requested_page(form_input)}, complete=is_complete
    )


def summarize_turns(value: AnswerValue, labels: Mapping[str, str]) -> str:
    """Return the points of each criterion in the order of the turns: “Accuracy 3 5”."""
    points_by_criterion = {
        key: [str(point) for _turn, criterion, point in _stored_points(value) if criterion == key]
        for key in labels
    }
    return ", ".join(
        f"{labels[key]} {' '.join(points)}" for key, points in points_by_criterion.items() if points
    )


def is_turn_rating(value: AnswerValue) -> bool:
    """Return whether an answer rates turns."""
    return any(FIELD_KEY.fullmatch(key) for key in value)


def turns_to_label(content: Content, value: AnswerValue) -> Rating:
    """Return the answer as training data: each rated turn with the conversation before it."""
    turns = _full_conversation(content)
    points = list(_stored_points(value))
    rated_turns = tuple(
        RatedTurn(
            number=number,
            prompt=turns[:position],
            response=turns[position].content,
            scores=tuple((key, point) for turn, key, point in points if turn == number),
        )
        for number, position in enumerate(_rated_positions(content), start=1)
    )
    last_response = Candidate(rated_turns[-1].response)
    candidate = content.candidates[0] if content.candidates else last_response
    scores = tuple((f"turn{turn}_{key}", point) for turn, key, point in points)
    return Rating(content.prompt, candidate, scores, rated_turns)


def _full_conversation(content: Content) -> tuple[ConversationTurn, ...]:
    responses = (
        turn
        for candidate in content.candidates
        for turn in (
            *candidate.turns,
            ConversationTurn("assistant", candidate.text, candidate.extra),
        )
    )
    return (*content.prompt, *responses)


def _rated_positions(content: Content) -> list[int]:
    return [
        position
        for position, turn in enumerate(_full_conversation(content))
        if turn.role == "assistant"
    ]


def _turn_passages(content: Content, count: int) -> Iterator[Passage]:
    """Yield every turn, starting on the page of the assistant turn that it belongs to."""
    page = 1
    for number, turn in enumerate(_full_conversation(content), start=1):
        is_rated = turn.role == "assistant"
        title = f"{turn_title(turn)} · turn {page} of {count}" if is_rated else turn_title(turn)
        yield Passage(
            f"turn{number}", title, turn_text(turn), media=_turn_media(content, number), page=page
        )
        page += is_rated


def _turn_media(content: Content, number: int) -> tuple[Media, ...]:
    """Return the media of a turn: the prompt's with its last turn, the candidate's with its own."""
    if number == len(content.prompt):
        return content.media
    is_last = number == len(_full_conversation(content))
    return content.candidates[0].media if content.candidates and is_last else ()


def _turn_fields(turn: int, count: int, scales: Sequence[ScaleField]) -> Iterator[MessageField]:
    for scale in scales:
        key, label = f"turn{turn}of{count}_{scale.key}", f"Turn {turn} · {scale.label}"
        yield replace(scale, key=key, label=label, page=turn)
    if turn > 1:
        back = Option(str(turn - 1), f"Back to turn {turn - 1}")
        yield ChoiceField(PAGE_KEY, "Back", (back,), optional=True, page=turn)


def _parse_points(
    value: FormInput, max_points: Mapping[str, int]
) -> dict[tuple[int, int, str], int]:
    """Return the points by turn, number of turns and criterion; other keys are ignored.

    Raises:
        InvalidAnswerError: there is no such turn or point.
    """
    points = {}
    for key, point in value.items():
        match = FIELD_KEY.fullmatch(key)
        if match is None or match[3] not in max_points:
            continue
        turn, count, max_point = int(match[1]), int(match[2]), max_points[match[3]]
        if turn > count or count > MAX_TURNS:
            raise InvalidAnswerError(key, UNKNOWN_TURN)
        if str(point) not in {str(number) for number in range(1, max_point + 1)}:
            raise InvalidAnswerError(key, f"Rate this turn from 1 to {max_point}")
        points[turn, count, match[3]] = int(str(point))
    return points


def _requested_page(form_input: FormInput) -> AnswerValue:
    """Return the turn that the expert went back to, nothing for a rating: it leads on."""
    if PAGE_KEY not in form_input:
        return {}
    if str(form_input[PAGE_KEY]) not in {str(number) for number in range(1, MAX_TURNS + 1)}:
        raise InvalidAnswerError(PAGE_KEY, UNKNOWN_TURN)
    return {PAGE_KEY: int(str(form_input[PAGE_KEY]))}


def _stored_points(value: AnswerValue) -> Iterator[tuple[int, str, int]]:
    for key, point in value.items():
        if match := FIELD_KEY.fullmatch(key):
            yield int(match[1]), match[3], cast("int", point)
