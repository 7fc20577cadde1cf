"""Imports: readers yield the rows of a file, shapes turn a row into an item, checks accept it.

Each row passes each stage once, and no file is held in memory as a whole.
"""
