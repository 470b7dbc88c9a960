"""One verb a file: a function of World and plain arguments."""
