"""One request to the API: who makes it, and its reads and changes of the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, TypeVar, cast

import orjson
from fastapi import Depends, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from pydantic_core import to_jsonable_python
from sqlmodel import Session

from bot.api.errors import ChangedMeanwhileError, LongIdempotencyKeyError, MissingKeyError
from bot.api.rate_limit import RateLimit
from bot.api.request_problems import require_usable_address
from bot.clock import Clock
from bot.errors import NotFoundError
from bot.services.actors.actor import Actor
from bot.services.api_keys import keys, requests
from bot.services.api_keys.keys import KeyHolder, OtherCampaignError
from bot.services.api_keys.requests import RepeatableRequest
from bot.services.campaigns.campaigns import campaign_by_name
from bot.settings import StorageSettings
from storage.database import Database
from storage.row_id import id_of
from storage.tables import Campaign, KeyScope

T = TypeVar("T")

MAX_IDEMPOTENCY_KEY = 200

IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"


@dataclass(slots=True)
class ApiContext:
    """What all requests share: database, clock, settings and the limit on requests."""

    database: Database
    clock: Clock
    settings: StorageSettings
    rate_limit: RateLimit


@dataclass(slots=True)
class Call:
    """One request with a valid key. Use `read` and `change` once each."""

    context: ApiContext
    holder: KeyHolder
    request: Request
    response: Response
    body: bytes = field(default=b"", repr=False)

    @property
    def actor(self) -> Actor:
        """Return the key as the actor of a change at the current time."""
        return self.holder.actor(self.context.clock.now())

    def read(self, fn: Callable[[Session], T]) -> T:
        """Run a function on a snapshot of the database."""
        return self.context.database.read_now(fn)

    def change(self, fn: Callable[[Session, Actor], T]) -> T:
        """Run a function in a transaction, once for each idempotency key of the request."""
        actor = self.actor
        repeatable = self.repeatable(self.body)
        if repeatable is None:
            return self.context.database.write_now(fn, actor)

        def run(session: Session) -> tuple[dict[str, Any], bool]:
            return requests.run_once(
                session,
                repeatable,
                actor.at,
                lambda inner: {"result": to_jsonable_python(fn(inner, actor))},
            )

        stored, is_replayed = self.context.database.write_now(run)
        if is_replayed:
            self.response.headers[REPLAYED_HEADER] = "true"
        return cast("T", stored["result"])

    def change_tagged(self, fn: Callable[[Session, Actor], T]) -> T:
        """Run a function as `change` does, and set the ETag of its result."""
        result = self.change(fn)
        self.set_etag(result)
        return result

    def stored_result(self) -> Any:  # noqa: ANN401 - the result of a change
        """Return the result of a change that was made before with this request; None if none was.

        For work of several transactions, whose end `change` stores.
        """
        repeatable = self.repeatable(self.body)
        if repeatable is None:
            return None
        stored = self.read(lambda session: requests.stored_response(session, repeatable))
        if stored is None:
            return None
        self.response.headers[REPLAYED_HEADER] = "true"
        return stored["result"]

    def repeatable(self, content: bytes) -> RepeatableRequest | None:
        """Return how this request is recognized again; None without an idempotency key.

        Raises:
            LongIdempotencyKeyError: the key is empty or too long.
        """
        key = self.request.headers.get(IDEMPOTENCY_HEADER)
        if key is None:
            return None
        if not 1 <= len(key) <= MAX_IDEMPOTENCY_KEY:
            raise LongIdempotencyKeyError(limit=MAX_IDEMPOTENCY_KEY)
        target = f"{self.request.method} {self.request.url.path}?{self.request.url.query}\n"
        digest = sha256(target.encode() + content).hexdigest()
        return RepeatableRequest(self.holder.key_id, key, digest)

    def campaign(self, session: Session, name: str, *, lock: bool = False) -> Campaign:
        """Return a campaign for which the key is valid.

        Raises:
            NotFoundError: there is no such campaign.
            OtherCampaignError: the key is not for it; also if there is none, because names of other
                campaigns are not for this key.
        """
        if not self.holder.campaign_ids:
            return campaign_by_name(session, name, lock=lock)
        with suppress(NotFoundError):
            campaign = campaign_by_name(session, name, lock=lock)
            if self.holder.may_use(id_of(campaign)):
                return campaign
        raise OtherCampaignError(key=self.holder.name)

    def require_match(self, current: object) -> None:
        """Raise ChangedMeanwhileError if the request names only other ETags than that of `current`.

        A proxy that compresses a response marks its ETag as weak, but the campaign is the same.
        """
        wanted = self.request.headers.get("If-Match")
        if wanted is not None and not parse_etags(wanted) & {"*", etag_of(current)}:
            raise ChangedMeanwhileError

    def set_etag(self, current: object) -> None:
        """Set the response's ETag."""
        self.response.headers["ETag"] = etag_of(current)


def etag_of(value: object) -> str:
    """Return the ETag of a value that JSON can express."""
    content = orjson.dumps(to_jsonable_python(value), option=orjson.OPT_SORT_KEYS)
    return f'"{sha256(content).hexdigest()[:32]}"'


def parse_etags(header: str) -> set[str]:
    """Return the ETags of If-Match or If-None-Match, without the marks of weak ones."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


bearer = HTTPBearer(auto_error=False, description="A key from `labelbot keys create`.")


async def read_body(request: Request) -> bytes:
    """Return the body, which identifies a request that is sent again."""
    return await request.body() if IDEMPOTENCY_HEADER in request.headers else b""


def authenticate(
    request: Request,
    response: Response,
    scopes: SecurityScopes,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Call:
    """Return the call of a request with a valid key of the needed scope.

    Raises:
        MissingKeyError, InvalidKeyError: there is no valid key.
        SmallScopeError: the key may not do this.
        TooManyRequestsError: the key was used too often.
        NulCharacterError, UnknownParameterError, RepeatedParameterError: the address is not usable.
    """
    context: ApiContext = request.app.state.context
    if credentials is None:
        raise MissingKeyError
    database, now = context.database, context.clock.now()
    holder, last_used = database.read_now(keys.find_holder, credentials.credentials)
    context.rate_limit.take(holder.name, time.monotonic())
    holder.require_scope(KeyScope(scopes.scopes[0]))
    require_usable_address(request)
    if keys.is_use_due(last_used, now):
        database.write_now(keys.record_use, holder.key_id, now)
    return Call(context, holder, request, response)


def with_body(call: Call, body: bytes) -> Call:
    """Return the call with the body of its request."""
    call.body = body
    return call


def read_call(call: Annotated[Call, Security(authenticate, scopes=["read"])]) -> Call:
    """Return a call that reads."""
    return call


def items_call(
    call: Annotated[Call, Security(authenticate, scopes=["items"])],
    body: Annotated[bytes, Depends(read_body)],
) -> Call:
    """Return a call that adds or changes items."""
    return with_body(call, body)


def admin_call(
    call: Annotated[Call, Security(authenticate, scopes=["admin"])],
    body: Annotated[bytes, Depends(read_body)],
) -> Call:
    """Return a call that may change everything."""
    return with_body(call, body)


ReadCall = Annotated[Call, Depends(read_call)]
ItemsCall = Annotated[Call, Depends(items_call)]
AdminCall = Annotated[Call, Depends(admin_call)]
