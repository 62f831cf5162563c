"""The language-neutral, schema-free syntax tree."""
