"""One tap on the message: stored, undone, skipped, or the next one brought."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp, assign_next_task, mark_experts_away


async def test_a_tap_an_undo_and_a_skip(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    states = []
    for stamp, payload in enumerate(
        (
            Action("answer", given, "verdict", "tie"),
            Action("undo", given),
            Action("skip", given, "", "broken"),
        )
    ):
        ts = {"action_ts": f"17.{stamp}", "action_id": payload.action_id, "value": payload.value}
        await front.click_button(ada.id, payload, actions=[ts])
        (row,) = await front.slack.assignments()
        states.append((row.state, row.value))
    assert states == [("answered", {"verdict": "tie"}), ("delivered", None), ("skipped", None)]


async def test_each_deed_leads_back_to_the_message_it_was_done_on(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    await front.click_button(ada.id, Action("answer", given, "verdict", "tie"))
    (row,) = await front.slack.outbox()
    where = {"channel": MESSAGE["channel_id"], "message_ts": MESSAGE["message_ts"]}
    assert (row.message_type, row.payload) == ("turn", {"assignment": given, **where})
    assert row.response_url == front.slack.response_url_server.url


async def test_somebody_elses_click_is_refused_and_only_they_hear_of_it(front: BoltApp) -> None:
    ada, eve = front.slack.add_expert("ada"), front.slack.add_expert("eve")
    front.slack.create_campaign(ada)
    given = await assign_next_task(front, ada)
    await front.click_button(eve.id, Action("answer", given, "verdict", "a"))
    assert front.ephemeral_texts() == [
        "This task was given to somebody else, so your click did not count."
    ]
    assert front.slack.scenario.count("annotation") == 0


async def test_asking_for_the_next_task_says_that_one_is_back(front: BoltApp) -> None:
    ada = front.slack.add_expert()
    front.slack.create_campaign(ada)

    mark_experts_away(front)
    await front.click_button(ada.id, Action("next"))
    (row,) = await front.slack.outbox()
    assert (row.message_type, row.payload["assignment"]) == ("turn", None)
    assert front.slack.scenario.rows(Expert)[0].away_since is None
