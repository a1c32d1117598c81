"""The language model's jobs: the only room that speaks LangChain."""
