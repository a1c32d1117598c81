"""Where facts come from: fetch, then a pure parse; one file a source."""
