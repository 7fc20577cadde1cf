"""Tasks with all their answers, in the form in which statistics count them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple, TypeVar

from sqlmodel import Session

from bot.quality.ballots import CACHED_BALLOTS, Ballots, ComparedBallot, compare_ballots
from bot.quality.reliability.weeks import monday_of
from bot.services.reports.answer_labels import AnswerLabels, GivenLabel, VotedLabel
from storage.queries import votes
from storage.queries.votes import VoteRow

TASKS_AT_ONCE = 5_000
"""Tasks that are counted together: equal answers to them are counted once, with their number."""

T = TypeVar("T")


class TaskAnswers(NamedTuple):
    """The answers to one task, by ascending id of the expert.

    Attributes:
        experts: their ids.
        weeks: the Mondays of the weeks in which they answered.
        seconds: how long they took; None if it is not known.
        times: when they answered.
        last_day: the day of the last answer.
        given: their labels; empty if answers of the kind cannot be compared.
        labels: the same, in imported order.
        ballots: their votes.
        compared: each ballot beside the others, and beside the gold answer if there is one.
        gold: the known correct answer, None if it is no gold question.
        is_gold: whether it is one.
    """

    experts: Sequence[int]
    weeks: Sequence[date]
    seconds: Sequence[int | None]
    times: Sequence[datetime]
    last_day: date
    given: tuple[GivenLabel, ...]
    labels: tuple[VotedLabel, ...]
    ballots: Ballots
    compared: Sequence[ComparedBallot]
    gold: VotedLabel | None
    is_gold: bool


def read_task(rows: Sequence[VoteRow], labels: AnswerLabels) -> TaskAnswers:
    """Return the answers to one task."""
    _, experts, orders, values, seconds, golds, times = zip(*rows, strict=True)
    days = [time.date() for time in times]
    given = tuple(map(labels.label_of, values, orders)) if labels.has_votes else ()
    gold = labels.gold_of(golds[0], orders[0]) if golds[0] and given else None
    return TaskAnswers(
        experts,
        [*map(monday_of, days)],
        seconds,
        times,
        max(days),
        given,
        *_compare_labels(given, gold),
        gold,
        golds[0] is not None,
    )


@lru_cache(maxsize=CACHED_BALLOTS)
def _compare_labels(
    given: tuple[GivenLabel, ...], gold: VotedLabel | None
) -> tuple[tuple[VotedLabel, ...], Ballots, Sequence[ComparedBallot]]:
    """Return the labels, their ballots, and each ballot beside the others."""
    labels = tuple([one.label for one in given])
    ballots = tuple([label.ballot for label in labels])
    return labels, ballots, compare_ballots(ballots, gold.ballot if gold else None)


def stream_answers(session: Session, campaign_id: int) -> Generator[list[VoteRow]]:
    """Yield the current complete answers of a campaign, task by task. Close the generator."""
    with closing(votes.stream_votes(session, campaign_id)) as rows:
        for _task_id, task_rows in groupby(rows, key=itemgetter(0)):
            yield list(task_rows)


def in_batches(tasks: Iterable[T]) -> Iterator[list[T]]:
    """Yield lists of `TASKS_AT_ONCE`."""
    remaining = iter(tasks)
    while batch := list(islice(remaining, TASKS_AT_ONCE)):
        yield batch
