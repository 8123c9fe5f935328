"""What an ONNX file says of itself, read without loading it.

sherpa-onnx ends the whole process when a model lacks a key that it needs, so the keys are read first. The
file is a protobuf message (onnx.proto, `ModelProto`): fields with a number and a type, one after the other.
Only its list of keys and values is looked at; the graph and its weights, hundreds of megabytes, are skipped.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path

_GRAPH, _PROPERTIES = 7, 14
_KEY, _VALUE = 1, 2
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10

Buffer = mmap.mmap | bytes


def read_metadata(path: Path) -> dict[str, str]:
    """The keys and values that the exporter wrote into the model.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is no ONNX model, or breaks off.
    """
    with path.open("rb") as stream:
        if not stream.read(1):
            raise ValueError("the file is empty")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _metadata(data)


def _metadata(data: Buffer) -> dict[str, str]:
    found: dict[str, str] = {}
    has_graph = False
    for number, start, end in _fields(data, 0, len(data)):
        has_graph = has_graph or number == _GRAPH
        if number == _PROPERTIES:
            entry = {field: data[a:b].decode() for field, a, b in _fields(data, start, end)}
            found[entry.get(_KEY, "")] = entry.get(_VALUE, "")
    if not has_graph:
        raise ValueError("the file holds no ONNX graph")
    return found


def _fields(data: Buffer, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each field of a message."""
    while at < end:
        tag, at = _varint(data, at, end)
        kind = tag & 7
        if kind == _VARINT:
            start, after = at, _varint(data, at, end)[1]
        elif kind == _BYTES:
            length, start = _varint(data, at, end)
            after = start + length
        elif kind in (_FIXED64, _FIXED32):
            start, after = at, at + (8 if kind == _FIXED64 else 4)
        else:
            raise ValueError("the file is no ONNX model")
        if after > end:
            raise ValueError("the file breaks off")
        yield tag >> 3, start, after
        at = after


def _varint(data: Buffer, at: int, end: int) -> tuple[int, int]:
    """A number in groups of seven bits, the least significant first, and where it ends."""
    value = 0
    for step in range(_LONGEST_VARINT):
        if at + step >= end:
            raise ValueError("the file breaks off")
        byte = data[at + step]
        value |= (byte & 0x7F) << (7 * step)
        if not byte & 0x80:
            return value, at + step + 1
    raise ValueError("the file is no ONNX model")
