"""A coordinator saves the settings of a campaign, and creates another campaign from them."""

from __future__ import annotations

from sqlmodel import Session, select

from storage.tables import Campaign
from tests.journeys.journey import Journey, top_modal


def _campaigns(session: Session) -> dict[str, Campaign]:
    return {row.name: row for row in session.exec(select(Campaign))}


def test_campaign_is_created_from_a_saved_template(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada], overlap=2, max_answers_per_day=5, removal_days=30)
    journey.start_bot()
    cora.send_message("/label templates")
    cora.wait_for_text("There are no templates")
    cora.send_message("/label templates comparison weekly-pairs")
    cora.wait_for_text("Saved the settings of “Comparison” as the template “weekly-pairs”")
    cora.click("Create campaign…")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.fill("Name", "Pairs of June")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Answers per item" in top_modal(cora).plain_text)
    cora.choose("People", ada.id)
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Deadline" in top_modal(cora).plain_text)
    cora.submit_modal()
    cora.wait_for_text("Created “Pairs of June”: 1 expert")
    stored = journey.database.read_now(_campaigns)
    source, created = stored["comparison"], stored["pairs-of-june"]
    kept = ("kind", "overlap", "max_answers_per_day", "removal_days", "settings", "lease_minutes")
    assert [getattr(created, one) for one in kept] == [getattr(source, one) for one in kept]
    cora.send_message("/label templates")
    cora.click("Delete")
    cora.wait_for_text("Deleted the template “weekly-pairs”. Campaigns that were created from it")
    cora.send_message("/label new weekly-pairs")
    cora.wait_for_text("There are no templates")


def test_experts_cannot_save_templates(journey: Journey) -> None:
    ada = journey.add_user("ada")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.send_message("/label templates comparison mine")
    ada.wait_for_text("Only coordinators can save templates")
