"""What coordinators choose for the whole workspace: read with its defaults, changed, recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlmodel import Session, col, select

from bot.errors import FieldsError
from bot.services.directing import By
from storage.queries import putting
from storage.tables import WorkspaceSetting

MOST_A_DAY = 10
MOST_A_WEEK = 50


@dataclass(frozen=True, slots=True)
class Choices:
    """What holds for the whole workspace.

    Attributes:
        channel: where coordinators hear of what needs them; None: in their direct messages.
        reminders_a_day: how many messages at most remind one expert on one day of theirs.
        reminders_a_week: how many at most in seven days.
        digest: whether the weekly summary is sent.
    """

    channel: str | None = None
    reminders_a_day: int = 2
    reminders_a_week: int = 6
    digest: bool = True


NAMES = tuple(one.name for one in fields(Choices))


def choices(session: Session) -> Choices:
    """Return what was chosen, with the default for what was not."""
    chosen = select(WorkspaceSetting).where(col(WorkspaceSetting.name).in_(NAMES))
    return Choices(**{row.name: row.value["is"] for row in session.exec(chosen)})


def choose(session: Session, wanted: Choices, by: By) -> dict[str, Any]:
    """Keep what differs from before; return it by name.

    Raises:
        FieldsError: a number is out of bounds; nothing is changed.
    """
    _check(wanted)
    before = asdict(choices(session))
    changed = {name: value for name, value in asdict(wanted).items() if value != before[name]}
    for name, value in changed.items():
        _keep(session, name, {"is": value}, by)
    if changed:
        by.record(session, "changed the settings", "workspace", **changed)
    return changed


def _keep(session: Session, name: str, value: Mapping[str, Any], by: By) -> None:
    row = WorkspaceSetting(name=name, value=dict(value), changed_by=by.actor, changed_at=by.at)
    putting.put(session, row)


def _check(wanted: Choices) -> None:
    wrong = {
        **_out_of("reminders_a_day", wanted.reminders_a_day, MOST_A_DAY),
        **_out_of("reminders_a_week", wanted.reminders_a_week, MOST_A_WEEK),
    }
    if not wrong and wanted.reminders_a_week < wanted.reminders_a_day:
        wrong["reminders_a_week"] = "A week cannot have fewer reminders than one of its days."
    if wrong:
        raise FieldsError(wrong)


def _out_of(name: str, given: int, most: int) -> dict[str, str]:
    return {} if 0 <= given <= most else {name: f"Choose a number from 0 to {most}."}
