"""A workspace written down: who is in it, which channels, how the app is reached, which limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.sandbox.limits import NO_LIMITS, SLACK_LIMITS, Rate
from bot.sandbox.people import Person
from bot.sandbox.sandbox import Sandbox


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SomebodyThere(_Part):
    """A person of the workspace."""

    name: str = Field(min_length=1)
    real_name: str = ""
    tz: str = "Europe/London"
    email: str = ""
    title: str = ""
    admin: bool = False

    @field_validator("tz")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"{name!r} is no time zone"
            raise ValueError(message) from None
        return name


class RoomThere(_Part):
    """A channel of the workspace; `bot` says whether the app is in it."""

    name: str = Field(min_length=1)
    members: tuple[str, ...] = ()
    private: bool = False
    bot: bool = True


class GroupThere(_Part):
    """A user group of the workspace."""

    handle: str = Field(min_length=1)
    name: str = ""
    members: tuple[str, ...] = ()


class Layout(_Part):
    """A whole workspace.

    Attributes:
        people: who is in it.
        channels: its channels, with the names of their members.
        groups: its user groups, with the names of their members.
        manifest: the app's manifest, or the path of a file with it.
        delivery: where requests go by signed HTTP; Socket Mode if left out.
        limits: `slack`, `none`, or calls and seconds by method.
        guide: what somebody might try, in sentences for the page.
    """

    people: tuple[SomebodyThere, ...] = ()
    channels: tuple[RoomThere, ...] = ()
    groups: tuple[GroupThere, ...] = ()
    manifest: str | dict[str, Any] | None = None
    delivery: str | None = Field(default=None, pattern=r"https?://\S+")
    limits: Literal["slack", "none"] | dict[str, tuple[int, float]] = "slack"
    guide: tuple[str, ...] = ()

    @property
    def rates(self) -> Mapping[str, Rate]:
        """The rate limits."""
        if isinstance(self.limits, str):
            return SLACK_LIMITS if self.limits == "slack" else NO_LIMITS
        return {name: Rate(*rate) for name, rate in self.limits.items()}


class UnknownMember(LookupError):  # noqa: N818 - reads as what was found in the file
    """A channel or user group has a member who is nobody."""

    def __init__(self, place: str, name: str) -> None:
        """Say that `name`, in a `place` such as #general or @raters, is nobody."""
        super().__init__(f"{name!r}, a member of {place}, is not among the people")


def settle(sandbox: Sandbox, layout: Layout) -> dict[str, Person]:
    """Let the people and channels of `layout` be there, and return the people by name.

    Raises:
        UnknownMember: if a channel or user group has a member who is nobody.
    """
    people = {
        one.name: sandbox.person(
            one.name,
            real_name=one.real_name,
            tz=one.tz,
            email=one.email,
            admin=one.admin,
            title=one.title,
        )
        for one in layout.people
    }
    for room in layout.channels:
        members = _members(f"#{room.name}", room.members, people)
        sandbox.channel(room.name, members=members, private=room.private, bot=room.bot)
    for group in layout.groups:
        members = _members(f"@{group.handle}", group.members, people)
        sandbox.usergroup(members, handle=group.handle, name=group.name)
    return people


def _members(place: str, names: Sequence[str], people: Mapping[str, Person]) -> list[Person]:
    strangers = [name for name in names if name not in people]
    if strangers:
        raise UnknownMember(place, strangers[0])
    return [people[name] for name in names]
