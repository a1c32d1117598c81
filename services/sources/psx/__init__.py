"""The Pakistan Stock Exchange's data portal: its pages as typed rows, one file a family of pages; ``source`` puts them together."""
