"""Random schemas of every keyword, values near what they accept, and other spellings of a value."""

from __future__ import annotations

import copy
import json
import random
from decimal import Decimal
from typing import Any

NAMES = ["a", "b", "c", "ab"]
STRINGS = ["", "a", "b", "ab", "abc", "é", "\t", "aé", "bb", '"', "\u2028", "😀"]
PATTERNS = ["^a", "b$", "ab|^$", "^[a-c]*$", "[^a]", "^.{2}$", "a?b+", "^(a|b){1,2}$", "(?=a)ab"]
NUMBERS = [0, 1, 2, 3, -1, -2, 0.5, 1.5, -0.5, 2.5, 10, 100, 1e2, 0.1, 7]
TYPES = ["object", "array", "string", "number", "integer", "null", "boolean"]
OBJECT = ["type", "properties", "patternProperties", "additionalProperties", "required",
          "unevaluatedProperties", "minProperties", "maxProperties", "propertyNames",
          "dependentRequired", "dependentSchemas", "dependencies"]  # fmt: skip
ARRAY = ["type", "prefixItems", "items", "contains", "unevaluatedItems", "uniqueItems", "minItems",
         "maxItems", "minContains", "maxContains", "additionalItems"]  # fmt: skip
IN_PLACE = ["allOf", "anyOf", "oneOf", "if", "then", "else", "not", "$ref", "properties", "items",
            "unevaluatedProperties", "unevaluatedItems"]  # fmt: skip
SCALAR = ["type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
          "multipleOf", "minLength", "maxLength", "pattern"]  # fmt: skip
LATEST_ONLY = {"prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
               "unevaluatedItems", "minContains", "maxContains"}  # fmt: skip
DRAFT_7_ONLY = {"dependencies", "additionalItems"}


