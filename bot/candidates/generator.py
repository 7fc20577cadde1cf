"""Generators: the models that are asked, with their addresses, prices and keys. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from bot.candidates.cost import Price
from bot.errors import BotError

KEY_VARIABLE_PREFIX = "LABELBOT_MODEL_KEY_"
OPENAI_HOST, OPENAI_VARIABLE = "api.openai.com", "OPENAI_API_KEY"

ROUTE = "/chat/completions"

MAX_NAME_CHARS = 200

MAX_PRICE = 1e9

_KEY = re.compile(r"[!-~]+")
"""What a header can hold."""


class InvalidModelError(BotError):
    """“{text}” is not a model: {reason}. Write NAME=URL, such as wren-mini=http://127.0.0.1:8000/v1."""


class InvalidPriceError(BotError):
    """“{text}” is not a price: {reason}. Write NAME=INPUT,OUTPUT, such as wren-mini=0.15,0.60."""


class MissingPriceError(BotError):
    """A budget needs all prices. Add --price "{name}=INPUT,OUTPUT", or 0,0 if it costs nothing."""


class UnusableModelKeyError(BotError):
    """{variable} has characters that no key has. Set it to the key of {name}."""


class SharedModelKeyError(BotError):
    """{first} and {second} would both use {variable}, at different hosts. Ask them in two runs."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A model behind an address.

    Attributes:
        name: the name of the model at the endpoint and in exports.
        url: the base URL, to which the route is added.
        price: what tokens cost; None if it is not known.
        key: what is sent as the bearer token; "" for none.
    """

    name: str
    url: httpx.URL = field(repr=False)
    price: Price | None = None
    key: str = field(default="", repr=False)

    @property
    def endpoint(self) -> httpx.URL:
        """Return the address of a request."""
        path = self.url.path.rstrip("/").removesuffix(ROUTE)
        return self.url.copy_with(path=path + ROUTE)

    @property
    def host(self) -> str:
        """Return the host and port, for messages: an address may have secrets."""
        return self.url.netloc.decode("ascii")

    @property
    def variable(self) -> str:
        """Return the environment variable with the key."""
        return key_variable(self.name)

    @property
    def limit_name(self) -> str:
        """Return what the request calls its limit of tokens: OpenAI has replaced the old name."""
        return "max_completion_tokens" if self.url.host == OPENAI_HOST else "max_tokens"


def parse_generators(
    models: Sequence[str], prices: Iterable[str], environment: Mapping[str, str]
) -> list[Generator]:
    """Return the models of the options --model and --price, with their keys.

    Raises:
        InvalidModelError, InvalidPriceError: an option has another form.
        UnusableModelKeyError, SharedModelKeyError: a key cannot be sent, or would reach two hosts.
    """
    addresses: dict[str, httpx.URL] = {}
    for text in models:
        name, url = _parse_model(text)
        if name in addresses:
            raise InvalidModelError(text=_hide_address(text), reason="it is named twice")
        addresses[name] = url
    _require_own_variables(addresses)
    costs = dict(_parse_price(text, addresses) for text in prices)
    return [
        Generator(name, url, costs.get(name), _key_of(name, url, environment))
        for name, url in addresses.items()
    ]


def require_prices(generators: Iterable[Generator]) -> None:
    """Check that every model has a price.

    Raises:
        MissingPriceError: one has none.
    """
    for generator in generators:
        if generator.price is None:
            raise MissingPriceError(name=generator.name)


def key_variable(name: str) -> str:
    """Return the environment variable with the key of a model: LABELBOT_MODEL_KEY_WREN_MINI."""
    return KEY_VARIABLE_PREFIX + re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")


def _key_of(name: str, url: httpx.URL, environment: Mapping[str, str]) -> str:
    """Return the key of a model. That of OpenAI goes to no other host."""
    variable = key_variable(name)
    key = environment.get(variable, "").strip()
    if not key and url.host == OPENAI_HOST and url.scheme == "https":
        variable = OPENAI_VARIABLE
        key = environment.get(variable, "").strip()
    if key and not _KEY.fullmatch(key):
        raise UnusableModelKeyError(variable=variable, name=name)
    return key


def _parse_model(text: str) -> tuple[str, httpx.URL]:
    name, equals, address = (part.strip() for part in text.partition("="))
    if not (name and equals):
        raise InvalidModelError(text=_hide_address(text), reason="it has no name or no address")
    if len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise InvalidModelError(text=_hide_address(text)[:60], reason="the name is unusable")
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise InvalidModelError(text=name, reason="the address is not a URL") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise InvalidModelError(text=name, reason="the address must begin with http:// or https://")
    if url.userinfo:
        reason = f"the address has a password; set {key_variable(name)} in place of it"
        raise InvalidModelError(text=name, reason=reason)
    return name, url


def _hide_address(text: str) -> str:
    """Return the name of a model option: its address may have secrets."""
    return text.partition("=")[0].strip()


def _require_own_variables(addresses: Mapping[str, httpx.URL]) -> None:
    seen: dict[str, str] = {}
    for name, url in addresses.items():
        other = seen.setdefault(key_variable(name), name)
        if addresses[other].netloc != url.netloc:
            raise SharedModelKeyError(first=other, second=name, variable=key_variable(name))


def _parse_price(text: str, names: Iterable[str]) -> tuple[str, Price]:
    name, _, numbers = text.rpartition("=")
    if name.strip() not in names:
        known = ", ".join(names)
        raise InvalidPriceError(text=text, reason=f"it names none of the models ({known})")
    try:
        costs = [float(number) for number in numbers.split(",")]
    except ValueError:
        costs = []
    match costs:
        case [input_cost, output_cost] if all(0 <= cost < MAX_PRICE for cost in costs):
            return name.strip(), Price(input_cost, output_cost)
    raise InvalidPriceError(text=text, reason="it needs two numbers from 0, per million tokens")
