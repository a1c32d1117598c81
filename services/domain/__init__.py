"""Pure facts and rules: no clock, no network, no framework."""
