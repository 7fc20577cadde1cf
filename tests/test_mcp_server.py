"""Tests of the MCP server with the official client, against a running API."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from bot.client import AsyncLabelbotClient
from bot.client.retries import RetryPolicy
from bot.mcp_server import build_mcp_server
from storage.tables import KeyScope
from tests.api.conftest import RunningApi, api, api_server
from tests.cli.conftest import CommandRunner, labelbot_unconfigured
from tests.pages import DOCS, ROOT
from tests.services.conftest import pair

__all__ = ["api", "api_server", "labelbot_unconfigured"]

ADA = "U0ADA"
PAGE = DOCS / "api.md"


async def use_tool(client: Client, name: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Return the structured result of a tool."""
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def test_agent_asks_experts_and_fetches_their_labels(api: RunningApi) -> None:
    api.scenario.create_campaign("tone", overlap=1, experts=[ADA])
    key = api.create_key(KeyScope.ITEMS, "tone", name="agent")
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot.cli", "mcp", "--url", api.url],
        env={**os.environ, "PYTHONPATH": str(ROOT), "LABELBOT_API_KEY": key},
    )
    async with Client(server) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == re.findall(r"^\| `(\w+_\w+)` \|", PAGE.read_text(), re.MULTILINE)
        listed = await use_tool(client, "list_campaigns")
        assert [one["name"] for one in listed["result"]] == ["tone"]
        rows = [pair(number) for number in range(60)]
        assert (await use_tool(client, "ask_experts", campaign="tone", items=rows))["added"] == 60
        again = [rows[0], {"id": "alone", "prompt": "?"}]
        result = await use_tool(client, "ask_experts", campaign="tone", items=again)
        assert (result["added"], result["existing"], result["rejected"]) == (0, 1, 1)
        api.scenario.answer_all(ADA, verdict="a")
        progress = await use_tool(client, "get_progress", campaign="tone")
        assert (progress["answered"], progress["wanted"]) == (60, 60)
        first = await use_tool(client, "fetch_labels", campaign="tone", limit=50)
        rest = await use_tool(client, "fetch_labels", campaign="tone", cursor=first["cursor"])
        assert (first["has_more"], rest["has_more"]) == (True, False)
        labels = [*first["labels"], *rest["labels"]]
        assert {one["item"] for one in labels} == {row["id"] for row in rows}
        assert {one["label"]["winner"] for one in labels} <= {"left", "right"}
        later = await use_tool(client, "fetch_labels", campaign="tone", cursor=rest["cursor"])
        assert later["labels"] == []
    log = api.client(KeyScope.READ).get("/audit").json()["data"]
    assert ("agent", "api") in {(one["actor"], one["origin"]) for one in log}


@pytest.mark.parametrize(
    ("scope", "tool", "arguments", "reason"),
    [
        (KeyScope.READ, "ask_experts", {"campaign": "tone", "items": [pair(1)]}, "small-scope"),
        (KeyScope.READ, "get_progress", {"campaign": "tome"}, "Did you mean"),
        (KeyScope.READ, "fetch_labels", {"campaign": "tone", "cursor": "x"}, "Start without"),
        (KeyScope.READ, "fetch_labels", {"campaign": "tone", "limit": 0}, "greater than"),
        (None, "list_campaigns", {}, "invalid-key"),
    ],
)
async def test_agent_reads_why_a_call_was_refused(
    api: RunningApi,
    scope: KeyScope | None,
    tool: str,
    arguments: dict[str, object],
    reason: str,
) -> None:
    api.scenario.create_campaign("tone")
    key = api.create_key(scope) if scope else "lbk_wrong"
    async with (
        AsyncLabelbotClient(api.url, key) as labelbot,
        Client(build_mcp_server(labelbot)) as client,
    ):
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    assert reason in str(result.content)


@pytest.mark.parametrize(
    ("key", "url", "reason"),
    [
        ("", "http://127.0.0.1:8081", "Set it to one that labelbot keys create printed."),
        ("lbk_a\nb", "http://127.0.0.1:8081", "LABELBOT_API_KEY has no key."),
        ("lbk_ä", "http://127.0.0.1:8081", "LABELBOT_API_KEY has no key."),
        ("lbk_a", "127.0.0.1:8081", "Write the address as"),
        ("lbk_a", "http://localhost:eight", "Invalid port"),
    ],
)
def test_server_starts_only_with_a_key_and_an_address(
    labelbot_unconfigured: CommandRunner, key: str, url: str, reason: str
) -> None:
    labelbot_unconfigured.set_env(LABELBOT_API_KEY=key)
    result = labelbot_unconfigured("mcp", "--url", url)
    assert (result.code in {1, 2}, result.out) == (True, "")
    assert reason in " ".join(result.err.replace("│", " ").split())
    assert "lbk_" not in result.err


async def test_agent_reads_that_the_api_is_down() -> None:
    once = RetryPolicy(attempts=1)
    async with (
        AsyncLabelbotClient("http://127.0.0.1:9", "key", retries=once) as labelbot,
        Client(build_mcp_server(labelbot)) as client,
    ):
        result = await client.call_tool("list_campaigns")
    assert "does not answer" in str(result.content)
