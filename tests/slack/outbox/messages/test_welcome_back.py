"""Messages to experts who were away or inactive."""

from __future__ import annotations

from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from tests.slack.slack_fixture import SlackFixture


async def test_delayed_messages_are_not_sent_at_night(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue("welcome_back", ada.id, reassigned=0)
    await slack.deliver_all()
    slack.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), slack.now)
    assignment_id = slack.scenario.assign_next(ada.id)
    slack.advance_clock(hours=12)
    await slack.enqueue("reminder", ada.id, assignment_ids=[assignment_id], stage="first")
    await slack.enqueue("opt_out_question", ada.id)
    await slack.enqueue("welcome_back", ada.id, reassigned=0)
    await slack.deliver_all()
    assert len(ada.messages) == 1, "only the message of the day"
    assert (await slack.expert_row(ada)).welcome_back_due, "the other one is sent in the morning"


async def test_text_replaces_its_message_or_is_posted(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    await slack.enqueue("opt_out_question", ada.id)
    await slack.deliver_all()
    (question,) = ada.messages
    location = {"channel": ada.dm, "message_ts": question.ts}
    await slack.enqueue("text_in_place", ada.id, text="Replaced.", **location)
    await slack.enqueue("text_in_place", ada.id, text="Posted.")
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Replaced.", "Posted."]
