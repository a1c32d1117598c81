"""Makes the frozen sample market day from public captures; runs on a developer's machine, never in the bot."""
