"""User actions, as coroutines on the sandbox's event loop."""
