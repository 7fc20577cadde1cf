"""What is wrong with the form of a request: unknown parameters, and bodies of another shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from pydantic import BaseModel

from bot.api.errors import NulCharacterError, RepeatedParameterError, UnknownParameterError

NUL = "\0"


def require_usable_address(request: Request) -> None:
    """Check the path and the parameters of a request.

    Raises:
        NulCharacterError: the database could not store or look for a part of it.
        UnknownParameterError: the route does not have a parameter.
        RepeatedParameterError: the route takes a parameter only once.
    """
    if NUL in request.scope["path"]:
        raise NulCharacterError(place="path")
    route, given = request.scope.get("route"), request.query_params
    if not given or not isinstance(route, APIRoute):
        return
    known = _parameters_of(route)
    for name in given:
        if name not in known:
            raise UnknownParameterError(name=name, known=suggest(name, known, "parameters"))
        values = given.getlist(name)
        if len(values) > 1 and not known[name]:
            raise RepeatedParameterError(name=name, count=len(values))
        if any(NUL in value for value in values):
            raise NulCharacterError(place=f"parameter “{name}”")


def _parameters_of(route: APIRoute) -> dict[str, bool]:
    """Return the names of the parameters of a route, and whether each may be repeated."""
    return {
        field.alias: _is_list(field.field_info.annotation)
        for field in get_flat_params(route.dependant)
        if isinstance(field.field_info, Query)
    }


def _is_list(annotation: object) -> bool:
    return any(get_origin(one) is list for one in (annotation, *get_args(annotation)))


def suggest(name: str, known: Collection[str], what: str) -> str:
    """Return the name that somebody meant, or all names, as the end of a sentence."""
    if similar := get_close_matches(name, known, n=1):
        return f"write “{similar[0]}”"
    return f"its {what} are {', '.join(known)}" if known else f"it has no {what}"


def describe_field(request: Request, error: Mapping[str, Any]) -> tuple[str, str]:
    """Return the field of an error of Pydantic, and what is wrong and what to do."""
    place: Sequence[str | int] = error["loc"]
    field, detail = ".".join(map(str, place)), str(error["msg"])
    if error["type"] == "json_invalid":
        return "body", f"It is not JSON: {error['ctx']['error']} (character {place[-1]})"
    if place == ("body",) and not _has_json_type(request):
        return field, "Send JSON, with the header Content-Type: application/json"
    if error["type"] == "value_error":
        return field, str(error["ctx"]["error"])
    if error["type"] == "extra_forbidden" and place[:-1] == ("body",):
        known = _body_fields(request.scope.get("route"))
        return field, f"The body has no such field: {suggest(str(place[-1]), known, 'fields')}"
    return field, detail


def _has_json_type(request: Request) -> bool:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _body_fields(route: object) -> tuple[str, ...]:
    """Return the fields of the body of a route, as requests name them."""
    field = route.body_field if isinstance(route, APIRoute) else None
    model = field.field_info.annotation if field is not None else None
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ()
    return tuple(one.alias or name for name, one in model.model_fields.items())
