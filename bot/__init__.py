"""The edge: channels in and out, the web app, one turn of talk, and the one place where all is wired."""
