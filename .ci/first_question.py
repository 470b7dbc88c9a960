"""Runs README's first command at a pseudo-terminal, waits for the first question, leaves; fails if it never comes."""

import os
import pty
import select
import sys
import time

SECONDS = 600.0


def main(command: str) -> int:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execvp("bash", ["bash", "-euc", command])
    shown, asked, deadline = b"", False, time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        shown += data
        if b"\x1b[6n" in data:
            os.write(terminal, b"\x1b[1;1R")
        if not asked and b"don't know" in shown:
            asked = True
            time.sleep(0.5)
            os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    print(f"\nA question was {'' if asked else 'never '}asked; exit status {code}.")
    return 0 if asked and code == 130 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
