"""What can be typed after /label, by experts, coordinators and everybody else."""

from __future__ import annotations

from tests.journeys.journey import Journey, newest_message


def test_help_lists_the_words_and_unknown_words_get_help(journey: Journey) -> None:
    ada = journey.add_user()
    journey.start_bot()
    ada.send_message("/label")
    ada.wait_for_text("/label next")
    ada.send_message("/label frobnicate my payload")
    ada.wait_for_text("I do not know “frobnicate”")


def test_only_coordinators_are_told_of_coordinators_words(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    ada = journey.add_user()
    journey.start_bot()
    cora.send_message("/label help")
    cora.wait_for_text("/label export")
    ada.send_message("/label help")
    ada.wait_for_text("/label status")
    ada.wait_until_gone("/label export")


def test_a_coordinators_word_is_refused_to_others_and_only_they_see_it(journey: Journey) -> None:
    ada, grace = journey.add_user("ada"), journey.add_user("grace")
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.send_message("/label export comparison")
    ada.wait_for_text("Only coordinators can export")
    grace.wait_until_gone("Only coordinators")
    assert newest_message(ada).is_ephemeral


def test_status_tells_experts_of_themselves_and_coordinators_of_campaigns(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.send_message("/label status")
    ada.wait_for_text("You answered 1 today and 1 in all.")
    ada.wait_until_gone("of 3 answers")
    cora.send_message("/label status")
    cora.wait_for_text("1 of 3")


def test_somebody_in_no_campaign_is_told_so(journey: Journey) -> None:
    bo = journey.add_user("bo")
    journey.start_bot()
    bo.send_message("/label next")
    bo.wait_for_text("You are in no campaign yet")


def test_a_coordinator_exports_and_gets_the_file(journey: Journey) -> None:
    cora, ada = journey.add_user("cora"), journey.add_user("ada")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    cora.send_message("/label export comparison")
    cora.wait_for_text("The preference export of “Comparison” is done: 1 row.", within=15)
    journey.sandbox.wait_until(lambda: any(message.files for message in cora.messages))
    (file,) = (file for message in cora.messages for file in message.files)
    assert file["name"] == "comparison-preference.jsonl"


def test_who_labels_in_a_campaign_is_not_sent_the_names_of_its_models(journey: Journey) -> None:
    ada = journey.add_user()
    journey.coordinators = (ada.id,)
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    ada.send_message("/label export comparison")
    ada.wait_for_text("I don't send it here while you label in it", within=15)
    assert not any(message.files for message in ada.messages)


def test_an_export_of_an_unknown_campaign_names_the_known_ones(journey: Journey) -> None:
    cora = journey.add_user("cora")
    journey.coordinators = (cora.id,)
    journey.create_campaign("comparison", [cora])
    journey.start_bot()
    cora.send_message("/label export comparisn")
    cora.wait_for_text("comparison")
    cora.send_message("/label export")
    cora.wait_for_text("Export which campaign?")
    cora.send_message("/label export comparison sft")
    cora.wait_for_text("try preference or annotations")


def test_the_home_tab_tells_what_waits_and_brings_it(journey: Journey) -> None:
    kenji = journey.add_user("kenji", tz="Asia/Tokyo")
    journey.create_campaign("comparison", [kenji])
    journey.start_bot()
    kenji.open_home()
    kenji.wait_for_text("3 waiting for you, about 3 minutes.")
    kenji.click("Start")
    kenji.wait_for_text("Question 1?")
