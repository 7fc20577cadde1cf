"""Submitting and closing modals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..blockkit import STATEFUL
from ..errors import (
    ActionRejectedError,
    NotAcknowledgedError,
    NotVisibleError,
    WebApiError,
)
from ..json_codec import Json
from ..open_views import (
    close_all_modals,
    close_modal,
    parse_view,
    push_modal,
    update_view,
)
from ..payloads import view_closed, view_submission
from ..state_values import interactive_elements, state_entry
from ..workspace import View
from ..world import World
from .actor import Actor
from .input_values import UserInput, client_errors, find_input, to_input_value
from .interactions import InteractionResult, send_interaction
from .visibility import describe_screen, wait_for

SUBMISSION_TYPE = "view_submission"


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """The result of submitting a modal, and the errors that the app returned by block_id."""

    interaction: InteractionResult
    errors: Mapping[str, str] = field(default_factory=dict)


async def submit_modal(
    actor: Actor, entries: Mapping[str, UserInput], *, within: float, times: int = 1
) -> SubmissionResult:
    """Enter `entries` in the top modal, submit it, and apply the app's response.

    Raises:
        NotVisibleError: if no modal with these inputs appears `within` so many seconds.
        ActionRejectedError: if Slack's client would reject a missing or malformed value.
        NotAcknowledgedError: if the app does not respond in time, or not validly.
    """
    view = await _wait_for_modal(actor, entries, within)
    _fill_inputs(actor.world, view, entries)
    view.errors = {}
    actor.client.notify_change()
    _validate_inputs(view)
    payload = view_submission(actor.world, view, _response_urls(actor.world, view))
    result = await send_interaction(actor.world, payload, times=times)
    return SubmissionResult(result, _apply_response(actor.world, view, result.ack.body))


async def close_top_modal(
    actor: Actor, *, within: float, all_modals: bool
) -> InteractionResult | None:
    """Close the top modal, or with `all_modals` the whole stack.

    Returns None if no closed modal has `notify_on_close`.

    Raises:
        NotVisibleError: if no modal opens `within` so many seconds.
        NotAcknowledgedError: if view_closed is sent and the app does not respond in time.
    """
    view = await _wait_for_modal(actor, {}, within)
    is_cleared = all_modals or view.body.get("clear_on_close") is True
    if not is_cleared:
        close_modal(actor.world, view)
    result = None
    for closed in close_all_modals(actor.world, actor.id) if is_cleared else [view]:
        if closed.body.get("notify_on_close") is True:
            payload = view_closed(actor.world, closed, is_cleared=is_cleared)
            result = await send_interaction(actor.world, payload)
    return result


async def _wait_for_modal(actor: Actor, entries: Mapping[str, UserInput], within: float) -> View:
    view = await wait_for(actor, lambda: _matching_modal(actor, entries), within)
    if view is None:
        inputs = f" with the inputs {list(entries)}" if entries else ""
        raise NotVisibleError(problem=f"no modal{inputs} is open", visible=describe_screen(actor))
    return view


def _matching_modal(actor: Actor, entries: Mapping[str, UserInput]) -> View | None:
    modals = actor.client.modals
    if modals and all(find_input(modals[-1].blocks, keyword) for keyword in entries):
        return modals[-1]
    return None


def _fill_inputs(world: World, view: View, entries: Mapping[str, UserInput]) -> None:
    for keyword, entry in entries.items():
        target = find_input(view.blocks, keyword)
        if target is not None:
            value = to_input_value(world, target, entry, many=STATEFUL[target.kind].is_list)
            view.inputs[target.block_id, target.action_id] = state_entry(target.element, value)


def _validate_inputs(view: View) -> None:
    if not view.body.get("submit"):
        raise ActionRejectedError({"submit": "the modal has no submit button"})
    errors = client_errors(view.blocks, view.inputs)
    if errors:
        view.errors = errors
        raise ActionRejectedError(errors)


def _response_urls(world: World, view: View) -> list[Json]:
    """Return a response URL for each conversation menu that has `response_url_enabled`."""
    urls = []
    for target in interactive_elements(view.blocks):
        entry = view.inputs.get((target.block_id, target.action_id), {})
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if target.element.get("response_url_enabled") and channel in world.workspace.channels:
            urls.append(
                {
                    "block_id": target.block_id,
                    "action_id": target.action_id,
                    "channel_id": channel,
                    "response_url": world.response_urls.issue("app", channel, view.user_id),
                }
            )
    return urls


def _apply_response(world: World, view: View, body: object) -> Mapping[str, str]:
    """Apply the app's response to a submission and return its errors."""
    if body in (None, "", {}):
        close_modal(world, view)
        return {}
    if not isinstance(body, dict):
        raise NotAcknowledgedError(SUBMISSION_TYPE, f"the response is not a JSON object: {body!r}")
    try:
        return _apply_response_action(world, view, body)
    except WebApiError as error:
        problem = f"Slack rejects the response: {error.response}"
        raise NotAcknowledgedError(SUBMISSION_TYPE, problem) from error


def _apply_response_action(world: World, view: View, body: Json) -> Mapping[str, str]:
    action = body.get("response_action")
    if action == "errors":
        return _show_errors(world, view, body.get("errors"))
    if action == "clear":
        close_all_modals(world, view.user_id)
    elif action == "update":
        update_view(world, view, parse_view(world, body.get("view"), "modal"))
    elif action == "push":
        push_modal(world, view.user_id, parse_view(world, body.get("view"), "modal"))
    else:
        raise NotAcknowledgedError(SUBMISSION_TYPE, f"unknown response_action: {body!r}")
    return {}


def _show_errors(world: World, view: View, errors: object) -> Mapping[str, str]:
    """Show `errors` under their inputs; Slack rejects errors for other blocks."""
    inputs = {block.get("block_id") for block in view.blocks if block.get("type") == "input"}
    if not isinstance(errors, dict) or not errors:
        problem = f"response_action errors without errors: {errors!r}"
        raise NotAcknowledgedError(SUBMISSION_TYPE, problem)
    unknown = [key for key in errors if key not in inputs]
    if unknown:
        raise NotAcknowledgedError(SUBMISSION_TYPE, f"errors for {unknown}, not input blocks")
    malformed = {key: text for key, text in errors.items() if not isinstance(text, str) or not text}
    if malformed:
        problem = f"errors must be texts, not {malformed!r}"
        raise NotAcknowledgedError(SUBMISSION_TYPE, problem)
    view.errors = dict(errors)
    world.workspace.clients[view.user_id].notify_change()
    return view.errors
