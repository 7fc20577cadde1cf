"""Slack refuses calls or is unreachable, or the bot is stopped: nothing is lost or doubled."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.sandbox import NotAcknowledgedError
from tests.journeys.journey import Journey, newest_message


def test_rate_limited_message_is_retried(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.sandbox.faults.ratelimit("chat.postMessage", retry_after=1, times=1)
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    assert journey.sandbox.request_counts["chat.postMessage"] == 2


def test_outage_delays_messages_and_loses_nothing(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=503, times=1)
    journey.sandbox.faults.fail("chat.update", status=503, times=1)
    ada.click("A is better")
    ada.wait_for_text("Question 2?", within=10)
    assert journey.answer_values() == [{"verdict": "a"}]


def test_failed_response_url_falls_back_to_chat_update(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.fail("response_url", status=500, times=1)
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    assert journey.sandbox.request_counts["chat.update"] == 1
    assert len(ada.messages) == 1


def test_answers_are_stored_while_the_bot_cannot_log_in(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.stop_bot()
    journey.sandbox.faults.error("auth.test", "token_revoked", times=1_000)
    journey.start_bot()
    ada.click("A is better")
    journey.sandbox.wait_until(lambda: journey.answer_values() == [{"verdict": "a"}])
    journey.sandbox.faults.clear()
    ada.wait_for_text("Question 2?")


def test_refused_modal_is_reported(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("demonstration", [ada])
    journey.start_bot()
    ada.wait_for_text("Please explain 1.")
    journey.sandbox.faults.ratelimit("views.open", retry_after=30, times=1)
    ada.click("Write the response…")
    ada.wait_for_text("Please tap again in 30 seconds")
    ada.click("Write the response…")
    ada.submit_modal(response="Here.")
    ada.wait_for_text("Please explain 2.")


def test_pending_message_is_delivered_after_a_restart(journey: Journey) -> None:
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


def test_expired_response_url_falls_back_to_chat_update(journey: Journey) -> None:
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
def test_dropped_socket_reconnects(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    ada.wait_for_text("Question 1?")
    journey.sandbox.faults.drop_sockets()
    journey.sandbox.wait_until(lambda: journey.sandbox.connection_count == 1, within=15)
    ada.click("A is better")
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a"}]


def test_tap_repeated_after_a_lost_acknowledgment_counts_once(journey: Journey) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    # The event for the bot's own message must not use up the lost acknowledgment.
    journey.sandbox.wait_until(lambda: journey.sandbox.request_counts["message"] == 1)
    journey.sandbox.faults.lose_acks(times=1)
    with pytest.raises(NotAcknowledgedError):
        ada.click("A is better")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Question 2?")
    assert [version.value for version in journey.annotations()] == [{"verdict": "a"}]


def _rename(session: Session, old_name: str, new_name: str) -> None:
    session.connection().exec_driver_sql(f"ALTER TABLE {old_name} RENAME TO {new_name}")


def test_failed_write_is_not_acknowledged_and_is_reported(
    journey: Journey, caplog: pytest.LogCaptureFixture
) -> None:
    ada = journey.add_user()
    journey.create_campaign("comparison", [ada])
    journey.start_bot()
    task = ada.wait_for_text("Question 1?")
    journey.database.write_now(_rename, "annotation", "lost")
    with pytest.raises(NotAcknowledgedError):
        ada.click("A is better")
    ada.wait_for_text("Sorry, something went wrong in the bot.")
    reference = newest_message(ada).plain_text.split("“")[1].split("”")[0]
    assert reference in caplog.text, "the reference in the message finds the traceback in the log"
    journey.database.write_now(_rename, "lost", "annotation")
    ada.click("A is better", in_=task)
    ada.wait_for_text("Question 2?")
    assert journey.answer_values() == [{"verdict": "a"}]
