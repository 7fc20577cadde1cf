"""Candidates: what models answer to prompts, asked over HTTP and made into items for experts."""
