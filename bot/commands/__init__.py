"""What each command of ``marketbyte`` does; one file a kind."""
