"""What happened in the demo before it starts: answers of two experts, a flag, and mixed tasks.

Every screen has something to show then: status, agreement, the review queue, the order of models.
The answers depend only on the sample items, so that every demo is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zlib import crc32

from sqlmodel import Session

from bot.kinds import kind_named
from bot.kinds.base import FormInput
from bot.kinds.content import Content
from bot.services.actors.interaction import Interaction
from bot.services.answers import submit
from bot.services.answers.campaign_settings import settings_of
from bot.services.assignments import direct
from bot.services.campaigns import campaigns as campaign_records
from bot.services.items.mapping import content_of
from bot.services.questions import flags
from storage.queries import progress, tasks, undelivered_messages
from storage.queries.experts import expert_by_slack_id
from storage.row_id import id_of
from storage.tables import Assignment, Campaign, OutboxState

DURATION = timedelta(days=4)
"""How long before the start of the demo the answers begin."""

ANSWER_INTERVAL = timedelta(seconds=50)

MIXED_ROUNDS = 2
"""How many tasks of each kind every expert gets first, in turn."""

MAX_MESSAGES = 10_000
"""More than the answers queue."""

FLAG_REASON = "The prompt can be read in two ways."

KINDS_WITH_ANSWERS = ("comparison", "rating", "ranking", "validation", "curation")
"""Nobody has written a text yet."""


def create_history(
    session: Session, names: Sequence[str], experts: Sequence[str], coordinator: str, now: datetime
) -> None:
    """Answer half of the items of each campaign, flag one, and give everyone tasks of each kind.

    `experts` are Slack ids: the first has no answers yet. Only messages about the flag are sent.
    """
    newcomer, *colleagues = experts
    campaigns = [campaign_records.campaign_by_name(session, name) for name in names]
    numbers = count(1)
    for campaign in campaigns:
        if campaign.kind in KINDS_WITH_ANSWERS:
            for expert in colleagues[: campaign.overlap]:
                _answer_items(session, campaign, expert, now, numbers)
    for row in undelivered_messages.list_messages(session, (OutboxState.WAITING,), MAX_MESSAGES):
        session.delete(row)  # these were shown days ago
    for expert in (newcomer, *colleagues):
        _assign_mixed_tasks(session, campaigns, expert, now)
    if colleagues:
        _flag_first_task(session, colleagues[0], coordinator, now)


def _answer_items(
    session: Session, campaign: Campaign, slack_id: str, now: datetime, numbers: Iterator[int]
) -> None:
    expert = expert_by_slack_id(session, slack_id)
    if expert is None:
        return
    item_count = progress.item_counts(session, id_of(campaign)).get(id_of(campaign), 0)
    at = now - DURATION
    step = DURATION / max(item_count, 1)
    assigned = direct.assign_next_tasks(session, campaign, expert, item_count // 2, at)
    session.flush()
    for assignment in assigned:
        assignment.delivered_at = at
        session.add(assignment)
        session.flush()
        for form_input in _answers(session, campaign, assignment, slack_id):
            interaction = Interaction(slack_id, f"demo-{next(numbers)}", at + ANSWER_INTERVAL)
            submit.submit_answer(session, id_of(assignment), form_input, interaction)
        at += step


def _assign_mixed_tasks(
    session: Session, campaigns: Sequence[Campaign], slack_id: str, now: datetime
) -> None:
    expert = expert_by_slack_id(session, slack_id)
    for _round in range(MIXED_ROUNDS):
        for campaign in campaigns:
            if expert:
                direct.assign_next_tasks(session, campaign, expert, 1, now - timedelta(minutes=5))
                session.flush()


def _flag_first_task(session: Session, slack_id: str, coordinator: str, now: datetime) -> None:
    expert = expert_by_slack_id(session, slack_id)
    assignment = tasks.oldest_open_assignment(session, id_of(expert), None) if expert else None
    if assignment:
        interaction = Interaction(slack_id, "demo-flag", now)
        flags.flag_item(session, id_of(assignment), FLAG_REASON, interaction, (coordinator,))


def _answers(
    session: Session, campaign: Campaign, assignment: Assignment, slack_id: str
) -> Iterator[FormInput]:
    """Yield the inputs of one answer: two experts mostly agree, so some answers differ."""
    kind = kind_named(campaign.kind)
    content = content_of(tasks.item_of(session, assignment.task_id))
    order = assignment.candidate_order
    seed = (campaign.name, assignment.task_id)
    settings: Any = settings_of(kind, campaign.settings)
    match campaign.kind:
        case "comparison":
            first, second = _scores(content, order, (*seed, slack_id))
            yield {"verdict": "tie" if abs(first - second) < 0.05 else "ab"[first < second]}  # noqa: PLR2004 - nearly equal
        case "ranking":
            scores = _scores(content, order, (*seed, slack_id))
            for place in sorted(range(len(order)), key=lambda place: -scores[place]):
                yield {"ranks": "abcdefghij"[place]}
        case "rating":
            for criterion, points in settings.scales.items():
                share = 0.7 * _share(*seed, criterion) + 0.3 * _share(*seed, criterion, slack_id)
                yield {criterion: str(1 + int(share * points))}
        case _:
            is_good = 0.7 * _share(*seed) + 0.3 * _share(*seed, slack_id) < 0.6  # noqa: PLR2004 - somewhat more than half
            verdicts = ("yes", "no") if campaign.kind == "validation" else ("keep", "drop")
            yield {"verdict": verdicts[not is_good]}
            if not is_good:
                yield {"categories": [settings.reason_categories[0].key]}


def _scores(content: Content, order: Sequence[int], seed: tuple[object, ...]) -> list[float]:
    """Return how good each candidate is as shown: mostly its model, and a part by chance."""
    return [
        0.6 * _share(content.candidates[position].model) + 0.4 * _share(*seed, position)
        for position in order
    ]


def _share(*parts: object) -> float:
    """Return a number from 0 to 1 that depends only on the parts."""
    return crc32("/".join(map(str, parts)).encode()) / 2**32
