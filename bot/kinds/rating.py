"""Rating: score one text on several criteria with anchored scales. Each tap is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

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
from bot.kinds.content import Candidate, Content, ConversationTurn, Order
from bot.kinds.criteria_presets import JOKE_CRITERIA, Criterion
from bot.kinds.form import Form, Option, ScaleField
from bot.kinds.label import Rating
from bot.kinds.passages import prompt_passages, response_passage
from bot.kinds.rationale import RATIONALE_KEYS, with_rationale
from bot.kinds.settings import KindSettings
from bot.kinds.turn_rating import (
    build_turns_form,
    is_turn_rating,
    parse_turn_points,
    summarize_turns,
    turns_to_label,
    validate_turns,
)


class RatingSettings(KindSettings):
    """The criteria, 1 to 8 of them. `noun` is what the rated text is called.

    `per_turn` rates each assistant turn of a conversation.
    """

    criteria: tuple[Criterion, ...] = Field(default=JOKE_CRITERIA, min_length=1, max_length=8)
    noun: str = Field(default="joke", min_length=1, max_length=30)
    per_turn: bool = False

    @property
    def scales(self) -> Mapping[str, int]:
        """Return the number of points of each criterion."""
        return {criterion.key: len(criterion.anchors) for criterion in self.criteria}

    @field_validator("criteria")
    @classmethod
    def _require_unique_criteria(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        keys = {criterion.key for criterion in criteria}
        if len(keys) < len(criteria):
            message = "two criteria have the same key"
            raise ValueError(message)
        if reserved := keys & set(RATIONALE_KEYS):
            message = f"a criterion cannot have the key {' or '.join(sorted(reserved))}"
            raise ValueError(message)
        return criteria


def _validate_content(content: Content, settings: RatingSettings) -> None:
    if settings.per_turn:
        validate_turns(content, len(settings.criteria))
        return
    if len(content.candidates) != 1:
        reason = f"it needs one {settings.noun} to rate and has {len(content.candidates)}"
        raise InvalidContentError(reason=reason)


def _build_form(content: Content, settings: RatingSettings, order: Order) -> Form:
    scales = tuple(_scale_field(criterion) for criterion in settings.criteria)
    if settings.per_turn:
        return build_turns_form(content, scales)
    (rated,) = content.candidates_in_order(order)
    return Form(
        question=f"Rate this {settings.noun}",
        passages=(
            *prompt_passages(content),
            response_passage("text", _capitalize(settings.noun), rated),
        ),
        message_fields=scales,
    )


def _capitalize(noun: str) -> str:
    return noun[:1].upper() + noun[1:]


def _scale_field(criterion: Criterion) -> ScaleField:
    points = tuple(
        Option(str(point), str(point), "" if hint == str(point) else hint)
        for point, hint in enumerate(criterion.anchors, start=1)
    )
    return ScaleField(criterion.key, criterion.label, points, criterion.question)


def _parse_answer(
    form_input: FormInput, previous: FormInput, settings: RatingSettings, _order: Order
) -> ParsedAnswer:
    if settings.per_turn:
        return parse_turn_points(form_input, previous, settings.scales)
    value: AnswerValue = {}
    for criterion in settings.criteria:
        point = form_input.get(criterion.key, previous.get(criterion.key))
        if point is not None:
            value[criterion.key] = _parse_point(criterion, point)
    return ParsedAnswer(value, complete=len(value) == len(settings.criteria))


def _parse_point(criterion: Criterion, point: object) -> int:
    points = range(1, len(criterion.anchors) + 1)
    if str(point) not in {str(number) for number in points}:
        reason = f"Rate {criterion.label} from 1 to {len(criterion.anchors)}"
        raise InvalidAnswerError(criterion.key, reason)
    return int(str(point))


def _summarize(value: AnswerValue, settings: RatingSettings) -> str:
    if settings.per_turn:
        return summarize_turns(value, {c.key: c.label for c in settings.criteria})
    return ", ".join(f"{c.label} {value[c.key]}" for c in settings.criteria if c.key in value)


def _to_label(content: Content, value: AnswerValue, _order: Order) -> Rating:
    if is_turn_rating(value):
        return turns_to_label(content, value)
    scores = tuple((key, cast("int", point)) for key, point in value.items())
    return Rating(content.prompt, content.candidates[0], scores)


_EXAMPLE = Example(
    content=Content(
        prompt=(ConversationTurn("user", "Tell a joke about umbrellas."),),
        candidates=(Candidate("Mine has a leak. It is under investigation.", "kestrel-large"),),
    ),
    settings=RatingSettings(),
    inputs=({"humor": "4"}, {"relevance": "5"}, {"clarity": "3"}),
    order=(0,),
    label=Rating(
        prompt=(ConversationTurn("user", "Tell a joke about umbrellas."),),
        candidate=Candidate("Mine has a leak. It is under investigation.", "kestrel-large"),
        scores=(("relevance", 5), ("humor", 4), ("clarity", 3)),
    ),
)

RATING = with_rationale(
    Kind(
        name="rating",
        task_phrase="rate a text on several criteria",
        settings=RatingSettings,
        validate_content=_validate_content,
        validates_texts=False,
        build_form=_build_form,
        parse_answer=_parse_answer,
        summarize=_summarize,
        to_label=_to_label,
        example=_EXAMPLE,
    )
)
