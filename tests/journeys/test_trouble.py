"""Slack refuses, answers late or not at all, or the bot is stopped: nothing is lost or doubled."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.sandbox import NotAcknowledged
from tests.journeys.story import Story, newest


def test_a_rate_limit_on_messages_is_waited_out(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.sandbox.faults.ratelimit("chat.postMessage", retry_after=1, times=1)
    story.begins()
    ada.sees("Question 1?")
    assert story.sandbox.counts["chat.postMessage"] == 2


def test_slack_being_down_delays_but_loses_nothing(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    story.sandbox.faults.fail("response_url", status=503, times=1)
    story.sandbox.faults.fail("chat.update", status=503, times=1)
    ada.clicks("A is better")
    ada.sees("Question 2?", within=10)
    assert story.values() == [{"verdict": "a"}]


def test_a_response_url_that_fails_is_made_up_for_by_an_update(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    story.sandbox.faults.fail("response_url", status=500, times=1)
    ada.clicks("A is better")
    ada.sees("Question 2?")
    assert story.sandbox.counts["chat.update"] == 1
    assert len(ada.messages) == 1


def test_a_modal_that_slack_will_not_open_is_said(story: Story) -> None:
    ada = story.person()
    story.campaign("demonstration", [ada])
    story.begins()
    ada.sees("Please explain 1.")
    story.sandbox.faults.ratelimit("views.open", retry_after=30, times=1)
    ada.clicks("Write the response")
    ada.sees("Please tap again in 30 seconds")
    ada.clicks("Write the response")
    ada.submits(response="Here.")
    ada.sees("Please explain 2.")


def test_what_was_to_be_said_is_said_after_a_restart(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    story.sandbox.faults.fail("response_url", status=500, times=1)
    story.sandbox.faults.fail("chat.update", status=500, times=1)
    ada.clicks("A is better")
    story.ends()
    ada.sees_not("Question 2?")
    story.begins()
    ada.sees("Question 2?", within=10)


def test_a_click_long_after_still_shows_what_follows(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    story.sandbox.faults.fail("response_url", status=500, times=1)
    story.sandbox.faults.fail("chat.update", status=500, times=1)
    ada.clicks("A is better")
    story.ends()
    story.passes(minutes=40)
    story.begins()
    ada.sees("Question 2?", within=10)
    assert story.sandbox.counts["chat.update"] == 2


@pytest.mark.parametrize("transport", ["socket"], indirect=True)
def test_a_dropped_socket_is_connected_again(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    ada.sees("Question 1?")
    story.sandbox.faults.drop_sockets()
    story.sandbox.wait_until(lambda: story.sandbox.connections == 1, within=15)
    ada.clicks("A is better")
    ada.sees("Question 2?")
    assert story.values() == [{"verdict": "a"}]


def test_a_lost_acknowledgement_makes_people_tap_again_and_counts_once(story: Story) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    task = ada.sees("Question 1?")
    story.sandbox.wait_until(lambda: story.sandbox.counts["message"] == 1)  # the bot's own
    story.sandbox.faults.lose_acks(times=1)
    with pytest.raises(NotAcknowledged):
        ada.clicks("A is better")
    ada.clicks("A is better", in_=task)
    ada.sees("Question 2?")
    assert [version.value for version in story.versions()] == [{"verdict": "a"}]


def _rename(session: Session, before: str, after: str) -> None:
    session.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")


def test_what_cannot_be_stored_is_not_acknowledged_and_said(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    ada = story.person()
    story.campaign("comparison", [ada])
    story.begins()
    task = ada.sees("Question 1?")
    story.database.write_now(_rename, "annotation", "lost")
    with pytest.raises(NotAcknowledged):
        ada.clicks("A is better")
    ada.sees("Sorry, that did not work, and it is my fault.")
    reference = newest(ada).plain.split("“")[1].split("”")[0]
    assert reference in caplog.text, "what the person was told leads to the traceback"
    story.database.write_now(_rename, "lost", "annotation")
    ada.clicks("A is better", in_=task)
    ada.sees("Question 2?")
    assert story.values() == [{"verdict": "a"}]
