"""A plugin for pytest: fixtures that run any Slack app in a sandbox.

Every run of pytest in an environment with this package loads this module. Therefore it loads
nothing else before a test uses one of its fixtures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from slack_bolt import App

    from .sandbox import Sandbox
    from .simulated_user import SimulatedUser

INSTALL_HINT = 'The sandbox is not installed completely: pip install "labelbot[sandbox]"'


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `slack_manifest` to the configuration file."""
    parser.addini(
        "slack_manifest",
        "The file with the app's manifest, relative to the root folder; by default manifest.json, "
        "manifest.yaml or manifest.yml there.",
        default="",
    )


@pytest.fixture
def slack_manifest(pytestconfig: pytest.Config) -> dict[str, Any]:
    """The manifest of the app, from the project's manifest file. Override it to write your own."""
    from .manifest_file import FILE_NAMES, find_manifest, load_manifest  # noqa: PLC0415 - see above

    name: str = pytestconfig.getini("slack_manifest")
    path = pytestconfig.rootpath / name if name else find_manifest(pytestconfig.rootpath)
    if path is None or not path.is_file():
        expected = name or ", ".join(FILE_NAMES)
        pytest.fail(
            f"There is no app manifest in {pytestconfig.rootpath} ({expected}). Set slack_manifest "
            "in the configuration of pytest, or override the fixture of this name.",
            pytrace=False,
        )
    return load_manifest(path.read_text(encoding="utf-8"))


@pytest.fixture
def slack_sandbox_options() -> dict[str, Any]:
    """Arguments of `Sandbox`, such as `limits` or `clock`. Override it to pass some."""
    return {}


@pytest.fixture
def slack_sandbox(
    slack_manifest: dict[str, Any], slack_sandbox_options: dict[str, Any]
) -> Iterator[Sandbox]:
    """A running workspace in which the app of `slack_manifest` is installed.

    It has no rate limits, so that a test need not wait; pass `limits` to apply Slack's.
    """
    try:
        from .rate_limits import NO_LIMITS  # noqa: PLC0415 - see above
        from .sandbox import Sandbox  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        pytest.fail(f"{INSTALL_HINT} (there is no {error.name}).", pytrace=False)
    with Sandbox(slack_manifest, **{"limits": NO_LIMITS, **slack_sandbox_options}) as running:
        yield running


@pytest.fixture
def slack_user(slack_sandbox: Sandbox) -> SimulatedUser:
    """Ada, a user of the workspace."""
    return slack_sandbox.add_user("ada")


@pytest.fixture
def connect_slack_app(slack_sandbox: Sandbox) -> Iterator[Callable[[App], None]]:
    """A function that connects a Bolt app by Socket Mode until the end of the test."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler  # noqa: PLC0415 - see above

    handlers: list[Any] = []

    def connect(app: App) -> None:
        handler: Any = SocketModeHandler(app, slack_sandbox.app_token)
        handlers.append(handler)
        count = slack_sandbox.connection_count
        handler.connect()
        slack_sandbox.wait_until(
            lambda: handler.client.is_connected() and slack_sandbox.connection_count > count
        )

    yield connect
    close_connections(slack_sandbox, handlers)


def close_connections(sandbox: Sandbox, handlers: list[Any]) -> None:
    """Close the connections of Socket Mode handlers, also of one that is just reconnecting.

    slack_sdk takes three seconds to close a quiet connection, and two threads must not close it:
    therefore the sandbox closes it. A client turns reconnection on again whenever it has connected,
    so this waits for a connection in progress and changes the client's default.
    """
    for handler in handlers:
        handler.client.default_auto_reconnect_enabled = False
        with handler.client.connect_operation_lock:
            handler.client.auto_reconnect_enabled = False

    def are_closed() -> bool:
        sandbox.faults.drop_sockets()
        return not any(handler.client.is_connected() for handler in handlers)

    sandbox.wait_until(are_closed)
    for handler in handlers:
        handler.close()
        handler.client.disconnect()  # what a thread of the client opened before it ended
