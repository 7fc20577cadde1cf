"""The registries of all packages: their keys, and one handler for each trigger."""

from __future__ import annotations

import pytest

from bot.exports.files import WRITERS, writer_of
from bot.exports.formats import FORMATS
from bot.imports.readers import READERS
from bot.imports.shapes import SHAPES
from bot.kinds import KINDS
from bot.messages import MESSAGE_CLASSES
from bot.scheduled_jobs import JOBS
from handlers.registry import ACTIONS, EVENTS, SUBCOMMANDS, SUBMISSIONS

SUBCOMMAND_HANDLERS = {name: subcommand.handler for name, subcommand in SUBCOMMANDS.items()}


def test_registry_keys_match_the_names_of_their_entries() -> None:
    assert all(key == kind.name for key, kind in KINDS.items())
    assert all(key == one.name for key, one in FORMATS.items())
    assert all(key == shape.name for key, shape in SHAPES.items())
    assert all(key == job.__name__ for key, job in JOBS.items())
    assert all(key == one.message_type for key, one in MESSAGE_CLASSES.items())
    assert all(key.startswith(".") and key == key.lower() for key in READERS)
    assert all(key in dotted and callable(writer_of(key)) for key, dotted in WRITERS.items())


@pytest.mark.parametrize("registry", [ACTIONS, SUBMISSIONS, SUBCOMMAND_HANDLERS, EVENTS])
def test_every_trigger_has_its_own_handler(registry: dict[str, object]) -> None:
    assert len(set(map(id, registry.values()))) == len(registry)
