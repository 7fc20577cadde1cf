"""The address of the API and the key, checked before the first request."""

from __future__ import annotations

import re

import httpx

from bot.client.calls import PREFIX
from bot.client.problems import UnusableAddressError, UnusableKeyError

KEY_PATTERN = re.compile(r"[!-~]+")
"""What a header can hold. An invalid header would be shown, with the key, in an error."""


def parse_address(text: str | None) -> str:
    """Return the address of an API without the prefix of its routes, which `labelbot api` prints.

    Raises:
        UnusableAddressError: it is not an HTTP address.
    """
    try:
        url = httpx.URL((text or "").strip())
    except httpx.InvalidURL as error:
        raise UnusableAddressError(str(error)) from None
    if url.scheme not in {"http", "https"} or not url.host:
        message = "Write the address as http://HOST:PORT or https://HOST."
        raise UnusableAddressError(message)
    return str(url).rstrip("/").removesuffix(PREFIX)


def parse_key(text: str | None) -> str:
    """Return a key without the spaces and line breaks around it.

    Raises:
        UnusableKeyError: it is empty, or a header cannot hold it.
    """
    key = (text or "").strip()
    if not KEY_PATTERN.fullmatch(key):
        message = "There is no key, or it has other characters than those of lbk_…"
        raise UnusableKeyError(message)
    return key
