"""Why rows of two exports differ: new or changed answers, exclusions, decisions, other options."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from bot.exports.row_comparison import RowChange, find_changes
from bot.exports.snapshot import AnswerState, ExportSnapshot
from bot.exports.written_manifest import WrittenManifest, read_manifest
from bot.services.exports import snapshots
from bot.services.exports.export_tables import UNCOUNTED_REASONS
from bot.services.exports.snapshots import UnknownSnapshotError
from storage.database import Database
from storage.queries import export_snapshots
from storage.queries.labels import UncountedAnswer

UNKNOWN = "unknown: this database does not know what {name} read"

WEIGHING = frozenset(("weighted", "dawid-skene"))
"""Aggregations for which the answers to other items matter: they show who is reliable."""


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """A row that two exports do not share, and why."""

    row: RowChange
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Exports:
    """Two exports: their manifests, and what each read, if this database knows it."""

    before: WrittenManifest
    after: WrittenManifest
    old: ExportSnapshot | None
    new: ExportSnapshot | None


def explain_changes(database: Database, first: Path, second: Path) -> list[ExplainedChange]:
    """Return the rows that two exports do not share, each with the reasons.

    Raises:
        BotError: as `find_changes`.
    """
    changes = find_changes(first, second)
    manifests = read_manifest(first), read_manifest(second)
    return database.read_now(_explain, manifests, changes) if changes else []


def _explain(
    session: Session,
    manifests: tuple[WrittenManifest, WrittenManifest],
    changes: Sequence[RowChange],
) -> list[ExplainedChange]:
    old, new = (_load(session, manifest) for manifest in manifests)
    exports = _Exports(*manifests, old, new)
    by_item = _reasons_by_item(session, exports)
    general = tuple(_general_reasons(exports))
    return [
        ExplainedChange(change, _reasons_of(change.item, by_item) or general) for change in changes
    ]


def _reasons_of(item: str, by_item: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the reasons of an item by its key, or by its number after a redacted key."""
    redacted, _, number = item.rpartition("-")
    found = by_item.get(item) or (by_item.get(f"-{number}") if redacted.endswith("]") else None)
    return tuple(found or ())


def _load(session: Session, manifest: WrittenManifest) -> ExportSnapshot | None:
    if manifest.read is None:
        return None
    try:
        return snapshots.load_snapshot(session, manifest.read.snapshot)
    except UnknownSnapshotError:
        return None


def _reasons_by_item(session: Session, exports: _Exports) -> Mapping[str, Sequence[str]]:
    """Return what happened to the answers and decisions of each item, by its key in the rows."""
    if exports.old is None or exports.new is None:
        return {}
    old, new = exports.old.states(), exports.new.states()
    changed = {
        number: (old.get(number), new.get(number))
        for number in old.keys() | new.keys()
        if old.get(number) != new.get(number)
    }
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    hides_experts = any(_has_own_pseudonyms(m) for m in (exports.before, exports.after))
    for answer in export_snapshots.answers_by_number(session, sorted(changed)):
        who = "an expert" if hides_experts else answer.pseudonym
        for key in _keys_of(answer.item_key, answer.item_id):
            reasons[key].extend(_describe_answer(who, *changed[answer.assignment_id]))
    _add_decisions(session, exports.old, exports.new, reasons)
    return reasons


def _keys_of(key: str, item_id: int) -> tuple[str, ...]:
    """Return what the key of an item can be in rows: itself, or redacted with its number."""
    return key, f"-{item_id}"


def _has_own_pseudonyms(manifest: WrittenManifest) -> bool:
    return manifest.query is not None and "pseudonyms" in manifest.query.options


def _describe_answer(
    who: str, before: AnswerState | None, after: AnswerState | None
) -> Iterable[str]:
    """Yield what happened to an answer between two states; None: it did not exist."""
    if after is None:
        yield f"answer of {who} undone"
    elif before is None:
        state = f": {_reason_text(after)}" if after.reason else ""
        yield f"new answer of {who}{state}"
    elif before.reason != after.reason:
        yield (
            f"answer of {who}: {_reason_text(after)}"
            if after.reason
            else f"answer of {who} counts again (before: {_reason_text(before)})"
        )
    if before and after and before.version != after.version:
        yield f"answer of {who} changed (version {before.version} to {after.version})"
    if before and after and before.is_confirmed != after.is_confirmed:
        yield f"answer of {who} {'confirmed' if after.is_confirmed else 'no longer confirmed'}"
    if before and after and before.is_gold != after.is_gold:
        yield f"item {'became' if after.is_gold else 'is no longer'} a gold question"


def _reason_text(state: AnswerState) -> str:
    return UNCOUNTED_REASONS[UncountedAnswer(state.reason)]


def _add_decisions(
    session: Session,
    old: ExportSnapshot,
    new: ExportSnapshot,
    reasons: defaultdict[str, list[str]],
) -> None:
    changed = set(old.decisions) ^ set(new.decisions)
    items: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for decision in export_snapshots.decisions_by_number(session, sorted(changed)):
        items[decision.item_key, decision.item_id].add(decision.decision_id)
    for (item_key, item_id), numbers in items.items():
        is_new, was_there = numbers & set(new.decisions), numbers & set(old.decisions)
        text = "another decision of a reviewer" if was_there else "decision of a reviewer"
        for key in _keys_of(item_key, item_id):
            reasons[key].append(text if is_new else "decision of a reviewer withdrawn")


def _general_reasons(exports: _Exports) -> Iterable[str]:
    """Yield what can change rows of any item."""
    before, after = exports.before, exports.after
    found = False
    for reason in (*_other_options(before, after), *_other_versions(before, after)):
        found = True
        yield reason
    old, new = exports.old, exports.new
    for manifest, snapshot in ((before, old), (after, new)):
        if snapshot is None:
            found = True
            yield UNKNOWN.format(name=manifest.name)
    if old and new and old.campaign != new.campaign:
        found = True
        yield "other settings or guidelines of the campaign"
    if any(table.aggregate in WEIGHING for table in after.tables.values()):
        found = True
        yield "other answers changed how reliable experts are"
    if not found:
        yield "unknown: no answer, decision or option differs"


def _other_options(before: WrittenManifest, after: WrittenManifest) -> Iterable[str]:
    if before.query is None or after.query is None:
        return
    old, new = before.query.options, after.query.options
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"other options: {name} {old.get(name, 'default')} → {new.get(name, 'default')}"
    if before.query.freeze != after.query.freeze:
        yield "other options: freeze"


def _other_versions(before: WrittenManifest, after: WrittenManifest) -> Iterable[str]:
    if before.versions.get("code_sha256") != after.versions.get("code_sha256"):
        yield (
            f"another version of labelbot ({before.labelbot_version} and {after.labelbot_version})"
        )
