"""Methods for campaigns, their progress and their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.client.calls import ApiCall, change, get, path_of
from bot.client.models.base import ChangeResult, ListPage
from bot.client.models.campaigns import CampaignInfo, PracticeInfo, ProgressInfo, TemplateInfo
from bot.client.operations import Listing, Operation


class CampaignMethods:
    """Campaigns: create, change, pause and close them; progress, reports and templates."""

    @Listing
    def campaigns(self) -> ApiCall[ListPage[CampaignInfo]]:
        """Yield the campaigns for which the key is valid."""
        return get(path_of("campaigns"), ListPage[CampaignInfo])

    @Operation
    def campaign(self, name: str) -> ApiCall[CampaignInfo]:
        """Return a campaign."""
        return get(path_of("campaigns", name), CampaignInfo)

    @Operation
    def create_campaign(self, /, name: str, kind: str, **options: object) -> ApiCall[CampaignInfo]:
        """Create a campaign; `options` are the fields of the request, such as `overlap`."""
        body = {"name": name, "kind": kind, **options}
        return change("POST", path_of("campaigns"), CampaignInfo, body)

    @Operation
    def change_campaign(
        self, /, campaign: str, *, etag: str | None = None, **changes: object
    ) -> ApiCall[CampaignInfo]:
        """Change fields of a campaign, such as `title`; `deadline=None` removes the deadline.

        With the `etag` of a campaign that was read, nothing changes if it changed meanwhile.
        """
        call = change("PATCH", path_of("campaigns", campaign), CampaignInfo, changes)
        return call if etag is None else replace(call, headers={**call.headers, "If-Match": etag})

    @Operation
    def clone_campaign(
        self, campaign: str, name: str = "", settings: Mapping[str, object] | None = None
    ) -> ApiCall[CampaignInfo]:
        """Create a campaign with the same settings and members; "": the next free name."""
        body = {"name": name, "settings": dict(settings or {})}
        return change("POST", path_of("campaigns", campaign, "clone"), CampaignInfo, body)

    @Operation
    def pause_campaign(self, campaign: str) -> ApiCall[CampaignInfo]:
        """Stop sending new tasks; open tasks can still be answered."""
        return change("POST", path_of("campaigns", campaign, "pause"), CampaignInfo)

    @Operation
    def resume_campaign(self, campaign: str) -> ApiCall[CampaignInfo]:
        """Send tasks again."""
        return change("POST", path_of("campaigns", campaign, "resume"), CampaignInfo)

    @Operation
    def close_campaign(self, campaign: str) -> ApiCall[CampaignInfo]:
        """Close a campaign permanently, with a final run of each export schedule."""
        return change("POST", path_of("campaigns", campaign, "close"), CampaignInfo)

    @Operation
    def change_guidelines(
        self, campaign: str, text: str, note: str, *, link: str | None = None
    ) -> ApiCall[CampaignInfo]:
        """Publish new guidelines in Markdown; each expert sees once what changed, the `note`."""
        body = {"text": text, "note": note, "link": link}
        return change("POST", path_of("campaigns", campaign, "guidelines"), CampaignInfo, body)

    @Operation
    def change_audience(
        self, campaign: str, *, domains: Sequence[str] | None = None, language: str | None = None
    ) -> ApiCall[CampaignInfo]:
        """Change the domains and the language; None leaves them, an empty value removes them."""
        body = {"domains": domains, "language": language}
        return change("PUT", path_of("campaigns", campaign, "audience"), CampaignInfo, body)

    @Operation
    def change_practice(
        self,
        campaign: str,
        *,
        questions: int | None = None,
        pass_mark: float | None = None,
        attempts: int | None = None,
    ) -> ApiCall[PracticeInfo]:
        """Change the practice before the first task; None leaves a value."""
        body = {"questions": questions, "pass_mark": pass_mark, "attempts": attempts}
        return change("PUT", path_of("campaigns", campaign, "practice"), PracticeInfo, body)

    @Operation
    def change_quality(
        self, campaign: str, *, pause_on_quality_failure: bool
    ) -> ApiCall[CampaignInfo]:
        """Change whether an expert whose answers clearly fail is paused, or only reported."""
        body = {"pause_on_quality_failure": pause_on_quality_failure}
        return change("PUT", path_of("campaigns", campaign, "quality"), CampaignInfo, body)

    @Operation
    def qualify_expert(self, campaign: str, expert: str) -> ApiCall[CampaignInfo]:
        """Give an expert tasks without passing the practice, and tell them."""
        body = {"expert": expert}
        return change("POST", path_of("campaigns", campaign, "qualify"), CampaignInfo, body)

    @Operation
    def progress(self, campaign: str) -> ApiCall[ProgressInfo]:
        """Return how far a campaign is."""
        return get(path_of("campaigns", campaign, "status"), ProgressInfo)

    @Operation
    def report(self, campaign: str) -> ApiCall[dict[str, Any]]:
        """Return agreement, experts by pseudonym, models and the hardest items of a campaign."""
        return get(path_of("campaigns", campaign, "report"), dict[str, Any])

    @Operation
    def leaderboard(self, campaign: str) -> ApiCall[dict[str, Any]]:
        """Return the models of a campaign, ranked by how often their responses are better."""
        return get(path_of("campaigns", campaign, "leaderboard"), dict[str, Any])

    @Operation
    def templates(self) -> ApiCall[list[TemplateInfo]]:
        """Return all templates in the order of their names."""
        return get(path_of("templates"), list[TemplateInfo])

    @Operation
    def save_template(self, campaign: str, name: str = "") -> ApiCall[TemplateInfo]:
        """Save the settings of a campaign as a template; "": with the name of the campaign."""
        body = {"name": name}
        return change("POST", path_of("campaigns", campaign, "template"), TemplateInfo, body)

    @Operation
    def use_template(self, /, template: str, name: str, **options: object) -> ApiCall[CampaignInfo]:
        """Create a campaign from a template; `options`: `title`, `deadline` and `experts`."""
        body = {"name": name, **options}
        return change("POST", path_of("templates", template, "campaigns"), CampaignInfo, body)

    @Operation
    def delete_template(self, template: str) -> ApiCall[ChangeResult]:
        """Delete a template; campaigns that were created from it stay."""
        return change("DELETE", path_of("templates", template), ChangeResult)
