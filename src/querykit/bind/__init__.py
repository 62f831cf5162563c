"""Binding: the syntax tree meets the schema."""

from querykit.bind.query import bind

__all__ = ["bind"]
