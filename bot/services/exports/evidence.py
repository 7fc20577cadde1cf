"""Evidence of an export for its manifest: what was read, by what, and from which files."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version

from sqlmodel import Session

import bot
import storage
from bot import __version__
from bot.exports.code_digest import digest_of_packages
from bot.exports.export_choices import Pseudonyms
from bot.exports.media_columns import NO_MEDIA
from bot.exports.snapshot import digest_of
from bot.services.exports.claims import ClaimedExportRun
from bot.services.exports.export_tables import BuiltTables, ExportQuery
from bot.services.exports.snapshots import EarlierExport
from storage.queries import corrections, guidelines, item_imports
from storage.row_id import id_of
from storage.tables import Campaign

LIBRARIES = ("pyarrow", "orjson", "numpy")
"""Libraries on which the bytes of data files depend."""

REDACTION_LIBRARY = "google-re2"


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """What the evidence of an export is taken from."""

    run: ClaimedExportRun
    query: ExportQuery
    built: BuiltTables
    earlier: EarlierExport | None


def read_evidence(session: Session, source: EvidenceSource) -> dict[str, object]:
    """Return what is known before the rows are written."""
    query, campaign = source.query, source.query.campaign
    return {
        "query": _describe_query(source),
        "read": _describe_snapshot(source),
        "versions": versions_of(query.options.redact),
        "guidelines": _list_guidelines(session, campaign),
        "seeds": {"shuffles": campaign.seed},
        "exclusions": _list_exclusions(session, query),
        "imported_files": _list_imports(session, campaign),
    }


def counted_evidence(built: BuiltTables) -> dict[str, object]:
    """Return what is known after the rows were written."""
    evidence: dict[str, object] = {"agreement": built.counts.agreement.figures()}
    if built.redaction:
        evidence["redacted"] = dict(built.redaction.counts)
    if built.duplicate_rows:
        evidence["duplicate_rows"] = built.duplicate_rows
    return evidence


def versions_of(patterns: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of everything on which the bytes of data files depend."""
    libraries = (*LIBRARIES, *([REDACTION_LIBRARY] if patterns else ()))
    return {
        "labelbot": __version__,
        "code_sha256": digest_of_packages(bot, storage),
        "python": platform.python_version(),
        **{name: version(name) for name in libraries},
    }


def _describe_query(source: EvidenceSource) -> dict[str, object]:
    run, query = source.run, source.query
    described: dict[str, object] = {
        "campaign": query.campaign.name,
        "format": query.format_name,
        "options": query.options.to_texts(),
        "freeze": query.only_final,
    }
    if query.options.pseudonyms is Pseudonyms.EXPORT:
        described["pseudonyms_of"] = run.id
    if query.media != NO_MEDIA:
        described["prompt_media"] = sorted(query.media.prompts)
        described["response_media"] = sorted(query.media.responses)
    return described


def _describe_snapshot(source: EvidenceSource) -> dict[str, object]:
    snapshot = source.query.snapshot
    read: dict[str, object] = {
        "at": source.run.started_at,
        "snapshot": digest_of(snapshot.to_json()),
        "answers": snapshot.count_answers(),
        "decisions": len(snapshot.decisions),
    }
    if source.earlier:
        read["after"] = {
            "export": source.earlier.run,
            "snapshot": source.earlier.snapshot,
            "at": source.earlier.read_at,
        }
    return read


def _list_guidelines(session: Session, campaign: Campaign) -> list[dict[str, object]]:
    """Return the versions of the guidelines with the hash of their text."""
    listed: list[dict[str, object]] = [
        {
            "version": entry.version,
            "created_at": entry.created_at,
            "sha256": sha256(entry.text.encode()).hexdigest(),
        }
        for entry in guidelines.list_versions(session, id_of(campaign))
    ]
    return listed


def _list_exclusions(session: Session, query: ExportQuery) -> list[dict[str, object]]:
    """Return whose answers a coordinator has excluded, since when and why."""
    campaign_id = id_of(query.campaign)
    counts = corrections.excluded_counts(session, campaign_id)
    return [
        {
            "expert": query.pseudonymizer.rename(expert.pseudonym),
            "since": quarantine.since,
            "reason": quarantine.reason,
            "answers": counts.get(quarantine.expert_id, 0),
        }
        for quarantine, expert in corrections.active_quarantines(session, campaign_id)
    ]


def _list_imports(session: Session, campaign: Campaign) -> list[dict[str, object]]:
    """Return the imported files, oldest first; older versions did not record the hash."""
    listed: list[dict[str, object]] = [
        {
            "file": entry.file,
            "sha256": entry.sha256,
            "imported_at": entry.created_at,
            "undone_at": entry.undone_at,
        }
        for entry in item_imports.imports_of(session, id_of(campaign))
    ]
    return listed
