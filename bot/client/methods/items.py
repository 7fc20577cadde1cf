"""Methods for items and imports. The clients have those that send rows."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.items import (
    DeletionResult,
    FullItemInfo,
    ImportInfo,
    ItemInfo,
    UndoneImportInfo,
)
from bot.client.operations import Listing, Operation


@dataclass(frozen=True, slots=True)
class ItemSearch:
    """Which items are wanted; "" and None: any. All that is given must match.

    `search` is looked for in all parts. `state`: new, in_progress, complete, on_hold, gold or
    deleted.
    """

    search: str = ""
    text: str = ""
    key: str = ""
    state: str | None = None
    model: str = ""
    domain: str = ""


ALL_ITEMS = ItemSearch()


class ItemMethods:
    """Items: search, show, hold, release and delete them; imports and their undo."""

    @Listing
    def items(self, campaign: str, wanted: ItemSearch = ALL_ITEMS) -> ApiCall[ListPage[ItemInfo]]:
        """Yield the items of a campaign that match, in imported order."""
        parameters = asdict(wanted)
        search = parameters.pop("search")
        return get(
            path_of("campaigns", campaign, "items"), ListPage[ItemInfo], q=search, **parameters
        )

    @Operation
    def item(self, campaign: str, item: str) -> ApiCall[FullItemInfo]:
        """Return an item with its content, progress and answers, by pseudonym."""
        return get(path_of("campaigns", campaign, "items", item), FullItemInfo)

    @Operation
    def delete_item(self, campaign: str, item: str) -> ApiCall[DeletionResult]:
        """Delete the content of an item for good; answers to it no longer count."""
        return change("DELETE", path_of("campaigns", campaign, "items", item), DeletionResult)

    @Operation
    def hold_item(self, campaign: str, item: str, reason: str = "") -> ApiCall[ChangeResult]:
        """Put an item on hold; experts who have it keep it."""
        path = path_of("campaigns", campaign, "hold", item)
        return change("POST", path, ChangeResult, {"reason": reason})

    @Operation
    def release_item(self, campaign: str, item: str) -> ApiCall[ChangeResult]:
        """Return an item on hold to the queue."""
        return change("POST", path_of("campaigns", campaign, "release", item), ChangeResult)

    @Operation
    def imports(self, campaign: str) -> ApiCall[list[ImportInfo]]:
        """Return the imports of a campaign, with the items that are left of each."""
        return get(path_of("campaigns", campaign, "imports"), list[ImportInfo])

    @Operation
    def undo_import(self, campaign: str, number: int) -> ApiCall[UndoneImportInfo]:
        """Delete the items of an import that nobody has answered."""
        path = path_of("campaigns", campaign, "imports", number, "undo")
        return change("POST", path, UndoneImportInfo)
