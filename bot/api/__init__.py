"""The HTTP API: the command line's services over HTTP, in a process alongside the bot."""
