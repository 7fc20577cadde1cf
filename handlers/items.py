"""Items: search them, look at one, put items on hold, delete them; all in one dialog."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.app_context import AppContext
from bot.services.actors.actor import Actor
from bot.services.campaigns import campaigns, lifecycle
from bot.services.items import changes, details, search
from bot.services.items.changes import DEFAULT_HOLD_REASON
from bot.services.items.references import short_key
from bot.slack.blockkit.inputs import options_response
from bot.slack.blockkit.text import pluralize
from bot.slack.blockkit.types import ModalView, OptionsResponse
from bot.slack.client.modals import open_view, push_view, update_view
from bot.slack.parsing.action_ids import parse_row_id
from bot.slack.parsing.modal_metadata import parse_metadata
from bot.slack.views.campaign_lifecycle import render_campaign_picker
from bot.slack.views.item_details import item_details_modal
from bot.slack.views.items import (
    MAX_CHANGED_AT_ONCE,
    PAGE_SIZE,
    ItemsState,
    delete_items_modal,
    items_modal,
    without_item,
)
from handlers.payloads import (
    ActionPayload,
    CommandPayload,
    CommandResponse,
    SubmissionPayload,
    SubmissionResponse,
    SuggestionPayload,
)
from storage.queries.item_search import ItemState
from storage.row_id import id_of
from storage.tables import Campaign, CampaignState


async def suggest(app: AppContext, payload: SuggestionPayload) -> OptionsResponse:
    """Return the items of the dialog's campaign that match what is typed."""
    campaign_id = parse_row_id(payload.metadata)
    found = await app.db.read(_suggest, campaign_id, payload.typed)
    return options_response([(str(row_id), short_key(key), text) for row_id, key, text in found])


def _suggest(session: Session, campaign_id: int, typed: str) -> list[tuple[int, str, str]]:
    campaign = campaigns.campaign_by_id(session, campaign_id)
    return search.suggest_items(session, campaign, typed)


async def open_from_command(app: AppContext, command: CommandPayload) -> CommandResponse:
    """Open the search of the named campaign, with the text after its name; or list campaigns."""
    name, *words = command.arguments.tokens or ("",)
    if not name:
        options = await app.db.read(lifecycle.list_campaign_options, *CampaignState)
        return render_campaign_picker("Search items…", "items", options)
    view = await app.db.read(_search_by_name, name, " ".join(words))
    app.run_in_background(open_view(app.sender, command.trigger_id, view, command.response_url))
    return None


async def open_from_button(app: AppContext, payload: ActionPayload) -> None:
    """Open the search of the button's campaign; on top of a dialog if the button is in one."""
    view = await app.db.read(_search_view, ItemsState(payload.action.target_id))
    if payload.view and payload.view.get("type") == "modal":
        app.run_in_background(push_view(app.sender, payload.trigger_id, view))
        return
    url = payload.interaction.response_url
    app.run_in_background(open_view(app.sender, payload.trigger_id, view, url))


