"""The method that reads answers; the clients have those that read all of them."""

from __future__ import annotations

from bot.client.calls import ApiCall, get, path_of
from bot.client.models.answers import AnswerBatch
from bot.client.operations import Operation


class AnswerMethods:
    """Answers as a feed."""

    @Operation
    def read_answers(
        self, campaign: str, cursor: str | None = None, *, limit: int = 1_000
    ) -> ApiCall[AnswerBatch]:
        """Return answers after a cursor, and the cursor with which to continue."""
        path = path_of("campaigns", campaign, "answers")
        return get(path, AnswerBatch, cursor=cursor, limit=limit)
