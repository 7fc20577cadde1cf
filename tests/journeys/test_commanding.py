"""What can be typed after /label, by experts, coordinators and everybody else."""

from __future__ import annotations

from tests.journeys.story import Story, newest


def test_help_lists_the_words_and_unknown_words_get_help(story: Story) -> None:
    ada = story.person()
    story.begins()
    ada.types("/label")
    ada.sees("/label next")
    ada.types("/label frobnicate my payload")
    ada.sees("I do not know “frobnicate”")


def test_only_coordinators_are_told_of_coordinators_words(story: Story) -> None:
    cora = story.person("cora")
    story.coordinators = (cora.id,)
    ada = story.person()
    story.begins()
    cora.types("/label help")
    cora.sees("/label export")
    ada.types("/label help")
    ada.sees("/label status")
    ada.sees_not("/label export")


def test_a_coordinators_word_is_refused_to_others_and_only_they_see_it(story: Story) -> None:
    ada, grace = story.person("ada"), story.person("grace")
    story.campaign("comparison", [ada])
    story.begins()
    ada.types("/label export comparison")
    ada.sees("Only coordinators can export")
    grace.sees_not("Only coordinators")
    assert newest(ada).ephemeral


def test_status_tells_experts_of_themselves_and_coordinators_of_campaigns(story: Story) -> None:
    cora, ada = story.person("cora"), story.person("ada")
    story.coordinators = (cora.id,)
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.types("/label status")
    ada.sees("You answered 1 today and 1 in all.")
    ada.sees_not("of 3 answers")
    cora.types("/label status")
    cora.sees("1 of 3")


def test_somebody_in_no_campaign_is_told_so(story: Story) -> None:
    bo = story.person("bo")
    story.begins()
    bo.types("/label next")
    bo.sees("You are in no campaign yet")


def test_a_coordinator_exports_and_gets_the_file(story: Story) -> None:
    cora, ada = story.person("cora"), story.person("ada")
    story.coordinators = (cora.id,)
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    cora.types("/label export comparison")
    cora.sees("The preference export of “Comparison” is done: 1 row.", within=15)
    story.sandbox.wait_until(lambda: any(message.files for message in cora.messages))
    (file,) = (file for message in cora.messages for file in message.files)
    assert file["name"] == "comparison-preference.jsonl"


def test_who_labels_in_a_campaign_is_not_sent_the_names_of_its_models(story: Story) -> None:
    ada = story.person()
    story.coordinators = (ada.id,)
    story.campaign("comparison", [ada])
    story.begins()
    ada.clicks("A is better")
    ada.sees("Question 2?")
    ada.types("/label export comparison")
    ada.sees("I don't send it here while you label in it", within=15)
    assert not any(message.files for message in ada.messages)


def test_an_export_of_an_unknown_campaign_names_the_known_ones(story: Story) -> None:
    cora = story.person("cora")
    story.coordinators = (cora.id,)
    story.campaign("comparison", [cora])
    story.begins()
    cora.types("/label export comparisn")
    cora.sees("comparison")
    cora.types("/label export")
    cora.sees("Export which campaign?")
    cora.types("/label export comparison sft")
    cora.sees("try preference or annotations")


def test_the_home_tab_tells_what_waits_and_brings_it(story: Story) -> None:
    kenji = story.person("kenji", tz="Asia/Tokyo")
    story.campaign("comparison", [kenji])
    story.begins()
    kenji.opens_home()
    kenji.sees("3 waiting for you, about 3 minutes.")
    kenji.clicks("Start")
    kenji.sees("Question 1?")
