"""The vocabularies and the machine that the matcher is tested with."""

import random

import pytest

from minilora.chat import Tokenizer
from minilora.grammar.machine import CLOSED, DEAD, Machine, Reading, Stepping
from minilora.grammar.vocabulary import Vocabulary
from minilora.weights import fetch

STRING = (
    "text",
    "escape",
    "u4",
    "u3",
    "u2",
    "u1",
    "tail1",
    "tail2",
    "tail3",
    "e0",
    "ed",
    "f0",
    "f4",
)
LITERALS = (b"true", b"false", b"null")
DIGITS = frozenset(b"0123456789")


def string_step(mode: str, byte: int) -> str | None:
    """Return the mode after a byte inside a string, "" where it closes, None where it may not."""
    if mode == "text":
        return text_step(byte)
    if mode == "escape":
        return "u4" if byte == ord("u") else "text" if byte in b'"\\/bfnrt' else None
    if mode[0] == "u":
        rest = "text" if mode == "u1" else f"u{int(mode[1]) - 1}"
        return rest if byte in b"0123456789abcdefABCDEF" else None
    first, last = {
        "e0": (0xA0, 0xBF),
        "ed": (0x80, 0x9F),
        "f0": (0x90, 0xBF),
        "f4": (0x80, 0x8F),
    }.get(mode, (0x80, 0xBF))
    after = {"tail1": "text", "tail2": "tail1", "tail3": "tail2", "e0": "tail1", "ed": "tail1"}
    return after.get(mode, "tail2") if first <= byte <= last else None


def text_step(byte: int) -> str | None:
    if byte == ord('"'):
        return ""
    if byte < 0x80:
        return None if byte < 0x20 else "escape" if byte == ord("\\") else "text"
    special = {0xE0: "e0", 0xED: "ed", 0xF0: "f0", 0xF4: "f4"}
    if byte in special:
        return special[byte]
    for first, last, mode in ((0xC2, 0xDF, "tail1"), (0xE1, 0xEF, "tail2"), (0xF1, 0xF3, "tail3")):
        if first <= byte <= last:
            return mode
    return None


class Strings:
    """The modes of STRING as lexemes."""

    closes = True

    def row(self, state: int) -> list[int]:
        row = [DEAD] * 256
        for byte in range(256):
            after = string_step(STRING[state], byte)
            if after is not None:
                row[byte] = STRING.index(after) if after else CLOSED
        return row

    def step(self, state: int, byte: int) -> int:
        return self.row(state)[byte]

    def can_end(self, state: int) -> bool:
        return False

    def shortest(self, state: int) -> bytes:
        return INSIDE[STRING[state]]

    def shape(self, state: int) -> None:
        return None

    def is_quick(self, state: int) -> bool:
        return False

    def loose(self, state: int) -> None:
        return None

    def any_text(self) -> int:
        return 0


INSIDE = {
    "text": b'"',
    "escape": b'n"',
    "e0": b'\xa0\x80"',
    "ed": b'\x80\x80"',
    "f0": b'\x90\x80\x80"',
    "f4": b'\x80\x80\x80"',
    **{f"u{n}": b"0" * n + b'"' for n in range(1, 5)},
    **{f"tail{n}": b"\x80" * n + b'"' for n in range(1, 4)},
}


