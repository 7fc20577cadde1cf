"""A database of any size: one campaign, its items and its answers, made by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import JSON, bindparam, text
from sqlmodel import Session

from storage.database import Database
from storage.types import UtcDateTime
from tests.benchmarks import data

IMPORTED_ITEMS = 1_000
"""Items that are imported; the others are copies of them."""

COPY_ITEMS = """
INSERT INTO item (campaign_id, key, shown_digest, prompt, meta, media, domains, created_at)
WITH RECURSIVE copies(number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM copies WHERE number < :copies
)
SELECT campaign_id, key || '-' || number, shown_digest || number, prompt, meta, media, domains,
       created_at
FROM item CROSS JOIN copies ORDER BY number, id
"""

COPY_CANDIDATES = """
INSERT INTO candidate (item_id, position, text, model, media, turns)
SELECT item.id, position, text, model, candidate.media, turns
FROM item JOIN candidate ON candidate.item_id = 1 + (item.id - 1) % :imported
WHERE item.id > :imported ORDER BY item.id, position
"""

ADD_TASKS = """
INSERT INTO task (campaign_id, item_id, overlap, slots_taken, audience)
SELECT campaign_id, id, :overlap, 0, 'anybody' FROM item WHERE id > :imported ORDER BY id
"""

ADD_ASSIGNMENTS = """
INSERT INTO assignment (task_id, campaign_id, expert_id, state, candidate_order, value, complete,
                        version, channel, message_ts, has_thread, created_at, delivered_at,
                        answered_at, leased_until)
WITH RECURSIVE answers(number) AS (
    SELECT 0 UNION ALL SELECT number + 1 FROM answers WHERE number + 1 < :overlap
)
SELECT task.id, task.campaign_id, 1 + (task.id * 7 + number) % :experts, 'answered', '[0, 1]',
       CASE WHEN (task.id * 31 + number * 17) % 10 < 7 THEN :first ELSE :second END,
       :yes, 1, 'D0BENCH', task.id || '.' || number, :no, :now, :now, :now, :now
FROM task CROSS JOIN answers WHERE task.id <= :answered ORDER BY task.id, number
"""

ADD_ANNOTATIONS = """
INSERT INTO annotation (assignment_id, version, value, complete, interaction_id,
                        guidelines_version, read_in_full, seconds, paused, created_at)
SELECT id, version, value, complete, message_ts, 1, has_thread, 20, :no, created_at FROM assignment
"""

TAKE_SLOTS = "UPDATE task SET overlap = :overlap, slots_taken = :overlap WHERE id <= :answered"

SKIP_ANSWERED = "UPDATE membership SET scan_position = :answered"


@dataclass(frozen=True, slots=True)
class Crowd:
    """How much a database holds.

    Attributes:
        items: a multiple of `IMPORTED_ITEMS`; each needs `overlap` answers.
        experts: members of the campaign.
        answered_items: the first so many items have all their answers.
    """

    items: int
    experts: int
    overlap: int = 1
    answered_items: int = 0

    @property
    def answers(self) -> int:
        """Return the number of stored answers."""
        return self.answered_items * self.overlap


@contextmanager
def open_crowded_database(url: str, folder: Path, crowd: Crowd) -> Iterator[Database]:
    """Create a database with this many items, experts and answers; close it at the end."""
    with data.open_campaign(url, data.expert_ids(crowd.experts)) as database:
        data.import_items(database, folder / "pairs.jsonl", IMPORTED_ITEMS)
        database.write_now(_multiply_items, crowd)
        if crowd.answered_items:
            database.write_now(_add_answers, crowd)
        database.write_now(_analyze)
        yield database


def _multiply_items(session: Session, crowd: Crowd) -> None:
    connection = session.connection()
    copies, imported = crowd.items // IMPORTED_ITEMS - 1, {"imported": IMPORTED_ITEMS}
    if copies:
        connection.execute(text(COPY_ITEMS), {"copies": copies})
        connection.execute(text(COPY_CANDIDATES), imported)
        connection.execute(text(ADD_TASKS), imported | {"overlap": crowd.overlap})


def _add_answers(session: Session, crowd: Crowd) -> None:
    connection, answered = session.connection(), {"answered": crowd.answered_items}
    overlap, truth = {"overlap": crowd.overlap}, {"yes": True, "no": False}
    add_assignments = text(ADD_ASSIGNMENTS).bindparams(
        bindparam("now", type_=UtcDateTime()),
        bindparam("first", type_=JSON()),
        bindparam("second", type_=JSON()),
    )
    values = {"experts": crowd.experts, "now": datetime.now(UTC)}
    values |= {"first": {"verdict": "a"}, "second": {"verdict": "b"}}
    connection.execute(text(TAKE_SLOTS), answered | overlap)
    connection.execute(add_assignments, answered | overlap | truth | values)
    connection.execute(text(ADD_ANNOTATIONS), {"no": False})
    connection.execute(text(SKIP_ANSWERED), answered)


def _analyze(session: Session) -> None:
    session.connection().execute(text("ANALYZE"))
