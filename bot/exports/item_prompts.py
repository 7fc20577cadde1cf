"""One label per item, for exports that have prompts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.exports.label_record import ItemLabels


def keep_one_label(items: Iterable[ItemLabels]) -> Iterator[ItemLabels]:
    """Yield items with one label that stands for all answers and for the decision of a reviewer.

    The prompt is the same in all of them, so that it does not matter which of them count.
    """
    for item in items:
        if not item.answers:
            yield item
            continue
        first = item.answers[0]
        label = replace(
            first,
            answers=len(item.answers) + (item.decision is not None),
            is_adjudicated=False,
            level=first.required_levels,
        )
        yield replace(item, answers=[label], ballots=item.ballots[:1], decision=None)
