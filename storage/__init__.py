"""Where it is kept: tables, the one database door, queries, migrations. Imports nothing of ours."""
