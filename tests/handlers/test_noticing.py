"""What Slack tells of people is kept at once; of strangers nothing is."""

from __future__ import annotations

from datetime import timedelta

from storage.tables import Assignment, Expert
from tests.handlers.front import Front, happened, hold


async def test_a_status_lets_go_of_what_is_held_and_somebody_else_gets_it(front: Front) -> None:
    ada, grace = front.line.expert("ada"), front.line.expert("grace")
    front.line.campaign(ada, grace, items=1)
    await front.sends(happened({"type": "user_change", "user": profile(grace.id)}))
    await hold(front, ada)
    away = profile(ada.id, status_text="Vacationing", status_emoji=":palm_tree:")
    await front.sends(happened({"type": "user_change", "user": away}))
    states = [(row.expert_id, row.state) for row in front.line.workshop.rows(Assignment)]
    assert states == [(1, "released"), (2, "queued")]


def profile(person: str, **said: object) -> dict[str, object]:
    """Return a user as Slack tells of one."""
    return {"id": person, "real_name": "Somebody", "tz": "Europe/London", "profile": said}


async def test_a_new_zone_is_kept(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    moved = profile(ada.id) | {"tz": "Asia/Tokyo"}
    await front.sends(happened({"type": "user_change", "user": moved}))
    (row,) = front.line.workshop.rows(Expert)
    assert (row.name, row.tz) == ("Somebody", "Asia/Tokyo")


async def test_do_not_disturb_is_kept(front: Front) -> None:
    ada = front.line.expert()
    front.line.campaign(ada)
    now = int(front.line.now.timestamp())
    told = {"dnd_enabled": True, "next_dnd_start_ts": now, "next_dnd_end_ts": now + 3600}
    event = {"type": "dnd_updated_user", "user": ada.id, "dnd_status": told}
    await front.sends(happened(event))
    until = front.line.workshop.rows(Expert)[0].dnd_until
    assert timedelta(minutes=59) < until - front.line.now <= timedelta(hours=1)


async def test_of_strangers_nothing_is_kept(front: Front) -> None:
    await front.sends(happened({"type": "user_change", "user": profile("U1")}))
    await front.sends(happened({"type": "dnd_updated_user", "user": "U1", "dnd_status": {}}))
    assert front.line.workshop.count("expert") == 0
