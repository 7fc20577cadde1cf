"""Collect candidates: ask for what the journal does not have, several requests at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field

import httpx

from bot.candidates import endpoint
from bot.candidates.completion import Completion, Flaw, parse_completion
from bot.candidates.cost import FREE, Budget, BudgetUsedUpError, upper_bound
from bot.candidates.endpoint import Attempt
from bot.candidates.generator import Generator
from bot.candidates.journal import Journal, JournalAnswer
from bot.candidates.request import CandidateRequest, Order
from bot.candidates.tasks import UnusablePromptError, is_unchanged
from bot.client.retries import RetryPolicy
from bot.kinds.content import ChatMessage

POLICY = RetryPolicy(attempts=5, statuses=endpoint.RETRIED_STATUSES)

MAX_FAILURES = 5
"""Requests in a row without an answer after which a model is no longer asked."""

UNANSWERED = "unanswered"
UNUSABLE = "unusable prompt"


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """The result of a request for a candidate: its text, or a problem.

    Attributes:
        request: what was asked for.
        text: the text of the model; None if there is no candidate.
        problem: the kind of problem: a flaw, `UNANSWERED` or `UNUSABLE`; "" for none.
        reason: the problem in words.
        usage: tokens of all steps, input and output.
    """

    request: CandidateRequest
    text: str | None = None
    problem: str = ""
    reason: str = ""
    usage: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How requests are sent: how many at a time, and the seconds for one attempt."""

    concurrency: int = 4
    timeout_seconds: float = 120.0
    policy: RetryPolicy = POLICY
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


class _NoAnswerError(Exception):
    """A request was not answered; its message says why."""


@dataclass(slots=True)
class Collector:
    """Asks models for candidates.

    Attributes:
        order: what is asked for.
        journal: the answers so far.
        limits: how requests are sent.
        budget: what they may cost.
        keeps_refusals: texts in which a model declines are candidates.
        asked: attempts to send a request in this run, by model.
        stopped: models that are no longer asked, and why.
    """

    order: Order
    journal: Journal
    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    keeps_refusals: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    stopped: dict[str, str] = field(default_factory=dict)
    _failures: Counter[str] = field(default_factory=Counter)

    async def collect(
        self,
        requests: Iterable[CandidateRequest],
        on_result: Callable[[CandidateResult], None],
    ) -> None:
        """Get every candidate, and pass the result of each to `on_result`, in any order.

        Raises:
            UnusableJournalError: an answer cannot be stored, so that nothing more is asked.
        """
        pending = iter(requests)
        try:
            async with (
                endpoint.open_client(self.limits.concurrency) as client,
                asyncio.TaskGroup() as group,
            ):
                for _ in range(self.limits.concurrency):
                    group.create_task(self._work(client, pending, on_result))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _work(
        self,
        client: httpx.AsyncClient,
        pending: Iterator[CandidateRequest],
        on_result: Callable[[CandidateResult], None],
    ) -> None:
        for request in pending:
            on_result(await self._get(client, request))

    async def _get(self, client: httpx.AsyncClient, request: CandidateRequest) -> CandidateResult:
        """Return a candidate after all its steps."""
        text: str | None = None
        tokens = (0, 0)
        for _ in range(self.order.task.step_count):
            try:
                messages = self.order.messages_of(request, text)
                answer = await self._answer(client, request, messages)
            except UnusablePromptError as error:
                return CandidateResult(request, None, UNUSABLE, str(error).rstrip("."))
            except _NoAnswerError as error:
                return CandidateResult(request, None, UNANSWERED, str(error), tokens)
            completion = answer.completion
            if completion.usage:
                used = completion.usage
                tokens = (tokens[0] + used.input_tokens, tokens[1] + used.output_tokens)
            if completion.flaw and not self._accepts(completion):
                return CandidateResult(request, None, completion.flaw, completion.reason, tokens)
            text = completion.text
        if is_unchanged(self.order.task, request.prompt.content, text or ""):
            reason = "it is the text of the prompt"
            return CandidateResult(request, None, Flaw.UNCHANGED, reason, tokens)
        return CandidateResult(request, text, usage=tokens)

    def _accepts(self, completion: Completion) -> bool:
        return self.keeps_refusals and completion.flaw == Flaw.DECLINED

    async def _answer(
        self, client: httpx.AsyncClient, request: CandidateRequest, messages: list[ChatMessage]
    ) -> JournalAnswer:
        """Return the answer to a request: from the journal, else from the endpoint."""
        key, generator = self.order.key_of(request, messages), request.generator
        if (known := self.journal.answers.get(key)) is not None:
            return known
        if generator.name in self.stopped:
            raise _NoAnswerError(self.stopped[generator.name])
        body = self.order.body_of(request, messages)
        price = generator.price or FREE
        bound = price.of(upper_bound(messages, self.order.sampling.max_tokens))
        for attempt in range(1, self.limits.policy.attempts + 1):
            outcome = await self._attempt(client, generator, body, key, bound)
            if outcome.status == httpx.codes.OK:
                return self._store(key, generator, outcome.body, bound)
            pause = self.limits.policy.seconds_before(attempt, outcome.response)
            if pause is None or generator.name in self.stopped:
                break
            await self.limits.sleep(pause)
        self._count_failure(generator, outcome)
        raise _NoAnswerError(outcome.problem)

    async def _attempt(
        self,
        client: httpx.AsyncClient,
        generator: Generator,
        body: dict[str, object],
        key: str,
        bound: float,
    ) -> Attempt:
        try:
            await self.budget.reserve(bound)
        except BudgetUsedUpError as error:
            raise _NoAnswerError(str(error).rstrip(".")) from None
        self.journal.record_sent(key, bound)
        self.asked[generator.name] += 1
        outcome = await endpoint.send(client, generator, body, key, self.limits.timeout_seconds)
        if outcome.status != httpx.codes.OK:
            cost = bound if outcome.may_be_charged else 0.0
            self.journal.record_unanswered(key, cost)
            self.budget.settle(bound, cost)
        return outcome

    def _store(self, key: str, generator: Generator, body: bytes, bound: float) -> JournalAnswer:
        """Store what an endpoint answered. Without a count of tokens, it costs the upper bound."""
        completion = parse_completion(body, self.order.sampling.max_tokens, generator.key)
        usage = completion.usage
        cost = (generator.price or FREE).of(usage) if usage else bound
        answer = JournalAnswer(completion, cost, is_counted=usage is not None)
        self.journal.record_answer(key, answer, generator.name)
        self.budget.settle(bound, cost)
        self._failures[generator.name] = 0
        return answer

    def _count_failure(self, generator: Generator, outcome: Attempt) -> None:
        """Stop asking a model that refuses every request, or that does not answer any more."""
        self._failures[generator.name] += not _is_about_the_prompt(outcome)
        if outcome.status in endpoint.REFUSED_MODEL_STATUSES:
            self.stopped[generator.name] = outcome.problem
        elif self._failures[generator.name] >= MAX_FAILURES:
            count = self._failures[generator.name]
            self.stopped[generator.name] = f"{outcome.problem}, {count} requests in a row"


def _is_about_the_prompt(outcome: Attempt) -> bool:
    """Return whether an endpoint refused one prompt, such as one that is too long."""
    return outcome.response is not None and outcome.status not in endpoint.RETRIED_STATUSES
