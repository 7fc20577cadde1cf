"""What coordinators do with items: put them on hold, return them to the queue, delete them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import BotError
from bot.messages.tasks import UnassignedMessage
from bot.services.actors.actor import Actor
from storage.queries import item_deletion, items, on_hold_tasks, outbox
from storage.queries.item_deletion import Ids
from storage.row_id import id_of
from storage.tables import Campaign, Item

MAX_ITEMS_AT_ONCE = 500
"""Items in one statement, within SQLite's limit on parameters."""

DEFAULT_HOLD_REASON = "a coordinator put it on hold"
DELETED_ANSWER = "A coordinator deleted the item."
"""What is stored as the answer to open questions and flags about a deleted item."""


class NoItemsError(BotError):
    """There are no such items in “{campaign}”; they may have been deleted. Search again."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """What was deleted: the keys of the items, the answers that no longer count, open tasks."""

    keys: tuple[str, ...]
    answers: int
    unassigned: int


def hold_items(
    session: Session, campaign: Campaign, item_ids: Collection[int], reason: str, actor: Actor
) -> int:
    """Put items on hold; return how many were not on hold yet. Experts who have one keep it.

    Raises:
        NoItemsError: the campaign has none of them.
    """
    reason = " ".join(reason.split()) or DEFAULT_HOLD_REASON
    held = 0
    for item in _lock(session, campaign, item_ids):
        task_id = items.task_id_of(session, id_of(item))
        if on_hold_tasks.put_on_hold(session, task_id, reason, actor.at):
            actor.record(
                session, "put an item on hold", _subject(item), key=item.key, reason=reason
            )
            held += 1
    return held


def release_items(
    session: Session, campaign: Campaign, item_ids: Collection[int], actor: Actor
) -> int:
    """Return items that are on hold to the queue; return how many.

    Raises:
        NoItemsError: the campaign has none of them.
    """
    released = 0
    for item in _lock(session, campaign, item_ids):
        if on_hold_tasks.return_to_queue(session, items.task_id_of(session, id_of(item))):
            actor.record(session, "returned an item to the queue", _subject(item), key=item.key)
            released += 1
    return released


def preview_deletion(session: Session, campaign: Campaign, item_ids: Collection[int]) -> Deletion:
    """Return what deleting items would do, without changing anything.

    Raises:
        NoItemsError: the campaign has none of them.
    """
    found = item_deletion.items_to_delete(session, id_of(campaign), item_ids)
    if not found:
        raise NoItemsError(campaign=campaign.name)
    task_ids = item_deletion.tasks_of(found)
    answers = sum(item_deletion.answer_counts(session, task_ids).values())
    unassigned = len(item_deletion.open_assignments(session, task_ids))
    return Deletion(tuple(found.values()), answers, unassigned)


def delete_items(
    session: Session, campaign: Campaign, item_ids: Collection[int], actor: Actor
) -> Deletion:
    """Delete the content of items. Their answers are quarantined, and open tasks unassigned.

    The audit log keeps id and key of each item, and never its text.

    Raises:
        NoItemsError: the campaign has none of them.
    """
    found = _lock(session, campaign, item_ids)
    answers = unassigned = 0
    for part in _parts(found):
        part_ids = [id_of(item) for item in part]
        task_ids = item_deletion.task_ids_of(session, part_ids)
        counts = item_deletion.answer_counts(session, task_ids)
        for item in part:
            count = counts.get(id_of(item), 0)
            actor.record(
                session, "deleted an item", _subject(item), key=item.key, answer_count=count
            )
        session.flush()
        answers += sum(counts.values())
        unassigned += erase(session, part_ids, task_ids, actor)
    return Deletion(tuple(item.key for item in found), answers, unassigned)


def erase(
    session: Session, item_ids: Ids, task_ids: Ids, actor: Actor, *, can_return: bool = False
) -> int:
    """Remove items and close their tasks; return how many open tasks were unassigned.

    `can_return`: the same items can be imported again.
    """
    for number, slack_id in (open_tasks := item_deletion.open_assignments(session, task_ids)):
        message = UnassignedMessage(number, is_deleted=True)
        outbox.enqueue(session, message, recipient=slack_id, now=actor.at)
    item_deletion.close_questions_and_flags(session, task_ids, DELETED_ANSWER, actor.name, actor.at)
    item_deletion.close_tasks(session, task_ids)
    media = item_deletion.stored_media_of(session, item_ids)
    item_deletion.remove_content(session, item_ids, actor.at, can_return=can_return)
    item_deletion.remove_unused_media(session, media)
    return len(open_tasks)


def _lock(session: Session, campaign: Campaign, item_ids: Collection[int]) -> list[Item]:
    ids = sorted(set(item_ids))
    found = [
        item
        for start in range(0, len(ids), MAX_ITEMS_AT_ONCE)
        for item in item_deletion.lock_items(
            session, id_of(campaign), ids[start : start + MAX_ITEMS_AT_ONCE]
        )
    ]
    if not found:
        raise NoItemsError(campaign=campaign.name)
    return found


def _parts(found: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(found), MAX_ITEMS_AT_ONCE):
        yield found[start : start + MAX_ITEMS_AT_ONCE]


def _subject(item: Item) -> str:
    return f"item {id_of(item)}"
