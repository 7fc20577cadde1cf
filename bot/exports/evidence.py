"""Evidence that an expert could see all text: the message showed it, or they opened the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from bot.exports.formats.format import LeftOutLabel
from bot.exports.label_record import ItemLabels, LabelRecord
from bot.quality.consensus import find_consensus

NOT_OPENED = "full text not opened"
NOT_RECORDED = "no record of what the expert saw"


def reason_without_evidence(record: LabelRecord) -> str | None:
    """Return why there is no evidence that the expert could see all text, None if there is."""
    if record.shown is None:
        return NOT_RECORDED
    is_cut = any(_is_cut(passage) for passage in record.shown.values())
    return NOT_OPENED if is_cut and not record.has_opened else None


def _is_cut(passage: object) -> bool:
    counts = cast("Mapping[str, Any]", passage)
    return bool(counts["shown"] < counts["characters"])


def split_by_evidence(item: ItemLabels) -> tuple[ItemLabels, list[LeftOutLabel]]:
    """Return an item with only the answers that have evidence, and the others by reason.

    What the answers say together is found again, without those that are left out.
    """
    reasons = [reason_without_evidence(record) for record in item.answers]
    left_out = [LeftOutLabel(reason) for reason in reasons if reason]
    if not left_out:
        return item, []
    kept = [place for place, reason in enumerate(reasons) if reason is None]
    ballots = [item.ballots[place] for place in kept]
    consensus = find_consensus(ballots, item.consensus.scales)
    answers = [
        replace(
            item.answers[place],
            source=consensus.source,
            is_with_majority=consensus.includes(item.ballots[place]),
        )
        for place in kept
    ]
    return ItemLabels(answers, ballots, consensus, item.decision), left_out
