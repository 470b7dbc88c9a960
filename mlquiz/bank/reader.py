"""YAML to plain values that know their line; the only door to yaml.

It walks parser events, so hostile files are refused before anything is built: too large, too deep, anchors, aliases,
tags, several documents. What an unquoted value means is `scalars`' to say.
"""

import json
import re
import stat
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from mlquiz.bank.scalars import plain
from mlquiz.core.text import forbidden, tidy
from mlquiz.errors import Problem

LARGEST = 2_000_000
DEEPEST = 20
LONGEST = 300
"""Characters of a message: a hostile value is not told in full."""
PROSE = {"text", "why", "misconception", "value"}
"""Fields whose one word may be all that a comment left of a sentence."""
Value = Any
"""dict, list, str, int, float, bool or None"""
Path_ = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PYYAML: Any = yaml.SafeLoader("")
_BREAKS = "\u2028\u2029\ufeff\ufffe\uffff"
"""Lines that only YAML sees as such, a byte order mark in the middle, no characters at all."""


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
    """`$.questions[2].options[0].why`; a key that is no word is quoted: `$.steps["a b"]`."""
    return "$" + "".join(map(_step, path))


def _step(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    part = part if len(part) <= 60 else f"{part[:60]}…"
    return f".{part}" if re.fullmatch(r"[\w-]+", part) else f"[{json.dumps(part)}]"


def told(message: str) -> str:
    """The message on one line, without control characters, of bounded length."""
    message = " ".join(tidy(message).split())
    return message if len(message) <= LONGEST else f"{message[:LONGEST]}…"


def contents(path: Path) -> bytes:
    """The bytes of a file, of a very large one the beginning. Raises OSError; nothing but a file is opened."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is no file")
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def read(path: Path, name: str) -> Document:
    """The file as a Document; whatever is wrong with it is a Problem under `name`, never an exception."""
    try:
        return parse(contents(path), name)
    except OSError as error:
        return Document(None, {}, [unreadable(name, error)])


def unreadable(name: str, error: OSError) -> Problem:
    return Problem(name, 0, "$", f"cannot be read: {error.strerror}")


def parse(data: bytes, name: str) -> Document:
    """The same for bytes."""
    lines: dict[Path_, int] = {}
    try:
        return Document(_Reading(_text(data), lines).document(), lines, [])
    except _Refused as refused:
        return Document(None, lines, [Problem(name, refused.line, dotted(refused.path), told(refused.message))])


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise _Refused(1, (), f"is over {LARGEST // 1_000_000} MB; split it by subtopic")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:2]:
        raise _Refused(1, (), "is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _Refused(line, (), "is not UTF-8 (perhaps Latin-1); save it as UTF-8") from None
    hidden = _hidden(text.replace("\r\n", "\n"))
    for number, content in enumerate(text.split("\n"), start=1):
        if content.startswith("\t") and content.strip() and not content.lstrip().startswith("#"):
            raise _Refused(number, (), "is indented with a tab; YAML wants spaces")
        if hidden and (found := _hidden(content.removesuffix("\r"))):
            raise _Refused(number, (), _takes_out(found))
    return text


def _hidden(text: str) -> str:
    """A character of the text that cannot be seen, and turns what can be; empty if there is none."""
    return min((character for character in set(text) if forbidden(character) or character in _BREAKS), default="")


def _takes_out(character: str) -> str:
    return f"holds the control character U+{ord(character):04X}; take it out"


class _Reading:
    """One walk over the events of one document."""

    def __init__(self, text: str, lines: dict[Path_, int]) -> None:
        self.lines = lines
        self.loader = _Loader(text)
        self.rows = [*text.split("\n"), ""]
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
            deep = "maximum nesting depth" in said  # libyaml looks ahead, and may see it before we do
            wrong = f"is nested deeper than {DEEPEST}" if deep else f"is not YAML: {said}"
            raise _Refused(mark.line + 1 if mark else 1, (), wrong) from None
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
                said = f'has the key {event.value}, which YAML reads as {_called(key)}; quote it: "{event.value}"'
                raise _Refused(line, path, said)
            if key in out:
                raise _Refused(line, (*path, key), "stands here a second time; the first would be lost")
            out[key] = self._value((*path, key), self.loader.get_event())
            self.lines[(*path, key)] = line
        return out

    def _scalar(self, path: Path_, event: Any, line: int) -> Value:
        text: str = event.value
        if hidden := _hidden(text):
            raise _Refused(line, path, _takes_out(hidden))
        if not event.implicit[0]:
            return text
        named = next((part for part in reversed(path) if isinstance(part, str)), "")
        if (" " in text or named in PROSE) and self._comment_after(event):
            raise _Refused(line, path, "is cut short: ` #` begins a comment; put the text in quotes")
        try:
            return plain(text, _resolved)
        except ValueError as error:
            raise _Refused(line, path, str(error)) from None

    def _comment_after(self, event: Any) -> bool:
        """Whether a comment follows in the line where a value ends."""
        row: str = self.rows[event.end_mark.line]
        return row[event.end_mark.column :].lstrip(" ").startswith("#")


def _resolved(text: str) -> str:
    """The type that YAML 1.1 sees in an unquoted value."""
    tag: str = _PYYAML.resolve(yaml.ScalarNode, text, (True, False))
    return tag.rpartition(":")[2]


def _called(value: object) -> str:
    return {bool: "true or false", int: "a number", float: "a number", type(None): "nothing"}[type(value)]
