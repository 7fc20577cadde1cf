"""YAML files by people: values as in YAML 1.2, and the line of each value for error messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.cli.option_parsers import read_text
from bot.errors import BotError

SCALARS = {
    "bool": r"true|false",
    "null": r"~|null|",
    "int": r"[-+]?(?:0|[1-9][0-9]{0,17})",
    "float": r"[-+]?(?:[0-9]{1,18}\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]{1,3})?",
}
"""Values that are no text. YAML 1.1 also takes `no`, `1:30` and dates for others."""

UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
"""NUL, and halves of characters."""


class UnusableFileError(BotError):
    """{path}{place}: {problem}."""


class _Loader(yaml.SafeLoader):
    """Loads values as in YAML 1.2; refuses repeated keys and references to other values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse a reference, which can make a small file endless."""
        if self.check_event(yaml.AliasEvent):
            problem = "references (*name) are not supported; repeat the value"
            event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs have no types
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:  # noqa: ANN401 - as PyYAML
        """Refuse characters that no database stores, which an escape in quotes can write."""
        node = super().compose_scalar_node(anchor)
        if UNSTORABLE.search(node.value):
            problem = "the value has characters that are not allowed"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:  # noqa: ANN401 - as PyYAML
        """Refuse a repeated key, of which only the last would count."""
        node = super().compose_mapping_node(anchor)
        keys: set[str] = set()
        for key, _value in node.value:
            if key.value in keys:
                problem = f"“{key.value}” is there twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            keys.add(str(key.value))
        return node


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern in SCALARS.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(rf"^(?:{_pattern})$"), None
    )


class YamlFile:
    """A YAML file with keys and values.

    Attributes:
        path: where it is.
        values: the parsed values, by key.
    """

    def __init__(self, path: Path) -> None:
        """Read and parse the file.

        Raises:
            BadParameter: the file cannot be read.
            UnusableFileError: it is not valid YAML, or has no keys.
        """
        self.path = path
        text = read_text(path)
        self._root: yaml.Node | None = None
        try:
            loader = _Loader(text)
            self._root = loader.get_single_node()
            parsed = loader.construct_document(self._root) if self._root else None
        except yaml.MarkedYAMLError as error:
            place = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
            problem = error.problem or "it is not valid YAML"
            raise UnusableFileError(path=path, place=place, problem=problem) from None
        except (yaml.YAMLError, LookupError, RecursionError, TypeError, ValueError):
            raise UnusableFileError(path=path, place="", problem="it is not valid YAML") from None
        if not isinstance(parsed, dict):
            problem = "it must have keys and values, such as “name: jokes”"
            raise UnusableFileError(path=path, place="", problem=problem)
        self.values: dict[str, Any] = {str(key): value for key, value in parsed.items()}

    def error_at(self, location: Sequence[str | int], problem: str) -> UnusableFileError:
        """Return an error that names the line of a value, or of the nearest one around it."""
        node, line = self._root, None
        for step in location:
            if isinstance(node, yaml.MappingNode):
                pairs = {key.value: (key.start_mark.line, value) for key, value in node.value}
                line, node = pairs.get(str(step), (line, None))
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step]
                line = node.start_mark.line
        place = "" if line is None else f", line {line + 1}"
        return UnusableFileError(path=self.path, place=place, problem=problem.rstrip("."))
