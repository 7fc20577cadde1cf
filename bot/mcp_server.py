"""The MCP server: tools with which an agent asks experts and reads their answers.

It is a client of the HTTP API, so a tool may do what its key may do, and the audit log has every
change. Protocol: the Model Context Protocol, https://modelcontextprotocol.io/specification
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from bot import __version__
from bot.client import (
    AnswerInfo,
    ApiProblemError,
    AsyncLabelbotClient,
    CampaignInfo,
    ProgressInfo,
    PushResult,
    RequestFailedError,
)

INSTRUCTIONS = (
    "People answer in Slack, so labels take hours or days. List the campaigns, ask the experts of "
    "one, look at its progress, and fetch labels after the last cursor."
)

MAX_LABELS = 1_000

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
ASKS = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Campaign = Annotated[str, Field(description="Name of the campaign.")]


class LabelPage(BaseModel):
    """Versions of answers. Continue with `cursor`, at once if `has_more`, else later."""

    labels: list[AnswerInfo]
    cursor: str
    has_more: bool


def build_mcp_server(labelbot: AsyncLabelbotClient) -> MCPServer:
    """Return a server whose tools use a client of the HTTP API."""
    server = MCPServer(
        "labelbot", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )

    @server.tool(annotations=READS)
    async def list_campaigns() -> list[CampaignInfo]:
        """List the campaigns: kind of task, guidelines and answers per item."""
        async with _explained_errors():
            return [campaign async for campaign in labelbot.campaigns()]

    @server.tool(annotations=ASKS)
    async def ask_experts(
        campaign: Campaign,
        items: Annotated[
            list[dict[str, Any]],
            Field(
                description="Items as rows of `labelbot import`, such as "
                '{"id": "1", "prompt": "…", "response_a": "…", "response_b": "…"}.'
            ),
        ],
    ) -> PushResult:
        """Add items to a campaign, so that its experts answer them in Slack.

        Items that the campaign has are not added again. Rejected rows are listed with reasons.
        """
        async with _explained_errors():
            return await labelbot.push(campaign, items, raise_on_error=False)

    @server.tool(annotations=READS)
    async def get_progress(campaign: Campaign) -> ProgressInfo:
        """Return how many answers a campaign has and needs."""
        async with _explained_errors():
            return await labelbot.progress(campaign)

    @server.tool(annotations=READS)
    async def fetch_labels(
        campaign: Campaign,
        cursor: Annotated[
            str | None, Field(description="The cursor of the last call; none: from the start.")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=MAX_LABELS)] = 100,
    ) -> LabelPage:
        """Return answers in the order of storing, after a cursor.

        A later version replaces earlier ones of the same `answer`. Use those that count and are
        not gold.
        """
        async with _explained_errors():
            batch = await labelbot.read_answers(campaign, cursor, limit=limit)
        return LabelPage(labels=batch.answers, cursor=batch.cursor, has_more=batch.has_more)

    return server


@asynccontextmanager
async def _explained_errors() -> AsyncIterator[None]:
    """Show the agent why the API refused a call; other errors are bugs."""
    try:
        yield
    except (ApiProblemError, RequestFailedError) as error:
        raise ToolError(str(error)) from error