class Jsonish(Machine):
    """Strings, integers, true, false, null, arrays; ``{"kind":`` value ``}`` for an object.

    A state is the number of an interned (stack, mode): the stack says what waits outside, the mode
    where in a value the next byte stands.

    Args:
        has_parts: whether states have parts: strings, and all other bytes stepped.
        value: what `shortest` takes for a value: more than one byte breaks its promise.
    """

    def __init__(self, has_parts: bool = True, value: bytes = b"0") -> None:
        self.has_parts, self.value = has_parts, value
        self.strings = Strings()
        self.numbers: dict[tuple[str, object], int] = {}
        self.meanings: list[tuple[str, object]] = []
        self.start = self.number("", "value")

    def number(self, stack: str, mode: object) -> int:
        key = (stack, mode)
        if key not in self.numbers:
            self.numbers[key] = len(self.meanings)
            self.meanings.append(key)
        return self.numbers[key]

    def step(self, state: int, byte: int) -> int:
        stack, mode = self.meanings[state]
        after = self.after(stack, mode, byte)
        return DEAD if after is None else self.number(*after)

    def after(self, stack: str, mode: object, byte: int) -> tuple[str, object] | None:
        if isinstance(mode, bytes):  # what is left of a literal
            if byte != mode[0]:
                return None
            if len(mode) > 1:
                return stack, mode[1:]
            return (stack, "value") if mode == b":" else (stack, "done")
        if mode in STRING:
            inside = string_step(str(mode), byte)
            return None if inside is None else (stack, inside or "done")
        if mode in ("value", "first"):
            if mode == "first" and byte == ord("]"):
                return stack[:-1], "done"
            return self.begin(stack, byte)
        if mode == "minus":
            return (stack, "zero" if byte == ord("0") else "digits") if byte in DIGITS else None
        if mode == "digits" and byte in DIGITS:
            return stack, "digits"
        if mode in ("done", "zero", "digits") and stack:
            if byte == ord(stack[-1]):
                return stack[:-1], "done"
            if byte == ord(",") and stack[-1] == "]":
                return stack, "value"
            return None
        return None

    def begin(self, stack: str, byte: int) -> tuple[str, object] | None:
        if byte == ord(" "):
            return None if stack == "" else (stack, "value")
        for literal in LITERALS:
            if byte == literal[0]:
                return stack, literal[1:]
        if byte in DIGITS:
            return stack, "zero" if byte == ord("0") else "digits"
        simple = {ord('"'): "text", ord("-"): "minus"}
        if byte in simple:
            return stack, simple[byte]
        if byte == ord("["):
            return stack + "]", "first"
        return (stack + "}", b'"kind":') if byte == ord("{") else None

    def can_end(self, state: int) -> bool:
        stack, mode = self.meanings[state]
        return stack == "" and mode in ("done", "zero", "digits")

    def shortest(self, state: int) -> bytes:
        stack, mode = self.meanings[state]
        close = stack[::-1].encode()
        if isinstance(mode, bytes):
            return mode + (b"0" if mode.endswith(b":") else b"") + close
        other = {"value": self.value, "minus": b"0"}
        return INSIDE.get(str(mode), other.get(str(mode), b"")) + close

    def parts(self, state: int) -> tuple[Reading | Stepping, ...] | None:
        stack, mode = self.meanings[state]
        if not self.has_parts:
            return None
        if mode in STRING:
            tail = self.number(stack, "done")
            return (Reading(self.strings, STRING.index(str(mode)), tail),)
        return (Stepping(state, bytes(range(256))),)

    def resume(self, tail: int, content: bytes | None) -> int:
        return tail


@pytest.fixture(scope="session")
def jsonish() -> type[Jsonish]:
    return Jsonish


@pytest.fixture(scope="session")
def smollm2_tokenizer() -> Tokenizer:
    return Tokenizer.from_path(fetch("smollm2-135m") / "SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.fixture(scope="session")
def smollm2(smollm2_tokenizer) -> Vocabulary:
    return Vocabulary.from_tokenizer(smollm2_tokenizer)


@pytest.fixture(scope="session")
def toy() -> Vocabulary:
    """Every byte, JSON's pieces, random strings, control tokens, and bytes that two ids share."""
    rng = random.Random(0)
    pieces = [
        b'"',
        b'",',
        b'"]',
        b'",["',
        b"true",
        b"tr",
        b"ue",
        b"null]",
        b"[",
        b"]]",
        b"[[",
        b"12",
    ]
    pieces += [b"-0", b"0]", b', "', b'{"kind":', b'"kind', b'":', b"\\u00", b"\\", b'\\"', b"\\n"]
    pieces += [
        "é".encode(),
        "日本".encode(),
        "👩".encode()[:3],
        "👩".encode()[1:],
        b" ",
        b"   ",
        b"]}",
    ]
    alphabet = b'ab01 "\\,[]{}u\xc3\xa9\xe6'
    pieces += [bytes(rng.choices(alphabet, k=rng.randint(2, 6))) for _ in range(200)]
    pieces += [b"x" * 40, b'y" , ' + b"x" * 30, b'"' + b"z" * 25 + b'"]']
    tokens = [
        None,
        *[bytes([byte]) for byte in range(256)],
        *pieces,
        b'"',
        b"a",
        None,
        b"",
        b"</s>",
    ]
    return Vocabulary(tokens, eos_ids=[len(tokens) - 1, 0])
