"""Tables that come from outside: files in, rows out, and what the rows say."""
