"""One item for coordinators: as experts see it, with its answers, its history and actions."""

from __future__ import annotations

from bot.services.items.details import HistoryEntry, ItemAnswer, ItemDetails
from bot.slack.blockkit.blocks import actions, button, context, divider, header, modal
from bot.slack.blockkit.mentions import Mention, TextOrMention, bullet_list
from bot.slack.blockkit.passage_pages import passage_page
from bot.slack.blockkit.text import excerpt
from bot.slack.blockkit.types import Block, Button, ModalView
from bot.slack.parsing.action_ids import Action
from bot.slack.views.items import ItemsState, item_line
from storage.queries.item_search import ItemState

MAX_ANSWERS, MAX_HISTORY_ENTRIES = 20, 20
MAX_ANSWER_CHARACTERS, MAX_NAME_CHARACTERS = 300, 80

BLIND_TEXT = "You label in this campaign, so answers appear after you have answered the item."


def item_details_modal(state: ItemsState, details: ItemDetails, page: int = 0) -> ModalView:
    """Return an item with its answers and its history; `page` is the page of its text, from 0."""
    found = details.found
    reason = [context(f"On hold: {found.on_hold_reason}")] if found.on_hold_reason else []
    blocks: list[Block] = [
        context(f"{details.campaign_title} · {item_line(found)}"),
        *reason,
        *_tag_blocks(details),
        *_text_blocks(details, page),
        divider(),
        *_answer_blocks(details),
        *_history_blocks(details),
        actions(f"item:{found.item_id}", *_buttons(details)),
    ]
    return modal("item_details", "Item", blocks, metadata=state.pack())


def _tag_blocks(details: ItemDetails) -> list[Block]:
    tags = [
        f"Domains: {', '.join(details.domains)}" if details.domains else "",
        f"Language: {details.language}" if details.language else "",
        f"Known answer: {details.gold}" if details.gold else "",
    ]
    shown = [excerpt(tag, MAX_ANSWER_CHARACTERS).text for tag in tags if tag]
    return [context(" · ".join(shown))] if shown else []


def _text_blocks(details: ItemDetails, page: int) -> list[Block]:
    if not details.form.passages:
        return []
    turn_page = Action("item_text_page", details.found.item_id)
    full_text = passage_page(details.form.passages, page, turn_page)
    return [header(details.form.question), *full_text.blocks]


def _answer_blocks(details: ItemDetails) -> list[Block]:
    if details.is_blind:
        return [context(BLIND_TEXT)]
    if not details.answers:
        return [context("Nobody has this item yet.")]
    hidden = len(details.answers) - MAX_ANSWERS
    note = [context(f"… and {hidden:,} more")] if hidden > 0 else []
    return [
        context("Answers"),
        bullet_list([_answer_row(answer) for answer in details.answers[:MAX_ANSWERS]]),
        *note,
    ]


def _answer_row(answer: ItemAnswer) -> tuple[TextOrMention, ...]:
    purpose = f", {answer.purpose}" if answer.purpose else ""
    text = excerpt(" ".join(answer.text.split()), MAX_ANSWER_CHARACTERS).text
    name = answer.name[:MAX_NAME_CHARACTERS]
    return (name, f" ({answer.reference}{purpose}): {text}")


def _history_blocks(details: ItemDetails) -> list[Block]:
    if not details.history:
        return []
    shown = details.history[-MAX_HISTORY_ENTRIES:]
    hidden = len(details.history) - len(shown)
    note = f"History (UTC), without the first {hidden:,}" if hidden else "History (UTC)"
    return [context(note), bullet_list([_history_row(entry) for entry in shown])]


def _history_row(entry: HistoryEntry) -> tuple[TextOrMention, ...]:
    name = entry.actor[:MAX_NAME_CHARACTERS]
    actor = Mention(name) if entry.is_person else name
    text = excerpt(entry.text, MAX_ANSWER_CHARACTERS).text
    return (f"{entry.at:%Y-%m-%d %H:%M} ", actor, f" {text}")


def _buttons(details: ItemDetails) -> list[Button]:
    found = details.found
    labels = {"items_page": "Back to list"}
    if found.state != ItemState.DELETED:
        is_on_hold = found.state == ItemState.ON_HOLD
        change = {"release_item": "Return to queue"} if is_on_hold else {"hold_item": "Put on hold"}
        labels |= {**change, "delete_item": "Delete…"}
    return [
        button(label, name, Action(name, 0 if name == "items_page" else found.item_id).value)
        for name, label in labels.items()
    ]
