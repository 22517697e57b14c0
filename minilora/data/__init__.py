"""The curated dataset: (query, tools) -> one JSON action, made by a readable generator."""
