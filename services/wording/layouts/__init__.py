"""Facts laid out as replies; one file a subject."""
