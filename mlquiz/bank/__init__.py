"""Questions on disk: read, understood, compiled, checked."""
