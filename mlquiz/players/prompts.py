"""The questions a terminal can ask: pick, tick, type, press a key. The only door to questionary and prompt_toolkit.

Every prompt erases itself when answered, so that the verdict stands where it was, and answers Ctrl-C and Ctrl-D alike.
"""

import asyncio
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.filters import to_filter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from questionary.prompts.common import InquirerControl

from mlquiz.core.answer import Unclear
from mlquiz.players.loop import run
from mlquiz.session import TimeUp

T = TypeVar("T")
STYLE = questionary.Style(
    [("qmark", ""), ("question", "bold"), ("pointer", "bold"), ("highlighted", "bold"), ("selected", "bold"),
     ("answer", ""), ("instruction", ""), ("text", "")]
)  # fmt: skip


class Pressed(Exception):
    """A command key (`d`, `s`, `?`, `q`) in place of an answer."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def pick(message: str, texts: Sequence[str], commands: Mapping[str, str]) -> int:
    """The place of the one picked, by arrows or digit and Enter; `commands` are keys and what they do.

    Raises Pressed, KeyboardInterrupt, EOFError.
    """
    choices = [questionary.Choice(_wrapped(text, 7), value=n, shortcut_key=str(n + 1)) for n, text in enumerate(texts)]
    asked = questionary.select(
        message, choices, qmark="", pointer="›", use_shortcuts=True, use_jk_keys=False, instruction=" ", style=STYLE,
        erase_when_done=True,
    )  # fmt: skip
    return int(_answer(asked, commands))


def tick(message: str, texts: Sequence[str], commands: Mapping[str, str], read: Callable[[list[int]], Any]) -> Any:
    """What `read` makes of the places ticked, by digits or arrows and space, then Enter. Raises as `pick`."""
    choices = [questionary.Choice(_wrapped(f"{n}) {text}", 9), value=n - 1) for n, text in enumerate(texts, start=1)]
    asked = questionary.checkbox(
        message, choices, qmark="", pointer="›", instruction=" ", style=STYLE, erase_when_done=True
    )
    control = next(c for c in asked.application.layout.find_all_controls() if isinstance(c, InquirerControl))
    keys = KeyBindings()

    def toggle(place: int) -> Callable[[KeyPressEvent], None]:
        def pressed(_: KeyPressEvent) -> None:
            control.pointed_at = place
            ticked = control.selected_options
            ticked.remove(place) if place in ticked else ticked.append(place)

        return pressed

    for n in range(1, min(len(texts), 9) + 1):
        keys.add(str(n), eager=True)(toggle(n - 1))
    asked.application.key_bindings = merge_key_bindings([asked.application.key_bindings or KeyBindings(), keys])
    try:
        return read(sorted(_answer(asked, commands)))
    except TimeUp:
        raise TimeUp(read(sorted(control.selected_options)) if control.selected_options else None) from None


def _answer(asked: questionary.Question, commands: Mapping[str, str]) -> Any:
    keys = KeyBindings()

    def leave(key: str) -> Callable[[KeyPressEvent], None]:
        return lambda event: event.app.exit(exception=Pressed(key))

    for key in commands:
        keys.add(key, eager=True)(leave(key))
    for line_editing in (("escape", "enter"), ("c-o",), ("c-r",), ("c-s",)):  # of no line: they would end the prompt
        keys.add(*line_editing, eager=True)(lambda _: None)
    keys.add("c-d", eager=True)(lambda event: event.app.exit(exception=EOFError))
    application = asked.application
    application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), keys])
    for window in application.layout.find_all_windows():
        if isinstance(window.content, InquirerControl):
            window.wrap_lines = to_filter(True)
    if commands:
        application.layout = Layout(HSplit([application.layout.container, Window(height=1), _offers("", commands)]))
    return run(asked.application)


def _offers(message: str, offers: Mapping[str, str]) -> Window:
    """A message, and the keys that work now."""
    shown = [("", f"{_wrapped(message, 0)}\n")] if message else []
    place, width = 0, shutil.get_terminal_size().columns
    for name, does in offers.items():
        if place and place + len(name) + len(does) + 1 > width:
            shown.append(("", "\n"))
            place = 0
        shown += [("bold", name), ("", f" {does}   ")]
        place += len(name) + len(does) + 4
    return Window(FormattedTextControl(FormattedText(shown)), wrap_lines=True, dont_extend_height=True)


def _wrapped(text: str, margin: int) -> str:
    """Text on lines that fit the terminal and align behind the pointer and the number."""
    width = max(20, shutil.get_terminal_size().columns - margin - 1)
    rows = [row for line in text.split("\n") for row in textwrap.wrap(line, width) or [""]]
    return ("\n" + " " * margin).join(rows)


def line(message: str, read: Callable[[str], T], commands: Mapping[str, str] | None = None) -> T:
    """What `read` makes of the line typed; what it finds Unclear is asked again with its message.

    A line of `:` and a letter is a command. Raises Pressed, KeyboardInterrupt, EOFError.
    """
    return _typed(message, read, commands or {}, KeyBindings(), multiline=False)


def lines(message: str, read: Callable[[str], T], commands: Mapping[str, str]) -> T:
    """The same for several lines; an empty line ends them."""
    keys = KeyBindings()

    @keys.add("enter", eager=True)
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        ended = buffer.text.strip() and not buffer.document.current_line.strip()
        command = buffer.text.strip().startswith(":") and "\n" not in buffer.text
        if ended or command:
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return _typed(f"{message}\n", read, commands, keys, multiline=True)


def _typed(
    message: str, read: Callable[[str], T], commands: Mapping[str, str], keys: KeyBindings, multiline: bool
) -> T:
    default, said = "", ""
    shown = "   ".join(f":{name} {does}" for name, does in commands.items())
    while True:
        asked = questionary.text(
            f"{said}{_wrapped(message, 0) if len(message) > 60 else message}",
            qmark=f"{shown}\n" if shown else "",
            default=default,
            style=STYLE,
            multiline=multiline,
            instruction=" " if multiline else None,
            key_bindings=keys,
            erase_when_done=True,
        )
        try:
            text = run(asked.application)
        except TimeUp:
            raise TimeUp(_as_it_stands(read, asked.application.current_buffer.text)) from None
        command = text.strip()
        if len(command) == 2 and command[0] == ":":
            raise Pressed(command[1])
        try:
            return read(text)
        except Unclear as unclear:
            said = _wrapped(f"{str(unclear)[:1].upper()}{str(unclear)[1:]}.", 0) + "\n"
            default = text.rstrip("\n")


def _as_it_stands(read: Callable[[str], Any], text: str) -> Any:
    """What `read` makes of a text that was not ended; null if that is nothing."""
    try:
        return read(text) if text.strip() else None
    except Unclear:
        return None


LOOK = 0.2
"""Seconds between two looks at what else may end a prompt."""


def key(offers: Mapping[str, str], message: str = "", saved: Callable[[], bool] | None = None) -> str:
    """One key of those offered (key: what it does). Raises KeyboardInterrupt, EOFError.

    Ends with "saved" as soon as `saved`, which is asked again and again, says so.
    """
    keys = KeyBindings()
    for name in offers:
        keys.add(name.lower() if name == "Enter" else name, eager=True)(_leaving(name))
    keys.add("c-c", eager=True)(lambda event: event.app.exit(exception=KeyboardInterrupt))
    keys.add("c-d", eager=True)(lambda event: event.app.exit(exception=EOFError))
    keys.add(Keys.Any)(lambda _: None)  # other keys do nothing
    app: Application[str] = Application(
        layout=Layout(_offers(message, offers)), key_bindings=keys, erase_when_done=True
    )

    async def look() -> None:
        while saved and not saved():
            await asyncio.sleep(LOOK)
        if app.future and not app.future.done():
            app.exit(result="saved")

    return str(run(app, (lambda: app.create_background_task(look())) if saved else lambda: None))


def confirm(message: str) -> bool:
    """Yes or no, no by default. Raises KeyboardInterrupt."""
    return bool(run(questionary.confirm(message, default=False, qmark="", style=STYLE).application))


def each(messages: Sequence[str]) -> list[bool]:
    """Yes or no to each in turn, with a way back. Raises Pressed, KeyboardInterrupt, EOFError."""
    said: list[bool] = []
    while len(said) < len(messages):
        back = {"b": "back"} if said else {}
        shown = f"{len(said) + 1}/{len(messages)}  {messages[len(said)]}\n"
        match key({"y": "yes", "n": "no", **back, "q": "quit"}, shown):
            case "q":
                raise Pressed("q")
            case "b":
                said.pop()
            case pressed:
                said.append(pressed == "y")
    return said


def _leaving(result: str) -> Callable[[KeyPressEvent], None]:
    return lambda event: event.app.exit(result=result)
