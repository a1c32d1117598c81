"""Labelled examples to learn from: a line is an intent, a tab and what somebody may type; {slots} are filled at training."""
