"""The only catch: what a person can mend becomes a sentence and an exit status; all else is a bug, with traceback."""

import contextlib
import errno
import os
import signal
import stat
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

from mlquiz.errors import Exit, MlquizError

FULL = {errno.ENOSPC, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)} | (
    {errno.EINVAL} if os.name == "nt" else set()
)
"""What a full disk says, or on Windows a pipe whose reader went away."""
LEAVING = {
    getattr(signal, name): status
    for name, status in (("SIGTERM", Exit.TERMINATED), ("SIGHUP", Exit.HUNG_UP))
    if hasattr(signal, name)
}
"""Signals that leave a command as Ctrl-C does: what was answered is kept, and files are closed."""


class Funnel(TyperGroup):
    """A command returns its exit status; what goes wrong in it gets one."""

    left: Exit | None = None
    """Set once a signal has ended the command."""

    def invoke(self, ctx: Any) -> Any:
        for number in LEAVING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
                signal.signal(number, self._leave)
        with self._printing():
            code = self._outcome(ctx)
        raise typer.Exit(int(self.left or code or 0))

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Help and version are printed here already."""
        with self._printing():
            return super().make_context(*args, **options)

    @contextlib.contextmanager
    def _printing(self) -> Iterator[None]:
        try:
            yield
            print(end="", flush=True)  # a reader that went away is noticed here, not while Python exits
        except BrokenPipeError:
            _discard(1)  # or Python complains while it exits
            raise typer.Exit(int(self.left or Exit.PIPE)) from None
        except OSError as error:
            if error.errno not in FULL:
                raise
            _let_go_of_terminal()
            _discard(1)
            _complain(f"The output cannot be written: {error.strerror}.")
            raise typer.Exit(int(self.left or Exit.FAILURE)) from None

    def _outcome(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except MlquizError as error:
            _complain(str(error))
            return error.exit
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
        except FileNotFoundError:
            if _somewhere():
                raise
            _complain("The folder you are in was deleted. Change to one that is there.")
            return Exit.FAILURE

    def _leave(self, number: int, _: FrameType | None) -> None:
        """Leaves once; a second hang-up is nothing new, a second SIGTERM ends it on the spot."""
        self.left = LEAVING[number]
        for other in LEAVING:
            signal.signal(other, signal.SIG_DFL if other is signal.SIGTERM else signal.SIG_IGN)
        _let_go_of_terminal()
        if "asyncio" in sys.modules:  # a prompt is cut off in the middle: what its loop says of that helps nobody
            import logging

            logging.getLogger("asyncio").disabled = True
        raise KeyboardInterrupt


def _somewhere() -> bool:
    """Whether the working folder is still there."""
    try:
        return bool(os.getcwd())
    except FileNotFoundError:
        return False


def _let_go_of_terminal() -> None:
    """Streams of a terminal that went away lead nowhere from now on: nobody is left to read what leaving says.

    Such a stream is a device still, and a terminal no more.
    """
    for stream in (0, 1, 2):
        with contextlib.suppress(OSError):  # a stream that was closed
            if stat.S_ISCHR(os.fstat(stream).st_mode) and not os.isatty(stream):
                _discard(stream)


def _discard(stream: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDWR), stream)


def _complain(message: str) -> None:
    if sys.stderr is not None:  # or print would turn to stdout, which belongs to output
        from mlquiz.core.text import tidy  # a complaint quotes what stands in files

        print(f"mlquiz: {tidy(message)}", file=sys.stderr)
