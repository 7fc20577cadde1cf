"""From prompts to a dataset, as in a notebook: sample, push, let experts answer, read labels."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from datasets import Dataset
from mcp import Client

from bot.api.call import ApiContext
from bot.api.rate_limit import RateLimit
from bot.autopilot import answer_everything
from bot.client import AnswerInfo, AsyncLabelbotClient, LabelbotClient
from bot.mcp_server import build_mcp_server
from bot.services.actors.actor import Actor
from bot.services.actors.audit_log import COMMAND_LINE
from bot.services.api_keys import keys
from storage.tables import KeyScope
from tests.api.conftest import NO_LIMIT, run_api
from tests.candidates.conftest import model_server
from tests.candidates.model_server import ModelServer
from tests.cli.conftest import CommandRunner, labelbot_unconfigured
from tests.journeys.journey import Journey

__all__ = ["labelbot_unconfigured", "model_server"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PROMPTS = 60

MAX_POLLS = 5_000
"""Looks at the answers until the test fails: two minutes on a busy machine."""


@contextmanager
def api_of(journey: Journey) -> Iterator[tuple[str, str]]:
    """Run the API alongside the bot; yield its URL and a key."""
    actor = Actor("ada", COMMAND_LINE, journey.clock.now())
    settings = journey.settings()
    context = ApiContext(journey.database, journey.clock, settings, RateLimit(NO_LIMIT))
    key = journey.database.write_now(keys.create_key, "notebook", KeyScope.ADMIN, (), actor).key
    with run_api(context) as url:
        yield url, key


@contextmanager
def experts_at_work(journey: Journey, names: tuple[str, ...]) -> Iterator[list[str]]:
    """Start the bot, and let experts answer whatever they get; yield their Slack ids."""
    experts = [journey.add_user(name) for name in names]
    journey.start_bot()
    is_over: list[bool] = []
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(answer_everything, experts, lambda: bool(is_over))
        try:
            yield [expert.id for expert in experts]
        finally:
            is_over.append(True)
            work.result()


def sample_pairs(
    journey: Journey, labelbot: CommandRunner, server: ModelServer
) -> list[dict[str, Any]]:
    """Ask two models for candidates for 60 prompts; return the pairs."""
    labelbot.set_env(DATABASE_URL=journey.database_url)
    prompts = (json.dumps({"id": f"p{n}", "prompt": f"Question {n}?"}) for n in range(PROMPTS))
    file = labelbot.write_file("prompts.jsonl", "\n".join(prompts))
    models = ["--model", server.model("wren-mini"), "--model", server.model("heron-7b")]
    result = labelbot("sample", "tone", file, *models, "--out", "pairs.jsonl")
    assert result.code == 0, result.err
    assert "Wrote 60 items; none is imported." in result.out
    lines = Path(labelbot.folder / "pairs.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_notebook_with_the_python_client(
    journey: Journey, labelbot_unconfigured: CommandRunner, model_server: ModelServer
) -> None:
    with api_of(journey) as (url, key), LabelbotClient(url, key) as labelbot:
        with experts_at_work(journey, ("ada", "bob")) as experts:
            labelbot.create_campaign("tone", "comparison", overlap=1, experts=experts)
            pairs = sample_pairs(journey, labelbot_unconfigured, model_server)
            assert labelbot.push("tone", pairs).added == PROMPTS
            streamed: list[AnswerInfo] = []
            cursor = None
            for _ in range(MAX_POLLS):
                if labelbot.progress("tone").is_complete:
                    break
                batch = labelbot.read_answers("tone", cursor)
                streamed, cursor = streamed + batch.answers, batch.cursor
            streamed += labelbot.read_answers("tone", cursor).answers
        dataset = labelbot.dataset("tone")
    assert len(model_server.requests) == 2 * PROMPTS
    assert {answer.item for answer in streamed} == {pair["id"] for pair in pairs}
    assert isinstance(dataset, Dataset)
    assert (len(dataset), set(dataset["item"])) == (PROMPTS, {pair["id"] for pair in pairs})


async def test_notebook_with_an_agent(
    journey: Journey, labelbot_unconfigured: CommandRunner, model_server: ModelServer
) -> None:
    with api_of(journey) as (url, key), experts_at_work(journey, ("ada", "bob")) as experts:
        async with (
            AsyncLabelbotClient(url, key) as labelbot,
            Client(build_mcp_server(labelbot)) as agent,
        ):

            async def use(tool: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
                result = await agent.call_tool(tool, {"campaign": "tone", **arguments})
                assert not result.is_error, result.content
                return result.structured_content

            await labelbot.create_campaign("tone", "comparison", overlap=1, experts=experts)
            pairs = await asyncio.to_thread(
                sample_pairs, journey, labelbot_unconfigured, model_server
            )
            assert (await use("ask_experts", items=pairs))["added"] == PROMPTS
            labels: list[dict[str, Any]] = []
            cursor = None
            for _ in range(MAX_POLLS):
                found = await use("fetch_labels", cursor=cursor)
                labels, cursor = labels + found["labels"], found["cursor"]
                if len({label["item"] for label in labels}) == PROMPTS:
                    break
            assert (await use("get_progress"))["answered"] == PROMPTS
    dataset = Dataset.from_list([{"item": one["item"], **one["label"]} for one in labels])
    assert set(dataset["item"]) == {pair["id"] for pair in pairs}
    assert set(dataset["winner"]) <= {"left", "right", "tie", "both_bad"}
