"""Items: push many at once, search, show, hold, release and delete them; imports and their undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

from fastapi import APIRouter, Depends, Path, Query, Request, Security
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from sqlmodel import Session

from bot.api.call import AdminCall, Call, ReadCall, authenticate
from bot.api.errors import NothingAddedError
from bot.api.models import HoldBody, Outcome
from bot.api.pace import BulkPace
from bot.api.pages import MAX_POSITION, Page, PageRequest
from bot.api.routes.campaigns import CampaignName
from bot.api.uploads import BODY, ReceivedBody, receive_upload
from bot.imports.answers.mapping import AnswerMapping, is_answer_mapping
from bot.imports.mapping import ColumnMapping
from bot.imports.plan import ImportOptions
from bot.services.actors.actor import Actor
from bot.services.imports import importer
from bot.services.imports import undo as import_undo
from bot.services.imports.dry_run import as_json, dry_run
from bot.services.imports.import_progress import ImportCallbacks, ImportResult
from bot.services.imports.importer import ImportSource
from bot.services.imports.undo import UndoneImport
from bot.services.items import changes, references, search
from bot.services.items.changes import Deletion
from bot.services.items.item_document import ItemDocument, item_document
from bot.services.items.search import ItemSummary
from storage.queries.item_search import ItemFilter, ItemState
from storage.tables import Campaign, KeyScope

router = APIRouter()

T = TypeVar("T")

MAX_PUSHED_AT_ONCE = 256
"""Items per transaction of a push: a fourth of an import's, so that answers wait less."""

PushCall = Annotated[Call, Security(authenticate, scopes=["items"])]

ItemName = Annotated[str, Path(description="Id of the item, or reference of a task.")]
ImportNumber = Annotated[int, Path(ge=1, le=MAX_POSITION)]
Part = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class PushParameters:
    """How the rows of a push are read, as in the options of `labelbot import`."""

    mapping: Annotated[
        list[str] | None,
        Query(alias="map", description="PART=COLUMN,…, as in `labelbot import --map`."),
    ] = None
    meanings: Annotated[
        list[str] | None,
        Query(alias="value", description="VALUE=ANSWER, as in `labelbot import --value`."),
    ] = None
    shape: Annotated[str | None, Query(description="Shape of the dataset.")] = None
    group_by: Annotated[str | None, Query(description="Rows with equal values are one item.")] = (
        None
    )

    def parse(self) -> tuple[ColumnMapping, ImportOptions]:
        """Return the columns of items, and the options with the columns of answers.

        Raises:
            BotError: a mapping is not valid.
        """
        mapping = self.mapping or []
        columns = ColumnMapping.parse(one for one in mapping if not is_answer_mapping(one))
        answers = AnswerMapping.parse(filter(is_answer_mapping, mapping), self.meanings or [])
        return columns, ImportOptions(shape=self.shape, group_by=self.group_by, answers=answers)


class ItemEntry(BaseModel):
    """An item in a list. `overlap` is how many answers it needs; null for gold."""

    item: str
    state: str
    answers: int
    overlap: int | None
    on_hold_reason: str | None
    created_at: datetime
    excerpt: str

    @classmethod
    def of(cls, summary: ItemSummary) -> ItemEntry:
        """Return the entry of an item that a search found."""
        found = summary.found
        return cls(
            item=found.key,
            state=found.state,
            answers=found.answers,
            overlap=found.overlap,
            on_hold_reason=found.on_hold_reason,
            created_at=found.created_at,
            excerpt=summary.excerpt,
        )


class ImportEntry(BaseModel):
    """An import of a campaign, with the number of its items that are left."""

    id: int
    file: str
    items: int
    imported_by: str
    created_at: datetime
    undone_at: datetime | None


@router.post("/campaigns/{campaign}/items", openapi_extra={"requestBody": BODY})
async def push_items(
    call: PushCall,
    request: Request,
    campaign: CampaignName,
    parameters: Annotated[PushParameters, Depends()],
    *,
    strict: Annotated[bool, Query(description="Nothing if any row is invalid.")] = False,
) -> ImportResult:
    """Add items. What the campaign has stays, so a request can be sent again.

    Rows are read as from a file of `labelbot import`. They are stored in short transactions, with
    pauses while experts answer, so that answers are not delayed. Answers of the file need the scope
    admin. Invalid rows are counted in `rejected`, and the others added; if nothing can be added,
    the status is 422.
    """
    await run_in_threadpool(call.read, lambda session: call.campaign(session, campaign))
    columns, options = parameters.parse()
    if options.answers:
        call.holder.require_scope(KeyScope.ADMIN)
    async with receive_upload(request) as upload:
        source = ImportSource(
            campaign,
            upload.path,
            columns,
            strict=strict,
            options=options,
            name=upload.name,
            max_items=MAX_PUSHED_AT_ONCE,
        )
        return await run_in_threadpool(_import, call, source, upload)


