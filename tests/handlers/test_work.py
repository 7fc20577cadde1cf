"""Tests of an expert's own work, from the Home tab to the file."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from tests.handlers.bolt_app import BoltApp, assign_next_task, view_button_payload


async def test_button_sends_the_file_and_says_so(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    assignment_id = await assign_next_task(bolt, ada)
    bolt.slack.scenario.submit_answer(ada.id, assignment_id, verdict="a")
    await bolt.send(view_button_payload(ada.id, Action("show_work"), {"type": "home"}))
    (opened,) = bolt.api_calls("views.open")
    assert "In all: 1 answer" in str(opened["view"])
    dialog = {"type": "modal", "callback_id": "notice"}
    await bolt.send(view_button_payload(ada.id, Action("send_work_file"), dialog))
    (updated,) = bolt.api_calls("views.update")
    assert "will arrive in your direct messages" in str(updated["view"])
    await bolt.click_button(ada.id, Action("send_work_file"))
    assert bolt.ephemeral_texts() == ["In all: 1 answer, 0 s."]
    await bolt.slack.deliver_all()
    assert len(bolt.api_calls("files.getUploadURLExternal")) == 2
    assert f"work-{bolt.slack.now:%Y-%m-%d}.csv" in str(ada.messages[-1])
