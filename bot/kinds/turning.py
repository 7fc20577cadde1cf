"""Rating a conversation turn by turn: what the assistant says in each, on the same criteria.

A turn at a time is on the message, with the conversation up to it; every tap is kept at once. A
field's key says which turn of how many it is about, so that an answer is read without its item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from bot.kinds.base import BadContentError, Given, Reading, Value, WrongAnswerError
from bot.kinds.content import Candidate, Content, Turn
from bot.kinds.form import AT, Choice, Form, Option, Passage, Scale, Tap
from bot.kinds.label import RatedTurn, Rating
from bot.kinds.media import Media
from bot.kinds.passages import ROLES

MOST_TURNS = 20
"""Turns of the assistant in one task: more are no minute's work but an afternoon's."""

MOST_POINTS = 40
"""Taps in one task, all turns and criteria: the window to decide a disagreement holds them all."""

KEY = re.compile(r"turn([1-9]\d?)of([1-9]\d?)_([a-z0-9_]+)")
"""The key of a field: the turn, how many there are, the criterion."""


def accept_turns(content: Content, criteria: int) -> None:
    """Check that there are turns to rate on so many criteria.

    Raises:
        BadContentError: there are none, too many, or several conversations.
    """
    if len(content.candidates) > 1:
        reason = f"it needs one conversation to rate and has {len(content.candidates)} responses"
        raise BadContentError(reason=reason)
    count = len(_rated(content))
    if not count:
        raise BadContentError(reason="it has no turn of the assistant to rate")
    if count > MOST_TURNS:
        reason = f"it has {count} turns of the assistant, where {MOST_TURNS} are allowed"
        raise BadContentError(reason=reason)
    if count * criteria > MOST_POINTS:
        reason = f"its {count} turns on {criteria} criteria pass {MOST_POINTS} taps"
        raise BadContentError(reason=reason)


def form_of_turns(content: Content, scales: Sequence[Scale]) -> Form:
    """Return the form of a conversation: a page for each turn of the assistant."""
    count = len(_rated(content))
    return Form(
        question="Rate this conversation, turn by turn",
        passages=tuple(_passages(content, count)),
        taps=tuple(tap for number in range(1, count + 1) for tap in _taps(number, count, scales)),
    )


def read_turns(given: Given, before: Given, points: Mapping[str, int]) -> Reading:
    """Merge what was tapped into what was there; `points` is how many each criterion has.

    Raises:
        WrongAnswerError: it was not offered.
    """
    known = {**_known(before, points), **_known(given, points)}
    counts = {count for _turn, count, _criterion in known}
    if len(counts) > 1:
        raise WrongAnswerError(next(iter(given)), "Please rate the turns that are on the task")
    value: Value = {
        f"turn{turn}of{count}_{criterion}": point
        for turn in range(1, MOST_TURNS + 1)
        for count in counts
        for criterion in points
        if (point := known.get((turn, count, criterion))) is not None
    }
    is_complete = bool(counts) and len(value) == max(counts) * len(points)
    return Reading(value if is_complete else {**value, **_at(given)}, complete=is_complete)


def receipt_of_turns(value: Value, labels: Mapping[str, str]) -> str:
    """Return the points of each criterion, in the order of the turns."""
    told = {
        key: [str(point) for _turn, criterion, point in _points(value) if criterion == key]
        for key in labels
    }
    return ", ".join(f"{labels[key]} {' '.join(points)}" for key, points in told.items() if points)


def is_of_turns(value: Value) -> bool:
    """Say whether an answer rates turns."""
    return any(KEY.fullmatch(key) for key in value)


def label_of_turns(content: Content, value: Value) -> Rating:
    """Return the answer as training data: each turn with what was said before it."""
    turns = _whole(content)
    points = list(_points(value))
    rated = tuple(
        RatedTurn(
            number=number,
            prompt=turns[:place],
            response=turns[place].content,
            scores=tuple((key, point) for turn, key, point in points if turn == number),
        )
        for number, place in enumerate(_rated(content), start=1)
    )
    last = content.candidates[0] if content.candidates else Candidate(rated[-1].response)
    scores = tuple((f"turn{turn}_{key}", point) for turn, key, point in points)
    return Rating(content.prompt, last, scores, rated)


def _whole(content: Content) -> tuple[Turn, ...]:
    responses = (Turn("assistant", candidate.text) for candidate in content.candidates)
    return (*content.prompt, *responses)


def _rated(content: Content) -> list[int]:
    return [place for place, turn in enumerate(_whole(content)) if turn.role == "assistant"]


def _passages(content: Content, count: int) -> Iterator[Passage]:
    """Yield every turn; it is on the message from the page on that rates it or answers it."""
    page = 1
    for number, turn in enumerate(_whole(content), start=1):
        is_rated = turn.role == "assistant"
        title = f"{ROLES[turn.role]} · turn {page} of {count}" if is_rated else ROLES[turn.role]
        yield Passage(
            f"turn{number}", title, turn.content, media=_media(content, number), page=page
        )
        page += is_rated


def _media(content: Content, number: int) -> tuple[Media, ...]:
    """Return what is shown with a turn: the prompt's with its last one, then the response's."""
    if number == len(content.prompt):
        return content.media
    return content.candidates[0].media if number > len(content.prompt) else ()


def _taps(turn: int, count: int, scales: Sequence[Scale]) -> Iterator[Tap]:
    for scale in scales:
        key, label = f"turn{turn}of{count}_{scale.key}", f"Turn {turn} · {scale.label}"
        yield replace(scale, key=key, label=label, page=turn)
    if turn > 1:
        back = Option(str(turn - 1), f"Back to turn {turn - 1}")
        yield Choice(AT, "Back", (back,), optional=True, page=turn)


def _known(value: Given, points: Mapping[str, int]) -> dict[tuple[int, int, str], int]:
    """Return the points by turn, number of turns and criterion; what is none of ours is left out.

    Raises:
        WrongAnswerError: a turn or a point that there is not.
    """
    found = {}
    for key, point in value.items():
        match = KEY.fullmatch(key)
        if match is None or match[3] not in points:
            continue
        turn, count, most = int(match[1]), int(match[2]), points[match[3]]
        if turn > count or count > MOST_TURNS:
            raise WrongAnswerError(key, "Please rate the turns that are on the task")
        if str(point) not in {str(number) for number in range(1, most + 1)}:
            raise WrongAnswerError(key, f"A turn is rated from 1 to {most} here")
        found[turn, count, match[3]] = int(str(point))
    return found


def _at(given: Given) -> Value:
    """Return the turn that somebody wants to look at again; a tap leads on."""
    if AT not in given:
        return {}
    if str(given[AT]) not in {str(number) for number in range(1, MOST_TURNS + 1)}:
        raise WrongAnswerError(AT, "Please choose one of the turns on the task")
    return {AT: int(str(given[AT]))}


def _points(value: Value) -> Iterator[tuple[int, str, int]]:
    for key, point in value.items():
        if match := KEY.fullmatch(key):
            yield int(match[1]), match[3], cast("int", point)
