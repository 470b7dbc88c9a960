"""An open answer at a terminal: a line typed, or as much as wanted in the editor; then the rubric, point by point."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from mlquiz.core.answer import Explained, Given
from mlquiz.core.question import Exercise, Open
from mlquiz.core.text import tidy
from mlquiz.players import prompts, wording
from mlquiz.players.drafts import Drafts
from mlquiz.players.markup import prose
from mlquiz.session import TimeUp


class Essay:
    """Asks for open answers; drafts of them are kept until they are in the log."""

    def __init__(self, console: Console, drafts: Drafts) -> None:
        self.console, self.drafts = console, drafts

    def write(self, exercise: Exercise) -> Given:
        """One line typed here, or as much as wanted in the editor; a draft is offered again."""
        question = exercise.question.id
        draft = self.drafts.kept(question)
        if draft:
            self.console.print(
                Text(
                    f"A draft of {len(draft.split())} words is kept; an empty line opens it, a line is added.",
                    style="quiet",
                )
            )
        editor = self.drafts.editor.command
        where = "an empty line opens your editor" if editor else "set EDITOR to write more than a line"
        typed = self._line(question, f"{wording.TASKS['open']} ({where}):")
        written = ""
        while not typed.strip() and not written:
            again = "Nothing is written yet. A line here, or an empty one for the editor:"
            try:
                written = self.drafts.write(question, exercise.prompt) if self.drafts.editor.command else ""
            except OSError as error:
                again = f"{error}. A line here is added to it, an empty one opens the editor:"
            if not self.drafts.editor.command:
                again = "VISUAL or EDITOR names no program that is there; answer in a line:"
            typed = "" if written else self._line(question, again)
        text = tidy(written or "\n\n".join(filter(None, [self.drafts.kept(question), typed.strip()])))
        self.drafts.keep(question, exercise.prompt, text)
        return Given(text)

    def _line(self, question: str, message: str) -> str:
        """A line typed; when time is up, it and the draft are the answer."""
        try:
            return prompts.line(message, str, wording.KEYS)
        except TimeUp as up:
            text = tidy("\n\n".join(filter(None, [self.drafts.kept(question), str(up.answer or "").strip()])))
            raise TimeUp(Given(text) if text else None) from None

    def rubric(self, body: Open, text: str) -> Explained:
        """The model answer beside the learner's, then each criterion: did the answer have it?"""
        self.console.clear()
        self.console.print(Text("Your answer", style="bold"))
        self.console.print(Padding(Text(text), (0, 0, 1, 2)))
        self.console.print(Text("A model answer", style="bold"))
        self.console.print(Padding(prose(body.model_answer), (0, 0, 1, 2)))
        points = [*body.rubric, *body.red_flags]
        has = prompts.each(
            [
                f"{'Does' if point.points > 0 else 'A red flag: does'} your answer do this?"
                f" ({point.points:+d})\n\n{point.text}"
                for point in points
            ]
        )
        return Explained([point.id for point, yes in zip(points, has, strict=True) if yes], text)

    def settle(self, exercise: Exercise) -> None:
        """The answer is in the log."""
        self.drafts.drop(exercise.question.id)

    def restore(self, exercise: Exercise, text: str) -> None:
        """The answer was taken back."""
        self.drafts.keep(exercise.question.id, exercise.prompt, text)
