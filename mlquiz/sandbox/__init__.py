"""Programs run in a child process."""
