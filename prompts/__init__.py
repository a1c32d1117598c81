"""The words for the language model, one Markdown file a prompt."""

from prompts.catalog import Prompt, load

__all__ = ["Prompt", "load"]
