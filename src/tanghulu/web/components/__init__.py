"""What pages are made of: frozen values that templates draw, and the functions that build them."""
