"""The user who performs an action."""

from __future__ import annotations

from dataclasses import dataclass

from ..workspace import ClientState, User, Workspace
from ..world import World


@dataclass(frozen=True, slots=True)
class Actor:
    """A user of a world, by user id."""

    world: World
    id: str

    @property
    def workspace(self) -> Workspace:
        """The user's workspace."""
        return self.world.workspace

    @property
    def client(self) -> ClientState:
        """The state of the user's Slack client."""
        return self.workspace.clients[self.id]

    @property
    def user(self) -> User:
        """The user's account."""
        return self.workspace.users[self.id]
