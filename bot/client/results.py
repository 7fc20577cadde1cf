"""Progress as text, and answers as labels: the current ones that count, as rows or data sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.client.models.answers import AnswerInfo
from bot.client.models.campaigns import ProgressInfo


def current_labels(versions: Iterable[AnswerInfo]) -> list[AnswerInfo]:
    """Return the newest version of each answer that counts, in the order of their first versions.

    Gold questions, which measure experts, are left out.
    """
    newest: dict[int, AnswerInfo] = {}
    for version in versions:
        known = newest.get(version.answer)
        if known is None or version.version > known.version:
            newest[version.answer] = version
    return [one for one in newest.values() if one.counts and not one.is_gold]


def progress_text(progress: ProgressInfo) -> str:
    """Return how many answers a campaign has, for an error."""
    return f"“{progress.name}” has {progress.answered} of {progress.wanted} answers"


def label_rows(answers: Iterable[AnswerInfo]) -> list[dict[str, Any]]:
    """Return one flat row per answer: item, expert, time and the parts of the label."""
    return [
        {
            "item": one.item,
            "expert": one.expert,
            "answered_at": one.answered_at,
            **(one.label or {}),
        }
        for one in answers
    ]


def dataset_of(answers: Iterable[AnswerInfo]) -> Any:  # noqa: ANN401 - the library is optional
    """Return the labels as a `datasets.Dataset`."""
    from datasets import Dataset  # noqa: PLC0415 - needed only here

    return Dataset.from_list(label_rows(answers))


def frame_of(answers: Iterable[AnswerInfo]) -> Any:  # noqa: ANN401 - the library is optional
    """Return the labels as a `pandas.DataFrame`."""
    from pandas import DataFrame  # noqa: PLC0415 - needed only here

    return DataFrame(label_rows(answers))
