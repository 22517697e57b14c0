"""The tokenizer of a chat model: text to token ids and back, and conversations to prompts.

Two rules keep prompts honest. :meth:`Tokenizer.encode` never adds a begin-of-text token, and
never reads ``<|im_end|>`` in a text as the control token: what people type is bytes.
:meth:`Tokenizer.encode_chat` renders the model's chat template and parses the control tokens that
the *template* wrote, while the same characters inside a message or a tool description stay
ordinary text, so nobody can end their own turn and speak as the system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from minilora.checkpoint import WeightsError, read_json
from minilora.gguf_file import GGUFFile
from minilora.gguf_tokenizer import gguf_tokenizer
from minilora.template import ChatTemplate, Message, plain_data

# Tokens that end a turn or a text in the families we run, for files that name only one of theirs.
_END_TOKENS = ("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "</s>")
_NONCHARACTERS = [chr(code) for code in range(0xFDD0, 0xFDF0)]  # Unicode: never in exchanged text


@dataclass(frozen=True)
class ChatFormat:
    """What surrounds the vocabulary: named special tokens and the chat template.

    Attributes:
        special: "bos_token", "eos_token", ... -> text, as templates name them; absent ones left
            out.
        templates: name -> Jinja source; "default", and "tool_use" where a model has one of its own.
        end_ids: ids that the model's own files call end of text, most specific first.
    """

    special: Mapping[str, str]
    templates: Mapping[str, str]
    end_ids: tuple[int, ...]


class Tokenizer:
    """A vocabulary with its chat template.

    Attributes:
        vocab_size: ids run from 0 to vocab_size - 1.
        bos_id: begin-of-text id, or None.
        eos_ids: ids at which a reply is over; the first is the one that closes an assistant's turn.
        special_ids: ids of control tokens, which :meth:`decode` leaves out.
        chat_template: the default template's source, or None.
    """

    def __init__(self, backend: tokenizers.Tokenizer, chat: ChatFormat) -> None:
        self.backend = backend
        self._chat = chat
        self._plain = _without_added_tokens(backend)
        added = backend.get_added_tokens_decoder()
        self.special_ids = frozenset(i for i, token in added.items() if token.special)
        self._added = {token.content: i for i, token in added.items()}
        self.vocab_size = 1 + max(backend.get_vocab(with_added_tokens=True).values())
        self.bos_id = self._id(chat.special.get("bos_token"))
        self.pad_id = self._id(chat.special.get("pad_token"))
        self.chat_template = chat.templates.get("default")
        self._compiled = {name: ChatTemplate(text) for name, text in chat.templates.items()}
        self.eos_ids = self._end_ids()

    @classmethod
    def from_path(cls, path: Path) -> Tokenizer:
        """Return the tokenizer of a model folder or of a GGUF file.

        Raises:
            WeightsError: no tokenizer there, a damaged one, or one of an unsupported kind.
        """
        try:
            return _from_folder(path) if path.is_dir() else _from_gguf(path)
        except WeightsError:
            raise
        except (ValueError, LookupError, TypeError) as error:
            raise WeightsError(f"the tokenizer in {path} is damaged: {error}") from error

    def encode(self, text: str, special: bool = False) -> list[int]:
        """Return the token ids of a text, without begin- or end-of-text tokens.

        Args:
            text: any text.
            special: read control tokens such as ``<|im_end|>`` in it as such. Only for text that no
                user has had a hand in.
        """
        return (self.backend if special else self._plain).encode(text, add_special_tokens=False).ids

    def decode(self, ids: Sequence[int], special: bool = False) -> str:
        """Return the text of token ids; control tokens are shown only if ``special``.

        Bytes that are not whole UTF-8 characters become U+FFFD.
        """
        return str(self.backend.decode(list(ids), skip_special_tokens=not special))

    def render(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        variables: Mapping[str, Any] | None = None,
    ) -> str:
        """Return a conversation as the model's template writes it.

        Args:
            messages: ``{"role": ..., "content": ...}`` and what else the template reads.
            tools: function definitions in OpenAI's form, or None.
            add_generation_prompt: end with the opening of the assistant's turn.
            variables: further names for the template, such as ``enable_thinking``.

        Raises:
            ValueError: the model has no template, or its template refuses the conversation.
        """
        name = "tool_use" if tools is not None and "tool_use" in self._compiled else "default"
        if name not in self._compiled:
            raise ValueError("this model's files hold no chat template")
        names = {**self._chat.special, **(variables or {})}
        return self._compiled[name].render(messages, tools, add_generation_prompt, names)

    def encode_chat(
        self,
        messages: Sequence[Message],
        tools: Sequence[Mapping[str, Any]] | None = None,
        add_generation_prompt: bool = True,
        variables: Mapping[str, Any] | None = None,
    ) -> list[int]:
        """Return the token ids of a rendered conversation; arguments as :meth:`render`.

        Control tokens written by the template become control tokens. The same characters inside
        ``messages`` or ``tools`` are fenced by two characters that occur nowhere in them before the
        template runs, found again in its output, and encoded as text. Where nobody typed any, the
        result is exactly the ids of the rendered text.
        """
        inputs = [plain_data(list(messages)), plain_data(None if tools is None else list(tools))]
        text = "\0".join(_strings(inputs))
        if not any(token in text for token in self._added):
            return self.encode(
                self.render(messages, tools, add_generation_prompt, variables), special=True
            )
        left, right = [c for c in _NONCHARACTERS if c not in text][:2]
        fence = re.compile("|".join(map(re.escape, sorted(self._added, key=len, reverse=True))))
        fenced = [_map_strings(x, lambda s: fence.sub(rf"{left}\g<0>{right}", s)) for x in inputs]
        rendered = self.render(fenced[0], fenced[1], add_generation_prompt, variables)
        return self._encode_fenced(rendered, left, right)

    def _encode_fenced(self, rendered: str, left: str, right: str) -> list[int]:
        """Encode a rendering: control tokens are parsed outside the fences, and text inside."""
        for mark in (left, right):  # a template may have asked json.dumps for pure ASCII
            rendered = rendered.replace(f"\\u{ord(mark):04x}", mark)
        longest_first = sorted(self._added, key=len, reverse=True)
        control = re.compile(
            f"{left}[^{right}]*{right}|({'|'.join(map(re.escape, longest_first))})"
        )
        ids: list[int] = []
        start = 0
        for match in control.finditer(rendered):
            if match[1] is not None:
                ids += self._encode_text(rendered[start : match.start()], left, right)
                ids.append(self._added[match[1]])
                start = match.end()
        return ids + self._encode_text(rendered[start:], left, right)

    def _encode_text(self, text: str, left: str, right: str) -> list[int]:
        return self.encode(text.replace(left, "").replace(right, ""))

    def token_bytes(self, token_id: int) -> bytes:
        """Return the bytes that a token adds to a text; b"" for control tokens and unused ids."""
        return self.vocabulary_bytes[token_id]

    @cached_property
    def vocabulary_bytes(self) -> list[bytes]:
        """The bytes of every token id, as :meth:`token_bytes`; made once, in 0.1 s."""
        table = [b""] * self.vocab_size
        byte_level = "ByteLevel" in str(self.backend.decoder)
        for token, i in self.backend.get_vocab(with_added_tokens=True).items():
            if i in self.special_ids:
                continue
            if token in self._added:
                table[i] = token.encode()
            else:
                table[i] = _byte_level_bytes(token) if byte_level else _piece_bytes(token)
        return table

    def _id(self, token: str | None) -> int | None:
        return None if token is None else self.backend.token_to_id(token)

    def _end_ids(self) -> tuple[int, ...]:
        """Return the turn's end, as the template itself writes it, then every other end token."""
        named = [self._id(token) for token in _END_TOKENS if token in self._added]
        found = [*self._turn_end(), *self._chat.end_ids, *named]
        return tuple(dict.fromkeys(i for i in found if i is not None))

    def _turn_end(self) -> list[int]:
        """Return the control token that follows an assistant's reply in the rendered template."""
        reply = "the reply"
        turns = [{"role": "user", "content": "x"}, {"role": "assistant", "content": reply}]
        try:
            ids = self.encode(self.render(turns, add_generation_prompt=False), special=True)
        except ValueError:
            return []
        after = self.decode(ids, special=True).rpartition(reply)[2]
        return [i for i in self.encode(after, special=True) if i in self.special_ids][:1]


