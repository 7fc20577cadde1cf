"""Check that the items of a campaign have the columns that an export is asked to add."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session

from bot.errors import BotError
from bot.validation_messages import shorten
from storage.queries import item_meta
from storage.row_id import id_of
from storage.tables import Campaign

MAX_NAMED_COLUMNS = 20


class UnknownColumnsError(BotError):
    """No item of “{campaign}” has the imported column {missing}; the columns are: {known}."""


def check_meta(session: Session, campaign: Campaign, names: Sequence[str]) -> None:
    """Check that each column is in the imported rows of at least one item.

    A campaign without items may get any column later.

    Raises:
        UnknownColumnsError: a column is in none.
    """
    campaign_id = id_of(campaign)
    missing = [name for name in names if not item_meta.has_column(session, campaign_id, name)]
    if not missing or not item_meta.has_items(session, campaign_id):
        return
    known = item_meta.list_columns(session, campaign_id)
    raise UnknownColumnsError(
        campaign=campaign.name,
        missing=", ".join(f"“{shorten(name)}”" for name in missing),
        known=_list_known(known) or "none",
    )


def _list_known(names: Sequence[str]) -> str:
    listed = ", ".join(shorten(name) for name in names[:MAX_NAMED_COLUMNS])
    others = len(names) - MAX_NAMED_COLUMNS
    return f"{listed} and {others:,} more" if others > 0 else listed
