"""What is wrong with a payload that Bolt cannot read, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.validation_messages import describe_error, shorten

MAX_NAMED_STEPS = 8
"""Keys of the path to a wrong field that a message names."""


def _require_id(value: object) -> object:
    """Return an id or an object with one.

    Raises:
        ValueError: it is something else.
    """
    if value is None or isinstance(value, str | dict):
        return value
    message = "must be a text or have keys and values"
    raise ValueError(message)


Identity: TypeAlias = Annotated[Any, AfterValidator(_require_id)]
Object: TypeAlias = dict[str, Any]


class IdentitySource(BaseModel):
    """Where Bolt looks for the ids of the workspace, person and channel."""

    model_config = ConfigDict(strict=True)

    enterprise: Identity = None
    team: Identity = None
    user: Identity = None
    channel: Identity = None
    authorizations: list[IdentitySource] | None = None


class BoltEventShape(IdentitySource):
    """An event, as far as Bolt reads it."""

    type: str


class BoltBodyShape(IdentitySource):
    """A body, as far as Bolt reads it."""

    type: str | None = None
    event: BoltEventShape | None = None
    view: Object | None = None
    actions: Annotated[list[Object], Field(min_length=1)] | None = None
    response_urls: list[Object] | None = None
    workflow_step: Object | None = None


PARTS = {
    "block_actions": "actions",
    "event_callback": "event",
    "interactive_message": "actions",
    "view_closed": "view",
    "view_submission": "view",
    "workflow_step_edit": "workflow_step",
}
"""The part that Bolt needs of a body, by its type."""


def describe_problem(body: Mapping[str, Any], error: BaseException) -> str:
    """Return which field Bolt cannot read, from the body and the error with which it failed."""
    try:
        BoltBodyShape.model_validate(body)
    except ValidationError as problems:
        return first_problem(problems)
    part = PARTS.get(str(body.get("type")), "type")
    if body.get(part) is None:
        return f"{part} is missing"
    return f"Bolt cannot read it ({type(error).__name__}: {shorten(str(error))})"


def first_problem(error: ValidationError) -> str:
    """Return the path to the first wrong field and what is wrong; its value may be private."""
    problem = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(key)[:40] for key in problem["loc"][:MAX_NAMED_STEPS])
    return f"{path} {describe_error(problem)}".strip()
