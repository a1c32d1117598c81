"""Where things are kept: the only room that speaks MongoDB or object storage."""
