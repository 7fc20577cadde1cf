"""Rating a conversation turn by turn: what the assistant says in each, on the same criteria.

A turn at a time is on the message, with the conversation up to it; every tap is kept at once. A
field's key says which turn of how many it is about, so that an answer is read without its item.
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
from bot.kinds.passages import ROLE_TITLES

MAX_TURNS = 20
"""Turns of the assistant in one task: more are no minute's work but an afternoon's."""

MAX_POINTS = 40
"""Taps in one task, all turns and criteria: the window to decide a disagreement holds them all."""

FIELD_KEY = re.compile(r"turn([1-9]\d?)of([1-9]\d?)_([a-z0-9_]+)")
"""The key of a field: the turn, how many there are, the criterion."""


def validate_turns(content: Content, criteria_count: int) -> None:
    """Check that there are turns to rate on so many criteria.

    Raises:
        BadContentError: there are none, too many, or several conversations.
    """
    if len(content.candidates) > 1:
        reason = f"it needs one conversation to rate and has {len(content.candidates)} responses"
        raise InvalidContentError(reason=reason)
    count = len(_rated_positions(content))
    if not count:
        raise InvalidContentError(reason="it has no turn of the assistant to rate")
    if count > MAX_TURNS:
        reason = f"it has {count} turns of the assistant, where {MAX_TURNS} are allowed"
        raise InvalidContentError(reason=reason)
    if count * criteria_count > MAX_POINTS:
        reason = f"its {count} turns on {criteria_count} criteria pass {MAX_POINTS} taps"
        raise InvalidContentError(reason=reason)


def build_turns_form(content: Content, scales: Sequence[ScaleField]) -> Form:
    """Return the form of a conversation: a page for each turn of the assistant."""
    count = len(_rated_positions(content))
    return Form(
        question="Rate this conversation, turn by turn",
        passages=tuple(_turn_passages(content, count)),
        message_fields=tuple(
            tap for number in range(1, count + 1) for tap in _turn_fields(number, count, scales)
        ),
    )


def parse_turn_points(
    given: FormInput, before: FormInput, points_by_criterion: Mapping[str, int]
) -> ParsedAnswer:
    """Merge what was tapped into what was there; `points` is how many each criterion has.

    Raises:
        WrongAnswerError: it was not offered.
    """
    known = {
        **_parse_points(before, points_by_criterion),
        **_parse_points(given, points_by_criterion),
    }
    counts = {count for _turn, count, _criterion in known}
    if len(counts) > 1:
        raise InvalidAnswerError(next(iter(given)), "Please rate the turns that are on the task")
    value: AnswerValue = {
        f"turn{turn}of{count}_{criterion}": point
        for turn in range(1, MAX_TURNS + 1)
        for count in counts
        for criterion in points_by_criterion
        if (point := known.get((turn, count, criterion))) is not None
    }
    is_complete = bool(counts) and len(value) == max(counts) * len(points_by_criterion)
    return ParsedAnswer(
        value if is_complete else {**value, **_requested_page(given)}, complete=is_complete
    )


def summarize_turns(value: AnswerValue, labels: Mapping[str, str]) -> str:
    """Return the points of each criterion, in the order of the turns."""
    points_by_criterion = {
        key: [str(point) for _turn, criterion, point in _stored_points(value) if criterion == key]
        for key in labels
    }
    return ", ".join(
        f"{labels[key]} {' '.join(points)}" for key, points in points_by_criterion.items() if points
    )


def is_turn_rating(value: AnswerValue) -> bool:
    """Say whether an answer rates turns."""
    return any(FIELD_KEY.fullmatch(key) for key in value)


def turns_to_label(content: Content, value: AnswerValue) -> Rating:
    """Return the answer as training data: each turn with what was said before it."""
    turns = _full_conversation(content)
    points = list(_stored_points(value))
    rated_turns = tuple(
        RatedTurn(
            number=number,
            prompt=turns[:place],
            response=turns[place].content,
            scores=tuple((key, point) for turn, key, point in points if turn == number),
        )
        for number, place in enumerate(_rated_positions(content), start=1)
    )
    last = content.candidates[0] if content.candidates else Candidate(rated_turns[-1].response)
    scores = tuple((f"turn{turn}_{key}", point) for turn, key, point in points)
    return Rating(content.prompt, last, scores, rated_turns)


def _full_conversation(content: Content) -> tuple[ConversationTurn, ...]:
    responses = (ConversationTurn("assistant", candidate.text) for candidate in content.candidates)
    return (*content.prompt, *responses)


def _rated_positions(content: Content) -> list[int]:
    return [
        place for place, turn in enumerate(_full_conversation(content)) if turn.role == "assistant"
    ]


def _turn_passages(content: Content, count: int) -> Iterator[Passage]:
    """Yield every turn; it is on the message from the page on that rates it or answers it."""
    page = 1
    for number, turn in enumerate(_full_conversation(content), start=1):
        is_rated = turn.role == "assistant"
        title = (
            f"{ROLE_TITLES[turn.role]} · turn {page} of {count}"
            if is_rated
            else ROLE_TITLES[turn.role]
        )
        yield Passage(
            f"turn{number}", title, turn.content, media=_turn_media(content, number), page=page
        )
        page += is_rated


def _turn_media(content: Content, number: int) -> tuple[Media, ...]:
    """Return what is shown with a turn: the prompt's with its last one, then the response's."""
    if number == len(content.prompt):
        return content.media
    return content.candidates[0].media if number > len(content.prompt) else ()


def _turn_fields(turn: int, count: int, scales: Sequence[ScaleField]) -> Iterator[MessageField]:
    for scale in scales:
        key, label = f"turn{turn}of{count}_{scale.key}", f"Turn {turn} · {scale.label}"
        yield replace(scale, key=key, label=label, page=turn)
    if turn > 1:
        back = Option(str(turn - 1), f"Back to turn {turn - 1}")
        yield ChoiceField(PAGE_KEY, "Back", (back,), optional=True, page=turn)


def _parse_points(value: FormInput, points: Mapping[str, int]) -> dict[tuple[int, int, str], int]:
    """Return the points by turn, number of turns and criterion; what is none of ours is left out.

    Raises:
        WrongAnswerError: a turn or a point that there is not.
    """
    found = {}
    for key, point in value.items():
        match = FIELD_KEY.fullmatch(key)
        if match is None or match[3] not in points:
            continue
        turn, count, max_point = int(match[1]), int(match[2]), points[match[3]]
        if turn > count or count > MAX_TURNS:
            raise InvalidAnswerError(key, "Please rate the turns that are on the task")
        if str(point) not in {str(number) for number in range(1, max_point + 1)}:
            raise InvalidAnswerError(key, f"A turn is rated from 1 to {max_point} here")
        found[turn, count, match[3]] = int(str(point))
    return found


def _requested_page(given: FormInput) -> AnswerValue:
    """Return the turn that somebody wants to look at again; a tap leads on."""
    if PAGE_KEY not in given:
        return {}
    if str(given[PAGE_KEY]) not in {str(number) for number in range(1, MAX_TURNS + 1)}:
        raise InvalidAnswerError(PAGE_KEY, "Please choose one of the turns on the task")
    return {PAGE_KEY: int(str(given[PAGE_KEY]))}


def _stored_points(value: AnswerValue) -> Iterator[tuple[int, str, int]]:
    for key, point in value.items():
        if match := FIELD_KEY.fullmatch(key):
            yield int(match[1]), match[3], cast("int", point)
