"""Photos: bytes in, facts out. Nothing here reads a file, a clock or chance."""
