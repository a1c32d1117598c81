"""What the bot can do: use-cases here, facts in ``domain``, the outside world behind ``ports``."""
