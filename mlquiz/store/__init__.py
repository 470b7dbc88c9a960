"""The review log and the memory folded from it."""
