"""When things happen; a job is one call of a service."""
