"""Methods that both clients have: each is written once, as the request that it sends.

`@Operation` turns a function that returns a request into a method that returns its result, or an
awaitable of it. `@Listing` does the same for requests whose result has several pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import update_wrapper
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

from bot.client.calls import ApiCall
from bot.client.models.base import ListPage

P = ParamSpec("P")
T = TypeVar("T")


class BlockingClient(Protocol):
    """A client for ordinary code."""

    def send(self, call: ApiCall[T]) -> T:
        """Send a request and return its result."""

    def iterate(self, call: ApiCall[ListPage[T]]) -> Iterator[T]:
        """Yield the entries of all pages."""


class EventLoopClient(Protocol):
    """A client for code on an event loop."""

    async def send(self, call: ApiCall[T]) -> T:
        """Send a request and return its result."""

    def iterate(self, call: ApiCall[ListPage[T]]) -> AsyncIterator[T]:
        """Yield the entries of all pages."""


class Operation(Generic[P, T]):
    """A method that sends one request."""

    def __init__(self, build: Callable[Concatenate[Any, P], ApiCall[T]]) -> None:
        """Take the function that returns the request."""
        self.build = build

    @overload
    def __get__(self, client: None, owner: type) -> Callable[Concatenate[Any, P], ApiCall[T]]: ...
    @overload
    def __get__(self, client: BlockingClient, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: EventLoopClient, owner: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(
        self, client: BlockingClient | EventLoopClient | None, owner: type
    ) -> Callable[..., object]:
        """Return the method of a client; of its class, the function that returns the request."""
        if client is None:
            return self.build
        build, send = MethodType(self.build, client), client.send

        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return send(build(*args, **kwargs))

        return update_wrapper(method, build)


class Listing(Generic[P, T]):
    """A method that yields the entries of all pages."""

    def __init__(self, build: Callable[Concatenate[Any, P], ApiCall[ListPage[T]]]) -> None:
        """Take the function that returns the request for the first page."""
        self.build = build

    @overload
    def __get__(
        self, client: None, owner: type
    ) -> Callable[Concatenate[Any, P], ApiCall[ListPage[T]]]: ...
    @overload
    def __get__(self, client: BlockingClient, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: EventLoopClient, owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(
        self, client: BlockingClient | EventLoopClient | None, owner: type
    ) -> Callable[..., object]:
        """Return the method of a client; of its class, the function that returns the request."""
        if client is None:
            return self.build
        build, iterate = MethodType(self.build, client), client.iterate

        def method(*args: P.args, **kwargs: P.kwargs) -> object:
            return iterate(build(*args, **kwargs))

        return update_wrapper(method, build)