@router.post("/campaigns/{campaign}/items/check", openapi_extra={"requestBody": BODY})
async def check_items(
    call: PushCall,
    request: Request,
    campaign: CampaignName,
    parameters: Annotated[PushParameters, Depends()],
    *,
    near: Annotated[bool, Query(description="Also find near-duplicates.")] = False,
) -> dict[str, Any]:
    """Return what a push of these rows would do, with the first items as experts would see them.

    Nothing is stored.
    """
    await run_in_threadpool(call.read, lambda session: call.campaign(session, campaign))
    columns, options = parameters.parse()
    async with receive_upload(request) as upload:
        source = ImportSource(campaign, upload.path, columns, options=options, name=upload.name)
        database = call.context.database
        result = await run_in_threadpool(dry_run, database, source, find_near=near)
        return dict(to_jsonable_python(as_json(result, {"campaign": campaign})))


def _import(call: Call, source: ImportSource, upload: ReceivedBody) -> ImportResult:
    call.body = upload.digest
    if (stored := call.stored_result()) is not None:
        return cast("ImportResult", stored)
    pace = BulkPace(call.context.database)
    callbacks = ImportCallbacks(on_line=lambda _line: pace.next_step())
    result = importer.import_file(call.context.database, source, call.actor, callbacks)
    if result.is_refused:
        raise NothingAddedError(result.rejected, result.errors)
    return call.change(lambda _session, _actor: result)


@router.get("/campaigns/{campaign}/items")
def list_items(  # noqa: PLR0913, PLR0917 - the parameters of the search
    call: ReadCall,
    campaign: CampaignName,
    paging: PageRequest,
    search_text: Annotated[str, Query(alias="q", max_length=200)] = "",
    text: Part = "",
    key: Part = "",
    state: ItemState | None = None,
    model: Part = "",
    domain: Part = "",
) -> Page[ItemEntry]:
    """Search the items of a campaign, in imported order."""
    offset = paging.cursor.position
    wanted = ItemFilter(
        text=text, key=key, any_part=search_text, state=state, model=model, domain=domain
    )

    def load(session: Session) -> Page[ItemEntry]:
        row = call.campaign(session, campaign)
        found = search.search_items(session, row, wanted, limit=paging.limit, offset=offset)
        following = offset + paging.limit
        has_more = following < min(found.total, MAX_POSITION)
        return Page(
            data=list(map(ItemEntry.of, found.items)),
            next_cursor=paging.cursor.following(following) if has_more else None,
        )

    return call.read(load)


@router.get("/campaigns/{campaign}/items/{item:path}")
def get_item(call: ReadCall, campaign: CampaignName, item: ItemName) -> ItemDocument:
    """Return an item with its content, progress and answers, by pseudonym."""

    def load(session: Session) -> ItemDocument:
        row = call.campaign(session, campaign)
        return item_document(session, row, references.find_item(session, row, item))

    return call.read(load)


@router.delete("/campaigns/{campaign}/items/{item:path}")
def delete_item(call: AdminCall, campaign: CampaignName, item: ItemName) -> Deletion:
    """Delete the content of an item for good; answers to it no longer count."""

    def delete(session: Session, row: Campaign, item_id: int, actor: Actor) -> Deletion:
        return changes.delete_items(session, row, [item_id], actor)

    return _change_item(call, campaign, item, delete)


@router.post("/campaigns/{campaign}/hold/{item:path}")
def hold_item(call: AdminCall, campaign: CampaignName, item: ItemName, body: HoldBody) -> Outcome:
    """Put an item on hold; experts who have it keep it."""

    def hold(session: Session, row: Campaign, item_id: int, actor: Actor) -> Outcome:
        count = changes.hold_items(session, row, [item_id], body.reason, actor)
        return Outcome(changed=count)

    return _change_item(call, campaign, item, hold)


@router.post("/campaigns/{campaign}/release/{item:path}")
def release_item(call: AdminCall, campaign: CampaignName, item: ItemName) -> Outcome:
    """Return an item on hold to the queue."""

    def release(session: Session, row: Campaign, item_id: int, actor: Actor) -> Outcome:
        return Outcome(changed=changes.release_items(session, row, [item_id], actor))

    return _change_item(call, campaign, item, release)


@router.get("/campaigns/{campaign}/imports")
def list_imports(call: ReadCall, campaign: CampaignName) -> list[ImportEntry]:
    """List the imports of a campaign, with the items that are left of each."""
    found = call.read(
        lambda session: import_undo.list_imports(session, call.campaign(session, campaign))
    )
    return [ImportEntry.model_validate(row._asdict()) for row in found]


@router.post("/campaigns/{campaign}/imports/{number}/undo")
def undo_import(call: AdminCall, campaign: CampaignName, number: ImportNumber) -> UndoneImport:
    """Delete the items of an import that nobody has answered."""

    def undo(session: Session, actor: Actor) -> UndoneImport:
        row = call.campaign(session, campaign, lock=True)
        return import_undo.undo_import(session, row, number, actor)

    return call.change(undo)


def _change_item(
    call: Call, campaign: str, item: str, change: Callable[[Session, Campaign, int, Actor], T]
) -> T:
    def run(session: Session, actor: Actor) -> T:
        row = call.campaign(session, campaign, lock=True)
        return change(session, row, references.find_item(session, row, item), actor)

    return call.change(run)
