"""Fault routes of the control API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from ..faults import OTHER_ENDPOINTS
from ..json_codec import Json
from ..manifest_events import EVENT_SCOPES
from ..methods import METHODS
from ..methods.known_methods import KNOWN_METHODS
from ..world import World
from .inspection import faults_json
from .requests import BadRequestError, ControlHandler, ControlRequest

UNTIL_CLEARED = 10**9
"""Default number of times that a fault occurs: until it is cleared."""

INTERACTION_TYPES = (
    "block_actions",
    "block_suggestion",
    "message_action",
    "shortcut",
    "view_closed",
    "view_submission",
)
DISCONNECT_REASONS = ("warning", "refresh_requested", "link_disabled")
MIN_STATUS, MAX_STATUS = 200, 599


async def change_faults(request: ControlRequest) -> Json:
    """Add a fault; with `clear`, remove the faults of a `kind`, or all of them."""
    kind = request.text("kind", "error" if "error" in request.values else "")
    if request.flag("clear"):
        _check_arguments(request, "clear", {"kind", "clear"})
        _clear_faults(request, kind)
    elif kind in FAULT_HANDLERS:
        _check_arguments(request, kind, {"kind", *FAULT_ARGUMENTS[kind]})
        FAULT_HANDLERS[kind](request)
    else:
        message = f"kind must be one of {', '.join(FAULT_HANDLERS)}"
        raise BadRequestError(message)
    request.world.workspace.notify_all()
    return {"faults": faults_json(request.world)}


def _check_arguments(request: ControlRequest, kind: str, accepted: set[str]) -> None:
    """Refuse arguments that would have no effect; `as` may name the user in every request."""
    unknown = sorted(request.values.keys() - accepted - {"as"})
    if unknown:
        message = f"{kind} does not accept {', '.join(unknown)}, only {', '.join(sorted(accepted))}"
        raise BadRequestError(message)


def _clear_faults(request: ControlRequest, kind: str) -> None:
    if kind:
        request.world.faults.clear_kind(kind)
    else:
        request.world.faults.clear()


def _times(request: ControlRequest) -> int:
    times = request.number("times", UNTIL_CLEARED)
    if times < 1:
        message = "times must be at least 1"
        raise BadRequestError(message)
    return int(times)


def _seconds(request: ControlRequest, name: str, default: float) -> float:
    seconds = request.number(name, default)
    if seconds < 0:
        message = f"{name} must not be negative"
        raise BadRequestError(message)
    return seconds


def _for_seconds(request: ControlRequest) -> float:
    return _seconds(request, "for_seconds", 0)


def _method(request: ControlRequest) -> str:
    """Return the pattern of the affected calls; it must match at least one known name."""
    pattern = request.text("method", "*")
    names = {*METHODS, *KNOWN_METHODS, *OTHER_ENDPOINTS}
    if not any(fnmatchcase(name, pattern) for name in names):
        message = (
            f"method must be a method of the Web API, a family such as chat.*, *, or one of "
            f"{', '.join(sorted(OTHER_ENDPOINTS))}, not {pattern!r}"
        )
        raise BadRequestError(message)
    return pattern


def _delivery(request: ControlRequest) -> str:
    pattern = request.text("method", "*")
    types = delivery_types(request.world)
    if not any(fnmatchcase(name, pattern) for name in types):
        message = f"method must be * or the type of a delivery ({', '.join(sorted(types))})"
        raise BadRequestError(message)
    return pattern


def delivery_types(world: World) -> set[str]:
    """Return the types of everything that the sandbox delivers to the app, and its commands."""
    events = {name.partition(".")[0] for name in {*EVENT_SCOPES, *world.manifest.events}}
    return {*events, *INTERACTION_TYPES, *world.manifest.commands}


def _add_failure(request: ControlRequest) -> None:
    status = int(request.number("status", 503))
    if not MIN_STATUS <= status <= MAX_STATUS:
        message = f"status must be from {MIN_STATUS} to {MAX_STATUS}"
        raise BadRequestError(message)
    request.world.faults.fail(
        _method(request),
        status,
        _times(request),
        error=request.text("error", ""),
        is_performed=request.flag("is_performed"),
        for_seconds=_for_seconds(request),
    )


def _add_error(request: ControlRequest) -> None:
    request.world.faults.error(
        _method(request),
        request.text("error", "internal_error"),
        _times(request),
        is_performed=request.flag("is_performed"),
        for_seconds=_for_seconds(request),
    )


def _add_rate_limit(request: ControlRequest) -> None:
    seconds = int(_seconds(request, "seconds", 5))
    request.world.faults.ratelimit(
        _method(request), seconds, _times(request), for_seconds=_for_seconds(request)
    )


def _add_delay(request: ControlRequest) -> None:
    seconds = _seconds(request, "seconds", 2)
    request.world.faults.slow(
        _method(request), seconds, _times(request), for_seconds=_for_seconds(request)
    )


def _add_drop(request: ControlRequest) -> None:
    request.world.faults.drop(
        _method(request),
        _times(request),
        is_performed=request.flag("is_performed"),
        for_seconds=_for_seconds(request),
    )


def _add_lost_ack(request: ControlRequest) -> None:
    request.world.faults.lose_acks(_times(request), for_seconds=_for_seconds(request))


def _add_duplicate(request: ControlRequest) -> None:
    request.world.faults.duplicate(
        _delivery(request), _times(request), for_seconds=_for_seconds(request)
    )


def _add_unfetchable_image(request: ControlRequest) -> None:
    url = request.text("url")
    request.world.faults.make_images_unfetchable(
        url, _times(request), for_seconds=_for_seconds(request)
    )


def _delay_file_processing(request: ControlRequest) -> None:
    request.world.faults.delay_file_processing(_times(request), for_seconds=_for_seconds(request))


def _drop_sockets(request: ControlRequest) -> None:
    request.world.faults.drop_sockets()


def _disconnect(request: ControlRequest) -> None:
    reason = request.text("reason", "refresh_requested")
    if reason not in DISCONNECT_REASONS:
        message = f"reason must be one of {', '.join(DISCONNECT_REASONS)}"
        raise BadRequestError(message)
    request.world.faults.disconnect(reason)


FAULT_HANDLERS: dict[str, Callable[[ControlRequest], None]] = {
    "fail": _add_failure,
    "error": _add_error,
    "ratelimit": _add_rate_limit,
    "slow": _add_delay,
    "drop": _add_drop,
    "lost_ack": _add_lost_ack,
    "duplicate": _add_duplicate,
    "unfetchable_image": _add_unfetchable_image,
    "unprocessed_file": _delay_file_processing,
    "drop_sockets": _drop_sockets,
    "disconnect": _disconnect,
}
"""How to add a fault, by its kind."""

FAULT_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "fail": ("method", "status", "error", "is_performed", "times", "for_seconds"),
    "error": ("method", "error", "is_performed", "times", "for_seconds"),
    "ratelimit": ("method", "seconds", "times", "for_seconds"),
    "slow": ("method", "seconds", "times", "for_seconds"),
    "drop": ("method", "is_performed", "times", "for_seconds"),
    "lost_ack": ("times", "for_seconds"),
    "duplicate": ("method", "times", "for_seconds"),
    "unfetchable_image": ("url", "times", "for_seconds"),
    "unprocessed_file": ("times", "for_seconds"),
    "drop_sockets": (),
    "disconnect": ("reason",),
}
"""The arguments that each kind of fault accepts."""

FAULT_ROUTES: dict[str, ControlHandler] = {"faults": change_faults}
"""Fault routes by the last part of their path."""
