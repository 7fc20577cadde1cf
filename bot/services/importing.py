"""Bringing the items of a file into a campaign: a batch at a time, once, overwriting nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.errors import BotError
from bot.imports.columns import Columns
from bot.imports.keys import digest_of
from bot.imports.reading import Incoming, Repeated, read_items
from bot.imports.row import BadRow, quoted
from bot.kinds import kind_named
from bot.services.answering import settings_of
from bot.services.campaigning import ClosedCampaignError, campaign_named
from bot.services.directing import By, subject_of
from bot.services.keeping import content_of, row_of
from storage.database import Database
from storage.queries import items
from storage.queries.items import ItemRow
from storage.tables import Campaign, CampaignState

BATCH = 500
"""Items a transaction: some milliseconds, so that clicks are stored in between."""

MOST_TOLD = 1_000
"""Bad rows that a report carries. Every one is told to whoever watches."""


class ChangedFileError(BotError):
    """“{name}” changed while it was being imported; import it again."""


@dataclass(frozen=True, slots=True)
class Source:
    """What to import, and into which campaign.

    `columns` says which columns make an item, as far as they cannot be guessed. With `strict`
    nothing is imported if one row is bad.
    """

    campaign: str
    path: Path
    columns: Columns = field(default_factory=Columns)
    strict: bool = False


def _unheard(*_told: object) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told while an import goes on: of each bad row, and of the line it has come to."""

    bad: Callable[[BadRow], None] = _unheard
    line: Callable[[int], None] = _unheard


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of some items: new ones, ones that were there, ones there with other content."""

    added: int
    there: int
    conflicts: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    Attributes:
        added: items that are new in the campaign.
        there: items that were there before, word for word.
        repeated: rows that say again what an earlier one said.
        bad: rows left out, conflicts included.
        conflicts: rows whose id is in the campaign with other content, which stays as it is.
        told: the first MOST_TOLD of the bad rows.
        refused: nothing was imported, because a row is bad and the import was strict.
    """

    added: int = 0
    there: int = 0
    repeated: int = 0
    bad: int = 0
    conflicts: int = 0
    told: tuple[BadRow, ...] = ()
    refused: bool = False


def import_file(database: Database, source: Source, by: By, watch: Watch | None = None) -> Imported:
    """Import a file; the same file twice adds nothing.

    An import that is broken off keeps what it added; the same command goes on where it ended.

    Raises:
        NotFoundError: there is no such campaign, or nothing reads such files.
        ClosedCampaignError: the campaign is over.
        ChangedFileError: the file was written to meanwhile.
        UnreadableFileError, EmptyFileError, MissingColumnError, NoGuessError: the file is refused
            as a whole.
    """
    campaign = database.read_now(_open_campaign, source.campaign)
    watch = watch or Watch()
    before = _looks(source.path)
    if source.strict:
        checked = _pass(source, campaign, watch, _checking(database, campaign))
        if checked.bad:
            return replace(checked, added=0, refused=True)
        watch = replace(watch, bad=_unheard)
    if _looks(source.path) != before:
        raise ChangedFileError(name=source.path.name)
    done = _pass(source, campaign, watch, _adding(database, campaign, by.at))
    database.write_now(_recorded, campaign, source, done, by)
    return done


def _looks(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None  # the reader says what is wrong with it
    return found.st_mtime_ns, found.st_size


def _open_campaign(session: Session, name: str) -> Campaign:
    campaign = campaign_named(session, name)
    if campaign.state == CampaignState.CLOSED:
        raise ClosedCampaignError(name=name)
    return campaign


def _recorded(session: Session, campaign: Campaign, source: Source, done: Imported, by: By) -> None:
    by.record(
        session,
        "imported",
        subject_of(campaign),
        file=source.path.name,
        added=done.added,
        there=done.there,
        bad=done.bad,
    )


Settling = Callable[[Sequence[Incoming]], Settled]


def _checking(database: Database, campaign: Campaign) -> Settling:
    return lambda batch: database.read_now(check_items, campaign.id or 0, batch)


def _adding(database: Database, campaign: Campaign, now: datetime) -> Settling:
    return lambda batch: database.write_now(add_items, campaign, batch, now)


def _pass(source: Source, campaign: Campaign, watch: Watch, settle: Settling) -> Imported:
    kind = kind_named(campaign.kind)
    settings = settings_of(kind, campaign.settings)
    tally = _Tally(watch, settle)
    tally.take(read_items(source.path, source.columns, kind, settings))
    return tally.result()


class _Tally:
    """Counts what comes out of a file, and settles its items batch by batch."""

    def __init__(self, watch: Watch, settle: Settling) -> None:
        self.watch = watch
        self.settle = settle
        self.batch: list[Incoming] = []
        self.told: list[BadRow] = []
        self.added = self.there = self.repeated = self.bad = self.conflicts = 0

    def take(self, found: Iterable[Incoming | Repeated | BadRow]) -> None:
        for one in found:
            match one:
                case Incoming():
                    self.batch.append(one)
                case Repeated():
                    self.repeated += 1
                case BadRow():
                    self.tell(one)
            if len(self.batch) == BATCH:
                self.flush()
                self.watch.line(one.line)
        self.flush()

    def tell(self, bad: BadRow) -> None:
        self.bad += 1
        self.watch.bad(bad)
        if len(self.told) < MOST_TOLD:
            self.told.append(bad)

    def flush(self) -> None:
        if not self.batch:
            return
        settled = self.settle(self.batch)
        self.added += settled.added
        self.there += settled.there
        self.conflicts += len(settled.conflicts)
        for conflict in settled.conflicts:
            self.tell(conflict)
        self.batch = []

    def result(self) -> Imported:
        return Imported(
            added=self.added,
            there=self.there,
            repeated=self.repeated,
            bad=self.bad,
            conflicts=self.conflicts,
            told=tuple(self.told),
        )


def check_items(session: Session, campaign_id: int, batch: Sequence[Incoming]) -> Settled:
    """Say what `add_items` would do, and do nothing."""
    kept = items.kept(session, campaign_id, [one.key for one in batch])
    return _compared(batch, kept)


def add_items(
    session: Session, campaign: Campaign, batch: Sequence[Incoming], now: datetime
) -> Settled:
    """Add the items of a batch that the campaign does not have, each with its task.

    What it has stays as it is, and so does what another process adds at this very moment.
    """
    campaign_id = campaign.id or 0
    kept = items.kept(session, campaign_id, [one.key for one in batch])
    new = [one for one in batch if one.key not in kept]
    rows = [row_of(one.key, one.content) for one in new]
    added = items.add(session, campaign_id, campaign.overlap, rows, now)
    outrun = [one.key for one in new if one.key not in added]
    if outrun:
        kept |= items.kept(session, campaign_id, outrun)
    return _compared(batch, kept)


def _compared(batch: Sequence[Incoming], kept: dict[str, ItemRow]) -> Settled:
    there = [one for one in batch if one.key in kept]
    conflicts = tuple(
        BadRow(one.line, f"its id {quoted(one.key)} is in the campaign with other content")
        for one in there
        if digest_of(one.content) != digest_of(content_of(kept[one.key]))
    )
    return Settled(len(batch) - len(there), len(there) - len(conflicts), conflicts)