class Source:
    """Draws from a seeded generator; ``draft_7`` for that draft's spellings."""

    def __init__(self, seed: int, draft_7: bool = False) -> None:
        self.rng, self.draft_7 = random.Random(seed), draft_7

    def scalar(self) -> Any:
        kinds = [[None], [True, False], STRINGS, NUMBERS, [0, 1, 2, "a", "b", True]]
        return self.rng.choice(self.rng.choice(kinds))

    def value(self, depth: int = 2) -> Any:
        kind = self.rng.random()
        if depth == 0 or kind < 0.5:
            return self.scalar()
        if kind < 0.75:
            return [self.value(depth - 1) for _ in range(self.rng.choice([0, 1, 1, 2, 2, 3]))]
        names = self.rng.sample(NAMES, self.rng.choice([0, 1, 1, 2, 3]))
        return {name: self.value(depth - 1) for name in names}

    def document(self) -> Any:
        """A schema with definitions that refer to it and to each other, or without."""
        depth, home = self.rng.choice([1, 2, 2, 3]), "definitions" if self.draft_7 else "$defs"
        refs = ["#", f"#/{home}/x", f"#/{home}/y"] if self.rng.random() < 0.4 else []
        schema = self.schema(depth, refs)
        if refs and isinstance(schema, dict):
            schema = {**schema, home: {name: self.schema(2, refs) for name in "xy"}}
        if self.draft_7 and isinstance(schema, dict):
            schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        return schema

    def schema(self, depth: int, refs: list[str]) -> Any:
        if depth == 0 or self.rng.random() < 0.08:
            return self.rng.choice(
                [True, True, False, {}, {"type": self.rng.choice(TYPES)},
                 {"const": self.value(1)}, {"enum": [self.value(1), self.value(1)]},
                 {"minimum": self.rng.choice(NUMBERS)}]
            )  # fmt: skip
        every = [*OBJECT, *ARRAY, *IN_PLACE, *SCALAR]
        left_out = LATEST_ONLY if self.draft_7 else DRAFT_7_ONLY
        left_out = left_out if refs else left_out | {"$ref"}
        keywords = {*self.rng.choice([OBJECT, ARRAY, IN_PLACE, every])} - left_out
        count = min(len(keywords), self.rng.choice([1, 1, 2, 2, 3, 4, 5]))
        chosen = self.rng.sample(sorted(keywords), count)
        made = {keyword: self.argument(keyword, depth, refs) for keyword in chosen}
        if isinstance(made.get("items"), bool):
            made.pop("additionalItems", None)  # jsonschema fails on the two together
        return made

    def argument(self, keyword: str, depth: int, refs: list[str]) -> Any:
        """What may stand under a keyword."""
        rng = self.rng

        def part() -> Any:
            return self.schema(depth - 1, refs)

        def parts(most: int) -> list[Any]:
            return [part() for _ in range(rng.randint(1, most))]

        def names() -> list[str]:
            return rng.sample(NAMES, rng.randint(0, 2))

        if keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            return rng.choice(NUMBERS)
        if keyword.startswith(("min", "max")):
            return rng.randint(0, 3)
        if keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            return parts(3)
        if keyword == "items" and self.draft_7 and rng.random() < 0.5:
            return parts(3)
        if keyword in ("properties", "dependentSchemas"):
            return {name: part() for name in rng.sample(NAMES, rng.randint(1, 3))}
        if keyword == "dependencies":
            return {name: names() if rng.random() < 0.5 else part() for name in names()}
        simple = {
            "type": lambda: rng.choice([*TYPES, ["object", "array"], ["string", "integer"]]),
            "enum": lambda: [self.value() for _ in range(rng.randint(1, 4))],
            "const": self.value,
            "multipleOf": lambda: rng.choice([1, 2, 3, 0.5, 1.5, 7]),
            "pattern": lambda: rng.choice(PATTERNS),
            "required": names,
            "patternProperties": lambda: {
                p: part() for p in rng.sample(["a", "^b", "b$", "^.$"], 2)
            },
            "dependentRequired": lambda: {name: names() for name in names()},
            "uniqueItems": lambda: rng.random() < 0.9,
            "$ref": lambda: rng.choice(refs),
        }
        return simple.get(keyword, part)()

    def near(self, value: Any) -> Any:
        """A value with one small change."""
        rng = self.rng
        if isinstance(value, list):
            items, kind = copy.deepcopy(value), rng.randrange(4)
            if kind == 0 or not items:
                items.insert(rng.randint(0, len(items)), self.value(1))
            elif kind == 1:
                items.pop(rng.randrange(len(items)))
            elif kind == 2:
                items.append(copy.deepcopy(rng.choice(items)))
            else:
                i = rng.randrange(len(items))
                items[i] = self.near(items[i])
            return items
        if isinstance(value, dict):
            members, kind = dict(value), rng.randrange(3)
            if kind == 0 or not members:
                members[rng.choice([*NAMES, "z"])] = self.value(1)
            elif kind == 1:
                members.pop(rng.choice(list(members)))
            else:
                name = rng.choice(list(members))
                members[name] = self.near(members[name])
            return members
        if isinstance(value, bool) or value is None:
            return self.value(1)
        if isinstance(value, int | float):
            return rng.choice([value + 1, value - 1, value + 0.5, value * 2, -value, str(value)])
        return rng.choice([value + "a", value[1:], value[:-1], "b" + value, self.value(1)])

    def spelled(self, value: Any) -> str:
        """JSON of a value with escapes, blanks, another order of members and other numbers."""
        if isinstance(value, bool) or value is None:
            return json.dumps(value)
        if isinstance(value, str):
            return '"' + "".join(map(self._char, value)) + '"'
        if isinstance(value, int | float):
            return self._number(value)
        blank = self.rng.choice(["", "", " ", "\n  "])
        comma = self.rng.choice(["", " "]) + "," + blank
        if isinstance(value, list):
            return f"[{blank}{comma.join(map(self.spelled, value))}{blank if value else ''}]"
        members = [f"{self.spelled(name)} :{blank}{self.spelled(v)}" for name, v in value.items()]
        self.rng.shuffle(members)
        return f"{{{blank}{comma.join(members)}{blank if value else ''}}}"

    def _char(self, char: str) -> str:
        if self.rng.random() < 0.3:
            escaped = json.dumps(char) if ord(char) > 0x7E else f'"\\u{ord(char):04X}"'
            return escaped[1:-1]
        return json.dumps(char, ensure_ascii=False)[1:-1]

    def _number(self, value: float) -> str:
        text = json.dumps(value)
        if "e" in text or self.rng.random() < 0.5:
            return text
        if value == 0:
            return self.rng.choice(["-0", "0.0", "0e5", "0E-3", "-0.00"])
        tens = self.rng.choice([-2, 0, 1])
        return f"{Decimal(text).scaleb(-tens):f}{self.rng.choice('eE')}{tens:+}"


def constants(schema: Any) -> list[Any]:
    """The values that `const` and `enum` name anywhere."""
    if isinstance(schema, list):
        return [value for part in schema for value in constants(part)]
    if not isinstance(schema, dict):
        return []
    found = [*([schema["const"]] if "const" in schema else []), *schema.get("enum", [])]
    return found + [v for key, part in schema.items() if key not in ("const", "enum")
                    for v in constants(part)]  # fmt: skip
