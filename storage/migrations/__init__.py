"""Schema migrations: one numbered file per step in `versions/`, run by `storage.schema_upgrade`.

After a change of `storage/tables/`, developers add the next step, made from the difference:

    python -m storage.migrations "what changes"
"""
