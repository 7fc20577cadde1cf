"""From stored answers to labels: each with how sure it is, and what reviewers decided beside it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlmodel import Session

from bot.exports.labelled import Labelled
from bot.kinds import kind_named
from bot.kinds.base import Kind
from bot.kinds.content import Content
from bot.kinds.media import Media
from bot.kinds.remark import remark_of
from bot.quality.consensus import source_of
from bot.quality.votes import votes_of
from bot.services.confirming import CONFIRMED
from bot.services.keeping import content_of
from storage.queries import items, labels, reviewing
from storage.queries.items import ItemRow
from storage.queries.labels import LabelRow
from storage.tables import Campaign, Decision

REVIEWER = "reviewer"
"""Who stands where a pseudonym does, beside a decision."""

Answers = list[tuple[LabelRow, ItemRow]]


def labelled(
    session: Session, campaign: Campaign, *, with_gold: bool = False, only_final: bool = False
) -> Generator[Labelled]:
    """Yield what experts answered, by item in imported order, then by pseudonym.

    Only complete answers that stand: what was skipped, undone or begun is not among them, and of
    every answer only its current version. Answers to gold items come only `with_gold`. Behind the
    answers to an item comes what a reviewer decided about it, if anything. `only_final`: only
    answers that can no longer be changed.
    """
    kind = kind_named(campaign.kind)
    found_decisions = reviewing.decisions(session, campaign.id or 0)
    decided = {item: one for item, one in found_decisions.items() if one.value}
    chosen = labels.current(session, campaign.id or 0, with_gold=with_gold, only_final=only_final)
    with closing(chosen) as found:
        for item_id, rows in groupby(found, key=lambda pair: pair[0].item_id):
            yield from _of_item(campaign, kind, list(rows), decided.pop(item_id, None))
    for item_id, item in items.by_id(session, decided).items():  # those that nobody answered
        yield _decision(campaign, kind, item, decided[item_id])


def _of_item(
    campaign: Campaign, kind: Kind[Any], answers: Answers, decision: Decision | None
) -> Iterator[Labelled]:
    item = answers[0][1]
    content = content_of(item)
    found = [_labelled(campaign, kind, content, row, item) for row, item in answers]
    source = source_of([votes_of(one.label) for one in found])
    for one in found:
        yield replace(one, source=source, is_decided=decision is not None)
    if decision:
        yield _decision(campaign, kind, item, decision)


def _labelled(
    campaign: Campaign, kind: Kind[Any], content: Content, row: LabelRow, item: ItemRow
) -> Labelled:
    return Labelled(
        label=kind.label(content, row.value, row.candidate_order),
        item=item.key,
        campaign=campaign.name,
        kind=campaign.kind,
        expert=row.pseudonym,
        answered_at=row.answered_at,
        version=row.version,
        guidelines_version=row.guidelines_version,
        value=row.value,
        meta=item.meta,
        shown=row.shown,
        order=row.candidate_order,
        media=_media(content),
        seconds=row.seconds,
        paused=row.paused,
        is_gold=row.is_gold,
        remark=remark_of(row.value),
        level=2 if row.locked_by == CONFIRMED else 1,
        levels=_levels(campaign),
    )


def _decision(campaign: Campaign, kind: Kind[Any], item: ItemRow, decision: Decision) -> Labelled:
    content, value = content_of(item), dict(decision.value or {})
    return Labelled(
        label=kind.label(content, value, decision.candidate_order),
        item=item.key,
        campaign=campaign.name,
        kind=campaign.kind,
        expert=REVIEWER,
        answered_at=decision.created_at,
        version=1,
        guidelines_version=campaign.guidelines_version,
        value=value,
        meta=item.meta,
        order=decision.candidate_order,
        media=_media(content),
        remark=replace(remark_of(value), reason=decision.reason or remark_of(value).reason),
        level=_levels(campaign),
        levels=_levels(campaign),
        source="adjudicated",
    )


def _levels(campaign: Campaign) -> int:
    return int(campaign.settings.get("levels", 1))


def _media(content: Content) -> Sequence[Sequence[Media]]:
    shown = (content.media, *(candidate.media for candidate in content.candidates))
    return shown if any(shown) else ()
