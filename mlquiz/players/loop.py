"""A prompt's loop, and the signals that end it."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from prompt_toolkit.application import Application


class _CutOff(Exception):
    """A signal that ends the program came while a prompt was open."""


def run(app: Application[Any], begins: Callable[[], object] = lambda: None) -> Any:
    """Runs it, with asyncio's own way of telling what goes wrong in its loop.

    prompt_toolkit's waits for Enter. A signal ends the prompt through its loop, and does what it was to do when the
    prompt is gone: raised wherever the loop happened to be, its exception could get lost, and the prompt went on.
    """
    before = {
        number: handler
        for name in ("SIGTERM", "SIGHUP")
        if (number := getattr(signal, name, None)) and callable(handler := signal.getsignal(number))
    }
    came: list[int] = []

    def cut_off() -> None:
        if came and app.future and not app.future.done():
            app.exit(exception=_CutOff())

    def ring(number: int, _: FrameType | None) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
        if app.loop:
            app.loop.call_soon_threadsafe(cut_off)

    def starts() -> None:
        begins()
        cut_off()

    for number in before:
        signal.signal(number, ring)
    try:
        return app.run(set_exception_handler=False, pre_run=starts)
    except _CutOff:
        return None  # the handler below leaves
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            before[came[0]](came[0], None)
