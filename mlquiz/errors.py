"""What can go wrong that a person can mend, and the exit status of each.

MlquizError                what was asked for cannot be had (1)
├── UsageError             flags that make no sense (2)
│   └── SettingsError      config.toml or MLQUIZ_* that make no sense (2)
├── BankError              no usable bank; carries the problems (3)
├── JournalError           the log cannot be used (4)
└── SandboxError           a program could not be run at all (5)

Anything else that escapes is a bug and shows its traceback.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class Exit(IntEnum):
    """Exit statuses; scripts may rely on them."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    BANK = 3
    JOURNAL = 4
    SANDBOX = 5
    DUE = 10
    HUNG_UP = 129
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143


class Problem(NamedTuple):
    """One thing wrong in a bank file: where it stands and what to do about it."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.path}: {self.message}" if self.path not in ("", "$") else f"{where}: {self.message}"


class MlquizError(Exception):
    """The message says what is wrong and what to do, in whole sentences."""

    exit: Exit = Exit.FAILURE


class UsageError(MlquizError):
    exit = Exit.USAGE


class SettingsError(UsageError):
    pass


class BankError(MlquizError):
    """The bank as a whole cannot be used; `problems` says where."""

    exit = Exit.BANK

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__("\n".join([message, *map(str, problems)]))
        self.problems = tuple(problems)


class JournalError(MlquizError):
    exit = Exit.JOURNAL


class SandboxError(MlquizError):
    exit = Exit.SANDBOX
