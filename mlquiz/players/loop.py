"""A prompt's loop, and the signals that end it."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from mlquiz.core.words import clock
from mlquiz.session import TimeUp

SECOND = 1.0
_left: ContextVar[Callable[[], float] | None] = ContextVar("left", default=None)


@contextmanager
def timed(left: Callable[[], float] | None) -> Iterator[None]:
    """Every prompt within shows the seconds that are left, and raises TimeUp when there are none."""
    token = _left.set(left)
    try:
        yield
    finally:
        _left.reset(token)


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

    left = _left.get()
    if left is not None:
        _show(app, left)

    def starts() -> None:
        begins()
        if left is not None:
            app.create_background_task(_count_down(app, left))
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


def _show(app: Application[Any], left: Callable[[], float]) -> None:
    """The clock below the prompt."""
    shown = FormattedTextControl(lambda: [("", f"{clock(left())} left")])
    rows = HSplit([app.layout.container, Window(shown, height=1, dont_extend_height=True)])
    app.layout = Layout(rows, focused_element=app.layout.current_window)


async def _count_down(app: Application[Any], left: Callable[[], float]) -> None:
    while (seconds := left()) > 0:
        app.invalidate()
        await asyncio.sleep(min(SECOND, seconds))
    if app.future and not app.future.done():
        app.exit(exception=TimeUp())
