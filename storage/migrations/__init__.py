"""How the schema came about: a numbered file a step in `versions/`, run by `storage.schema_upgrade`.

For developers, after a change of `storage/tables.py`:

    python -m storage.migrations next "what changes"    # a new step from the difference
    python -m storage.migrations first                  # only before a release: 0001 anew
"""
