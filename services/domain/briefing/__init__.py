"""What a brief says and in which order: facts chosen for a person, the market or a sector; no words yet."""
