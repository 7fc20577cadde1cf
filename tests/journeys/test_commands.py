"""/label subcommands, for experts, coordinators and everyone else."""

from __future__ import annotations

import re

from tests.journeys.journey import EXPORT_WAIT_SECONDS, Journey, newest_message, top_modal


def test_help_lists_subcommands_and_unknown_ones_are_refused(journey: Journey) -> None:
    ada = journey.add_user()
    journey.start_bot()
    ada.send_message("/label")
    ada.wait_for_text("/label next")
    ada.send_message("/label frobnicate my payload")
    ada.wait_for_text("Unknown command “frobnicate”")


def test_help_lists_coordinator_subcommands_to_coordinators_only(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    ada = journey.add_user()
    journey.start_bot()
    cora.send_message("/label help")
    cora.wait_for_text("/label export")
    ada.send_message("/label help")
    ada.wait_for_text("/label status")
    ada.wait_until_gone("/label export")


def test_coordinator_subcommand_is_refused_privately(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.send_message("/label export comparison")
    ada.wait_for_text("Only coordinators can export datasets")
    grace.wait_until_gone("Only coordinators")
    assert newest_message(ada).is_ephemeral


def test_status_shows_own_figures_or_all_campaigns(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.send_message("/label status")
    ada.wait_for_text("You gave 1 answer today, 1 in total.")
    ada.wait_until_gone("of 3 answers")
    cora.send_message("/label status")
    cora.wait_for_text("1 of 3")


def test_next_explains_that_there_is_no_campaign(journey: Journey) -> None:
    bo = journey.add_user("bo")
    journey.start_bot()
    bo.send_message("/label next")
    bo.wait_for_text("You are not in a campaign yet")


def test_coordinator_gets_the_exported_file(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    cora.send_message("/label export comparison")
    cora.wait_for_text("Exported “Comparison” (preference): 1 row.", within=EXPORT_WAIT_SECONDS)
    journey.sandbox.wait_until(lambda: any(message.files for message in cora.messages))
    (file,) = (file for message in cora.messages for file in message.files)
    assert re.fullmatch(r"comparison-preference-\w+\.zip", file["name"])


def test_coordinator_who_labels_is_not_sent_the_file(journey: Journey) -> None:
    ada = journey.add_user()
    journey.coordinators = (ada.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.send_message("/label export comparison")
    ada.wait_for_text("The file is not sent to you", within=EXPORT_WAIT_SECONDS)
    assert not any(message.files for message in ada.messages)


def test_export_lists_known_campaigns_and_formats(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [cora])
    journey.start_bot()
    cora.send_message("/label export comparisn")
    cora.wait_for_text("comparison")
    cora.send_message("/label export")
    cora.wait_for_text("Export: choose a campaign.")
    cora.send_message("/label export comparison rating")
    cora.wait_for_text("use one of: preference")


def test_export_dialog_has_all_options_and_names_errors(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [cora])
    journey.start_bot()
    cora.click("A is better")
    cora.wait_for_text("Question 2?")
    cora.send_message("/label status comparison")
    cora.wait_for_text("1 of 3")
    cora.click("Export…")
    journey.sandbox.wait_until(lambda: cora.modal)
    cora.choose("Format", "annotations")
    cora.click("More options")
    journey.sandbox.wait_until(lambda: "Pseudonyms" in top_modal(cora).plain_text)
    cora.fill("Splits", "test=2")
    assert set(cora.submit_modal().errors) == {"split"}
    cora.fill("Splits", "test=0.5")
    cora.submit_modal()
    journey.sandbox.wait_until(lambda: "Export started" in top_modal(cora).title)
    cora.wait_for_text("Exported “Comparison” (annotations): 1 row", within=60)


def test_home_tab_counts_tasks_and_starts_them(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    journey.create_campaign("comparison", [kenji])
    journey.start_bot()
    kenji.open_home()
    kenji.wait_for_text("3 tasks are waiting for you, about 3 minutes.")
    kenji.click("Start")
    kenji.wait_for_text("Question 1?")
