"""`python -m mlquiz`, and the console script."""

import gc

gc.disable()  # what is imported stays: looking for garbage in it costs a quick command a sixth of its time

from mlquiz.cli import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    raise SystemExit(main())
