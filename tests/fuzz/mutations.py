"""Changes to payloads: wrong types, missing and additional fields, huge and strange values."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

DEEP: Any = []
for _level in range(200):
    DEEP = [DEEP] if _level % 2 else {"a": DEEP}

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**18, 1.5, 1e300),
    *("", " ", "0", "1", "-1", "x", "x" * 300, "x" * 200_000, "9" * 5_000, "²", "٣", "1" * 19),
    *("\x00", "a\x00b", "\u202e", "🙂" * 100, "{", "}", "{0}", "%s", "null", "[]", "{}", "\n"),
    *("<@U1>", "<!channel>", "U1", "D1", "2147483648::", "1:verdict:a", "1:::", "9:9:9:9", "::"),
    *('{"target_id": 99999999999999}', '{"target_id": "x"}', '{"task_id": null}', "2030-02-31"),
    *([], {}, [[]], [{}], [None], {"": ""}, {"id": None}, {"id": "U1"}, {"value": []}, [1, "x"]),
    DEEP,
)
"""Values that replace any value of a payload."""

ODD_KEYS = ("", "x", "type", "id", "user", "view", "event", "actions", "command", "\x00", "x" * 999)
"""Keys that are added to any object."""

Path = tuple[str | int, ...]


def mutate(payload: object, random: Random) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of a payload with up to three changes."""
    changed: Any = deepcopy(payload)
    for _change in range(random.choice((0, 1, 1, 1, 2, 3))):
        changed = _change_once(changed, random)
    return changed


def _change_once(payload: Any, random: Random) -> Any:  # noqa: ANN401 - any JSON value
    path = random.choice(_paths(payload))
    if not path:
        return payload if random.random() < 0.9 else _odd_value(random)
    parent = payload
    for key in path[:-1]:
        parent = parent[key]
    _apply(parent, path[-1], random)
    return payload


def _odd_value(random: Random) -> Any:  # noqa: ANN401 - any JSON value
    return deepcopy(random.choice(ODD_VALUES))


def _apply(parent: Any, key: str | int, random: Random) -> None:  # noqa: ANN401 - any JSON container
    match random.randrange(6):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent[random.choice(ODD_KEYS)] = _odd_value(random)
        case 2 if isinstance(parent, list):
            parent.extend([_odd_value(random)] * random.choice((1, 5, 300)))
        case 3:
            parent[key] = [parent[key]]
        case _:
            parent[key] = _odd_value(random)


def _paths(value: Any, prefix: Path = ()) -> list[Path]:  # noqa: ANN401 - any JSON value
    """Return the paths to all values in a payload, not deeper than real ones."""
    found = [prefix]
    if len(prefix) > 12:
        return found
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, child in children:
        found += _paths(child, (*prefix, key))
    return found
