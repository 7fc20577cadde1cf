"""What tests do to a workspace from outside: add users, channels and groups, uninstall the app."""

from __future__ import annotations

from collections.abc import Iterable

from .actions.usergroups import create_usergroup, disable_usergroup, set_usergroup_members
from .actions.workspace_setup import NewUser, create_channel, create_user, join_user, uninstall_app
from .channel_ref import ChannelRef
from .file_transfer import delete_file
from .server import Server
from .simulated_user import SimulatedUser
from .world import World


class WorkspaceSetup:
    """The users, channels and user groups of a workspace. May be used from any thread."""

    def __init__(self, world: World, server: Server) -> None:
        """Change `world` on the event loop of `server`."""
        self._world = world
        self._server = server

    def add_user(  # noqa: PLR0913 - keyword options; all but the name have a default
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> SimulatedUser:
        """Add a user without sending an event to the app."""
        new_user = NewUser(name, real_name or name.title(), tz, email, admin, title)
        return SimulatedUser(
            self._server, self._server.call(lambda: create_user(self._world, new_user))
        )

    def join_user(  # noqa: PLR0913 - the options of add_user
        self,
        name: str,
        *,
        real_name: str = "",
        tz: str = "Europe/London",
        email: str = "",
        admin: bool = False,
        title: str = "",
    ) -> SimulatedUser:
        """Add a user and send team_join to the app."""
        new_user = NewUser(name, real_name or name.title(), tz, email, admin, title)
        return SimulatedUser(
            self._server, self._server.call(lambda: join_user(self._world, new_user))
        )

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[SimulatedUser] = (),
        private: bool = False,
        bot: bool = True,
    ) -> ChannelRef:
        """Create a channel with these `members`, and with the app's bot unless `bot` is false."""
        user_ids = [member.id for member in members]
        return ChannelRef(
            self._server.call(
                lambda: create_channel(self._world, name, user_ids, private=private, bot=bot)
            ),
            name,
        )

    def uninstall_app(self) -> None:
        """Uninstall the app: send app_uninstalled and tokens_revoked, and revoke its tokens."""
        self._server.call(lambda: uninstall_app(self._world))

    def archive_channel(self, channel: ChannelRef) -> None:
        """Archive a channel, so that nobody can post in it."""
        self._world.workspace.channels[channel.id].is_archived = True

    def delete_file(self, file_id: str) -> None:
        """Delete a file, as a member of the workspace can.

        Raises:
            KeyError: there is no such file.
        """
        self._server.call(lambda: delete_file(self._world, file_id))

    def add_usergroup(
        self, members: Iterable[SimulatedUser], *, handle: str = "group", name: str = ""
    ) -> str:
        """Create a user group that is mentioned as @handle, and return its id."""
        user_ids = [member.id for member in members]
        return self._server.call(lambda: create_usergroup(self._world, handle, name, user_ids))

    def set_usergroup_members(self, usergroup_id: str, members: Iterable[SimulatedUser]) -> None:
        """Replace the members of a user group and send the app the events for it."""
        user_ids = [member.id for member in members]
        self._server.call(lambda: set_usergroup_members(self._world, usergroup_id, user_ids))

    def disable_usergroup(self, usergroup_id: str) -> None:
        """Disable a user group and send the app the event for it."""
        self._server.call(lambda: disable_usergroup(self._world, usergroup_id))
