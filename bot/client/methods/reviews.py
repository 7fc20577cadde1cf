"""Methods for reviews: cases that need a decision, and the decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.answers import DecisionInfo
from bot.client.models.base import ChangeResult
from bot.client.operations import Operation


class ReviewMethods:
    """Reviews: a case is known by the number of its task."""

    @Operation
    def cases(self, campaign: str, *, limit: int = 50) -> ApiCall[list[dict[str, Any]]]:
        """Return cases that need a decision, the most urgent first."""
        path = path_of("campaigns", campaign, "reviews")
        return get(path, list[dict[str, Any]], limit=limit)

    @Operation
    def case(self, campaign: str, task: int) -> ApiCall[dict[str, Any]]:
        """Return a task with its full text and its answers."""
        return get(path_of("campaigns", campaign, "reviews", task), dict[str, Any])

    @Operation
    def decisions(self, campaign: str, *, limit: int = 50) -> ApiCall[list[DecisionInfo]]:
        """Return the newest decisions that were not undone."""
        return get(path_of("campaigns", campaign, "decisions"), list[DecisionInfo], limit=limit)

    @Operation
    def decide_case(
        self, campaign: str, task: int, fields: Mapping[str, object], reason: str = ""
    ) -> ApiCall[ChangeResult]:
        """Decide with an answer of your own, by field, with the candidates in imported order."""
        path = path_of("campaigns", campaign, "reviews", task, "decide")
        return change("POST", path, ChangeResult, {"fields": dict(fields), "reason": reason})

    @Operation
    def keep_answers(self, campaign: str, task: int) -> ApiCall[ChangeResult]:
        """Keep the answers of a case as they are."""
        return change("POST", path_of("campaigns", campaign, "reviews", task, "keep"), ChangeResult)

    @Operation
    def send_back_case(self, campaign: str, task: int, reason: str = "") -> ApiCall[ChangeResult]:
        """Ask the experts to answer again; they see the reason."""
        path = path_of("campaigns", campaign, "reviews", task, "send-back")
        return change("POST", path, ChangeResult, {"reason": reason})

    @Operation
    def return_task_to_queue(self, campaign: str, task: int) -> ApiCall[ChangeResult]:
        """Return a task that is on hold to the queue."""
        path = path_of("campaigns", campaign, "reviews", task, "return-to-queue")
        return change("POST", path, ChangeResult)

    @Operation
    def undo_decision(self, campaign: str, task: int) -> ApiCall[ChangeResult]:
        """Undo a decision."""
        return change("POST", path_of("campaigns", campaign, "reviews", task, "undo"), ChangeResult)

    @Operation
    def accept_answer(self, campaign: str, answer: int) -> ApiCall[ChangeResult]:
        """Accept one of the experts' answers as the decision about its item."""
        path = path_of("campaigns", campaign, "answers", answer, "accept")
        return change("POST", path, ChangeResult)
