"""Files that come through Slack: kept and looked into, until somebody says where they go."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlmodel import Session, col, select

from bot.errors import BotError, FieldsError
from bot.imports import rows
from bot.imports.columns import Columns
from bot.imports.guessing import NoGuessError
from bot.imports.reading import Incoming, read_items, settle_columns
from bot.imports.row import BadRow, EmptyFileError, Row
from bot.kinds import kind_named
from bot.services.answering import settings_of
from bot.services.campaigning import campaign_named
from bot.services.directing import By
from storage.tables import Campaign, CampaignState, ImportRun, RunState

log = logging.getLogger(__name__)

LOOKED_AT = 100
"""Rows that are looked at before an import begins."""

SHOWN = 3
"""Rows that are shown of a file."""


class GoneFileError(BotError):
    """That file is not here any more; drop it again."""


class NoCampaignsError(BotError):
    """There is no open campaign to import into; create one first with `/label new`."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was kept, and what is in it: its columns, and its first rows as texts."""

    run: int
    name: str
    columns: tuple[str, ...]
    first: tuple[Mapping[str, str], ...]
    campaign: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A campaign that a file may go into, and the columns it would most likely be read by."""

    id: int
    name: str
    title: str
    kind: str
    columns: Columns


def keep(session: Session, name: str, path: Path, campaign: str | None, by: By) -> int:
    """Write down that a file came, for `campaign` if that was said; return its number."""
    found = campaign_named(session, campaign) if campaign else None
    run = ImportRun(
        requested_by=by.actor,
        name=name,
        path=str(path),
        columns={"goal": found.id} if found else None,
        created_at=by.at,
    )
    session.add(run)
    session.flush()
    return run.id or 0


def arrived(session: Session, run_id: int) -> Arrived:
    """Return what is in a file that waits to be told where it goes.

    Raises:
        GoneFileError: it was imported, or nobody wanted it for too long.
        NotFoundError, UnreadableFileError, EmptyFileError: it holds no rows.
    """
    run = _waiting(session, run_id)
    goal = (run.columns or {}).get("goal")
    campaign = session.get(Campaign, goal) if goal else None
    columns, first = sketch(Path(run.path))
    return Arrived(run_id, run.name, columns, first, campaign.name if campaign else None)


def sketch(path: Path) -> tuple[tuple[str, ...], tuple[Mapping[str, str], ...]]:
    """Return the columns of a file and its first rows as texts.

    Raises:
        NotFoundError, UnreadableFileError, EmptyFileError: it holds no rows.
    """
    looked = [row for row in islice(rows(path), LOOKED_AT) if isinstance(row, Row)]
    if not looked:
        raise EmptyFileError(name=path.name)
    columns = tuple(dict.fromkeys(name for row in looked for name in row.fields))
    first = tuple({name: str(value) for name, value in row.fields.items()} for row in looked)
    return columns, first[:SHOWN]


def goals(session: Session, run_id: int) -> list[Goal]:
    """Return the campaigns that a file may go into, the newest first.

    Raises:
        GoneFileError: as `arrived` does.
        NoCampaignsError: there is none.
    """
    path = Path(_waiting(session, run_id).path)
    chosen = select(Campaign).where(Campaign.state != CampaignState.CLOSED)
    found = session.exec(chosen.order_by(col(Campaign.id).desc())).all()
    if not found:
        raise NoCampaignsError
    guesses = {kind: _guess(path, kind) for kind in {campaign.kind for campaign in found}}
    return [Goal(one.id or 0, one.name, one.title, one.kind, guesses[one.kind]) for one in found]


def _guess(path: Path, kind: str) -> Columns:
    try:
        return settle_columns(path, Columns(), kind_named(kind))
    except NoGuessError:
        return Columns()


def begin(  # noqa: PLR0913 - they are what the modal says
    session: Session, run_id: int, goal: int, columns: Columns, by: By, *, strict: bool = False
) -> Campaign:
    """Say where a file goes and by which columns it is read; it is imported soon after.

    Raises:
        GoneFileError: as `arrived` does.
        FieldsError: not one of its first rows would do.
    """
    run = _waiting(session, run_id)
    campaign = session.get_one(Campaign, goal)
    _check(Path(run.path), campaign, columns)
    run.campaign_id = campaign.id
    run.columns = {"mappings": columns.as_mappings(), "strict": strict}
    run.requested_by = by.actor
    session.add(run)
    by.record(session, "asked for an import", f"campaign {campaign.name}", file=run.name)
    return campaign


def _check(path: Path, campaign: Campaign, columns: Columns) -> None:
    kind = kind_named(campaign.kind)
    part = "candidates" if kind.example.content.candidates else "prompt"
    try:
        read = read_items(path, columns, kind, settings_of(kind, campaign.settings))
        looked = list(islice(read, LOOKED_AT))
    except BotError as error:
        raise FieldsError({part: str(error)}) from error
    first = next((one for one in looked if isinstance(one, BadRow)), None)
    if first and not any(isinstance(one, Incoming) for one in looked):
        said = f"None of the first rows would do; line {first.line}: {first.reason}"
        raise FieldsError({part: said})


def _waiting(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None or run.campaign_id is not None or run.state != RunState.QUEUED:
        raise GoneFileError
    if not Path(run.path).exists():
        raise GoneFileError
    return run
