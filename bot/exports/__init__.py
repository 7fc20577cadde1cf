"""Exports: labels become rows, rows become data files, data files become a dataset folder."""
