"""The hand-written material: domains of tools, each tool with its parameters and ways of asking.

>>> from minilora.data.kinds import CLOCK
>>> tool = Tool("set_alarm", "Set an alarm.", (req("time", CLOCK, "Time, 24-hour HH:MM"),),
...             phrasings=("wake me at {time}",), held_out=("up by {time}, please",))
>>> tool.function_schema()["function"]["parameters"]["required"]
['time']
>>> tool.check()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from minilora.data.kinds import Kind, optional
from minilora.data.phrase import PhraseError, parse

__all__ = ["Domain", "Param", "Tool", "opt", "optional", "req"]


@dataclass(frozen=True)
class Param:
    """One parameter of a tool: what it is called, what it holds, and what its text says."""

    name: str
    kind: Kind
    description: str
    required: bool = True


def req(name: str, kind: Kind, description: str) -> Param:
    """Return a parameter that every way of asking must state."""
    return Param(name, kind, description, required=True)


def opt(name: str, kind: Kind, description: str) -> Param:
    """Return a parameter that may go unsaid, and is then absent from the arguments."""
    return Param(name, kind, description, required=False)


@dataclass(frozen=True)
class Tool:
    """A function that a model may call, and how people ask for it.

    Attributes:
        phrasings: templates (see `minilora.data.phrase`) used for training.
        held_out: other templates for the same wish, used for validation and test alone.
    """

    name: str
    description: str
    params: tuple[Param, ...] = ()
    phrasings: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()

    def function_schema(self) -> dict[str, Any]:
        """Return the tool in OpenAI's form, its parameters as a JSON Schema object."""
        properties = {
            param.name: {**param.kind.schema, "description": param.description}
            for param in self.params
        }
        parameters: dict[str, Any] = {
            "type": "object",
            "properties": properties,
            "required": [param.name for param in self.params if param.required],
            "additionalProperties": False,
        }
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": parameters,
            },
        }

    def check(self) -> None:
        """Check every template against the parameters.

        Raises:
            PhraseError: a template that does not parse, names an unknown parameter or field, can
                leave a required one unsaid, or fixes a value that its schema refuses.
        """
        kinds = {param.name: param.kind for param in self.params}
        if len(kinds) != len(self.params):
            raise PhraseError(f"{self.name}: a parameter name is used twice")
        for template in self.phrasings + self.held_out:
            _check_template(self, kinds, template)


@dataclass(frozen=True)
class Domain:
    """Tools that belong together."""

    name: str
    title: str
    tools: tuple[Tool, ...]

    def check(self) -> None:
        """Check every tool, and that no two share a name.

        Raises:
            PhraseError: as `Tool.check`, or a tool name used twice.
        """
        names = [tool.name for tool in self.tools]
        if len(set(names)) != len(names):
            raise PhraseError(f"{self.name}: a tool name is used twice in {sorted(names)}")
        for tool in self.tools:
            tool.check()


def _check_template(tool: Tool, kinds: dict[str, Kind], template: str) -> None:
    where = f"{tool.name}: {template!r}"
    tree = parse(template)
    for slot in tree.slots():
        kind = _kind_at(kinds, slot.path, where)
        if slot.fixed:
            problem = next(Draft202012Validator(kind.schema).iter_errors(slot.value), None)
            if problem is not None:
                raise PhraseError(f"{where}: {slot.path}: {problem.message}")
    for bound in tree.bound_sets():
        for param in tool.params:
            _check_bound(param, bound, where)


def _kind_at(kinds: dict[str, Kind], path: str, where: str) -> Kind:
    name, _, field = path.partition(".")
    if name not in kinds:
        raise PhraseError(f"{where}: unknown parameter {name!r}")
    kind = kinds[name]
    if not field:
        return kind
    if field not in kind.fields:
        raise PhraseError(f"{where}: {name!r} has no field {field!r}")
    return kind.fields[field]


def _check_bound(param: Param, bound: frozenset[str], where: str) -> None:
    """Check that one expansion says all that is required of one parameter."""
    fields = {path.partition(".")[2] for path in bound if path.startswith(param.name + ".")}
    if param.name in bound:
        if fields:
            raise PhraseError(f"{where}: {param.name!r} is bound both whole and by field")
        return
    if not fields and param.required:
        raise PhraseError(f"{where}: required {param.name!r} can go unsaid")
    needed = {name for name, kind in param.kind.fields.items() if not kind.may_be_absent}
    if fields and not needed <= fields:
        raise PhraseError(f"{where}: {param.name} lacks {sorted(needed - fields)}")
