"""From stored answers to a folder to train on: streaming, deterministic, each run written down."""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import closing
from dataclasses import dataclass

from sqlmodel import Session

from bot.clock import Clock
from bot.errors import BotError
from bot.exports.formats.annotations import ANNOTATIONS
from bot.exports.writing import Written, write_export
from bot.services import freezing, scheduling
from bot.services.labelling import labelled
from bot.services.reporting import status_of
from bot.services.scheduling import Claimed, Outcome
from storage.database import Database
from storage.tables import Campaign

log = logging.getLogger(__name__)

BROKEN_OFF = "it was broken off by hand"


@dataclass(frozen=True, slots=True)
class Ran:
    """How many exports were written, and how many failed."""

    done: int
    failed: int


class DiskError(BotError):
    """The export could not be written: {reason}."""


def run_waiting(database: Database, clock: Clock) -> Ran:
    """Run every export that waits, one after the other.

    A failure is written down with its run and logged, and does not keep the next from its turn.
    """
    ran = Counter[bool]()
    while claimed := database.write_now(scheduling.claim_run, clock.now()):
        ran[_was_run(database, claimed, clock)] += 1
    return Ran(done=ran[True], failed=ran[False])


def _was_run(database: Database, claimed: Claimed, clock: Clock) -> bool:
    try:
        run_export(database, claimed, clock)
    except BotError as error:
        log.warning("Export %s: %s", claimed.id, error)
        return False
    except Exception:
        log.exception("Export %s failed", claimed.id)
        return False
    return True


def run_export(database: Database, claimed: Claimed, clock: Clock) -> Written:
    """Run a claimed export and write down what became of it.

    One that freezes makes the answers final first, and holds those alone: nobody changes one after
    it was read. If it is not written, they may change again.

    Raises:
        BotError: it cannot be done as asked; it is given up.
        DiskError: the disk refused; it is tried again later.
        Exception: a bug; it is tried again later, too.
    """
    try:
        written = _frozen(database, claimed) if claimed.freezes else _read(database, claimed)
    except OSError as error:
        reason = f"{error.strerror or error} ({claimed.directory})"
        database.write_now(scheduling.fail_run, claimed, reason, clock.now())
        raise DiskError(reason=reason) from error
    except BotError as error:
        database.write_now(scheduling.fail_run, claimed, str(error), clock.now(), hopeless=True)
        raise
    except KeyboardInterrupt:
        database.write_now(scheduling.fail_run, claimed, BROKEN_OFF, clock.now(), hopeless=True)
        raise
    except Exception as error:
        database.write_now(scheduling.fail_run, claimed, type(error).__name__, clock.now())
        raise
    outcome = Outcome(written.directory, written.rows, sum(written.skipped.values()))
    database.write_now(scheduling.finish_run, claimed, outcome, clock.now())
    return written


def _read(database: Database, claimed: Claimed) -> Written:
    return database.read_now(_write, claimed)


def _frozen(database: Database, claimed: Claimed) -> Written:
    name = database.read_now(_name_of, claimed)
    database.write_now(freezing.freeze, claimed.campaign_id, name)
    try:
        return _read(database, claimed)
    except BaseException:
        database.write_now(freezing.thaw, claimed.campaign_id, name)
        raise


def _name_of(session: Session, claimed: Claimed) -> str:
    campaign = session.get_one(Campaign, claimed.campaign_id)
    return f"the export {name_of(campaign.name, claimed)}"


def _write(session: Session, claimed: Claimed) -> Written:
    campaign = session.get_one(Campaign, claimed.campaign_id)
    with_gold = claimed.format == ANNOTATIONS.name
    answers = labelled(session, campaign, with_gold=with_gold, only_final=claimed.freezes)
    with closing(answers) as found:
        return write_export(
            found,
            format=scheduling.suitable_format(campaign, claimed.format),
            directory=claimed.directory,
            name=name_of(campaign.name, claimed),
            facts=_facts(session, campaign, claimed),
        )


def name_of(campaign: str, claimed: Claimed) -> str:
    """Return the name of an export's folder: one for all attempts, so that nothing comes double."""
    return f"{campaign}-{claimed.format}-{claimed.due_at:%Y%m%dT%H%M%SZ}"


def _facts(session: Session, campaign: Campaign, claimed: Claimed) -> dict[str, object]:
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