async def submit_search(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Show the items that were searched for, in the same dialog."""
    state = parse_metadata(ItemsState, submission.metadata).with_search(submission.values)
    return {"response_action": "update", "view": await app.db.read(_search_view, state)}


async def show_page(app: AppContext, payload: ActionPayload) -> None:
    """Show another page of the results, or return to the page that was shown last."""
    state = without_item(_state_of(payload))
    option = payload.action.option
    state = replace(state, page=parse_row_id(option)) if option else state
    _update(app, payload, await app.db.read(_search_view, state))


async def show_item(app: AppContext, payload: ActionPayload) -> None:
    """Show one item in place of the results."""
    state = replace(_state_of(payload), item_id=payload.action.target_id)
    await _show_item(app, payload, state)


async def show_text_page(app: AppContext, payload: ActionPayload) -> None:
    """Show another page of the item's text."""
    await _show_item(app, payload, _state_of(payload), parse_row_id(payload.action.option))


async def hold(app: AppContext, payload: ActionPayload) -> None:
    """Put the shown item on hold."""
    await app.db.write(_hold, _state_of(payload).campaign_id, _target(payload), payload.actor)
    await _show_item(app, payload, _state_of(payload))


async def release(app: AppContext, payload: ActionPayload) -> None:
    """Return the shown item to the queue."""
    await app.db.write(_release, _state_of(payload).campaign_id, _target(payload), payload.actor)
    await _show_item(app, payload, _state_of(payload))


async def hold_found(app: AppContext, payload: ActionPayload) -> None:
    """Put everything that was found on hold."""
    state = _state_of(payload)
    held = await app.db.write(_hold_found, state, payload.actor)
    result = f"Put {pluralize(held, 'item')} on hold."
    _update(app, payload, await app.db.read(_search_view, state, result))


async def ask_to_delete(app: AppContext, payload: ActionPayload) -> None:
    """Ask for confirmation to delete the shown item."""
    state = replace(_state_of(payload), delete_ids=_target(payload))
    _update(app, payload, await app.db.read(_delete_view, state))


async def ask_to_delete_found(app: AppContext, payload: ActionPayload) -> None:
    """Ask for confirmation to delete everything that was found."""
    state = _state_of(payload)
    ids = await app.db.read(_found_ids, state)
    _update(app, payload, await app.db.read(_delete_view, replace(state, delete_ids=ids)))


async def submit_deletion(app: AppContext, submission: SubmissionPayload) -> SubmissionResponse:
    """Delete the items that were confirmed, and return to the search."""
    state = parse_metadata(ItemsState, submission.metadata)
    result = await app.db.write(_delete, state, submission.actor)
    view = await app.db.read(_search_view, replace(without_item(state), page=0), result)
    return {"response_action": "update", "view": view}


def _state_of(payload: ActionPayload) -> ItemsState:
    return parse_metadata(ItemsState, payload.modal["private_metadata"])


def _target(payload: ActionPayload) -> list[int]:
    return [payload.action.target_id]


def _update(app: AppContext, payload: ActionPayload, view: ModalView) -> None:
    app.run_in_background(update_view(app.sender, payload.modal, view))


async def _show_item(
    app: AppContext, payload: ActionPayload, state: ItemsState, page: int = 0
) -> None:
    view = await app.db.read(_item_view, state, payload.interaction.slack_id, page)
    _update(app, payload, view)


def _search_by_name(session: Session, name: str, text: str) -> ModalView:
    campaign = campaigns.campaign_by_name(session, name)
    return _search_view(session, ItemsState(id_of(campaign), text))


def _search_view(session: Session, state: ItemsState, result: str = "") -> ModalView:
    campaign = campaigns.campaign_by_id(session, state.campaign_id)
    offset = state.page * PAGE_SIZE
    page = search.search_items(session, campaign, state.item_filter, limit=PAGE_SIZE, offset=offset)
    return items_modal(state, campaign.title, page, result)


def _item_view(session: Session, state: ItemsState, viewer: str, page: int) -> ModalView:
    campaign = campaigns.campaign_by_id(session, state.campaign_id)
    shown = details.details_of(session, campaign, state.item_id, viewer)
    return item_details_modal(state, shown, page)


def _found_ids(session: Session, state: ItemsState) -> list[int]:
    campaign = campaigns.campaign_by_id(session, state.campaign_id)
    page = search.search_items(session, campaign, state.item_filter, limit=MAX_CHANGED_AT_ONCE)
    return [item.found.item_id for item in page.items if item.found.state != ItemState.DELETED]


def _delete_view(session: Session, state: ItemsState) -> ModalView:
    campaign = campaigns.campaign_by_id(session, state.campaign_id)
    preview = changes.preview_deletion(session, campaign, state.delete_ids)
    return delete_items_modal(state, preview.keys, preview.answers)


def _campaign_of(session: Session, campaign_id: int) -> Campaign:
    return campaigns.campaign_by_id(session, campaign_id, lock=True)


def _hold(session: Session, campaign_id: int, item_ids: list[int], actor: Actor) -> int:
    campaign = _campaign_of(session, campaign_id)
    return changes.hold_items(session, campaign, item_ids, DEFAULT_HOLD_REASON, actor)


def _release(session: Session, campaign_id: int, item_ids: list[int], actor: Actor) -> int:
    return changes.release_items(session, _campaign_of(session, campaign_id), item_ids, actor)


def _hold_found(session: Session, state: ItemsState, actor: Actor) -> int:
    return _hold(session, state.campaign_id, _found_ids(session, state), actor)


def _delete(session: Session, state: ItemsState, actor: Actor) -> str:
    campaign = _campaign_of(session, state.campaign_id)
    deletion = changes.delete_items(session, campaign, state.delete_ids, actor)
    excluded = f" {pluralize(deletion.answers, 'answer')} excluded." if deletion.answers else ""
    return f"Deleted {pluralize(len(deletion.keys), 'item')}.{excluded}"
