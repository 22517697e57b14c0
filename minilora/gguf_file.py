"""The GGUF file format: metadata, tensor table, and quantised blocks unpacked to float32.

This module knows bytes, not models: what the names mean is :mod:`minilora.gguf_model`'s business.
The header is parsed here because a vocabulary of 49,152 strings then takes 0.1 s instead of the 3
s of the ``gguf`` package's reader; its ``quants`` module unpacks the block formats that are not
written out below.

Layout (little-endian): magic ``GGUF``, version u32, tensor count u64, metadata count u64, the
metadata as (key, type, value), the tensor table as (name, rank, sizes innermost first, type,
offset), padding to ``general.alignment``, the data.

Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md

>>> blocks = torch.zeros(1, 20, dtype=torch.uint8)        # Q4_1: d, m as float16, then 16 bytes
>>> blocks[0, :4] = torch.tensor([0.5, -1.0], dtype=torch.float16).view(torch.uint8)
>>> blocks[0, 4] = 0x31                                   # element 0: code 1; element 16: code 3
>>> unpack_q4_1(blocks)[0, [0, 1, 16]].tolist()
[-0.5, -1.0, 0.5]
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from minilora.checkpoint import WeightsError

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9


@dataclass(frozen=True)
class GGUFTensor:
    """Where a tensor lies: its GGUF type, shape (outermost first) and bytes within the file."""

    name: str
    kind: int
    shape: tuple[int, ...]
    offset: int
    n_bytes: int


class GGUFFile:
    """An open GGUF file.

    The file is mapped, not read: memory holds what has been touched.

    Attributes:
        metadata: key -> number, bool, str or list.
        tensors: name -> GGUFTensor.
    """

    def __init__(self, path: Path) -> None:
        """Parse the header.

        Raises:
            WeightsError: no GGUF file, another version or byte order, or shorter than its table
                says.
        """
        self.path = path
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise WeightsError(f"{path} is not a GGUF file: it does not begin with 'GGUF'")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        try:
            self._parse()
        except (struct.error, UnicodeDecodeError, KeyError) as error:
            raise WeightsError(f"{path} has a broken GGUF header: {error}") from error
        needed = max((t.offset + t.n_bytes for t in self.tensors.values()), default=0)
        if needed > len(self._map):
            raise WeightsError(
                f"{path} is half-written: its tensors need {needed} bytes, it has {len(self._map)}"
            )

    def _parse(self) -> None:
        cursor = _Cursor(self._map)
        version, n_tensors, n_metadata = cursor.take("I"), cursor.take("Q"), cursor.take("Q")
        if version not in (2, 3):
            raise WeightsError(f"{self.path} is GGUF version {version}; 2 and 3 are understood")
        self.metadata: dict[str, Any] = {}
        for _ in range(n_metadata):
            key = cursor.string()
            self.metadata[key] = cursor.value(cursor.take("I"))
        table = [_table_row(cursor) for _ in range(n_tensors)]
        alignment = int(self.metadata.get("general.alignment", 32))
        data = -(-cursor.position // alignment) * alignment
        self.tensors = {
            name: GGUFTensor(name, kind, shape, data + offset, _n_bytes(name, kind, shape))
            for name, shape, kind, offset in table
        }

    def read(self, name: str) -> Tensor:
        """Return tensor ``name`` unpacked to float32, in its (outermost first) shape."""
        tensor = self.tensors[name]
        raw = torch.frombuffer(
            self._map, dtype=torch.uint8, count=tensor.n_bytes, offset=tensor.offset
        )
        _, block_bytes = _block(tensor.kind)
        unpack = _UNPACK.get(tensor.kind, _unpack_with_gguf(tensor.kind))
        return unpack(raw.view(-1, block_bytes)).reshape(tensor.shape)


class _Cursor:
    """A place in the header that moves on as values are taken."""

    def __init__(self, buffer: mmap.mmap) -> None:
        self.buffer, self.position = buffer, 4

    def take(self, code: str) -> Any:
        (value,) = struct.unpack_from(f"<{code}", self.buffer, self.position)
        self.position += struct.calcsize(f"<{code}")
        return value

    def string(self) -> str:
        (length,) = struct.unpack_from("<Q", self.buffer, self.position)
        start = self.position + 8
        self.position = start + length
        if self.position > len(self.buffer):
            raise struct.error(f"a string of {length} bytes runs past the end")
        return self.buffer[start : self.position].decode()

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.take(_SCALARS[kind])
        kind, count = self.take("I"), self.take("Q")
        if count > len(self.buffer):
            raise struct.error(f"an array of {count} elements runs past the end")
        if kind in (_STRING, _ARRAY):
            return [self.value(kind) for _ in range(count)]
        code = f"<{count}{_SCALARS[kind]}"
        values = list(struct.unpack_from(code, self.buffer, self.position))
        self.position += struct.calcsize(code)
        return values


def _table_row(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name = cursor.string()
    sizes = [cursor.take("Q") for _ in range(cursor.take("I"))]
    return name, tuple(reversed(sizes)), cursor.take("I"), cursor.take("Q")


def _n_bytes(name: str, kind: int, shape: tuple[int, ...]) -> int:
    elements, block_bytes = _block(kind)
    total = int(np.prod(shape, dtype=np.int64))
    if shape and shape[-1] % elements:
        raise WeightsError(f"tensor {name} has rows of {shape[-1]}, not a multiple of {elements}")
    return total // elements * block_bytes


def _block(kind: int) -> tuple[int, int]:
    """Return (elements, bytes) of one block of a GGUF type."""
    if kind in _BLOCKS:
        return _BLOCKS[kind]
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType  # 0.25 s: only where it is needed

    try:
        elements, block_bytes = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    except (ValueError, KeyError) as error:
        raise WeightsError(f"GGUF tensor type {kind} is unknown") from error
    return elements, block_bytes


def unpack_q4_0(blocks: Tensor) -> Tensor:
    """Return (n, 32) float32 from (n, 18) uint8: d * (code - 8), d float16, low nibbles first."""
    return (_nibbles(blocks[:, 2:]) - 8.0).mul_(_half(blocks, 0))


def unpack_q4_1(blocks: Tensor) -> Tensor:
    """Return (n, 32) float32 from (n, 20) uint8: d * code + m, d and m float16, as Q4_0."""
    return _nibbles(blocks[:, 4:]).mul_(_half(blocks, 0)).add_(_half(blocks, 2))


def unpack_q8_0(blocks: Tensor) -> Tensor:
    """Return (n, 32) float32 from (n, 34) uint8: d * code, d float16, code int8."""
    return blocks[:, 2:].view(torch.int8).float().mul_(_half(blocks, 0))


def _half(blocks: Tensor, start: int) -> Tensor:
    """Return the float16 at byte ``start`` of each block, (n, 1) float32."""
    return blocks[:, start : start + 2].contiguous().view(torch.float16).float()


def _nibbles(packed: Tensor) -> Tensor:
    """Return (n, 32) float32 codes 0..15 of (n, 16) bytes: low nibbles are elements 0..15."""
    codes = torch.empty(len(packed), 32)
    codes[:, :16] = packed & 15
    codes[:, 16:] = packed >> 4
    return codes


def _unpack_with_gguf(kind: int) -> Callable[[Tensor], Tensor]:
    def unpack(blocks: Tensor) -> Tensor:
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize

        try:
            values = dequantize(blocks.numpy(), GGMLQuantizationType(kind))
        except NotImplementedError as error:
            raise WeightsError(f"GGUF tensor type {kind} cannot be unpacked") from error
        return torch.from_numpy(values)

    return unpack


# Type id -> (elements, bytes) of a block, and how it unpacks; others: ``gguf.quants``.
_F32, _F16, _Q4_0, _Q4_1, _Q8_0, _BF16 = 0, 1, 2, 3, 8, 30
_BLOCKS = {
    _F32: (1, 4),
    _F16: (1, 2),
    _Q4_0: (32, 18),
    _Q4_1: (32, 20),
    _Q8_0: (32, 34),
    _BF16: (1, 2),
}
_UNPACK: dict[int, Callable[[Tensor], Tensor]] = {
    _F32: lambda raw: raw.view(torch.float32).clone(),
    _F16: lambda raw: raw.view(torch.float16).float(),
    _BF16: lambda raw: raw.view(torch.bfloat16).float(),
    _Q4_0: unpack_q4_0,
    _Q4_1: unpack_q4_1,
    _Q8_0: unpack_q8_0,
}
