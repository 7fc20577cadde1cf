"""SQL queries, one module per feature. Each function takes a Session and never commits."""
