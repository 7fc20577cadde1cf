"""Messages to experts who were away or inactive."""

from __future__ import annotations

from bot.cadence.reminders import ReminderStage
from bot.messages.reminders import TaskReminderMessage
from bot.messages.texts import TextInPlaceMessage
from bot.messages.welcome_back import OptOutQuestionMessage, WelcomeBackMessage
from bot.services.experts import profiles
from bot.services.experts.profiles import Profile
from storage.row_id import require_id
from tests.slack.slack_fixture import SlackFixture


async def test_delayed_messages_are_not_sent_at_night(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.scenario.sync_profiles()
    await slack.enqueue(WelcomeBackMessage(0), ada.id)
    await slack.deliver_all()
    slack.database.write_now(profiles.save_profile, ada.id, Profile("Ada", "UTC"), slack.now)
    assignment_id = slack.scenario.assign_next(ada.id)
    slack.advance_clock(hours=12)
    await slack.enqueue(
        TaskReminderMessage((require_id(assignment_id),), ReminderStage.FIRST), ada.id
    )
    await slack.enqueue(OptOutQuestionMessage(), ada.id)
    await slack.enqueue(WelcomeBackMessage(0), ada.id)
    await slack.deliver_all()
    assert len(ada.messages) == 1, "only the message of the day"
    assert (await slack.expert_row(ada)).welcome_back_due, "the other one is sent in the morning"


async def test_text_replaces_its_message_or_is_posted(
    slack: SlackFixture,
) -> None:
    ada = slack.add_expert()
    slack.create_campaign(ada)
    slack.scenario.sync_profiles()
    await slack.enqueue(OptOutQuestionMessage(), ada.id)
    await slack.deliver_all()
    (question,) = ada.messages
    await slack.enqueue(TextInPlaceMessage("Replaced.", ada.dm, question.ts), ada.id)
    await slack.enqueue(TextInPlaceMessage("Posted."), ada.id)
    await slack.deliver_all()
    assert [message.plain_text for message in ada.messages] == ["Replaced.", "Posted."]
