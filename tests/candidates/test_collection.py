"""Tests of asking models: failures, limits and lies of a real server on this machine."""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from bot.candidates.collection import CandidateResult, Collector, Limits
from bot.candidates.cost import Budget, Price
from bot.candidates.generator import Generator
from bot.candidates.journal import open_journal
from bot.candidates.request import Order, Sampling, SourcePrompt
from bot.candidates.tasks import TASKS, Wording
from bot.kinds.content import Content, ConversationTurn
from tests.candidates.model_server import Json, ModelServer, Reply, completion, echo, reply

KEY = "sk-secret"


@dataclass
class Run:
    """A run against the server, with the pauses that it took."""

    server: ModelServer
    task: str = "response"
    price: Price | None = None
    budget: float = math.inf
    concurrency: int = 1
    timeout: float = 5.0
    pauses: list[float] = field(default_factory=list)
    collector: Collector = field(init=False)

    def ask(self, *texts: str) -> list[CandidateResult]:
        """Ask one model for a candidate for each prompt."""
        generator = Generator("wren", httpx.URL(self.server.url), self.price, KEY)
        order = Order(TASKS[self.task], Wording(), Sampling(max_tokens=100), [generator])
        prompts = [
            SourcePrompt(text, Content((ConversationTurn("user", text),)), number, f"line {number}")
            for number, text in enumerate(texts, start=1)
        ]

        async def sleep(seconds: float) -> None:
            self.pauses.append(seconds)

        results: list[CandidateResult] = []
        limits = Limits(self.concurrency, self.timeout, sleep=sleep)
        with TemporaryDirectory() as folder, open_journal(Path(folder) / "answers") as journal:
            self.collector = Collector(order, journal, limits, Budget(self.budget))
            asyncio.run(self.collector.collect(order.requests(prompts), results.append))
        return results


def in_turn(*replies: Reply) -> Callable[[Json], Reply]:
    """Return these responses one after the other, and then that of `echo`."""
    rest = list(replies)
    return lambda request: rest.pop(0) if rest else echo(request)


def test_busy_server_is_asked_again_after_the_time_that_it_names(model_server: ModelServer) -> None:
    model_server.respond = in_turn(
        Reply(429, headers={"Retry-After": "7"}),
        Reply(503, headers={"Retry-After": "Thu, 01 Jan 2099 00:00:09 GMT", "Date": "x"}),
        Reply(500),
    )
    run = Run(model_server)
    (result,) = run.ask("Why?")
    assert result.text == "wren says: Why?"
    assert (run.pauses[0], len(run.pauses)) == (7.0, 3)
    assert len({headers["Idempotency-Key"] for headers in model_server.headers}) == 1


@pytest.mark.parametrize(
    ("answer", "timeout", "reason"),
    [
        (Reply(body=b"x", pause=5), 0.3, "did not answer within 0.3 seconds"),
        (Reply(body=b"x" * 100, pause=0.02, pieces=100), 0.3, "did not answer within 0.3 seconds"),
        (Reply(body=b"xx", is_cut_off=True, pieces=2), 30, "broke the connection"),
    ],
    ids=["stalled", "slow", "broken"],
)
def test_lost_answers_count_against_the_budget(
    model_server: ModelServer, answer: Reply, timeout: float, reason: str
) -> None:
    model_server.respond = lambda _request: answer
    run = Run(model_server, price=Price(0, 10_000), budget=2.5, timeout=timeout)
    (result,) = run.ask("Why?")
    assert (result.problem, len(model_server.requests)) == ("unanswered", 2), "1 for each attempt"
    assert run.collector.budget.spent == 2
    model_server.requests.clear()
    unlimited = Run(model_server, timeout=timeout)
    (result,) = unlimited.ask("Why?")
    assert reason in result.reason
    assert len(model_server.requests) == 5


