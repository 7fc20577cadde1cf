"""Chart messages: an image with alt text."""

from __future__ import annotations

from bot.messages.charts import ChartMessage
from storage.row_id import require_id
from tests.slack.slack_fixture import SlackFixture


async def test_chart_is_uploaded_with_alt_text(slack: SlackFixture) -> None:
    ada, cora = slack.add_expert(), slack.sandbox.add_user("cora")
    slack.create_campaign(ada, items=6)
    await slack.enqueue(ChartMessage(1), cora.id)
    await slack.deliver_all()
    assert "has no chart yet" in cora.messages[0].plain_text
    for _ in range(3):
        assignment_id = slack.scenario.assign_next(ada.id)
        slack.scenario.submit_answer(ada.id, require_id(assignment_id), verdict="a")
        slack.advance_clock(days=1)
    await slack.enqueue(ChartMessage(1), cora.id)
    await slack.deliver_all()
    (call,) = slack.api_calls("files.getUploadURLExternal")
    assert call["alt_txt"].startswith("Answers to tone from Mon 2 Mar to Thu 5 Mar: 3 of 6.")
    assert "tone.png" in str(cora.messages[-1])
