"""Pushes of the client: rejected rows, and how columns are named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.client import (
    ApiProblemError,
    AsyncLabelbotClient,
    LabelbotClient,
    PushOptions,
    RejectedRowsError,
)
from storage.tables import KeyScope
from tests.api.conftest import RunningApi
from tests.services.conftest import pair

ALONE = {"prompt": "x"}


@pytest.fixture
def client(api: RunningApi) -> LabelbotClient:
    """Return a client of a campaign without items."""
    api.scenario.create_campaign("tone")
    opened = LabelbotClient(api.url, api.create_key(KeyScope.ITEMS))
    return api.clients.enter_context(opened)


def test_rejected_rows_are_an_error_and_the_others_are_added(client: LabelbotClient) -> None:
    rows = [pair(1), *[ALONE] * 4, pair(2)]
    with pytest.raises(RejectedRowsError, match=r"4 rejected, 2 added\): line 2: .*; …") as caught:
        client.push("tone", rows)
    assert [row.line for row in caught.value.result.errors] == [2, 3, 4, 5]
    again = client.push("tone", rows, raise_on_error=False)
    assert (again.existing, again.rejected) == (2, 4)


def test_row_whose_id_has_other_content_is_an_error(client: LabelbotClient) -> None:
    client.push("tone", [pair(1), pair(2)])
    with pytest.raises(RejectedRowsError, match="line 1") as caught:
        client.push("tone", [pair(1, prompt="Other?"), pair(2)])
    assert (caught.value.result.conflicts, caught.value.result.existing) == (1, 1)


@pytest.mark.parametrize("raise_on_error", [True, False])
@pytest.mark.parametrize(
    ("rows", "options"),
    [([pair(1), ALONE], PushOptions(strict=True)), ([pair(1, response_b="")], PushOptions())],
)
def test_push_that_adds_nothing_is_an_error(
    client: LabelbotClient,
    rows: list[dict[str, Any]],
    options: PushOptions,
    *,
    raise_on_error: bool,
) -> None:
    with pytest.raises(ApiProblemError, match="Nothing was added") as caught:
        client.push("tone", rows, options=options, raise_on_error=raise_on_error)
    assert caught.value.kind == "nothing-added"
    assert list(caught.value.errors) == [f"line {len(rows)}"]


async def test_asynchronous_client_raises_the_same_errors(api: RunningApi) -> None:
    await asyncio.to_thread(api.scenario.create_campaign, "tone")
    key = await asyncio.to_thread(api.create_key, KeyScope.ITEMS)
    async with AsyncLabelbotClient(api.url, key) as client:
        with pytest.raises(RejectedRowsError):
            await client.push("tone", [pair(1), ALONE])
        result = await client.push("tone", [pair(1), ALONE], raise_on_error=False)
        assert (result.existing, result.rejected) == (1, 1)


@pytest.mark.parametrize("columns", ["a,b", ["a", "b"], ("a", "b")])
def test_columns_are_a_list_or_text(client: LabelbotClient, columns: str | Sequence[str]) -> None:
    row = {"q": "Which?", "a": "This.", "b": "That."}
    mapping = {"prompt": "q", "candidates": columns}
    assert client.push("tone", [row], mapping=mapping).added == 1


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ([1, 2], TypeError, "“candidates” must be names, not int"),
        (None, TypeError, "“candidates” must be names, not NoneType"),
        (["a,b", "c"], ValueError, "“a,b” has a comma"),
        ([], ApiProblemError, "column name after the = is empty"),
    ],
)
def test_columns_that_cannot_be_sent_are_an_error(
    client: LabelbotClient,
    columns: Any,  # noqa: ANN401 - of wrong types on purpose
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        client.push("tone", [pair(1)], mapping={"candidates": columns})