def _strings(value: Any) -> Iterator[str]:
    """Yield every string inside a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)


def _map_strings(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value with every string in it changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {_map_strings(k, change): _map_strings(v, change) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_map_strings(item, change) for item in value]
    return value


def _without_added_tokens(backend: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """Return a tokenizer that shares the vocabulary but reads ``<|im_end|>`` as ten characters."""
    plain = tokenizers.Tokenizer(backend.model)
    if backend.normalizer is not None:
        plain.normalizer = backend.normalizer
    if backend.pre_tokenizer is not None:
        plain.pre_tokenizer = backend.pre_tokenizer
    return plain


def _byte_alphabet() -> dict[str, int]:
    """Return GPT-2's spelling of bytes, inverted: Latin-1 where printable, the rest from U+0100.

    >>> _byte_alphabet()["A"], _byte_alphabet()["\u0120"]
    (65, 32)
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    spelled = {chr(byte): byte for byte in printable}
    return spelled | {chr(0x100 + i): byte for i, byte in enumerate(others)}


_BYTE = _byte_alphabet()


def _byte_level_bytes(token: str) -> bytes:
    """Return the bytes of a token, or none where it is outside the alphabet: a padding entry."""
    if not all(character in _BYTE for character in token):
        return b""
    return bytes(_BYTE[character] for character in token)


