"""Options of external selects, which the app returns while the user types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..blockkit import Surface, check_blocks, with_defaults
from ..errors import NotAcknowledgedError
from ..json_codec import Json, as_list, as_object
from ..payloads import block_suggestion
from ..snapshots import element_options
from ..state_values import BlockElement
from ..world import World
from .actor import Actor
from .input_values import UserInput
from .interactions import send_interaction
from .visibility import ElementContainer

SUGGESTION_TYPE = "block_suggestion"


async def load_external_options(
    actor: Actor, container: ElementContainer, target: BlockElement, queries: Sequence[UserInput]
) -> BlockElement:
    """Return `target` with the options that the app returns for the `queries`.

    Raises:
        NotAcknowledgedError: if the app returns no options that Slack could show.
    """
    options: list[Json] = []
    for query in queries:
        payload = block_suggestion(actor.world, actor.id, container.source, target, str(query))
        result = await send_interaction(actor.world, payload)
        options += _prepare_options(actor.world, result.ack.body)
    return replace(target, element=target.element | {"options": options})


def _prepare_options(world: World, body: object) -> list[Json]:
    """Validate the app's response and return its options, without groups, in stored form."""
    response = as_object(body)
    key = "option_groups" if isinstance(response.get("option_groups"), list) else "options"
    options = response.get(key)
    if not isinstance(options, list):
        raise NotAcknowledgedError(SUGGESTION_TYPE, f"expected a list of options, not {options!r}")
    if not options:
        return []
    menu = {"type": "static_select", "action_id": "suggested", key: options}
    blocks: list[Json] = [{"type": "actions", "elements": [menu]}]
    problems = check_blocks(blocks, Surface.MESSAGE)
    if problems:
        first = problems[0]
        raise NotAcknowledgedError(
            SUGGESTION_TYPE, f"{first.message} [json-pointer:{first.pointer}]"
        )
    (stored,) = with_defaults(blocks, world.ids.block_id)
    return element_options(as_list(stored["elements"])[0])
