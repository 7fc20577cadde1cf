"""Tables, the database interface, queries and migrations. Imports no other package of ours."""
