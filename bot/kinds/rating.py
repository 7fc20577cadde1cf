"""Rating: one text on several criteria, each with anchored points; each tap counts at once."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import Field, field_validator

from bot.kinds.base import (
    BadContentError,
    Example,
    Given,
    Kind,
    Reading,
    Value,
    WrongAnswerError,
)
from bot.kinds.content import Candidate, Content, Order, Turn
from bot.kinds.form import Form, Option, Scale
from bot.kinds.label import Rating
from bot.kinds.passages import asked, response
from bot.kinds.remark import KEYS, with_remarks
from bot.kinds.settings import KEY, KindSettings, Strict
from bot.kinds.turning import (
    accept_turns,
    form_of_turns,
    is_of_turns,
    label_of_turns,
    read_turns,
    receipt_of_turns,
)

Anchor = Annotated[str, Field(max_length=60)]
"""What a point means: short enough for a button, which holds the point and a mark beside it."""


class Criterion(Strict):
    """One thing to rate. `anchors` says what each point means, from 1 up: 2 to 7 of them."""

    key: str = Field(pattern=KEY)
    label: str = Field(min_length=1, max_length=60)
    question: str = Field(default="", max_length=200)
    anchors: tuple[Anchor, ...] = Field(min_length=2, max_length=7)


JOKE_CRITERIA = (
    Criterion(
        key="relevance",
        label="Relevance",
        question="Does the joke fit what was asked for?",
        anchors=("misses it", "barely fits", "fits in part", "fits", "fits perfectly"),
    ),
    Criterion(
        key="humor",
        label="Humor",
        question="How funny is it?",
        anchors=("not funny", "faint smile", "smile", "chuckle", "laughed out loud"),
    ),
    Criterion(
        key="clarity",
        label="Clarity",
        question="Is it easy to get?",
        anchors=("makes no sense", "hard to get", "some effort", "clear", "instantly clear"),
    ),
)

ANSWER_CRITERIA = (
    Criterion(
        key="accuracy",
        label="Accuracy",
        question="Is what it says true?",
        anchors=("wrong", "mostly wrong", "mixed", "mostly right", "right"),
    ),
    Criterion(
        key="appropriateness",
        label="Appropriateness",
        question="Does its tone and content suit the person who asked?",
        anchors=("harmful", "off", "acceptable", "fitting", "just right"),
    ),
    Criterion(
        key="helpfulness",
        label="Helpfulness",
        question="Does it help with what was asked?",
        anchors=("useless", "little help", "some help", "helpful", "solves it"),
    ),
)

CRITERIA = {"joke": JOKE_CRITERIA, "answer": ANSWER_CRITERIA}
"""Sets of criteria to name in a campaign instead of writing them out."""


class RatingSettings(KindSettings):
    """The criteria, 1 to 8 of them, and what the rated text is called.

    `per_turn` rates a conversation turn by turn, what the assistant says in each.
    """

    criteria: tuple[Criterion, ...] = Field(default=JOKE_CRITERIA, min_length=1, max_length=8)
    noun: str = Field(default="joke", min_length=1, max_length=30)
    per_turn: bool = False

    @field_validator("criteria")
    @classmethod
    def _criteria_differ(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        keys = {criterion.key for criterion in criteria}
        if len(keys) < len(criteria):
            message = "two criteria have the same key"
            raise ValueError(message)
        if taken := keys & set(KEYS):
            message = f"no criterion can be called {' or '.join(sorted(taken))}"
            raise ValueError(message)
        return criteria


def _accept(content: Content, settings: RatingSettings) -> None:
    if settings.per_turn:
        accept_turns(content, len(settings.criteria))
        return
    if len(content.candidates) != 1:
        reason = f"it needs one {settings.noun} to rate and has {len(content.candidates)}"
        raise BadContentError(reason=reason)


def _form(content: Content, settings: RatingSettings, order: Order) -> Form:
    scales = tuple(_scale(criterion) for criterion in settings.criteria)
    if settings.per_turn:
        return form_of_turns(content, scales)
    (rated,) = content.shown(order)
    return Form(
        question=f"Rate this {settings.noun}",
        passages=(*asked(content), response("text", _capitalized(settings.noun), rated)),
        taps=scales,
    )


def _capitalized(noun: str) -> str:
    return noun[:1].upper() + noun[1:]


def _scale(criterion: Criterion) -> Scale:
    points = tuple(
        Option(str(point), str(point), hint)
        for point, hint in enumerate(criterion.anchors, start=1)
    )
    return Scale(criterion.key, criterion.label, points, criterion.question)


def _read(given: Given, before: Given, settings: RatingSettings, _order: Order) -> Reading:
    if settings.per_turn:
        points = {criterion.key: len(criterion.anchors) for criterion in settings.criteria}
        return read_turns(given, before, points)
    value: Value = {}
    for criterion in settings.criteria:
        point = given.get(criterion.key, before.get(criterion.key))
        if point is not None:
            value[criterion.key] = _point(criterion, point)
    return Reading(value, complete=len(value) == len(settings.criteria))


def _point(criterion: Criterion, point: object) -> int:
    known = range(1, len(criterion.anchors) + 1)
    if str(point) not in {str(number) for number in known}:
        reason = f"{criterion.label} is rated from 1 to {len(criterion.anchors)}"
        raise WrongAnswerError(criterion.key, reason)
    return int(str(point))


def _receipt(value: Value, settings: RatingSettings) -> str:
    if settings.per_turn:
        return receipt_of_turns(value, {c.key: c.label for c in settings.criteria})
    return ", ".join(f"{c.label} {value[c.key]}" for c in settings.criteria if c.key in value)


def _label(content: Content, value: Value, _order: Order) -> Rating:
    if is_of_turns(value):
        return label_of_turns(content, value)
    scores = tuple((key, cast("int", point)) for key, point in value.items())
    return Rating(content.prompt, content.candidates[0], scores)


_EXAMPLE = Example(
    content=Content(
        prompt=(Turn("user", "Tell a joke about umbrellas."),),
        candidates=(Candidate("Mine has a leak. It is under investigation.", "kestrel-large"),),
    ),
    settings=RatingSettings(),
    given=({"humor": "4"}, {"relevance": "5"}, {"clarity": "3"}),
    order=(0,),
    label=Rating(
        prompt=(Turn("user", "Tell a joke about umbrellas."),),
        rated=Candidate("Mine has a leak. It is under investigation.", "kestrel-large"),
        scores=(("relevance", 5), ("humor", 4), ("clarity", 3)),
    ),
)

RATING = with_remarks(
    Kind(
        name="rating",
        asks="rate a text on several criteria",
        settings=RatingSettings,
        accept=_accept,
        form=_form,
        read=_read,
        receipt=_receipt,
        label=_label,
        example=_EXAMPLE,
    )
)
