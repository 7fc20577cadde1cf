"""A pytest plugin for the tests of mutants: without PostgreSQL, and without smaller examples."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests of PostgreSQL: starting the server takes longer than all other tests."""

    def needs_server(item: pytest.Item) -> bool:
        names = [item.name, *getattr(item, "fixturenames", ())]
        return any("postgresql" in name for name in names)

    config.hook.pytest_deselected(items=[item for item in items if needs_server(item)])
    items[:] = [item for item in items if not needs_server(item)]


def pytest_collection_finish() -> None:
    """Let Hypothesis stop at the first failing example, which is enough to kill a mutant."""
    profile = settings.get_profile("labelbot")
    settings.register_profile("mutants", profile, phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutants")
