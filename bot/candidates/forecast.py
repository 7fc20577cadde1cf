"""What a run would ask, and what it may cost at most. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.candidates.cost import FREE, upper_bound
from bot.candidates.journal import Journal
from bot.candidates.request import CandidateRequest, Order
from bot.candidates.tasks import UnusablePromptError


@dataclass(frozen=True, slots=True)
class RequestForecast:
    """What a run would ask.

    Attributes:
        answered: candidates for which every answer is known.
        requests: requests that are left, by model; each step of a candidate is one.
        cost: the most that they may cost.
        spent: what earlier runs have spent on the same candidates, at most.
        unusable: prompts that the task cannot use: the reason by place.
    """

    answered: int
    requests: Mapping[str, int]
    cost: float
    spent: float
    unusable: Mapping[str, str]


def forecast(
    order: Order, journal: Journal, requests: Iterable[CandidateRequest]
) -> RequestForecast:
    """Return what a run would ask, given the answers of earlier runs."""
    left: Counter[str] = Counter()
    unusable: dict[str, str] = {}
    answered, cost, spent = 0, 0.0, 0.0
    for request in requests:
        try:
            keys = list(known_steps(order, journal, request))
        except UnusablePromptError as error:
            unusable[request.prompt.place] = str(error).rstrip(".")
            continue
        spent += sum(sum(journal.spent_on(key)) for key in keys)
        if keys[-1] in journal.answers:
            answered += 1
            continue
        steps = order.task.step_count - len(keys) + 1
        left[request.generator.name] += steps
        cost += steps * _bound(order, request)
    return RequestForecast(answered, dict(left), cost, spent, unusable)


def _bound(order: Order, request: CandidateRequest) -> float:
    """Return the most that a step may cost; a later one reads what the one before has written."""
    sampling, price = order.sampling, request.generator.price or FREE
    usage = upper_bound(order.messages_of(request), sampling.max_tokens)
    written = sampling.max_tokens * price.input / 1e6 if order.task.step_count > 1 else 0.0
    return price.of(usage) + written


def known_steps(order: Order, journal: Journal, request: CandidateRequest) -> Iterator[str]:
    """Yield the keys of the steps of a candidate: those that are answered, and the next one.

    Raises:
        UnusablePromptError: the task cannot use the prompt.
    """
    text: str | None = None
    for _ in range(order.task.step_count):
        key = order.key_of(request, order.messages_of(request, text))
        yield key
        answer = journal.answers.get(key)
        if answer is None or answer.completion.flaw:
            return
        text = answer.completion.text


def forget_flaws(order: Order, journal: Journal, requests: Iterable[CandidateRequest]) -> None:
    """Forget answers that are no candidates, so that their prompts are asked again."""
    for request in requests:
        try:
            keys = list(known_steps(order, journal, request))
        except UnusablePromptError:
            continue
        answer = journal.answers.get(keys[-1])
        if answer is not None and answer.completion.flaw:
            journal.forget(keys[-1])
