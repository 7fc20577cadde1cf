"""From stored answers to a folder to train on: streaming, deterministic, each run written down."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from sqlmodel import Session

from bot.clock import Clock
from bot.errors import BotError
from bot.exports.export_folder import ExportResult, write_export
from bot.exports.formats.annotations import ANNOTATIONS
from bot.services.answers import freeze
from bot.services.answers.labels import iter_labels
from bot.services.exports import jobs
from bot.services.exports.jobs import ClaimedExportRun, ExportOutcome
from bot.services.reports.campaign_status import status_of
from storage.database import Database
from storage.tables import Campaign

log = logging.getLogger(__name__)

INTERRUPTED_REASON = "it was broken off by hand"


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """How many exports were written, and how many failed."""

    written: int
    failed: int


class DiskError(BotError):
    """The export could not be written: {reason}."""


def run_pending_exports(database: Database, clock: Clock) -> ExportCounts:
    """Run every export that waits, one after the other.

    A failure is written down with its run and logged, and does not keep the next from its turn.
    """
    counts = Counter[bool]()
    while claimed := database.write_now(jobs.claim_run, clock.now()):
        counts[_try_run(database, claimed, clock)] += 1
    return ExportCounts(written=counts[True], failed=counts[False])


def _try_run(database: Database, claimed: ClaimedExportRun, clock: Clock) -> bool:
    try:
        run_export(database, claimed, clock)
    except BotError as error:
        log.warning("Export %s: %s", claimed.id, error)
        return False
    except Exception:
        log.exception("Export %s failed", claimed.id)
        return False
    return True


def run_export(database: Database, claimed: ClaimedExportRun, clock: Clock) -> ExportResult:
    """Run a claimed export and write down what became of it.

    One that freezes makes the answers final first, and holds those alone: nobody changes one after
    it was read. If it is not written, they may change again.

    Raises:
        BotError: it cannot be done as asked; it is given up.
        DiskError: the disk refused; it is tried again later.
        Exception: a bug; it is tried again later, too.
    """
    try:
        written = (
            _export_frozen(database, claimed) if claimed.freezes else _export(database, claimed)
        )
    except OSError as error:
        reason = f"{error.strerror or error} ({claimed.directory})"
        database.write_now(jobs.fail_run, claimed, reason, clock.now())
        raise DiskError(reason=reason) from error
    except BotError as error:
        database.write_now(jobs.fail_run, claimed, str(error), clock.now(), permanent=True)
        raise
    except KeyboardInterrupt:
        database.write_now(jobs.fail_run, claimed, INTERRUPTED_REASON, clock.now(), permanent=True)
        raise
    except Exception as error:
        database.write_now(jobs.fail_run, claimed, type(error).__name__, clock.now())
        raise
    outcome = ExportOutcome(written.directory, written.row_count, sum(written.skipped.values()))
    database.write_now(jobs.finish_run, claimed, outcome, clock.now())
    return written


def _export(database: Database, claimed: ClaimedExportRun) -> ExportResult:
    return database.read_now(_write_campaign, claimed)


def _export_frozen(database: Database, claimed: ClaimedExportRun) -> ExportResult:
    name = database.read_now(_finalizer_name, claimed)
    database.write_now(freeze.freeze_answers, claimed.campaign_id, name)
    try:
        return _export(database, claimed)
    except BaseException:
        database.write_now(freeze.unfreeze_answers, claimed.campaign_id, name)
        raise


def _finalizer_name(session: Session, claimed: ClaimedExportRun) -> str:
    campaign = session.get_one(Campaign, claimed.campaign_id)
    return f"the export {export_folder_name(campaign.name, claimed)}"


def _write_campaign(session: Session, claimed: ClaimedExportRun) -> ExportResult:
    campaign = session.get_one(Campaign, claimed.campaign_id)
    with_gold = claimed.format == ANNOTATIONS.name
    answers = iter_labels(session, campaign, with_gold=with_gold, only_final=claimed.freezes)
    with closing(answers) as found:
        return write_export(
            found,
            format=jobs.supported_format(campaign, claimed.format),
            directory=claimed.directory,
            name=export_folder_name(campaign.name, claimed),
            metadata=_build_metadata(session, campaign, claimed),
        )


def export_folder_name(campaign: str, claimed: ClaimedExportRun) -> str:
    """Return the name of an export's folder: one for all attempts, so that nothing comes double."""
    return f"{campaign}-{claimed.format}-{claimed.due_at:%Y%m%dT%H%M%SZ}"


def _build_metadata(
    session: Session, campaign: Campaign, claimed: ClaimedExportRun
) -> dict[str, object]:
    status = status_of(session, campaign)
    return {
        "campaign": campaign.name,
        "title": campaign.title,
        "kind": campaign.kind,
        "settings": campaign.settings,
        "guidelines": campaign.guidelines,
        "guidelines_version": campaign.guidelines_version,
        "overlap": campaign.overlap,
        "items": status.items,
        "annotations": status.answered,
        "skipped_by_experts": status.skipped,
        "experts": status.experts,
        "read_at": claimed.started_at,
    }
