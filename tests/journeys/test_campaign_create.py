"""A coordinator creates a campaign in Slack, invites experts, previews a task and pauses it."""

from __future__ import annotations

from tests.journeys.journey import Journey, top_modal


def test_campaign_is_created_previewed_and_paused_in_slack(journey: Journey) -> None:
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
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "User group" in top_modal(cora).plain_text)
    cora.fill("User group", "@nobody")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Deadline" in top_modal(cora).plain_text)
    cora.submit_modal()
    cora.wait_for_text("Created “Good pairs”: no experts, no items.")
    cora.wait_for_text("There is no user group @nobody")
    cora.send_message("/label invite @linguists good-pairs")
    cora.wait_for_text("Added 3 people to “good-pairs”")
    cora.click("Send test task")
    cora.wait_for_text("Test task of “Good pairs”")
    cora.click("A is better")
    cora.wait_for_text("This is a test task: nothing was stored.")
    assert journey.annotations() == []
    cora.send_message("/label pause")
    cora.click("Pause")
    cora.wait_for_text("“good-pairs” is paused.")
    cora.send_message("/label pause good-pairs")
    cora.wait_for_text("“good-pairs” is already paused (by @Cora, just now).")
