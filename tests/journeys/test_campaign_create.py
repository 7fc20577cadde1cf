"""A coordinator in Slack: a campaign made in one window, tried, filled with people, steered."""

from __future__ import annotations

from tests.journeys.journey import Journey, top_modal


def test_a_campaign_is_made_tried_and_paused_without_leaving_slack(journey: Journey) -> None:
    cora, ada, grace = (journey.add_user(name) for name in ("cora", "ada", "grace"))
    journey.coordinators = (cora.id,)
    group = journey.sandbox.add_usergroup([ada, grace, cora], handle="linguists")
    assert group
    journey.start_bot()
    cora.send_message("/label new")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.fill("Name", "Good pairs")
    cora.choose("Kind of task", "Comparison")
    journey.sandbox.wait_until(lambda: "which of two" in top_modal(cora).plain_text)
    cora.fill("User group", "@nobody")
    cora.submit_modal()
    cora.wait_for_text("“Good pairs” is ready: comparison, nobody in it, no items yet.")
    cora.wait_for_text("There is no user group @nobody")
    cora.send_message("/label invite @linguists good-pairs")
    cora.wait_for_text("3 people joined “good-pairs”")
    cora.click("Send me one as a test")
    cora.wait_for_text("This is a test of “Good pairs”")
    cora.click("A is better")
    cora.wait_for_text("This was only a test: nothing is stored.")
    assert journey.annotations() == []
    cora.send_message("/label pause")
    cora.click("Pause")
    cora.wait_for_text("“good-pairs” is paused.")
    cora.send_message("/label pause good-pairs")
    cora.wait_for_text("“good-pairs” was paused already")
