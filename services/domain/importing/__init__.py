"""An operator's tables read into the rows we keep: which column is what, which row is wrong and why. Pure."""
