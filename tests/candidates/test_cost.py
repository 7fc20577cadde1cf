"""Tests of budgets."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.candidates.cost import Budget, BudgetUsedUpError

AMOUNTS = st.floats(0, 1)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=20), st.floats(0, 5), st.integers(1, 4))
def test_budget_holds_and_nobody_waits_forever(
    requests: list[tuple[float, float]], limit: float, workers: int
) -> None:
    """Each request costs a part of its upper bound, and several run at a time."""

    async def spend() -> Budget:
        budget, pending = Budget(limit), iter(requests)

        async def work() -> None:
            for bound, share in pending:
                try:
                    await budget.reserve(bound)
                except BudgetUsedUpError:
                    assert budget.spent + bound + budget.reserved > limit
                    continue
                assert budget.spent + budget.reserved <= limit
                await asyncio.sleep(0)
                budget.settle(bound, bound * share)

        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())
        return budget

    budget = asyncio.run(spend())
    assert (budget.reserved, budget.under_way) == (0.0, 0)
    assert budget.spent <= limit * (1 + 1e-12)
