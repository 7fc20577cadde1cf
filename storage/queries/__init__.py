"""SQL, named in one place. Each function takes a Session and never commits."""
