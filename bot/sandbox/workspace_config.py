"""A workspace written down: who is in it, which channels, how the app is reached, which limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.sandbox.rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.simulated_user import SimulatedUser


class _ConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UserConfig(_ConfigModel):
    """A person of the workspace."""

    name: str = Field(min_length=1)
    real_name: str = ""
    tz: str = "Europe/London"
    email: str = ""
    title: str = ""
    admin: bool = False

    @field_validator("tz")
    @classmethod
    def _check_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"{name!r} is no time zone"
            raise ValueError(message) from None
        return name


class ChannelConfig(_ConfigModel):
    """A channel of the workspace; `bot` says whether the app is in it."""

    name: str = Field(min_length=1)
    members: tuple[str, ...] = ()
    private: bool = False
    bot: bool = True


class UserGroupConfig(_ConfigModel):
    """A user group of the workspace."""

    handle: str = Field(min_length=1)
    name: str = ""
    members: tuple[str, ...] = ()


class WorkspaceConfig(_ConfigModel):
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

    users: tuple[UserConfig, ...] = ()
    channels: tuple[ChannelConfig, ...] = ()
    usergroups: tuple[UserGroupConfig, ...] = ()
    manifest: str | dict[str, Any] | None = None
    delivery: str | None = Field(default=None, pattern=r"https?://\S+")
    rate_limits: Literal["slack", "none"] | dict[str, tuple[int, float]] = "slack"
    guide: tuple[str, ...] = ()

    @property
    def resolved_rate_limits(self) -> Mapping[str, RateLimit]:
        """The rate limits."""
        if isinstance(self.rate_limits, str):
            return SLACK_LIMITS if self.rate_limits == "slack" else NO_LIMITS
        return {name: RateLimit(*rate) for name, rate in self.rate_limits.items()}


class UnknownMemberError(LookupError):
    """A channel or user group has a member who is nobody."""

    def __init__(self, place: str, name: str) -> None:
        """Say that `name`, in a `place` such as #general or @raters, is nobody."""
        super().__init__(f"{name!r}, a member of {place}, is not among the people")


def populate_workspace(sandbox: Sandbox, config: WorkspaceConfig) -> dict[str, SimulatedUser]:
    """Let the people and channels of `layout` be there, and return the people by name.

    Raises:
        UnknownMember: if a channel or user group has a member who is nobody.
    """
    users = {
        one.name: sandbox.add_user(
            one.name,
            real_name=one.real_name,
            tz=one.tz,
            email=one.email,
            admin=one.admin,
            title=one.title,
        )
        for one in config.users
    }
    for channel in config.channels:
        members = _resolve_members(f"#{channel.name}", channel.members, users)
        sandbox.add_channel(channel.name, members=members, private=channel.private, bot=channel.bot)
    for group in config.usergroups:
        members = _resolve_members(f"@{group.handle}", group.members, users)
        sandbox.add_usergroup(members, handle=group.handle, name=group.name)
    return users


def _resolve_members(
    place: str, names: Sequence[str], users: Mapping[str, SimulatedUser]
) -> list[SimulatedUser]:
    unknown = [name for name in names if name not in users]
    if unknown:
        raise UnknownMemberError(place, unknown[0])
    return [users[name] for name in names]
