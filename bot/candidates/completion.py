"""What an endpoint answered: the text, or why it is no candidate. Pure; nothing is trusted.

The format is that of OpenAI's Chat Completions, which other servers follow with small differences:
https://platform.openai.com/docs/api-reference/chat/object
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson

from bot.candidates.cost import Usage
from bot.imports.checks import flaw_of
from bot.imports.row import quote_name

FINISHED = frozenset({"stop", "eos", "eos_token", "stop_sequence", "end_turn", "completed"})
"""Values of `finish_reason` with which a text is complete. Servers use different ones."""

TRUNCATED = frozenset({"length", "max_tokens"})
WITHHELD = frozenset({"content_filter", "refusal", "safety"})

MAX_REFUSAL_CHARS = 400
"""A longer text explains or answers something, even if it begins like a refusal."""

MAX_TOKENS_COUNTED = 10**9

_CANNOT = r"(?:can(?:no|')t|can not|am unable to|am not able to|won't|will not|must decline)"
_REFUSAL = re.compile(
    rf"(?:i'm|i am|we're) (?:\w+ )?sorry,? (?:but )?(?:as an ai\b.*|i {_CANNOT})"
    rf"|(?:sorry|apologies|unfortunately)[,.]? (?:but )?i {_CANNOT}"
    rf"|i {_CANNOT} (?:help|assist|comply|provide|fulfil|answer|do that|engage|support|create"
    r"|generate|write|translate|paraphrase|summarize)"
    r"|as an ai (?:language )?model\b"
)


class Flaw(StrEnum):
    """Why an answer is no candidate."""

    REFUSED = "refused"
    DECLINED = "declined"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    MALFORMED = "malformed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer of an endpoint.

    Attributes:
        text: the text, without white space around it; "" if there is none.
        usage: the tokens that the endpoint counted; None if its count is missing or impossible.
        flaw: why the text is no candidate, if so.
        reason: the flaw in words.
    """

    text: str
    usage: Usage | None
    flaw: Flaw | None = None
    reason: str = ""


class _MalformedError(Exception):
    """The answer does not have the documented format."""


def parse_completion(body: bytes, max_tokens: int, secret: str = "") -> Completion:
    """Return what an endpoint answered with status 200.

    Args:
        body: the body of the response.
        max_tokens: the limit that the request had.
        secret: the key of the request; an answer that repeats it is no candidate.
    """
    usage = None
    try:
        answer = _parse_object(body)
        usage = _usage_of(answer)
        text, finish, refusal = _choice_of(answer, secret)
    except _MalformedError as error:
        return Completion("", usage, Flaw.MALFORMED, str(error))
    if secret and any(secret in part for part in (text, finish or "", refusal)):
        return Completion("", usage, Flaw.MALFORMED, "it repeats the key of the request")
    if usage and not usage.output_tokens and text:
        usage = None
    flaw, reason = _flaw_of(text, finish, refusal)
    if flaw is None and finish is None and usage and usage.output_tokens >= max_tokens:
        flaw, reason = Flaw.TRUNCATED, f"it has as many tokens as --max-tokens, {max_tokens:,}"
    return Completion(text, usage, flaw, reason)


def _parse_object(body: bytes) -> Mapping[str, object]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        is_page = body.lstrip()[:1] == b"<"
        message = "it is a web page, not JSON; check the address" if is_page else "it is not JSON"
        raise _MalformedError(message) from None
    if not isinstance(answer, dict):
        message = "it is not a JSON object"
        raise _MalformedError(message)
    return answer


def _usage_of(answer: Mapping[str, object]) -> Usage | None:
    usage = answer.get("usage")
    counts = (
        [usage.get(f"{part}_tokens") for part in ("prompt", "completion")]
        if (isinstance(usage, dict))
        else []
    )
    numbers = [count for count in counts if type(count) is int and 0 <= count <= MAX_TOKENS_COUNTED]
    match numbers:
        case [int(sent), int(received)] if sent:
            return Usage(sent, received)
    return None


def error_message_of(answer: object, secret: str) -> str:
    """Return the message of an error, as OpenAI and most other servers send it; "" for none.

    Some servers send it with status 200. The key of the request is not repeated.
    """
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    text = message if isinstance(message, str) else ""
    return text.replace(secret, "…") if secret else text


def _choice_of(answer: Mapping[str, object], secret: str) -> tuple[str, str | None, str]:
    """Return the text, why it ended, and the refusal in place of a text."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        reason = "it has no choices[0].message"
        if said := error_message_of(answer, secret):
            reason = f"{reason}; it says {quote_name(said)}"
        raise _MalformedError(reason)
    finish, refusal = choice.get("finish_reason"), message.get("refusal")
    if finish is not None and not isinstance(finish, str):
        reason = "its finish_reason is not a text"
        raise _MalformedError(reason)
    return _text_of(message.get("content")), finish or None, str(refusal or "").strip()


def _text_of(content: object) -> str:
    """Return a content, which is a text, a list of parts with texts, or null."""
    if isinstance(content, list) and all(
        isinstance(part, dict) and isinstance(part.get("text"), str) for part in content
    ):
        content = "".join(part["text"] for part in content)
    if content is not None and not isinstance(content, str):
        reason = "its message.content is not a text"
        raise _MalformedError(reason)
    return (content or "").strip()


def _flaw_of(text: str, finish: str | None, refusal: str) -> tuple[Flaw | None, str]:
    ending = f"it ended with finish_reason {quote_name(finish or '')}"
    if finish in TRUNCATED:
        return Flaw.TRUNCATED, f"{ending}; raise --max-tokens"
    if finish in WITHHELD or refusal:
        return Flaw.REFUSED, f"the endpoint refused ({quote_name(refusal or str(finish))})"
    if finish is not None and finish not in FINISHED:
        return Flaw.MALFORMED, ending
    return _text_flaw(text)


def _text_flaw(text: str) -> tuple[Flaw | None, str]:
    if not text:
        return Flaw.EMPTY, "it has no text"
    if problem := flaw_of({"content": text}):
        return Flaw.MALFORMED, problem
    if is_refusal(text):
        return Flaw.DECLINED, f"the model declined ({quote_name(text)}); --keep-refusals imports it"
    return None, ""


def is_refusal(text: str) -> bool:
    """Return whether an English text is only a refusal: short, and worded as models do."""
    plain = " ".join(text.replace("\u2019", "'").lower().split())
    return len(plain) <= MAX_REFUSAL_CHARS and _REFUSAL.match(plain) is not None
