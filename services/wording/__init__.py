"""How things are said: numbers, sentences, layouts, speech; in English, Urdu and Roman Urdu."""

from services.wording.sentences import say, say_of

__all__ = ["say", "say_of"]
