"""Methods for corrections of a running campaign."""

from __future__ import annotations

from datetime import datetime

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.answers import ExclusionInfo
from bot.client.models.base import ChangeResult
from bot.client.models.campaigns import OverlapInfo
from bot.client.models.experts import ReassignmentResult
from bot.client.operations import Operation


class CorrectionMethods:
    """Corrections: answers per item, assigned tasks and answers."""

    @Operation
    def change_overlap(self, campaign: str, overlap: int) -> ApiCall[OverlapInfo]:
        """Change how many answers each item needs; items that have more keep them."""
        path = path_of("campaigns", campaign, "corrections", "overlap")
        return change("POST", path, OverlapInfo, {"overlap": overlap})

    @Operation
    def unassign_tasks(self, campaign: str, expert: str) -> ApiCall[ChangeResult]:
        """Unassign an expert's open tasks; other experts get them."""
        path = path_of("campaigns", campaign, "corrections", "unassign")
        return change("POST", path, ChangeResult, {"expert": expert})

    @Operation
    def reassign_tasks(self, campaign: str, expert: str, to: str) -> ApiCall[ReassignmentResult]:
        """Assign an expert's open tasks to another expert."""
        path = path_of("campaigns", campaign, "corrections", "reassign")
        return change("POST", path, ReassignmentResult, {"expert": expert, "to": to})

    @Operation
    def reopen_answer(
        self, campaign: str, item: str, expert: str, reason: str = ""
    ) -> ApiCall[ChangeResult]:
        """Reopen an answer for its expert, who sees the reason."""
        path = path_of("campaigns", campaign, "corrections", "reopen")
        body = {"item": item, "expert": expert, "reason": reason}
        return change("POST", path, ChangeResult, body)

    @Operation
    def exclude_answers(
        self, campaign: str, expert: str, since: datetime, reason: str
    ) -> ApiCall[ExclusionInfo]:
        """Exclude an expert's answers from a time on; other experts are asked instead."""
        path = path_of("campaigns", campaign, "corrections", "exclude")
        body = {"expert": expert, "since": since, "reason": reason}
        return change("POST", path, ExclusionInfo, body)

    @Operation
    def include_answers(self, campaign: str, expert: str) -> ApiCall[ExclusionInfo]:
        """Include excluded answers again."""
        path = path_of("campaigns", campaign, "corrections", "include")
        return change("POST", path, ExclusionInfo, {"expert": expert})

    @Operation
    def exclusions(self, campaign: str) -> ApiCall[list[ExclusionInfo]]:
        """Return the experts whose answers are excluded."""
        path = path_of("campaigns", campaign, "corrections", "excluded")
        return get(path, list[ExclusionInfo])
