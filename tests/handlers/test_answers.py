"""One tap on the message: stored, undone, skipped, or the next one brought."""

from __future__ import annotations

from bot.slack.parsing.action_ids import Action
from storage.tables import Expert
from tests.handlers.bolt_app import MESSAGE, BoltApp, assign_next_task, mark_experts_away


async def test_a_tap_an_undo_and_a_skip(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    states = []
    for stamp, payload in enumerate(
        (
            Action("answer", given, "verdict", "tie"),
            Action("undo", given),
            Action("skip", given, "", "broken"),
        )
    ):
        ts = {"action_ts": f"17.{stamp}", "action_id": payload.action_id, "value": payload.value}
        await bolt.click_button(ada.id, payload, actions=[ts])
        (row,) = await bolt.slack.assignments()
        states.append((row.state, row.value))
    assert states == [("answered", {"verdict": "tie"}), ("delivered", None), ("skipped", None)]


async def test_each_deed_leads_back_to_the_message_it_was_done_on(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    await bolt.click_button(ada.id, Action("answer", given, "verdict", "tie"))
    (row,) = await bolt.slack.outbox()
    where = {"channel": MESSAGE["channel_id"], "message_ts": MESSAGE["message_ts"]}
    assert (row.message_type, row.payload) == ("task_page", {"assignment_id": given, **where})
    assert row.response_url == bolt.slack.response_url_server.url


async def test_somebody_elses_click_is_refused_and_only_they_hear_of_it(bolt: BoltApp) -> None:
    ada, eve = bolt.slack.add_expert("ada"), bolt.slack.add_expert("eve")
    bolt.slack.create_campaign(ada)
    given = await assign_next_task(bolt, ada)
    await bolt.click_button(eve.id, Action("answer", given, "verdict", "a"))
    assert bolt.ephemeral_texts() == [
        "This task is assigned to someone else, so your click did not count."
    ]
    assert bolt.slack.scenario.count("annotation") == 0


async def test_asking_for_the_next_task_says_that_one_is_back(bolt: BoltApp) -> None:
    ada = bolt.slack.add_expert()
    bolt.slack.create_campaign(ada)

    mark_experts_away(bolt)
    await bolt.click_button(ada.id, Action("next_task"))
    (row,) = await bolt.slack.outbox()
    assert (row.message_type, row.payload["assignment_id"]) == ("task_page", None)
    assert bolt.slack.scenario.rows(Expert)[0].away_since is None
