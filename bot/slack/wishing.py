"""A new campaign read from its modal: all that is wrong is said at once, each at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ParamSpec, TypeVar

from bot.errors import BotError, FieldsError
from bot.kinds import kind_named
from bot.recurring import Rhythm, checked_zone, cron_from, duration
from bot.services import campaigning, checking, inviting
from bot.services.campaigning import NewCampaign
from bot.services.founding import Pool, Wish
from bot.slack import tuning
from bot.slack.creating import EXPORT_AT, kind_in
from bot.slack.inputs import entered

P = ParamSpec("P")
T = TypeVar("T")

LEASE = campaigning.USUAL_LEASE
NO_NAME = "Use a letter from a to z or a digit: commands are typed with the name."
OVER = "That day is over; choose one in the future, or none."

AT_FIELD: dict[type[BotError], str] = {
    campaigning.NameTakenError: "title",
    checking.BadNameError: "title",
    campaigning.PastDeadlineError: "deadline",
    checking.BadPlanError: "reminders",
    checking.BadLinkError: "guidelines_link",
}
"""Where what only the database knows, or a rule of campaigns, is said."""


@dataclass(slots=True)
class _Reader:
    """Reads fields one by one, and collects what is wrong."""

    said: Mapping[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a text, "" if nothing was written."""
        return str(self.said.get(key) or "")

    def tried(
        self, key: str, default: T, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return what `read` makes of it, or the default with what is wrong written down."""
        try:
            return read(*args, **kwargs)
        except BotError as error:
            self.wrong[key] = str(error)
            return default


def read(values: Mapping[str, Any], now: datetime) -> Wish:
    """Return the campaign that is wished for in `state.values`.

    Raises:
        FieldsError: with all that is wrong.
    """
    kind = kind_in(values)
    form = _Reader(entered(values))
    wish = Wish(_campaign(form, kind, now), _pool(form), _rhythm(form))
    if form.wrong:
        raise FieldsError(form.wrong)
    return wish


def settings_in(values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the kind and its settings as they stand in the open modal.

    Raises:
        FieldsError: they cannot be read yet.
    """
    kind = kind_in(values)
    form = _Reader(entered(values))
    settings = _settings(form, kind)
    if form.wrong:
        raise FieldsError(form.wrong)
    return kind, settings


def at_its_field(error: BotError, values: Mapping[str, Any]) -> BotError:
    """Return the error that shows at the field it is about, itself if it is about none."""
    key = AT_FIELD.get(type(error))
    return FieldsError({key: str(error)}) if key and key in values else error


def _campaign(form: _Reader, kind: str, now: datetime) -> NewCampaign:
    title = " ".join(form.text("title").split())
    name = checking.slug(title)
    if not any(sign.isascii() and sign.isalnum() for sign in title):
        form.wrong["title"] = NO_NAME
    return NewCampaign(
        name=name,
        kind=kind,
        title=title,
        settings=_settings(form, kind),
        guidelines=form.text("guidelines"),
        guidelines_link=form.text("guidelines_link") or None,
        overlap=int(form.text(tuning.key_of(kind, "overlap")) or 0),
        lease=LEASE,
        reminders=form.tried("reminders", (), _plan, form.text("reminders")),
        deadline=_deadline(form, now),
        gold_share=int(form.text("gold") or 0) / 100,
        channel=form.text("export_channel") or None,
    )


def _settings(form: _Reader, kind: str) -> dict[str, Any]:
    key = tuning.key_of(kind, tuning.CRITERIA)
    chosen = form.tried(key, {}, tuning.read, kind, form.said)
    if key in form.wrong:
        return {}
    return form.tried(
        key if key in form.said else "kind",
        {},
        campaigning.checked_settings,
        kind_named(kind),
        chosen,
    )


def _plan(text: str) -> tuple[timedelta, ...]:
    found = tuple(duration(one) for one in text.split(",") if one.strip())
    checking.checked_plan(found, LEASE // timedelta(minutes=1))
    return found


def _deadline(form: _Reader, now: datetime) -> datetime | None:
    zone = form.tried("tz", UTC, checked_zone, form.text("tz"))
    if not form.text("deadline"):
        return None
    day = date.fromisoformat(form.text("deadline"))
    end = datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)
    if end <= now:
        form.wrong["deadline"] = OVER
    return end


def _pool(form: _Reader) -> Pool:
    return Pool(
        people=tuple(form.said.get("people") or ()),
        group=form.text("group"),
        channel=form.text("pool_channel"),
        domains=form.tried("domains", (), inviting.tags, form.text("domains")),
    )


def _rhythm(form: _Reader) -> Rhythm | None:
    often = form.text("export")
    if often not in ("daily", "weekly"):
        return None
    return Rhythm(cron_from(f"{often} {EXPORT_AT}"), form.text("tz"))
