"""Modules that are large and rarely needed: they are imported when one of their names is used."""

from __future__ import annotations

from importlib import import_module


class LazyModule:
    """Stands for a module until it is needed. Give type checkers the `import` instead."""

    def __init__(self, name: str) -> None:
        """Take the full name of the module, and import nothing yet."""
        self._name = name

    def __getattr__(self, name: str) -> object:
        """Return what the module has under this name; import it the first time.

        Raises:
            ImportError: the module is not installed.
            AttributeError: it has no such name.
        """
        return getattr(import_module(self._name), name)
