"""Questions and flags that experts raise about items."""
