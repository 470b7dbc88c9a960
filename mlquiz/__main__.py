"""`python -m mlquiz`, and the console script."""

from mlquiz.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
