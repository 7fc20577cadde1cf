"""Answers: a feed that a reader continues with its last cursor, as pages or as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from bot.api.call import Call, ReadCall
from bot.api.pace import STREAMED_ANSWERS, BulkPace
from bot.api.pages import Cursor, ListCursor, PageRequest
from bot.api.routes.campaigns import CampaignName
from bot.services.answers import answer_feed
from bot.services.answers.answer_feed import AnswerPage, AnswerVersion

router = APIRouter()

NDJSON = "application/x-ndjson"


class AnswerFeedPage(BaseModel):
    """Versions of answers. Continue with `next_cursor`, now or later; it is never null.

    Without `has_more`, the page has reached the newest answer. A page may have fewer answers than
    its limit, or none, although there are more.
    """

    data: list[AnswerVersion]
    next_cursor: str
    has_more: bool = Field(description="Whether the next page can be read at once.")


@router.get("/campaigns/{campaign}/answers")
def list_answers(call: ReadCall, campaign: CampaignName, paging: PageRequest) -> AnswerFeedPage:
    """Return the answers of a campaign in the order in which they were stored.

    Every version of an answer is listed, also undone ones; the newest replaces the others.
    """
    page = _read(call, campaign, paging.cursor.position, paging.limit)
    following = paging.cursor.following(page.last_id)
    return AnswerFeedPage(data=list(page.answers), next_cursor=following, has_more=page.has_more)


@router.get(
    "/campaigns/{campaign}/answers.ndjson",
    response_class=Response,
    responses={200: {"content": {NDJSON: {"schema": {"type": "string"}}}}},
)
def stream_answers(call: ReadCall, campaign: CampaignName, cursor: Cursor) -> Response:
    """Return all answers after a cursor as JSON Lines.

    The last line has the cursor of the next request: `{"next_cursor": "…"}`. If it is missing, the
    response was interrupted.
    """
    position = cursor.position
    call.read(lambda session: call.campaign(session, campaign))  # an error comes before the stream
    return StreamingResponse(_lines(call, campaign, cursor, position), media_type=NDJSON)


def _lines(call: Call, campaign: str, cursor: ListCursor, position: int) -> Iterator[bytes]:
    until = answer_feed.settled_id(call.context.database)
    has_more, pace = until > position, BulkPace(call.context.database)
    while has_more:
        pace.begin_step()
        page = _read(call, campaign, position, STREAMED_ANSWERS, until)
        position, has_more = page.last_id, page.has_more
        lines = b"".join(
            orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE) for answer in page.answers
        )
        pace.end_step()
        yield lines
    last = {"next_cursor": cursor.following(position)}
    yield orjson.dumps(last, option=orjson.OPT_APPEND_NEWLINE)


def _read(
    call: Call, campaign: str, position: int, limit: int, until: int | None = None
) -> AnswerPage:
    """Return a page in a short read of its own, so that no snapshot is held for long."""
    last = answer_feed.settled_id(call.context.database) if until is None else until
    if last <= position:
        call.read(lambda session: call.campaign(session, campaign))
        return AnswerPage((), position, has_more=False)
    return call.read(
        lambda session: answer_feed.read_page(
            session, call.campaign(session, campaign), after=position, until=last, limit=limit
        )
    )
