"""What a schema can be refused for: always with the keyword and the place."""

from __future__ import annotations


class SchemaError(ValueError):
    """A schema that cannot be compiled.

    Attributes:
        keyword: the keyword that is the reason, "" where it is the schema as a whole.
        pointer: JSON pointer (RFC 6901) to where it stands in its document.
    """

    def __init__(self, message: str, keyword: str = "", pointer: str = "") -> None:
        where = f"{pointer}/{keyword}" if keyword else pointer
        super().__init__(f"{where or 'the schema'}: {message}")
        self.keyword = keyword
        self.pointer = pointer


class InvalidSchema(SchemaError):
    """It is no JSON Schema, or one that no document satisfies."""


class UnsupportedSchema(SchemaError):
    """It is one, and a keyword in it cannot be enforced byte by byte, or not within the limits."""
