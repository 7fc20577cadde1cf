"""The configuration file of a workspace: users, channels, delivery and rate limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .rate_limits import NO_LIMITS, SLACK_LIMITS, RateLimit
from .sandbox import Sandbox
from .simulated_user import SimulatedUser


class _ConfigModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UserConfig(_ConfigModel):
    """A user of the workspace."""

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
            message = f"unknown time zone {name!r}"
            raise ValueError(message) from None
        return name


class ChannelConfig(_ConfigModel):
    """A channel of the workspace; `bot` is whether the app is a member."""

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
    """A workspace.

    Attributes:
        users: its users.
        channels: its channels, with the names of their members.
        usergroups: its user groups, with the names of their members.
        manifest: the app's manifest, or the path of its file.
        delivery: the URL for signed HTTP requests; Socket Mode if omitted.
        rate_limits: `slack`, `none`, or calls and seconds by method.
        guide: suggestions of what to try, shown on the page.
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
        """The rate limits by method."""
        if isinstance(self.rate_limits, str):
            return SLACK_LIMITS if self.rate_limits == "slack" else NO_LIMITS
        return {name: RateLimit(*rate) for name, rate in self.rate_limits.items()}


class UnknownMemberError(LookupError):
    """A channel or user group has a member that is not a user of the workspace."""

    def __init__(self, group: str, name: str) -> None:
        """Build the message for member `name` of a `group` such as #general or @raters."""
        super().__init__(f"{name!r}, a member of {group}, is not listed under users")


def populate_workspace(sandbox: Sandbox, config: WorkspaceConfig) -> dict[str, SimulatedUser]:
    """Create the users, channels and user groups of `config`; return the users by name.

    Raises:
        UnknownMemberError: if a channel or user group has a member that is not a user.
    """
    users = {
        user.name: sandbox.add_user(
            user.name,
            real_name=user.real_name,
            tz=user.tz,
            email=user.email,
            admin=user.admin,
            title=user.title,
        )
        for user in config.users
    }
    for channel in config.channels:
        members = _resolve_members(f"#{channel.name}", channel.members, users)
        sandbox.add_channel(channel.name, members=members, private=channel.private, bot=channel.bot)
    for group in config.usergroups:
        members = _resolve_members(f"@{group.handle}", group.members, users)
        sandbox.add_usergroup(members, handle=group.handle, name=group.name)
    return users


def _resolve_members(
    group: str, names: Sequence[str], users: Mapping[str, SimulatedUser]
) -> list[SimulatedUser]:
    unknown = [name for name in names if name not in users]
    if unknown:
        raise UnknownMemberError(group, unknown[0])
    return [users[name] for name in names]
