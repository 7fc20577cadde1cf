"""The dialog that creates a campaign: three steps, each with more options on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

from bot.slack.blockkit.blocks import actions, button, context, divider, header, modal
from bot.slack.blockkit.mentions import text_with_mentions
from bot.slack.blockkit.types import Block, ModalView
from bot.slack.campaign_form import people_step, schedule_step, task_step
from bot.slack.campaign_form.form import CampaignForm, FormState
from bot.slack.parsing.action_ids import Action

Drawing = Callable[[CampaignForm], list[Block]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, the inputs that every campaign needs, and those that few need."""

    name: str
    main: Drawing
    more: Drawing


STEPS = (
    Step("Task", task_step.main_blocks, task_step.more_blocks),
    Step("People", people_step.main_blocks, people_step.more_blocks),
    Step("Schedule", schedule_step.main_blocks, schedule_step.more_blocks),
)
LAST_STEP = len(STEPS) - 1
PREVIEW_TITLE = "What an expert sees"
RESTORED_TEXT = "This is what you entered before you closed the dialog."


def campaign_modal(
    form: CampaignForm,
    state: FormState,
    *,
    preview: Sequence[Block] = (),
    notice: str = "",
) -> ModalView:
    """Render a step with what was entered.

    `preview` is the task as an expert sees it, for the first step. `notice` is an error about an
    input that was not shown.
    """
    step = STEPS[state.step]
    blocks = [
        context(_describe_step(state.step)),
        *([text_with_mentions(f"⚠️ {notice}")] if notice else []),
        *([context(RESTORED_TEXT)] if _can_start_over(state) else []),
        *step.main(form),
        *(step.more(form) if state.shows_more else []),
        _button_row(state),
        *([divider(), header(PREVIEW_TITLE), *preview] if preview else []),
    ]
    return modal(
        "create_campaign",
        f"Create campaign ({state.step + 1}/{len(STEPS)})",
        [_with_input_id(_without_long_text(block, form), state) for block in blocks],
        submit="Create" if state.step == LAST_STEP else "Next",
        metadata=state.pack(),
    )


def step_of(form: CampaignForm, key: str) -> int | None:
    """Return the number of the step that has an input; None if no step has it."""
    for number, step in enumerate(STEPS):
        blocks = [*step.main(form), *step.more(form)]
        if any(block.get("block_id") == key for block in blocks):
            return number
    return None


def _can_start_over(state: FormState) -> bool:
    return state.is_restored and state.step == 0


def _describe_step(number: int) -> str:
    following = (
        f"Next: {STEPS[number + 1].name}." if number < LAST_STEP else "This is the last step."
    )
    return f"Step {number + 1} of {len(STEPS)}: {STEPS[number].name}. {following}"


def _button_row(state: FormState) -> Block:
    labels = {
        "previous_step": "Back" if state.step else "",
        "more_campaign_options": "Fewer options" if state.shows_more else "More options",
        "preview_draft": "Preview the task…",
        "start_over": "Start over" if _can_start_over(state) else "",
    }
    buttons = [button(label, name, Action(name).value) for name, label in labels.items() if label]
    return actions("campaign_form", *buttons)


def _without_long_text(block: Block, form: CampaignForm) -> Block:
    """Return a line in place of a text box that cannot hold its entry, so that nothing is cut."""
    if block["type"] != "input" or block["element"]["type"] != "plain_text_input":
        return block
    entry = form.entries.get(block["block_id"], "")
    if len(entry) <= block["element"]["max_length"]:
        return block
    label = block["label"]["text"]
    return context(f"{label}: as in the template. {len(entry):,} characters do not fit here.")


def _with_input_id(block: Block, state: FormState) -> Block:
    """Return a block with the ids of the generation, if it is an input."""
    if block["type"] != "input" or not state.generation:
        return block
    input_id = state.input_id(block["block_id"])
    renamed = deepcopy(block)
    renamed["block_id"] = renamed["element"]["action_id"] = input_id
    return renamed
