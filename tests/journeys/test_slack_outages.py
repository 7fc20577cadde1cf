"""Slack refuses, answers late or not at all, or the bot is stopped: nothing is lost or doubled."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.sandbox import NotAcknowledgedError
from tests.journeys.journey import Journey, newest_message


def test_a_rate_limit_on_messages_is_waited_out(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.sandbox.faults.ratelimit("chat.postMessage", retry_after=1, times=1)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert journey.sandbox.request_counts["chat.postMessage"] == 2


def test_slack_being_down_delays_but_loses_nothing(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=503, times=1)
    journey.sandbox.faults.fail("chat.update", status=503, times=1)
    ada.click("A is better")
    ada.wait_for_text("Question 2?", within=10)
    assert journey.answer_values() == [{"verdict": "a"}]


def test_a_response_url_that_fails_is_made_up_for_by_an_update(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=500, times=1)
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    assert journey.sandbox.request_counts["chat.update"] == 1
    assert len(ada.messages) == 1


def test_a_modal_that_slack_will_not_open_is_said(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    journey.sandbox.faults.ratelimit("views.open", retry_after=30, times=1)
    ada.click("Write the response")
    ada.wait_for_text("Please tap again in 30 seconds")
    ada.click("Write the response")
    ada.submit_modal(response="Here.")
    ada.wait_for_text("Please explain 2.")


def test_what_was_to_be_said_is_said_after_a_restart(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=500, times=1)
    journey.sandbox.faults.fail("chat.update", status=500, times=1)
    ada.click("A is better")
    journey.stop_bot()
    ada.wait_until_gone("Question 2?")
    journey.start_bot()
    ada.wait_for_text("Question 2?", within=10)


def test_a_click_long_after_still_shows_what_follows(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=500, times=1)
    journey.sandbox.faults.fail("chat.update", status=500, times=1)
    ada.click("A is better")
    journey.stop_bot()
    journey.advance_clock(minutes=40)
    journey.start_bot()
    ada.wait_for_text("Question 2?", within=10)
    assert journey.sandbox.request_counts["chat.update"] == 2


@pytest.mark.parametrize("transport", ["socket"], indirect=True)
def test_a_dropped_socket_is_connected_again(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.drop_sockets()
    journey.sandbox.wait_until(lambda: journey.sandbox.connection_count == 1, within=15)
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a"}]


def test_a_lost_acknowledgement_makes_people_tap_again_and_counts_once(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    journey.sandbox.wait_until(
        lambda: journey.sandbox.request_counts["message"] == 1
    )  # the bot's own
    journey.sandbox.faults.lose_acks(times=1)
    with pytest.raises(NotAcknowledgedError):
        ada.click("A is better")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Question 2?")
    assert [version.value for version in journey.annotations()] == [{"verdict": "a"}]


def _rename(session: Session, before: str, after: str) -> None:
    session.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")


def test_what_cannot_be_stored_is_not_acknowledged_and_said(
    journey: Journey, caplog: pytest.LogCaptureFixture
) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    journey.database.write_now(_rename, "annotation", "lost")
    with pytest.raises(NotAcknowledgedError):
        ada.click("A is better")
    ada.wait_for_text("Sorry, that did not work, and it is my fault.")
    reference = newest_message(ada).plain_text.split("“")[1].split("”")[0]
    assert reference in caplog.text, "what the person was told leads to the traceback"
    journey.database.write_now(_rename, "lost", "annotation")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a"}]
