"""A person who does something."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.workspace import ClientState, User, Workspace
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in a world, by the id of her account."""

    world: World
    id: str

    @property
    def workspace(self) -> Workspace:
        """The workspace she is in."""
        return self.world.workspace

    @property
    def client(self) -> ClientState:
        """What she has in front of her."""
        return self.workspace.clients[self.id]

    @property
    def user(self) -> User:
        """Her account."""
        return self.workspace.users[self.id]
