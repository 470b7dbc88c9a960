"""One Report, several renderers."""