def test_server_that_sends_without_end_is_read_in_part(model_server: ModelServer) -> None:
    model_server.respond = lambda _request: reply(completion("x" * 9_000_000))
    (result,) = Run(model_server).ask("Why?")
    assert result.problem == "malformed"


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, {"error": {"message": f"Incorrect key: {KEY}"}}, "LABELBOT_MODEL_KEY_WREN"),
        (404, {"error": "model not found"}, "usually end in /v1"),
        (302, {}, "status 302; redirects are not followed"),
    ],
)
def test_server_that_refuses_a_model_is_asked_once(
    model_server: ModelServer, status: int, body: object, reason: str
) -> None:
    elsewhere = {"Location": model_server.url.replace("127.0.0.1", "localhost")}
    model_server.respond = lambda _request: reply(body, status=status, headers=elsewhere)
    results = Run(model_server).ask("Why?", "How?", "When?")
    assert len(model_server.requests) == 1
    assert all(reason in result.reason and KEY not in result.reason for result in results)


def test_server_that_refuses_one_prompt_is_asked_the_others(model_server: ModelServer) -> None:
    model_server.respond = in_turn(reply({"error": {"message": "too long"}}, status=400))
    results = Run(model_server).ask("Why?", "How?")
    assert [result.problem for result in results] == ["unanswered", ""]
    assert "too long" in results[0].reason


def test_model_that_does_not_answer_any_more_is_no_longer_asked(model_server: ModelServer) -> None:
    model_server.respond = lambda _request: Reply(500)
    run = Run(model_server)
    results = run.ask(*map(str, range(20)))
    assert len(model_server.requests) == 5 * 5
    assert "5 requests in a row" in run.collector.stopped["wren"]
    assert {result.problem for result in results} == {"unanswered"}


def test_server_that_lies_about_tokens_cannot_spend_more_than_it_may(
    model_server: ModelServer,
) -> None:
    model_server.respond = lambda _request: reply(completion("Yes.", usage=(0, 0)))
    run = Run(model_server, price=Price(0, 10_000), budget=3.5, concurrency=3)
    results = run.ask(*map(str, range(10)))
    assert len(model_server.requests) == 3
    assert (run.collector.budget.spent, run.collector.budget.reserved) == (3, 0)
    assert sum(result.text is not None for result in results) == 3
    assert "budget is used up" in results[-1].reason


def test_rest_of_the_budget_is_used_when_answers_were_short(model_server: ModelServer) -> None:
    model_server.respond = lambda _request: reply(completion("Yes.", usage=(1, 50)))
    run = Run(model_server, price=Price(0, 10_000), budget=1.5, concurrency=3)
    run.ask(*map(str, range(10)))
    assert (len(model_server.requests), run.collector.budget.spent) == (2, 1)


def test_so_many_requests_run_at_a_time(model_server: ModelServer) -> None:
    """Each response waits for two others, so that fewer at a time would break the barrier."""
    barrier = threading.Barrier(3, timeout=10)

    def respond(request: Json) -> Reply:
        barrier.wait()
        return echo(request)

    model_server.respond = respond
    results = Run(model_server, concurrency=3).ask("1", "2", "3", "4", "5", "6")
    assert [result.text is not None for result in results] == [True] * 6


@pytest.mark.parametrize("task", ["paraphrase", "summary", "perturbation"])
def test_text_of_the_prompt_itself_is_no_candidate(model_server: ModelServer, task: str) -> None:
    model_server.respond = lambda _request: reply(completion("The ferry sails."))
    same, other = Run(model_server, task=task).ask("The  ferry sails.", "The boat sails.")
    assert (same.problem, other.text) == ("unchanged", "The ferry sails.")


def test_unreachable_server_costs_nothing(model_server: ModelServer) -> None:
    model_server.port = 9
    run = Run(model_server, price=Price(1, 1))
    (result,) = run.ask("Why?")
    assert "cannot be reached" in result.reason
    assert run.collector.budget.spent == 0
