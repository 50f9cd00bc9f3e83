"""Pages for the other side of a document: no login, the mailed address is the key."""
