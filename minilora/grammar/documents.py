"""Where schemas are: documents, `$id`, anchors, references, JSON pointers and dialects.

A schema is seen from a place: the resource whose URI its references are relative to, its dialect,
and the dynamic scope. Equal schemas seen alike are one to the compiler.

Source: JSON Schema Core, draft 2020-12, sections 8 and 9; JSON pointer: RFC 6901.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin

from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

from minilora.grammar.errors import InvalidSchema, UnsupportedSchema
from minilora.grammar.json_data import check_json

LATEST = "https://json-schema.org/draft/2020-12/schema"
OLD_DIALECTS = tuple(f"http://json-schema.org/draft-0{n}/schema" for n in (3, 4, 6, 7))
VALIDATION = "https://json-schema.org/draft/2020-12/vocab/validation"
# Keywords whose value is a schema, a list of schemas, or an object of schemas.
ONE = frozenset((
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items",
    "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
))  # fmt: skip
MANY = frozenset(("allOf", "anyOf", "oneOf", "prefixItems", "items"))
NAMED = frozenset((
    "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
))  # fmt: skip
IDENTIFIERS = frozenset(("$id", "$anchor", "$dynamicAnchor"))
Path = tuple[str | int, ...]
Scope = tuple[tuple[str, str], ...]  # (dynamic anchor, URI of the outermost resource that has it)


class Place(NamedTuple):
    """A schema and all that its references depend on.

    Attributes:
        schema: the schema, an object or a boolean.
        base: URI of the resource it belongs to, against which its references are resolved.
        pointer: JSON pointer in its document, for messages.
        old: whether its dialect is draft 7 or older, where `$ref` hides its neighbours.
        validates: whether its dialect has the validation vocabulary.
        scope: the dynamic scope it is seen from.
    """

    schema: Any
    base: str
    pointer: str
    old: bool = False
    validates: bool = True
    scope: Scope = ()


class Documents:
    """All schema documents that a reference can lead to; none is ever fetched.

    Args:
        root: the schema to compile.
        resources: further documents by URI.

    Raises:
        InvalidSchema: the root is neither an object nor a boolean.
    """

    def __init__(self, root: Any, resources: Mapping[str, Any] | None = None) -> None:
        self._given = {urldefrag(uri)[0]: document for uri, document in (resources or {}).items()}
        self._resources: dict[str, Place] = {}  # by URI without fragment
        self._anchors: dict[tuple[str, str], Place] = {}
        self._dynamic: dict[str, list[str]] = {}  # URI -> its dynamic anchors
        if not isinstance(root, dict | bool):
            raise InvalidSchema(f"a schema is an object or a boolean, not {type(root).__name__}")
        self.root = self._enter(self._index("", root), ())

    # --- finding ---------------------------------------------------------------------------------

    def child(self, place: Place, *path: str | int) -> Place:
        """Return the schema under these keys of a schema, seen from it."""
        schema, pointer = place.schema, place.pointer + to_pointer(path)
        for key in path:
            schema = schema[key]
        moved = Place(schema, place.base, pointer, place.old, place.validates, place.scope)
        own = self._own_uri(moved)
        if own is None:
            return moved
        known = self._resources.get(own) or Place(schema, own, pointer, place.old, place.validates)
        return self._enter(known, place.scope)

    def resolve(self, place: Place, reference: str, dynamic: bool = False) -> Place:
        """Return the schema that ``$ref`` (or ``$dynamicRef``) leads to.

        Raises:
            UnsupportedSchema: it is in a document that is not at hand.
            InvalidSchema: the document has no such place.
        """
        keyword = "$dynamicRef" if dynamic else "$ref"
        if not isinstance(reference, str):
            raise InvalidSchema("a reference is a string", keyword, place.pointer)
        uri, fragment = urldefrag(_join(place.base, reference))
        fragment = unquote(fragment)
        found = self._find(uri, fragment)
        if found is None:
            if self._document(uri) is None:
                raise UnsupportedSchema(
                    f"{reference!r} is in another document, which is not among the resources",
                    keyword,
                    place.pointer,
                )
            raise InvalidSchema(f"{reference!r} leads nowhere", keyword, place.pointer)
        if dynamic and _dynamic_anchor(found.schema) == fragment and fragment:
            for anchor, outermost in place.scope:
                if anchor == fragment:
                    found = self._anchors[outermost, anchor]
        return self._enter(found, place.scope)

    def _find(self, uri: str, fragment: str) -> Place | None:
        if self._document(uri) is None:
            return None
        if fragment == "":
            return self._resources[uri]
        if not fragment.startswith("/"):
            return self._anchors.get((uri, fragment))
        place = self._resources[uri]
        for token in fragment[1:].split("/"):
            key: str | int = token.replace("~1", "/").replace("~0", "~")
            if isinstance(place.schema, list):
                if not str(key).isdecimal() or int(key) >= len(place.schema):
                    return None
                key = int(key)
            elif not isinstance(place.schema, dict) or key not in place.schema:
                return None
            place = self.child(place, key)
        return place if isinstance(place.schema, dict | bool) else None

    def _document(self, uri: str) -> Place | None:
        """Return the resource of a URI, taking its document in if it is at hand."""
        if uri not in self._resources:
            if uri in self._given:
                self._index(uri, self._given[uri])
            elif uri in REGISTRY:
                self._index(uri, REGISTRY[uri].contents)
            elif f"{uri}#" in REGISTRY:
                self._index(uri, REGISTRY[f"{uri}#"].contents)
        return self._resources.get(uri)

    def _enter(self, place: Place, scope: Scope) -> Place:
        """Return the place seen from a dynamic scope, to which its resource adds its anchors."""
        known = {anchor for anchor, _ in scope}
        new = [(a, place.base) for a in self._dynamic.get(place.base, ()) if a not in known]
        scope = (*scope, *new)
        return Place(place.schema, place.base, place.pointer, place.old, place.validates, scope)

    # --- reading a document ----------------------------------------------------------------------

    def _index(self, uri: str, document: Any) -> Place:
        """Register a document's resources and anchors; return its root."""
        check_json(document)
        old, validates = self._dialect(document, uri, False, True)
        root = Place(document, uri, "", old, validates)
        self._resources[uri] = root
        own = self._own_uri(root)
        if own is not None:
            root = Place(document, own, "", old, validates)
            self._resources[uri] = root
        self._walk(root)
        return root

    def _walk(self, start: Place) -> None:
        todo: list[tuple[Any, Path, Place]] = [(start.schema, (), start)]  # seen from the last one
        while todo:
            schema, path, above = todo.pop()
            if not isinstance(schema, dict):
                continue
            if schema is start.schema or not IDENTIFIERS.isdisjoint(schema):
                above, path = self._register(above._replace(
                    schema=schema, pointer=above.pointer + to_pointer(path))), ()  # fmt: skip
            todo += [(part, path + step, above) for step, part in subschemas(schema)]

    def _register(self, place: Place) -> Place:
        """Note the URI and the anchors of a schema; return it as a place of its own resource."""
        schema = place.schema
        own = self._own_uri(place)
        if own is not None:
            old, validates = self._dialect(schema, own, place.old, place.validates)
            place = Place(schema, own, place.pointer, old, validates)
        self._resources.setdefault(place.base, place)
        anchors = [schema.get("$anchor"), _dynamic_anchor(schema)]
        identifier = schema.get("$id")
        if isinstance(identifier, str) and identifier.startswith("#"):
            anchors.append(identifier[1:])  # how drafts 6 and 7 write an anchor
        for anchor in anchors:
            if isinstance(anchor, str):
                self._anchors.setdefault((place.base, anchor), place)
        dynamic = _dynamic_anchor(schema)
        if dynamic is not None:
            self._dynamic.setdefault(place.base, []).append(dynamic)
        return place

    def _own_uri(self, place: Place) -> str | None:
        """Return the URI that a schema gives itself by `$id`, None where it gives none."""
        if not isinstance(place.schema, dict):
            return None
        identifier = place.schema.get("$id")
        if not isinstance(identifier, str) or identifier.startswith("#"):
            return None
        if place.old and "$ref" in place.schema:
            return None  # hidden by its neighbour
        return urldefrag(_join(place.base, identifier))[0]

    def _dialect(self, schema: Any, uri: str, old: bool, validates: bool) -> tuple[bool, bool]:
        """Return whether a resource's dialect is an old one, and whether it validates."""
        named = schema.get("$schema") if isinstance(schema, dict) else None
        if not isinstance(named, str):
            return old, validates
        dialect = urldefrag(named)[0]
        if dialect in OLD_DIALECTS:
            return True, True
        if dialect in self._given and dialect != uri:
            meta = self._given[dialect]
            vocabulary = meta.get("$vocabulary") if isinstance(meta, dict) else None
            if isinstance(vocabulary, dict):
                return False, VALIDATION in vocabulary
        return False, True


def to_pointer(path: Path) -> str:
    """Return the JSON pointer of a path."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def subschemas(schema: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield (path, schema) of every schema directly inside a schema object."""
    for keyword, value in schema.items():
        if isinstance(value, dict):
            if keyword in NAMED:
                for name, part in value.items():
                    if isinstance(part, dict | bool):
                        yield (keyword, name), part
            elif keyword in ONE:
                yield (keyword,), value
        elif isinstance(value, list) and keyword in MANY:
            for i, part in enumerate(value):
                yield (keyword, i), part


def _dynamic_anchor(schema: Any) -> str | None:
    anchor = schema.get("$dynamicAnchor") if isinstance(schema, dict) else None
    return anchor if isinstance(anchor, str) else None


def _join(base: str, reference: str) -> str:
    """Return a reference resolved against a base that may be no hierarchical URI (urn:...)."""
    if reference.startswith("#"):
        return base + reference
    return urljoin(base, reference) if base else reference