def _piece_bytes(token: str) -> bytes:
    """Return the bytes of a SentencePiece token: ``<0x0A>`` is one byte, U+2581 a space."""
    if re.fullmatch(r"<0x[0-9A-F]{2}>", token):
        return bytes([int(token[3:5], 16)])
    return token.replace("\u2581", " ").encode()


def _from_gguf(path: Path) -> Tokenizer:
    metadata = GGUFFile(path).metadata
    tokens = metadata.get("tokenizer.ggml.tokens", [])
    ids = {
        name: metadata.get(f"tokenizer.ggml.{key}_token_id") for name, key in _GGUF_SPECIAL.items()
    }
    special = {name: tokens[i] for name, i in ids.items() if i is not None}
    templates = {}
    if "tokenizer.chat_template" in metadata:
        templates["default"] = metadata["tokenizer.chat_template"]
    ends = [metadata.get(f"tokenizer.ggml.{key}_token_id") for key in ("eot", "eos", "eom")]
    chat = ChatFormat(special, templates, tuple(i for i in ends if i is not None))
    return Tokenizer(gguf_tokenizer(metadata), chat)


_GGUF_SPECIAL = {
    "bos_token": "bos",
    "eos_token": "eos",
    "unk_token": "unknown",
    "pad_token": "padding",
}


def _from_folder(folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise WeightsError(f"{folder} has no tokenizer.json (a tokenizer.model alone is not read)")
    backend = tokenizer_from_file(path)
    config = _optional_json(folder / "tokenizer_config.json")
    special = {
        name: text
        for name in ("bos_token", "eos_token", "unk_token", "pad_token")
        if (text := _token_text(config.get(name))) is not None
    }
    generation = _optional_json(folder / "generation_config.json").get("eos_token_id")
    ends = [backend.token_to_id(special["eos_token"])] if "eos_token" in special else []
    ends += generation if isinstance(generation, list) else [generation]
    chat = ChatFormat(special, _templates(folder, config), tuple(i for i in ends if i is not None))
    return Tokenizer(backend, chat)


def tokenizer_from_file(path: Path) -> tokenizers.Tokenizer:
    """Return the tokenizer that a ``tokenizer.json`` describes.

    Raises:
        WeightsError: the file is damaged.
    """
    try:
        return tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # the tokenizers library raises nothing narrower
        raise WeightsError(f"{path} is not a valid tokenizer: {error}") from error


def _optional_json(path: Path) -> dict[str, Any]:
    return read_json(path) if path.is_file() else {}


def _token_text(value: Any) -> str | None:
    """Return the text of a special token, stored as a string or as {"content": text}."""
    return value.get("content") if isinstance(value, dict) else value


def _templates(folder: Path, config: Mapping[str, Any]) -> dict[str, str]:
    """Return the chat templates by name; a file of its own wins over the configuration."""
    if (path := folder / "chat_template.jinja").is_file():
        return {"default": path.read_text(encoding="utf-8")}
    if (path := folder / "chat_template.json").is_file():
        return {"default": read_json(path)["chat_template"]}
    stored = config.get("chat_template")
    if isinstance(stored, list):
        return {entry["name"]: entry["template"] for entry in stored}
    return {} if stored is None else {"default": stored}
