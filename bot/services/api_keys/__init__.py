"""Keys of the HTTP API: who may use it, for what, and requests that were already answered."""
