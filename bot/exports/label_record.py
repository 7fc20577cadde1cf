"""One current, complete annotation with all that a row of an export may say about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.kinds.label import Label
from bot.kinds.media import Media
from bot.kinds.rationale import NO_RATIONALE, Rationale
from bot.quality.consensus import ConsensusSource


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A label and where it came from.

    Attributes:
        label: what the annotation says, the order undone.
        item: the key of the item, as imported.
        campaign: the name of the campaign.
        kind: the name of the kind.
        expert: a pseudonym; real names never reach an export.
        answered_at: when this version was given, aware, UTC.
        version: 1 for a first answer, one more for each change.
        guidelines_version: the guidelines that were in force.
        value: the raw answer, as the expert saw the fields.
        meta: every other column of the imported row.
        shown: what was on the screen, where it was recorded.
        order: where each shown candidate came from.
        media: what was shown with the prompt, then with each candidate in imported order.
        seconds: how long it took, None where it was not measured.
        paused: somebody was away meanwhile, so that the seconds say little.
        is_gold: the right answer is known; it was mixed in to see how good the expert is.
        remark: why, and how sure the expert is.
        level: 2 once a second expert has confirmed it.
        levels: how many the campaign wants.
        source: how sure the answer to the item is: whether all said the same, most of them, or a
            reviewer decided.
        is_decided: a reviewer decided about the item, so that this answer of an expert no longer
            counts.
    """

    label: Label
    item_key: str
    campaign: str
    kind: str
    expert: str
    answered_at: datetime
    version: int
    guidelines_version: int
    value: Mapping[str, object]
    meta: Mapping[str, object] = field(default_factory=dict)
    shown: Mapping[str, object] | None = None
    order: Sequence[int] = ()
    media: Sequence[Sequence[Media]] = ()
    seconds: int | None = None
    was_paused: bool = False
    is_gold: bool = False
    rationale: Rationale = NO_RATIONALE
    level: int = 1
    required_levels: int = 1
    source: ConsensusSource = "single"
    is_adjudicated: bool = False
