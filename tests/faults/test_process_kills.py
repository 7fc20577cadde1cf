"""The bot is killed at random moments while people answer.

Each run has a seed, which is part of its name and decides how often and when the bot is killed:
`pytest tests/faults --all-faults -k "seed17-"` repeats it.
"""

from __future__ import annotations

import random

import pytest

from tests.faults.fault_case import FaultCase
from tests.faults.kill_run import PEOPLE_WHO_ASK, KillRun

COMBINATIONS = [
    (database, transport)
    for database in ("sqlite", "postgresql")
    for transport in ("socket", "http")
]

RUNS = 200
"""Runs in all, spread over both databases and both transports."""

SAMPLED_SEEDS = (0, 3)
"""Runs of continuous integration, which have both databases and both transports."""

ITEMS = 8

MANY_ITEMS = 40
"""Items of the runs with many kills, so that people are still answering at the last one."""

MAX_KILLS = 3
"""Most kills of a run."""

MANY_KILLS = 40
"""Kills of the runs that check how soon the outbox is empty."""


def _runs(count: int, *, sampled: tuple[int, ...] = ()) -> list[object]:
    return [
        pytest.param(
            seed,
            *COMBINATIONS[seed % len(COMBINATIONS)],
            id=f"seed{seed}-{'-'.join(COMBINATIONS[seed % len(COMBINATIONS)])}",
            marks=[pytest.mark.sample] if seed in sampled else [],
        )
        for seed in range(count)
    ]


@pytest.mark.parametrize(
    ("seed", "database_url", "transport"),
    _runs(RUNS, sampled=SAMPLED_SEEDS),
    indirect=["database_url", "transport"],
)
def test_kills_lose_and_double_nothing(case: FaultCase, seed: int) -> None:
    moments = random.Random(seed)  # noqa: S311 - moments of kills, not secrets
    run = KillRun(case, moments, ITEMS)
    kills = moments.randint(1, MAX_KILLS)
    case.allowed_repeats = kills
    run.kill_repeatedly(kills, run.wait_for_random_moment)


@pytest.mark.parametrize(
    ("seed", "database_url", "transport"),
    _runs(len(COMBINATIONS)),
    indirect=["database_url", "transport"],
)
def test_outbox_is_empty_half_a_minute_after_forty_kills(case: FaultCase, seed: int) -> None:
    moments = random.Random(seed)  # noqa: S311 - moments of kills, not secrets
    run = KillRun(case, moments, MANY_ITEMS)
    case.allowed_repeats = MANY_KILLS * (1 + PEOPLE_WHO_ASK)  # each request posts the task again
    run.kill_repeatedly(MANY_KILLS, run.let_people_ask)
