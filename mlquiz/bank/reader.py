"""YAML to plain values that know their line; the only door to yaml.

It walks parser events, so hostile files are refused before anything is built: too large, too deep, anchors, aliases,
tags, several documents. Plain values that YAML 1.1 reads in a surprising way are refused with advice, never guessed.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mlquiz.core.answer import forbidden
from mlquiz.errors import Problem

LARGEST = 2_000_000
DEEPEST = 20
Value = Any
"""dict, list, str, int, float, bool or None"""
Path_ = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {"yes", "no", "on", "off"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_PYYAML: Any = yaml.SafeLoader("")


class Document(NamedTuple):
    """A file's value, the line of every path in it, and what is wrong with it (the value is then None)."""

    value: Value
    lines: dict[Path_, int]
    problems: list[Problem]

    def line(self, path: Path_) -> int:
        """The line of the nearest part of the path that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Refused(Exception):
    def __init__(self, line: int, path: Path_, message: str) -> None:
        super().__init__(message)
        self.line, self.path, self.message = line, path, message


def dotted(path: Path_) -> str:
    """`$.questions[2].options[0].why`"""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def read(path: Path, name: str) -> Document:
    """The file as a Document; whatever is wrong with it is a Problem under `name`, never an exception."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        return Document(None, {}, [Problem(name, 0, "$", f"cannot be read: {error.strerror}")])
    return parse(data, name)


def parse(data: bytes, name: str) -> Document:
    """The same for bytes."""
    lines: dict[Path_, int] = {}
    try:
        return Document(_Reading(_text(data), lines).document(), lines, [])
    except _Refused as refused:
        return Document(None, lines, [Problem(name, refused.line, dotted(refused.path), refused.message)])


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _Refused(1, (), f"is over {LARGEST // 1_000_000} MB; split it by subtopic")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _Refused(1, (), "is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _Refused(line, (), "is not UTF-8 (perhaps Latin-1); save it as UTF-8") from None
    for number, content in enumerate(text.split("\n"), start=1):
        indent = content[: len(content) - len(content.lstrip())]
        if "\t" in indent and content.strip() and not content.lstrip().startswith("#") and indent.startswith("\t"):
            raise _Refused(number, (), "is indented with a tab; YAML wants spaces")
        for character in content.rstrip("\r"):
            if forbidden(character):
                raise _Refused(number, (), f"holds the control character U+{ord(character):04X}; take it out")
    return text


class _Reading:
    """One walk over the events of one document."""

    def __init__(self, text: str, lines: dict[Path_, int]) -> None:
        self.lines = lines
        self.loader = _Loader(text)
        self.depth = 0

    def document(self) -> Value:
        try:
            self._next(yaml.StreamStartEvent)
            if self.loader.check_event(yaml.StreamEndEvent):
                raise _Refused(1, (), "is empty")
            self._next(yaml.DocumentStartEvent)
            value = self._value((), self.loader.get_event())
            self._next(yaml.DocumentEndEvent)
            if not self.loader.check_event(yaml.StreamEndEvent):
                raise _Refused(self.loader.peek_event().start_mark.line + 1, (), "holds a second document after `---`")
            return value
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = " ".join(filter(None, [error.context, error.problem]))
            raise _Refused(mark.line + 1 if mark else 1, (), f"is not YAML: {said}") from None
        except yaml.YAMLError as error:
            raise _Refused(1, (), f"is not YAML: {str(error).splitlines()[0]}") from None
        finally:
            self.loader.dispose()

    def _next(self, wanted: type[yaml.Event]) -> None:
        event = self.loader.get_event()
        if not isinstance(event, wanted):
            raise _Refused(event.start_mark.line + 1, (), "is not one YAML document")

    def _value(self, path: Path_, event: Any) -> Value:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Refused(line, path, "uses an anchor or alias (& or *); write the value out, or quote the text")
        if event.tag is not None:
            raise _Refused(line, path, f"uses the tag {event.tag}; tags are not allowed here, quote the text")
        self.lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(path, event, line)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused(line, path[:4], f"is nested deeper than {DEEPEST}")
        value = self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)
        self.depth -= 1
        return value

    def _sequence(self, path: Path_) -> list[Value]:
        out: list[Value] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            out.append(self._value((*path, len(out)), event))
        return out

    def _mapping(self, path: Path_) -> dict[str, Value]:
        out: dict[str, Value] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused(line, path, "has a key that is not a word")
            key = self._value((*path, event.value), event)
            if not isinstance(key, str):
                raise _Refused(
                    line,
                    path,
                    f'has the key {event.value}, which YAML reads as {_called(key)}; quote it: "{event.value}"',
                )
            if key in out:
                raise _Refused(line, (*path, key), "stands here a second time; the first would be lost")
            self.lines[(*path, key)] = line
            out[key] = self._value((*path, key), self.loader.get_event())
        return out

    def _scalar(self, path: Path_, event: Any, line: int) -> Value:
        text: str = event.value
        for character in text:
            if forbidden(character):
                raise _Refused(line, path, f"holds the control character U+{ord(character):04X}; take it out")
        return text if not event.implicit[0] else _plain(text, line, path)


def _plain(text: str, line: int, path: Path_) -> Value:
    """An unquoted value. What YAML 1.1 and a person would read differently is refused."""
    if text in _NULL:
        return None
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if text.casefold() in _WORDS:
        meant = "true" if text.casefold() in ("yes", "on") else "false"
        raise _Refused(
            line,
            path,
            f'is {text}, which YAML 1.1 reads as {meant}; write "{text}" for the word, {meant} for the value',
        )
    if text in ("<<", "="):
        raise _Refused(line, path, f"uses {text}, which YAML 1.1 reserves; quote it")
    if _INT.fullmatch(text):
        if len(text) > 18:
            raise _Refused(line, path, "is a whole number too large to store; quote it or write it as 1.0e+20")
        return int(text)
    read_as = _PYYAML.resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
    if _FLOAT.fullmatch(text):
        if read_as != "float":
            better = text.lstrip("0") if text.isdigit() else _as_float(text)
            raise _Refused(
                line,
                path,
                f'is text in YAML 1.1, though it looks like a number; write {better}, or "{text}" for the text',
            )
        return float(text)
    if read_as != "str":
        raise _Refused(
            line, path, f'is {text}, which YAML 1.1 reads as {_NAMES.get(read_as, read_as)}; quote it: "{text}"'
        )
    return text


_NAMES = {"int": "a whole number of its own notation", "float": "a number of its own notation", "timestamp": "a date"}


def _as_float(text: str) -> str:
    """`1e-9` as YAML 1.1 takes it for a number: a point in the mantissa, a sign in the exponent."""
    mantissa, _, exponent = text.lower().partition("e")
    mantissa = mantissa if "." in mantissa else mantissa + ".0"
    return f"{mantissa}e{exponent if exponent[:1] in ('-', '+') else '+' + exponent}" if exponent else mantissa


def _called(value: object) -> str:
    return {bool: "true or false", int: "a number", float: "a number", type(None): "nothing"}[type(value)]
