"""Assigning tasks to experts: selection, leases, direct assignment."""
