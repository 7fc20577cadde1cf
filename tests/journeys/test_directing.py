"""A coordinator in Slack: a campaign made in one window, tried, filled with people, steered."""

from __future__ import annotations

from tests.journeys.story import Story, top_modal


def test_a_campaign_is_made_tried_and_paused_without_leaving_slack(story: Story) -> None:
    cora, ada, grace = (story.person(name) for name in ("cora", "ada", "grace"))
    story.coordinators = (cora.id,)
    group = story.sandbox.usergroup([ada, grace, cora], handle="linguists")
    assert group
    story.begins()
    cora.types("/label new")
    story.sandbox.wait_until(lambda: cora.modal)
    cora.fills("Name", "Good pairs")
    cora.chooses("Kind of task", "Comparison")
    story.sandbox.wait_until(lambda: "which of two" in top_modal(cora).plain)
    cora.fills("A user group", "@nobody")
    cora.submits()
    cora.sees("“Good pairs” is ready: comparison, nobody in it, no items yet.")
    cora.sees("There is no user group @nobody")
    cora.types("/label invite @linguists good-pairs")
    cora.sees("3 people joined “good-pairs”")
    cora.clicks("Send me one as a test")
    cora.sees("This is a test of “Good pairs”")
    cora.clicks("A is better")
    cora.sees("This was only a test: nothing is stored.")
    assert story.versions() == []
    cora.types("/label pause")
    cora.clicks("Pause")
    cora.sees("“good-pairs” is paused.")
    cora.types("/label pause good-pairs")
    cora.sees("“good-pairs” was paused already")
