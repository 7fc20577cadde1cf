"""Review: what experts disagreed on, flagged or set aside, and a sample; somebody decides.

A reviewer sees what was said and never who said it. What experts answered stays as it is: a
decision stands beside it and is marked as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby, product
from operator import attrgetter
from typing import Any, TypeAlias

from sqlmodel import Session

from bot.errors import BotError
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.form import Form
from bot.kinds.wording import in_words
from bot.quality.consensus import Source, source_of
from bot.quality.votes import votes_of
from bot.services.answering import settings_of
from bot.services.keeping import content_of
from bot.services.surveying import label_of
from storage.queries import reviewing, tasks
from storage.tables import Assignment, Campaign, Task

SAMPLED = 20
"""Of so many tasks on which experts agree, one is looked at all the same."""

CHUNK = 500
"""Tasks whose answers are read at a time."""


class NoCaseError(BotError):
    """That task is no longer there to be reviewed; `/label review` brings the next one."""


class Why(StrEnum):
    """Why somebody should look at a task, in the order in which they are brought."""

    FLAGGED = "flagged"
    SET_ASIDE = "set_aside"
    DISAGREED = "disagreed"
    SAMPLED = "sampled"


@dataclass(frozen=True, slots=True)
class Said:
    """What one or more experts said: in words, with their reasons, and whose assignments it is."""

    words: str
    assignments: tuple[int, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A task to decide about, with the candidates in imported order, and nobody's name.

    `name` and `item` are what scripts call its campaign and its item.
    """

    task: int
    campaign_id: int
    campaign: str
    why: Why
    form: Form
    said: tuple[Said, ...]
    flags: tuple[str, ...] = ()
    name: str = ""
    item: str = ""


After: TypeAlias = tuple[Why, int] | None
"""A case that was shown, by why and its task; None: none was."""


def case_behind(session: Session, reviewer: str, after: After) -> Case | None:
    """Return the case behind one: of its campaign as long as there is one, then of others."""
    task = session.get(Task, after[1]) if after else None
    if task is None:
        return next_case(session, None, reviewer)
    here = task.campaign_id
    found = next_case(session, here, reviewer, after)
    return found or next_case(session, None, reviewer, but=here)


def next_case(
    session: Session,
    campaign_id: int | None,
    reviewer: str,
    after: After = None,
    *,
    but: int | None = None,
) -> Case | None:
    """Return the next case behind `after` (None: the first), None if there is none.

    It is of one campaign, or of all (None) `but` one. Reviewers never get what they answered
    themselves.
    """
    chosen = [one for one in reviewing.campaigns(session, campaign_id) if one.id != but]
    begins = _PLACES[after[0]] if after else 0
    for why in list(Why)[begins:]:
        behind = after[1] if after and why == after[0] else 0
        found = [
            next((task for task in _waiting(session, one, why, reviewer) if task > behind), None)
            for one in chosen
        ]
        tasks_there = [task for task in found if task is not None]
        if tasks_there:
            return case_of(session, min(tasks_there), why)
    return None


def queue(session: Session, campaign_id: int | None, reviewer: str, most: int) -> list[Case]:
    """Return what waits, of one campaign or of all, as `next_case` brings it: `most` at the most.

    A task that waits for two reasons is there once, for the first of them.
    """
    found: dict[int, Why] = {}
    for task, why in _all_waiting(session, campaign_id, reviewer):
        found.setdefault(task, why)
        if len(found) >= most:
            break
    return [case_of(session, task, why) for task, why in found.items()]


def _all_waiting(
    session: Session, campaign_id: int | None, reviewer: str
) -> Iterator[tuple[int, Why]]:
    chosen = reviewing.campaigns(session, campaign_id)
    for why, campaign in product(Why, chosen):
        for task in _waiting(session, campaign, why, reviewer):
            yield task, why


def waiting(session: Session, campaign: Campaign, reviewer: str = "") -> dict[Why, int]:
    """Count what waits in a campaign, by why."""
    return {why: sum(1 for _ in _waiting(session, campaign, why, reviewer)) for why in Why}


_PLACES = {why: place for place, why in enumerate(Why)}


def _waiting(session: Session, campaign: Campaign, why: Why, reviewer: str) -> Iterator[int]:
    number = campaign.id or 0
    match why:
        case Why.FLAGGED:
            yield from reviewing.flagged(session, number, reviewer)
        case Why.SET_ASIDE:
            yield from reviewing.set_aside(session, number, reviewer)
        case Why.DISAGREED | Why.SAMPLED:
            for task, source in _answered(session, campaign, reviewer):
                if why == _why(campaign, task, source):
                    yield task


def _answered(session: Session, campaign: Campaign, reviewer: str) -> Iterator[tuple[int, Source]]:
    """Yield what nobody decided yet, with how sure the answer is."""
    kind = kind_named(campaign.kind)
    found = sorted(reviewing.undecided(session, campaign.id or 0, reviewer))
    for start in range(0, len(found), CHUNK):
        answers = reviewing.answers(session, found[start : start + CHUNK])
        for task, said in groupby(answers, key=attrgetter("task_id")):
            yield task, source_of([votes_of(_label(kind, one)) for one in said])


def _label(kind: Kind[Any], answer: Assignment) -> Any:  # noqa: ANN401 - any label
    return label_of(kind, answer.value or {}, answer.candidate_order)


def _why(campaign: Campaign, task: int, source: Source) -> Why | None:
    if source in ("split", "majority"):
        return Why.DISAGREED
    return Why.SAMPLED if _is_sampled(campaign.seed, task) else None


def _is_sampled(seed: str, task: int) -> bool:
    digest = blake2b(f"{seed}/review/{task}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % SAMPLED == 0


def case_of(session: Session, task_id: int, why: Why) -> Case:
    """Return a task as its reviewer sees it.

    Raises:
        NoCaseError: there is no such task.
    """
    task = session.get(Task, task_id)
    if task is None:
        raise NoCaseError
    campaign = session.get_one(Campaign, task.campaign_id)
    item = tasks.item_of(session, task_id)
    kind, content = kind_named(campaign.kind), content_of(item)
    order = range(len(content.candidates))
    return Case(
        task=task_id,
        campaign_id=task.campaign_id,
        campaign=campaign.title,
        why=why,
        form=kind.form(content, settings_of(kind, campaign.settings), order),
        said=_said(kind, content, reviewing.answers(session, [task_id])),
        flags=tuple(flag.reason for flag in reviewing.flags_of(session, task_id)),
        name=campaign.name,
        item=item.key,
    )


def _said(kind: Kind[Any], content: Content, answers: Sequence[Assignment]) -> tuple[Said, ...]:
    """Put together who said the same, the most frequent first."""
    found: dict[str, list[Assignment]] = {}
    for answer in answers:
        label = kind.label(content, answer.value or {}, answer.candidate_order)
        found.setdefault(in_words(label), []).append(answer)
    said = [
        Said(words, tuple(one.id or 0 for one in those), tuple(filter(None, map(_reason, those))))
        for words, those in found.items()
    ]
    return tuple(sorted(said, key=lambda one: (-len(one.assignments), one.words)))


def _reason(answer: Assignment) -> str:
    value: Mapping[str, Any] = answer.value or {}
    return str(value.get("reason") or "")
