"""What happens: one verb a module. Plain functions that take a Session and never commit."""
