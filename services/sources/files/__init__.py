"""Files that an operator brings, read as tables of cells: by what their bytes are, whatever their name says."""
