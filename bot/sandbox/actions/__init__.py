"""What people do, as coroutines on the sandbox's event loop."""
