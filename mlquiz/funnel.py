"""The only catch: what a person can mend becomes a sentence and an exit status; all else is a bug, with traceback."""

import errno
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from mlquiz.errors import Exit, MlquizError

FULL = {errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)} | (
    {errno.EINVAL} if os.name == "nt" else set()
)
"""What a full disk says, or on Windows a pipe whose reader went away."""


class Funnel(TyperGroup):
    """A command returns its exit status; what goes wrong in it gets one."""

    def invoke(self, ctx: Any) -> Any:
        try:
            code = super().invoke(ctx)
            print(end="", flush=True)  # a reader that went away is noticed here, not while Python exits
        except MlquizError as error:
            _complain(str(error))
            code = error.exit
        except KeyboardInterrupt:
            code = Exit.INTERRUPTED
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains while it exits
            code = Exit.PIPE
        except OSError as error:
            if error.errno not in FULL:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            _complain(f"The output cannot be written: {error.strerror}.")
            code = Exit.FAILURE
        raise typer.Exit(int(code or 0))


def _complain(message: str) -> None:
    if sys.stderr is not None:  # or print would turn to stdout, which belongs to output
        print(f"mlquiz: {message}", file=sys.stderr)
