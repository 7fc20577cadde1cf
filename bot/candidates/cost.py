"""What requests cost: prices, upper bounds before a request, and a budget. Pure but for waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from bot.errors import BotError
from bot.kinds.content import ChatMessage

TOKENS_PER_PRICE = 1_000_000
"""Prices are those of a million tokens, as providers state them."""

MESSAGE_TOKENS = 16
"""Tokens that a chat template adds to a message, at most."""


class BudgetUsedUpError(BotError):
    """The budget is used up. Raise --budget and run the command again; it continues."""


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million input and output tokens, in any currency."""

    input: float = 0.0
    output: float = 0.0

    def of(self, usage: Usage) -> float:
        """Return the cost of a request."""
        tokens = usage.input_tokens * self.input + usage.output_tokens * self.output
        return tokens / TOKENS_PER_PRICE


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a request."""

    input_tokens: int = 0
    output_tokens: int = 0


FREE = Price()
"""The price where none is given."""


def upper_bound(messages: Iterable[ChatMessage], max_tokens: int) -> Usage:
    """Return the most tokens that a request can take.

    A tokenizer that works on bytes makes no more tokens of a text than it has bytes.
    """
    texts = ("".join(map(str, message.values())) for message in messages)
    return Usage(sum(len(text.encode()) + MESSAGE_TOKENS for text in texts), max_tokens)


@dataclass(slots=True)
class Budget:
    """Limits what requests may cost together.

    A request reserves its upper bound before it is sent, so that the limit also holds while
    several requests are under way.

    Attributes:
        limit: in the currency of the prices.
        spent: what requests have cost, or may have cost if their answer was lost.
        reserved: the upper bounds of the requests under way.
        under_way: how many requests are under way.
    """

    limit: float = inf
    spent: float = 0.0
    reserved: float = 0.0
    under_way: int = 0
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    async def reserve(self, bound: float) -> None:
        """Reserve the upper bound of a request; wait for requests under way if that may help.

        Raises:
            BudgetUsedUpError: the rest of the budget may not suffice.
        """
        while self.spent + self.reserved + bound > self.limit:
            if self.spent + bound > self.limit or not self.under_way:
                raise BudgetUsedUpError
            self._settled.clear()
            await self._settled.wait()
        self.reserved += bound
        self.under_way += 1

    def settle(self, bound: float, cost: float) -> None:
        """Replace a reserved upper bound by what the request has cost."""
        self.under_way -= 1
        self.reserved = self.reserved - bound if self.under_way else 0.0
        self.spent += cost
        self._settled.set()
