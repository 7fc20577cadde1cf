"""Imported answers of a batch: stored as answers of external experts, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.imports.answers.reader import ImportedAnswer
from bot.imports.keys import response_digest_of, shown_digest_of
from bot.imports.read_item import BatchRow
from bot.imports.row import InvalidRow, quote_name
from bot.services.answers.campaign_settings import needs_confirmation
from bot.services.items.mapping import content_of
from storage.queries import imported_answers, items
from storage.queries.imported_answers import AnsweredTask, AnswerRow, StoredAnswer
from storage.row_id import id_of
from storage.tables import Campaign


@dataclass(frozen=True, slots=True)
class AnswersResult:
    """Answers of a batch: added ones, those that existed, and rows whose answer is another one."""

    added: int = 0
    existing: int = 0
    conflicts: tuple[InvalidRow, ...] = ()


NO_ANSWERS = AnswersResult()


def dry_run_answers(
    session: Session, campaign: Campaign, batch: Sequence[BatchRow]
) -> AnswersResult:
    """Return what `add_answers` would do, without changing anything."""
    answered = _Batch.load(session, campaign, batch, campaign.created_at, is_dry_run=True)
    return AnswersResult(answered.new_count, answered.existing, tuple(answered.conflicts))


def add_answers(
    session: Session, campaign: Campaign, batch: Sequence[BatchRow], now: datetime
) -> AnswersResult:
    """Add the answers of a batch that the campaign does not have; its items must be stored.

    An answer counts like that of any other expert: it takes a slot of its task, and is final. With
    two levels, somebody has to confirm it.
    """
    answered = _Batch.load(session, campaign, batch, now, is_dry_run=False)
    version = campaign.guidelines_version
    new = answered.new
    added = imported_answers.add_answers(session, id_of(campaign), version, new, now)
    if needs_confirmation(campaign.settings):
        imported_answers.add_confirmation_tasks(session, added)
    existing = answered.existing + len(new) - len(added)  # another process added them meanwhile
    return AnswersResult(len(added), existing, tuple(answered.conflicts))


@dataclass(slots=True)
class _Batch:
    """The answers of a batch, compared with those of the campaign."""

    new: list[AnswerRow] = field(default_factory=list)
    new_count: int = 0
    existing: int = 0
    conflicts: list[InvalidRow] = field(default_factory=list)

    @classmethod
    def load(
        cls,
        session: Session,
        campaign: Campaign,
        rows: Sequence[BatchRow],
        now: datetime,
        *,
        is_dry_run: bool,
    ) -> _Batch:
        batch, answered = cls(), [row for row in rows if row.answers]
        if not answered:
            return batch
        campaign_id = id_of(campaign)
        tasks = _Tasks.load(session, campaign_id, answered)
        names = sorted({answer.expert for row in answered for answer in row.answers})
        experts = (
            imported_answers.find_external_experts(session, campaign_id, names)
            if is_dry_run
            else imported_answers.ensure_external_experts(session, campaign_id, names, now)
        )
        ids = list(experts.values())
        stored = imported_answers.stored_answers(session, tasks.ids(), ids)
        for row in answered:
            batch.add_row(row, tasks, experts, stored, now)
        return batch

    def add_row(
        self,
        row: BatchRow,
        tasks: _Tasks,
        experts: Mapping[str, int],
        stored: Mapping[tuple[int, int], StoredAnswer],
        now: datetime,
    ) -> None:
        """Compare the answers of a row; in a dry run, its task or experts may be unknown yet."""
        task = tasks.task_of(row)
        order = tasks.order_of(row, task) if task else []
        for answer in row.answers:
            expert_id = experts.get(answer.expert)
            if task is None or expert_id is None:
                self.new_count += 1
                continue
            earlier = stored.get((task.task_id, expert_id))
            if earlier is None:
                self.new_count += 1
                self.new.append(_answer_row(task, expert_id, order, answer, now))
            elif (earlier.candidate_order, earlier.value) == (order, answer.value):
                self.existing += 1
            else:
                self.conflicts.append(_conflict(row, answer))


def _answer_row(
    task: AnsweredTask, expert_id: int, order: list[int], answer: ImportedAnswer, now: datetime
) -> AnswerRow:
    answered_at = answer.answered_at or now
    return AnswerRow(task.task_id, expert_id, order, dict(answer.value), answered_at)


def _conflict(row: BatchRow, answer: ImportedAnswer) -> InvalidRow:
    reason = (
        f"the campaign has another answer of the expert {quote_name(answer.expert)} to this item, "
        "which is kept"
    )
    return InvalidRow(row.line, reason, row.file)


@dataclass(frozen=True, slots=True)
class _Tasks:
    """The tasks that the answers of a batch are to, and the candidates of their items."""

    by_digest: Mapping[str, AnsweredTask]
    candidates: Mapping[int, Sequence[bytes]]

    @classmethod
    def load(cls, session: Session, campaign_id: int, rows: Sequence[BatchRow]) -> _Tasks:
        keys = {row.key for row in rows}
        digests = {row.digest.hex() for row in rows}
        found = imported_answers.answered_tasks(session, campaign_id, keys, digests)
        contents = {
            item_id: content_of(item)
            for item_id, item in items.items_by_id(session, [t.item_id for t in found]).items()
        }
        return cls(
            {t.shown_digest or shown_digest_of(contents[t.item_id]).hex(): t for t in found},
            {
                item_id: list(map(response_digest_of, content.candidates))
                for item_id, content in contents.items()
            },
        )

    def ids(self) -> list[int]:
        return sorted(task.task_id for task in self.by_digest.values())

    def task_of(self, row: BatchRow) -> AnsweredTask | None:
        """Return the task of the item that shows the same as a row, whatever its key."""
        return self.by_digest.get(row.digest.hex())

    def order_of(self, row: BatchRow, task: AnsweredTask) -> list[int]:
        """Return the imported position of each candidate of the row."""
        stored = self.candidates[task.item_id]
        wanted = [response_digest_of(candidate) for candidate in row.content.candidates]
        if stored == wanted:
            return list(range(len(stored)))
        return list(_match(wanted, stored))


def _match(wanted: Iterable[bytes], stored: Sequence[bytes]) -> Iterator[int]:
    """Yield the position of each wanted response among the stored ones, each used once."""
    free: dict[bytes, list[int]] = {}
    for position, response in enumerate(stored):
        free.setdefault(response, []).append(position)
    for response in wanted:
        yield free[response].pop(0)
